"""What is typed is cleaned at the one door, whichever way it came in, before anything is done with it."""

from __future__ import annotations

import pytest

from tests.builders import Town
from trim_bot.domain.requests import SupportRequest

pytestmark = pytest.mark.anyio
HALF = "\ud83d\u202e\0\x1b[31m"


async def test_half_an_emoji_is_kept_nowhere(town: Town) -> None:
    form = await town.say("nurse", "support")
    await town.send("nurse", form, name="named", text=f"The {HALF}text", contact=f"Ring{HALF} me")
    [kept] = await town.write(lambda tx: tx.find(SupportRequest))
    assert not any(letter in repr(kept) for letter in (r"\ud83d", r"\u202e", r"\x00", r"\x1b"))
    assert "The text" in repr(kept)
