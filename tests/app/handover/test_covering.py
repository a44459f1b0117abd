"""What one covers is told apart row by row, without a name, and the people of one event are one row."""

from __future__ import annotations

import pytest

from tests.app.beginnings import open_case_for, refused
from tests.app.events.test_call_sheets import log_many
from tests.app.handover.test_planning import climbs
from tests.builders import Town
from tests.reading import blocks_of, buttons, everything_in, name_of, rows_of, words_of
from trim_bot.app.seam.views import Heading
from trim_bot.app.words.case_names import case_name
from trim_bot.domain.people import Role
from trim_bot.domain.steps import Rung

pytestmark = pytest.mark.anyio


async def test_each_row_says_what_it_is_and_of_which_case(town: Town) -> None:
    nurse = await open_case_for(town, "nurse", holder="priya")
    driver = await open_case_for(town, "driver", holder="priya")
    await climbs(town, Rung.COVER, "paul")
    cover = await town.say("paul", "peer", "cover")
    labels = [button.label for button in buttons(cover, "open")]
    assert len(set(labels)) == len(labels) >= 2
    for case in (nurse, driver):
        assert any(label.startswith(f"Open: {case_name(case.id)}: ") for label in labels), labels
    assert "Nurse" not in everything_in(cover)
    headings = [block.text for block in blocks_of(cover, Heading)]
    assert [f"Open: {text}" for text in headings[: len(labels)]] == labels


async def test_the_people_of_one_event_are_one_row_that_leads_to_their_sheet(town: Town) -> None:
    await town.add("new_lead", Role.LEAD)
    await log_many(town, 12)
    await climbs(town, Rung.LEAD, "lena")
    cover = await town.say("lena", "peer", "cover")
    [row] = buttons(cover, "call_sheet")
    assert row.label == "Open: Someone to tell in person: 12"
    assert not buttons(cover, "open")
    sheet = await town.press("lena", cover, "call_sheet")
    assert name_of(sheet) == "call_sheet" and not refused(sheet)


async def test_the_board_counts_what_was_offered_and_nobody_holds_yet(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await open_case_for(town, "driver")
    team = await town.say("lena", "peer", "team")
    assert dict(rows_of(team))["Offered, not taken yet"] == "1"
    await climbs(town, Rung.NOBODY, None)
    team = await town.say("lena", "peer", "team")
    assert dict(rows_of(team))["Offered, not taken yet"] == "0", "it is counted once, with what nobody has"
    assert "has no owner" in words_of(team)
