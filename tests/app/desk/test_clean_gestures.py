"""What is typed is cleaned at the one door, whichever way it came in, before anything is done with it."""

from __future__ import annotations

import pytest

from tests.builders import Town
from tests.reading import everything_in
from trim_bot.domain.requests import SupportRequest

pytestmark = pytest.mark.anyio
HALF = "\ud83d\u202e\0\x1b[31m"


async def test_half_an_emoji_is_kept_nowhere(town: Town) -> None:
    form = await town.say("nurse", "support")
    await town.send("nurse", form, name="named", text=f"The {HALF}text", contact=f"Ring{HALF} me")
    [kept] = await town.all(SupportRequest)
    assert not set("\ud83d\u202e\0\x1b") & set(everything_in(kept))
    assert kept.text.startswith("The")
    assert "text" in kept.text
