"""A case shows what has been and what comes, and what changed from the first talk to the next, factor by factor."""

from __future__ import annotations

import pytest

from tests.app.desk.test_journey import fill, logged_and_accepted, start_first
from tests.builders import Town
from tests.reading import blocks_of, everything_in, words_of
from trim_bot.app.cases.change_screens import SCALES_DIFFER, SINCE
from trim_bot.app.seam.views import Facts, View

pytestmark = pytest.mark.anyio


def line(view: View) -> list[str]:
    """What stands along the time line."""
    return [said for one in blocks_of(view, Facts) if one.in_time for _, said in one.rows]


async def case_of(town: Town) -> View:
    return await town.press("priya", await town.say("priya", "peer", "cases"), "case")


async def test_a_case_shows_what_was_offered_answered_held_and_comes_next(town: Town) -> None:
    await logged_and_accepted(town)
    assert "First talk: to come" in line(await case_of(town))
    ending = await fill(town, "priya", await start_first(town))
    await town.send("priya", ending, overrides=())
    seen = line(await case_of(town))
    assert seen[0] == "The event ended, 8:00"
    assert seen[1:4] == ["A talk was offered", "They said yes", "These talks began"]
    assert seen[-2:] == ["First talk: held", "Month talk: to come"]


async def test_the_change_stands_factor_by_factor_and_totals_of_two_scales_are_not_set_side_by_side(
    town: Town,
) -> None:
    await logged_and_accepted(town)
    await town.send("priya", await fill(town, "priya", await start_first(town)), overrides=())
    assert SINCE not in everything_in(await case_of(town))
    await town.pass_time(days=25)
    month = await town.press("priya", await case_of(town), "interview")
    result = await town.send("priya", await fill(town, "priya", month, "0"), overrides=())
    for seen in (words_of(result), words_of(await case_of(town))):
        assert SINCE in seen and "10 of 20" in seen and "of 16" in seen and SCALES_DIFFER in seen
        assert seen.count("Partly, now no") == 7
    for name in ("lena", "cora", "driver"):
        assert SINCE not in everything_in(await town.say(name, "peer", "team"))
