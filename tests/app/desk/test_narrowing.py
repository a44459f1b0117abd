"""A choice with more answers than anybody can look through goes out narrowed; every answer can be found and sent."""

from __future__ import annotations

import pytest

from tests.app.beginnings import open_case_for
from tests.builders import Town
from tests.reading import blocks_of, buttons, form_of, name_of, words_of
from trim_bot.app.seam.gestures import Press, Value
from trim_bot.app.seam.narrowing import NOT_FOUND
from trim_bot.app.seam.views import Choice, FieldErrors, Form, TextInput, View
from trim_bot.domain.ids import ServiceId
from trim_bot.domain.policy import POLICY
from trim_bot.domain.referrals import Referral
from trim_bot.domain.site import Service

pytestmark = pytest.mark.anyio
LOOK = "find.service"


def services(many: int) -> tuple[Service, ...]:
    return tuple(
        Service(ServiceId(f"s{number}"), f"Service {number:03}", "Somebody to talk to", "Ring them")
        for number in range(many)
    )


async def referral(town: Town, many: int) -> Form:
    await town.settle(services=services(many))
    await open_case_for(town, "nurse", holder="priya")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    return form_of(await town.press("priya", case, "referral"))


async def look(town: Town, view: View, **values: Value) -> View:
    """Press the button beside the field that looks for an answer."""
    button = next(one for one in buttons(view, "referral") if one.label == "Find")
    return await town.desk.receive(town.actor("priya"), Press(button.action, button.token, values))


def offered(view: View) -> list[str]:
    choice = next(one for one in blocks_of(view, Choice) if one.name == "service")
    return [option.value for option in choice.options]


async def test_as_many_as_can_be_looked_through_stand_as_they_are(town: Town) -> None:
    form = await referral(town, POLICY.options_at_once)
    assert (len(offered(form)), blocks_of(form, TextInput)) == (POLICY.options_at_once, [])


async def test_of_one_more_the_first_are_shown_and_the_others_are_found(town: Town) -> None:
    form = await referral(town, POLICY.options_at_once + 1)
    assert offered(form) == [f"s{number}" for number in range(POLICY.matches_shown)]
    assert f"The first {POLICY.matches_shown} of {POLICY.options_at_once + 1}." in words_of(form)
    found = await look(town, form, **{LOOK: "e 040", "answer": "later"})
    assert offered(found) == ["s40"]
    answer = next(one for one in blocks_of(found, Choice) if one.name == "answer")
    assert answer.value == "later"
    assert next(one.value for one in blocks_of(found, TextInput)) == "e 040"


async def test_what_was_found_is_sent_like_any_other(town: Town) -> None:
    form = await referral(town, 121)
    found = await look(town, form, **{LOOK: "120"})
    done = await town.send("priya", found, service="s120", answer="yes", **{LOOK: "120"})
    assert name_of(done) == "case"
    assert [one.service for one in await town.all(Referral)] == ["s120"]


async def test_whoever_has_chosen_and_looks_on_loses_nothing(town: Town) -> None:
    form = await referral(town, 121)
    found = await look(town, form, **{LOOK: "007", "service": "s120"})
    assert offered(found) == ["s120", "s7"]
    assert next(one.value for one in blocks_of(found, Choice) if one.name == "service") == "s120"


async def test_the_enter_key_finds_and_sends_nothing(town: Town) -> None:
    form = await referral(town, 121)
    for chosen in ("", "s3"):
        found = await town.send("priya", form, service=chosen, answer="yes", **{LOOK: "117"})
        assert isinstance(found, Form)
        assert "s117" in offered(found)
    assert await town.all(Referral) == []
    assert name_of(await town.send("priya", form, service="s117", answer="yes", **{LOOK: "117"})) == "case"


async def test_more_than_can_be_shown_are_counted(town: Town) -> None:
    found = await look(town, await referral(town, 121), **{LOOK: "service"})
    assert len(offered(found)) == POLICY.matches_shown
    assert f"The first {POLICY.matches_shown} of 121 that have this in their name." in words_of(found)


async def test_where_nothing_is_found_the_first_are_there_still(town: Town) -> None:
    found = await look(town, await referral(town, 121), **{LOOK: "zzz"})
    assert NOT_FOUND in words_of(found)
    assert len(offered(found)) == POLICY.matches_shown


async def test_a_fault_elsewhere_keeps_what_was_found(town: Town) -> None:
    form = await referral(town, 121)
    mended = await town.send("priya", form, service="s117", answer="", **{LOOK: "117"})
    assert isinstance(mended, FieldErrors)
    assert offered(mended) == ["s117"]
    assert set(mended.errors) == {"answer"}


async def test_a_newer_draft_is_drawn_under_a_new_revision(town: Town) -> None:
    form = await referral(town, 121)
    found = form_of(await look(town, form, **{LOOK: "117"}))
    again = form_of(await look(town, form, **{LOOK: "118"}))
    assert len({form.revision, found.revision, again.revision}) == 3


async def test_looking_uses_no_form_up(town: Town) -> None:
    form = await referral(town, 121)
    await look(town, form, **{LOOK: "117"})
    await look(town, form, **{LOOK: "118"})
    assert name_of(await town.send("priya", form, service="s3", answer="yes")) == "case"


async def test_a_way_back_takes_nothing_along(town: Town) -> None:
    form = await referral(town, 121)
    assert form.back is not None
    back = Press(form.back.action, form.back.token, {LOOK: "117", "service": "s3"})
    assert name_of(await town.desk.receive(town.actor("priya"), back)) == "case"


async def test_a_value_that_is_no_answer_is_refused_however_it_came(town: Town) -> None:
    form = await referral(town, 121)
    bad = await town.send("priya", form, service="s999", answer="yes")
    assert isinstance(bad, FieldErrors)
    assert set(bad.errors) == {"service"}
