"""Run in a process of its own by `bench.lists`: draws a list with nothing in memory, then again, and tells both.

`python -m bench.cold DATA KEYS NOTE LIST`; prints JSON with seconds: `begin` for the first gesture of all, of somebody
else, then `cold` and `warm` for the list, and how many `rows` it has.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.journeys import LISTS
from bench.kept import Place, opened

WARM = 5


async def main(arguments: Sequence[str]) -> None:
    """Draw and print."""
    data, keys, note, name = arguments
    async with opened(Place(data, keys, Path(note))) as one:
        begun = time.perf_counter()
        await one.town.say("nurse9", "support")
        begin = time.perf_counter() - begun
        cold = await LISTS[name].once(one.town)
        warm = min([await LISTS[name].once(one.town) for _ in range(WARM)])
        print(json.dumps({"begin": begin, "cold": cold, "warm": warm}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
