"""What is written about oneself can be read by oneself alone, without a score and without what tells of danger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.asking import taken
from tests.builders import Town, definitions, log_values
from tests.reading import buttons, everything_in, form_of, words_of
from trim_bot.app.own.written import ENDING
from trim_bot.app.own.written_screens import IN_THE_COPY, NO_SCORE, NOTHING_YET
from trim_bot.app.seam.views import Answer, Done, Form, View
from trim_bot.domain.cases import Case, CheckIn, Interview, InterviewState, SafetyCall
from trim_bot.domain.ids import InterviewId
from trim_bot.domain.records import Action
from workflows.engine import Override

pytestmark = pytest.mark.anyio
OTHERS = ("priya", "paul", "driver", "lena", "dev", "cora", "adam")


def refused(view: View) -> bool:
    return isinstance(view, Done) and view.answer is Answer.REFUSED


async def in_talks(town: Town) -> Case:
    """Nurse asked, and Priya began a talk about stress."""
    await town.send("priya", await taken(town), reply="", then="stress")
    [case] = await town.all(Case)
    return case


async def held(town: Town, **answers: str) -> Case:
    """Priya held the first talk, and wrote the same line at each step."""
    case = await in_talks(town)
    [check_in] = await town.all(CheckIn)
    view = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    view = await town.press("priya", view, "interview")
    view = await town.send("priya", view, acknowledged=True)
    while isinstance(view, Form) and view.name == "questions":
        known = {f"q_{name}": value for name, value in answers.items()}
        values = {one.name: known.get(one.name, "") for one in view.inputs()}
        view = await town.send("priya", view, **values)
    await town.send("priya", form_of(view), note="Likes to be rung.", overrides=("uneasy",))
    assert (await town.write(lambda tx: tx.find(Interview, check_in_id=check_in.id)))[
        0
    ].state is InterviewState.DONE
    return case


async def written(town: Town, name: str = "nurse") -> View:
    return await town.press(name, await town.say(name, "me"), "written")


async def test_the_notes_of_a_talk_are_read_on_ones_own_page(town: Town) -> None:
    await held(town, summary="Nights in a row", actions="We ring on Sunday")
    page = await written(town)
    assert "We ring on Sunday" in words_of(page)
    notes = await town.press("nurse", page, "written_talk")
    for said in ("Nights in a row", "We ring on Sunday", "Likes to be rung.", NO_SCORE):
        assert said in words_of(notes)
    back = await town.press("nurse", notes, "written")
    assert words_of(back) == words_of(page)


async def test_what_was_noted_about_danger_stands_in_the_copy_alone(town: Town) -> None:
    case = await in_talks(town)
    call = SafetyCall(town.clock.now(), None, told_whom="WHOM", told_why="WHY", agreed="AGREED")
    await town.write(lambda tx: tx.save(replace(case, calls=(call,))))
    [check_in] = await town.all(CheckIn)
    form = definitions().questionnaires["stress_conversation_v2"]
    asked = [item for item in form.items() if item.safety]
    dangerous = [group for group in form.groups if any(item.safety for item in group.items)]
    assert asked and dangerous
    answers = {item.id: sorted(item.safety)[0] for item in asked} | {"summary": "Nights in a row"}

    def keep(tx) -> None:
        tx.save(replace(check_in, state=type(check_in.state).HELD, held_at=town.clock.now()))
        tx.add(
            Interview(
                InterviewId("talk"), case.key_id, case.id, check_in.id, form.key, InterviewState.DONE,
                town.ids["priya"], answers=answers, overrides=(Override.UNEASY,),
                notes=dict.fromkeys((*(one.id for one in dangerous), ENDING), "DANGER"),
            )
        )  # fmt: skip

    await town.write(keep)
    page = await written(town)
    notes = await town.press("nurse", page, "written_talk")
    assert "Nights in a row" in words_of(notes)
    for view in (page, notes):
        assert IN_THE_COPY in words_of(view)
        for hidden in ("WHOM", "WHY", "AGREED", "uneasy", "DANGER", *(item.text for item in asked)):
            assert hidden not in everything_in(view)


async def test_nobody_else_can_open_it_whatever_their_role(town: Town) -> None:
    await held(town, actions="We ring on Sunday")
    mine = await town.say("nurse", "me")
    page = await town.press("nurse", mine, "written")
    for name in OTHERS:
        assert refused(await town.press(name, mine, "written"))
        assert refused(await town.press(name, page, "written_talk"))
        assert refused(await town.press(name, mine, "stop_or_change"))


async def test_before_a_talk_it_says_so_and_afterwards_it_stays_readable(town: Town) -> None:
    await in_talks(town)
    assert NOTHING_YET in words_of(await written(town))
    await town.press("nurse", await town.own_choice("nurse"), "withdraw")
    page = await written(town)
    assert "Ended" in words_of(page)


async def test_reading_ones_own_is_written_down_and_is_no_reading_by_somebody_else(town: Town) -> None:
    await held(town, actions="We ring on Sunday")
    await town.press("nurse", await written(town), "written_talk")
    case = (await town.all(Case))[0]
    rows = await town.write(lambda tx: tx.journal.about([tx.pseudonym(case.key_id, case.id)], 99))
    assert [row.action for row in rows if row.what == "written_talk"] == [Action.SHOWED]
    readers = await town.press("nurse", await town.say("nurse", "me"), "readers")
    assert "Nurse" not in everything_in(readers)


async def test_stopping_asks_once_and_can_be_left(town: Town) -> None:
    case = await in_talks(town)
    asks = await town.own_choice("nurse")
    assert "Nothing has changed yet" in words_of(asks)
    await town.press("nurse", asks, "me")
    after = await town.write(lambda tx: tx.get(Case, case.id))
    assert after == case
    done = await town.press("nurse", asks, "withdraw")
    assert buttons(done, "support")


async def test_the_notice_can_be_read_again_in_the_version_that_was_heard(town: Town) -> None:
    page = await town.press("nurse", await town.say("nurse", "me"), "private")
    assert definitions().notices["uk-1"].lines[0] in words_of(page)
    case = await in_talks(town)
    await town.write(lambda tx: tx.save(replace(case, notice="ie-1")))
    page = await town.press("nurse", await town.say("nurse", "me"), "private")
    assert "Your colleague told you this" in words_of(page)
    for line in definitions().notices["ie-1"].lines:
        assert line in words_of(page)


async def test_one_talk_to_come_is_said_with_its_time(town: Town) -> None:
    await town.send(
        "priya", await town.say("priya", "peer", "log"), **log_values(town.actor("nurse"), mine=True)
    )
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    assert "First talk: from Thursday 26 November" in words_of(await town.say("nurse", "me"))
