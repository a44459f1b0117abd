"""A clinical lead signs thresholds and questionnaires on pages of their own, and nobody else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

import pytest

from tests.app.beginnings import refused
from tests.app.desk.test_journey import fill, logged_and_accepted, start_first
from tests.builders import Town, definitions
from tests.fakes import FakeStore
from tests.reading import buttons, everything_in, fields_of, form_of, name_of, words_of
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.views import FieldErrors, View
from trim_bot.app.seam.work import Definitions
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Role
from trim_bot.domain.records import Action
from trim_bot.domain.site import AskedThreshold, SignedThreshold, Site
from workflows.programme import WindowClock

pytestmark = pytest.mark.anyio
DAY = date(2026, 11, 23)
FIRST = "trauma_first_v1"
OWN = "own_first_v1"


@pytest.fixture
async def signing(town: Town) -> Town:
    """The town with a clinical lead."""
    await town.add("ingrid", Role.CLINICAL_LEAD)
    return town


async def page(town: Town, name: str = "ingrid") -> View:
    return await town.desk.receive(town.actor(name), Press("signing", ""))


def nth(view: View, action: str, key: str) -> int:
    """Which of the buttons with this action is about a questionnaire."""
    return [one.about for one in buttons(view, action)].index(key)


async def form(town: Town, key: str = FIRST, name: str = "ingrid") -> View:
    view = await page(town, name)
    return await town.press(name, view, "threshold", nth(view, "threshold", key))


async def site(town: Town) -> Site:
    return (await town.all(Site))[0]


async def test_signing_puts_a_threshold_into_force_with_name_and_day(signing: Town) -> None:
    await signing.settle(asked_thresholds=(AskedThreshold(FIRST, 9, 3),))
    shown = form_of(await form(signing))
    assert {name: getattr(one, "value", None) for name, one in fields_of(shown).items()} == {
        "floor": "9",
        "rise": "3",
    }
    assert name_of(await signing.send("ingrid", shown, floor="9", rise="3")) == "signing"
    assert (await site(signing)).thresholds == (
        SignedThreshold(FIRST, 9, 3, "Ingrid", DAY, signed_here=True),
    )
    assert "Signed by Ingrid on 23 November 2026" in words_of(await page(signing))


async def test_what_a_file_asks_for_changes_nothing_until_then(signing: Town) -> None:
    held = SignedThreshold(FIRST, 9, 3, "Ingrid", DAY, signed_here=True)
    await signing.settle(thresholds=(held,), asked_thresholds=(AskedThreshold(FIRST, 5, 2),))
    words = words_of(await page(signing))
    assert "From 9 in total, or up by 3. Signed by Ingrid" in words
    assert "From 5 in total, or up by 2" in words
    assert (await site(signing)).thresholds == (held,)


@pytest.mark.parametrize(
    ("floor", "step", "field"),
    [
        ("0", "3", "floor"),
        ("21000", "3", "floor"),
        ("nine", "3", "floor"),
        ("-1", "3", "floor"),
        ("9", "0", "rise"),
        ("9", "1.5", "rise"),
    ],
)
async def test_figures_out_of_range_are_refused(signing: Town, floor: str, step: str, field: str) -> None:
    answer = await signing.send("ingrid", await form(signing), floor=floor, rise=step)
    assert isinstance(answer, FieldErrors) and set(answer.errors) == {field}
    assert (await site(signing)).thresholds == ()


async def test_nobody_signs_what_changed_since_they_looked(signing: Town) -> None:
    await signing.settle(asked_thresholds=(AskedThreshold(FIRST, 9, 3),))
    shown = await form(signing)
    await signing.settle(asked_thresholds=(AskedThreshold(FIRST, 4, 1),))
    answer = await signing.send("ingrid", shown, floor="9", rise="3")
    assert isinstance(answer, FieldErrors) and "from 4, up by 1" in answer.errors["floor"]
    assert (await site(signing)).thresholds == ()
    assert name_of(await signing.send("ingrid", answer, floor="9", rise="3")) == "signing"
    assert [one.floor for one in (await site(signing)).thresholds] == [9]


async def test_a_threshold_is_taken_out(signing: Town) -> None:
    await signing.send("ingrid", await form(signing), floor="9", rise="3")
    await signing.press("ingrid", await form(signing), "end_threshold")
    assert ((await site(signing)).thresholds, (await site(signing)).asked_thresholds) == ((), ())


@pytest.mark.parametrize("name", ["adam", "cora", "lena", "dev", "priya", "nurse"])
async def test_nobody_else_signs(signing: Town, name: str) -> None:
    assert refused(await page(signing, name))
    shown = form_of(await form(signing))
    assert refused(await signing.send(name, shown, floor="9", rise="3"))
    assert (await site(signing)).thresholds == ()


async def test_a_signature_is_in_the_journal(signing: Town) -> None:
    await signing.send("ingrid", await form(signing), floor="9", rise="3")
    journal = cast(FakeStore, signing.store).states[OrganisationId(signing.organisation.id)].journal
    assert (journal[-1].action, journal[-1].what) == (Action.CHANGED, "threshold")


def with_own() -> Definitions:
    """What the package ships, and a later version of the stress programme's and the trauma programme's own wording."""
    base = definitions()
    programme = base.begun_by(WindowClock.TRAUMA)
    assert programme is not None
    asked = base.questionnaires[FIRST]
    own = replace(asked, id="own_first", version=1)
    stages = tuple(
        replace(stage, questionnaire="own_first_v1") if stage.questionnaire == FIRST else stage
        for stage in programme.stages
    )
    later = replace(programme, version=programme.version + 1, stages=stages)
    return replace(
        base,
        programmes={**base.programmes, later.key: later},
        questionnaires={**base.questionnaires, own.key: own},
        brought=frozenset({own.key}),
    )


def test_nothing_new_begins_by_what_nobody_signed() -> None:
    known = with_own()
    begun = known.begun_by(WindowClock.TRAUMA)
    before = known.as_signed(()).begun_by(WindowClock.TRAUMA)
    after = known.as_signed({"own_first_v1"}).begun_by(WindowClock.TRAUMA)
    assert begun is not None and before is not None and after is not None
    assert (before.version, after.version) == (begun.version - 1, begun.version)


def test_what_came_with_the_desk_is_used_again_where_nothing_signed_is_left() -> None:
    known = with_own()
    shipped = definitions().begun_by(WindowClock.TRAUMA)
    assert shipped is not None
    alone = replace(known, retired=frozenset({shipped.key}))
    assert alone.as_signed(()).begun_by(WindowClock.TRAUMA) == shipped
    assert alone.as_signed({"own_first_v1"}).begun_by(WindowClock.TRAUMA) != shipped


async def test_questions_that_were_brought_in_are_read_signed_and_taken_back(signing: Town) -> None:
    signing.desk.outside = replace(signing.desk.outside, definitions=with_own())
    view = await page(signing)
    shown = await signing.press("ingrid", view, "questionnaire", nth(view, "questionnaire", OWN))
    assert "Not discussed" in words_of(shown)
    assert name_of(await signing.press("ingrid", shown, "sign_questions")) == "signing"
    assert [one.key for one in (await site(signing)).questionnaires] == [OWN]
    view = await page(signing)
    shown = await signing.press("ingrid", view, "questionnaire", nth(view, "questionnaire", OWN))
    await signing.press("ingrid", shown, "end_questions")
    assert (await site(signing)).questionnaires == ()


async def test_what_came_with_the_desk_takes_no_signature(signing: Town) -> None:
    view = await page(signing)
    shown = await signing.press("ingrid", view, "questionnaire")
    assert not buttons(shown, "sign_questions")


UNSIGNED = "in force, unsigned since the upgrade"


async def test_what_a_file_put_into_force_before_the_upgrade_is_said_to_be_unsigned(signing: Town) -> None:
    await signing.settle(thresholds=(SignedThreshold(FIRST, 9, 3, "Somebody", DAY),))
    await logged_and_accepted(signing)
    for told in (await page(signing), await signing.say("lena", "peer", "team")):
        assert f"1 threshold is {UNSIGNED}" in words_of(told)
    ending = await fill(signing, "priya", await start_first(signing))
    result = await signing.send("priya", ending, overrides=(), note="")
    assert "In force, unsigned since the upgrade." in words_of(result)
    assert "Somebody" not in everything_in(result)
    await signing.send("ingrid", await form(signing), floor="9", rise="3")
    for told in (await page(signing), await signing.say("lena", "peer", "team")):
        assert UNSIGNED not in everything_in(told).lower()
