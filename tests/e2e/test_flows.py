"""The story of one hard event, through each door, on each database, as those who live it see it."""

from __future__ import annotations

import pytest

from tests.e2e.doors import Door
from tests.e2e.screens import send
from tests.e2e.story import Cast, answers, begun, logged_and_accepted, reminded_on_day_three, whole_story

pytestmark = pytest.mark.anyio


async def status_tells_nothing(cast: Cast) -> None:
    """The coordinator sees bands, and neither name nor count of this one story."""
    status = await cast.quinn.say("peer", "status")
    assert "How the scheme is going" in status.title
    assert "0–9" in status.text
    assert not any(name in status.text for name in ("Nurse", "Priya"))


async def test_the_whole_story(door: Door) -> None:
    cast = await door.cast()
    await whole_story(cast)
    await status_tells_nothing(cast)


async def test_a_draft_survives(door: Door) -> None:
    """What was typed is there after the page was closed, and an error keeps everything at its place."""
    cast, again = await door.cast(), await door.person("priya")
    await logged_and_accepted(cast)
    case = await reminded_on_day_three(cast)
    step = await begun(cast, case)
    first, asked = answers(step, "2"), list(step.fields())
    second = await send(step, **first, note="Sleeps badly")
    assert second.form == "questions" and second.fields() != asked
    asked = list(second.fields())
    cases = await again.say("peer", "cases")
    reopened = await (await cases.press("case")).press("interview")
    assert reopened.fields() == asked
    back = await reopened.press("back")
    assert {name: back.standing(name) for name in first} == dict(first)
    assert back.standing("note") == "Sleeps badly"
    changed = await send(back, **answers(back, "1"))
    back = await changed.press("back")
    assert {back.standing(name) for name in first} == {"1"}
    assert back.standing("note") == "Sleeps badly"
