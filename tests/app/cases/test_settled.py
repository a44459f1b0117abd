"""What cannot change since the first talk is shown at the month and not asked again; the total still counts it."""

from __future__ import annotations

import pytest

from tests.app.cases.test_time_line import case_of
from tests.app.desk.test_journey import fill, logged_and_accepted, start_first
from tests.builders import Town
from tests.reading import everything_in, form_of, words_of
from trim_bot.app.interviews.screens import NOT_AGAIN
from trim_bot.app.seam.views import Form

pytestmark = pytest.mark.anyio
ITEM = "q_earlier_events"


async def month_after(town: Town, answer: str) -> Form:
    """The first step of the month, after a first talk in which everything was answered alike."""
    await logged_and_accepted(town)
    await town.send("priya", await fill(town, "priya", await start_first(town), answer), overrides=())
    await town.pass_time(days=25)
    return form_of(await town.press("priya", await case_of(town), "interview"))


async def test_what_cannot_change_is_shown_and_not_asked_again_and_counts(town: Town) -> None:
    month = await month_after(town, "2")
    assert ITEM not in {one.name for one in month.inputs()}
    assert "Has been through other traumatic events before\nClearly" in words_of(month)
    assert NOT_AGAIN in words_of(month)
    result = await town.send("priya", await fill(town, "priya", month, "0"), overrides=())
    assert "2 of 16" in words_of(result)


async def test_what_was_not_discussed_then_is_asked_now(town: Town) -> None:
    month = await month_after(town, "not_discussed")
    assert ITEM in {one.name for one in month.inputs()}
    assert NOT_AGAIN not in everything_in(month)


async def test_the_first_talk_asks_it(town: Town) -> None:
    await logged_and_accepted(town)
    assert ITEM in {one.name for one in (await start_first(town)).inputs()}
