"""Run in a process of its own by `bench.processes`: answers people as a web process, or does what is due as a worker.

`python -m bench.process_side ROLE SECONDS DATA KEYS NOTE`. It says `ready`, waits for a line, works, and prints JSON:
how many requests were kept or steps looked at, the seconds of each request, and how many messages went to whom.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bench.journeys import STORY
from bench.kept import Place, opened
from bench.population import NURSES, SPREAD, TALKS_FROM
from tests.builders import Town
from tests.reading import form_of
from trim_bot.app.seam.views import Done
from trim_bot.domain.key_use import KeyUse, keys_for

AT_ONCE = 8
IDLE = 0.05
"""Seconds between two looks of a worker that finds nothing."""


async def main(arguments: Sequence[str]) -> None:
    """Work as told, and print."""
    role, seconds, data, keys, note = arguments
    async with opened(Place(data, keys, Path(note))) as one:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        until = time.perf_counter() + float(seconds)
        took: list[float] = []
        if role == "web":
            await asyncio.gather(*(_asking(one.town, number, until, took) for number in range(AT_ONCE)))
            done = len(took)
        else:
            done = await _working(one.town, until)
        assert one.town.lost == []
        told = Counter(address.user for address, _ in one.town.slack.sent)
        print(json.dumps({"done": done, "took": took, "told": told}))


async def _asking(town: Town, number: int, until: float, took: list[float]) -> None:
    who = NURSES[number]
    while time.perf_counter() < until:
        begun = time.perf_counter()
        form = form_of(await town.say(who, "support"))
        seen = await town.send(who, form, name="named", text=STORY, contact="After four")
        assert isinstance(seen, Done), seen
        assert seen.name == "request_received", seen
        took.append(time.perf_counter() - begun)


async def _working(town: Town, until: float) -> int:
    """A fixed time, so that several begin and end together; steps that were looked at."""
    town.clock.move_to(TALKS_FROM + timedelta(seconds=SPREAD))
    looked = 0
    with keys_for(KeyUse.CLOCK):
        while time.perf_counter() < until:
            moved = await town.clockwork.run_due()
            looked += moved
            if not await town.clockwork.deliver() and not moved:
                await asyncio.sleep(IDLE)
    return looked


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
