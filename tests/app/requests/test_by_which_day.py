"""Whoever asks reads by which day they are answered: the site's working days, as a day of whoever reads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import Town, log_values
from tests.reading import blocks_of, words_of
from trim_bot.app.seam.views import Done, Facts

pytestmark = pytest.mark.anyio
FRIDAY_NOON = datetime(2026, 12, 18, 12, tzinfo=UTC)


async def test_days_off_are_passed_over_and_the_day_stays_what_was_said(town: Town) -> None:
    town.clock.move_to(FRIDAY_NOON)
    done = await town.send("nurse", await town.say("nurse", "support"), name="named", text="It is a lot")
    assert "A colleague will answer by Tuesday 22 December." in words_of(done)
    await town.pass_time(days=1)
    assert "A colleague will answer by Tuesday 22 December." in words_of(await town.say("nurse", "me"))
    await town.pass_time(days=6)
    assert "You were to hear by Tuesday 22 December. We are sorry." in words_of(await town.say("nurse", "me"))


async def test_a_logged_event_is_counted_and_says_what_happens_on_which_day(town: Town) -> None:
    done = await town.send("priya", await town.say("priya", "peer", "log"), **log_values(town.actor("nurse")))
    assert isinstance(done, Done) and "1 offer is on its way" in words_of(done)
    [when] = [one for one in blocks_of(done, Facts) if one.in_time]
    assert when.rows[0][0] == "Now"
    assert [said.partition(" with")[0] for _, said in when.rows[1:]] == ["First talk", "Month talk"]
    assert all(day.startswith("From ") for day, _ in when.rows[1:])
