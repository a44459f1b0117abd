"""Whose talk it is stands on every step of one, for whoever it is open to and for nobody else."""

from __future__ import annotations

import pytest

from tests.app.beginnings import refused
from tests.app.desk.test_journey import fill, logged_and_accepted, start_first
from tests.builders import Town
from tests.reading import everything_in
from trim_bot.app.desk.routes import after
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.views import Done, FieldErrors, Form, PersonCard, View
from trim_bot.domain.cases import Case
from trim_bot.domain.records import Action

pytestmark = pytest.mark.anyio


def banner(view: View) -> tuple[str, str]:
    """The name and the talk above a screen; nothing where there is none."""
    form = view.form if isinstance(view, FieldErrors) else view
    first = form.blocks[0] if isinstance(form, Form | Done) and form.blocks else None
    return (first.name, first.talk) if isinstance(first, PersonCard) else ("", "")


FIRST = ("Nurse", "First talk · Support after a hard event")
MONTH = ("Nurse", "Month talk · Support after a hard event")
WHOLE = ("Nurse", "Support after a hard event")


async def test_every_step_says_whose_talk_it_is_from_the_case_to_its_end(town: Town) -> None:
    await logged_and_accepted(town)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    assert banner(case) == WHOLE
    assert banner(await town.press("priya", case, "move")) == FIRST
    step = await start_first(town)
    assert banner(step) == FIRST
    ending = await fill(town, "priya", step)
    assert banner(ending) == FIRST
    result = await town.send("priya", ending, overrides=("person_asks",))
    assert banner(result) == FIRST
    leads = await town.send("priya", result, then="lead")
    assert banner(leads) == WHOLE
    case = await town.press("priya", leads, "case")
    assert banner(await town.press("priya", case, "close")) == WHOLE
    referral = await town.press("priya", case, "referral")
    assert banner(referral) == WHOLE
    case = await town.send("priya", referral, service="oh", answer="yes")
    assert banner(await town.press("priya", case, "referral_next")) == WHOLE
    await town.pass_time(days=25)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    assert banner(await town.press("priya", case, "interview")) == MONTH
    assert banner(await town.press("priya", case, "safety")) == WHOLE


async def test_what_ended_says_whose_talks_they_were_as_long_as_they_can_be_opened_again(town: Town) -> None:
    await logged_and_accepted(town)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    form = await town.press("priya", case, "close")
    done = await town.send("priya", form, reason="finished")
    assert banner(done) == WHOLE
    await town.press("priya", done, "reopen")
    form = await town.press("priya", case, "close")
    done = await town.send("priya", form, reason="withdrawn")
    assert isinstance(done, Done) and done.name == "case_closed"
    assert "Nurse" not in everything_in(done)


async def test_each_look_at_whose_talks_ended_is_told_of(town: Town) -> None:
    await logged_and_accepted(town)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    form = await town.press("priya", case, "close")
    assert isinstance(form, Form)
    looks = await looks_at_the_end(town)
    [held] = await town.all(Case)
    token = town.tokens.sign(
        town.organisation.id,
        name := after("close", "case_closed"),
        {"case": held.id},
        nonce=None,
        expires_at=None,
    )
    await town.pass_time(hours=5)
    await town.send("priya", form, reason="finished")
    assert await looks_at_the_end(town) == looks + 1
    await town.pass_time(hours=5)
    assert banner(await town.desk.receive(town.actor("priya"), Press(name, token))) == WHOLE
    assert await looks_at_the_end(town) == looks + 2


async def looks_at_the_end(town: Town) -> int:
    """How often the nurse is told that the form for ending their talks was looked at, or what it led to."""
    [case] = await town.all(Case)
    rows = await town.write(lambda tx: tx.journal.about([tx.pseudonym(case.key_id, case.id)], 50))
    return sum((row.action, row.what) == (Action.SHOWED, "close") for row in rows)


async def test_a_lead_without_the_case_sees_no_name_on_any_of_them(town: Town) -> None:
    await logged_and_accepted(town)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    move = await town.press("priya", case, "move")
    close = await town.press("priya", case, "close")
    assert banner(move) == FIRST and banner(close) == WHOLE
    for name in ("lena", "dev", "paul", "cora", "driver"):
        for action in ("move", "close", "referral"):
            shown = await town.press(name, case, action)
            assert refused(shown) and "Nurse" not in everything_in(shown)


async def test_what_a_chat_keeps_holds_no_name_from_a_banner(town: Town) -> None:
    await logged_and_accepted(town)
    await fill(town, "priya", await start_first(town))
    await town.pass_time(days=30)
    assert town.slack.sent
    assert not [one for one in town.slack.sent if "Nurse" in everything_in(one[1])]
