"""Crews that left at different hours: the talks of each count from when it ended for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.event_room.test_planning_first import all_of, logged, release, room
from tests.app.handover.test_planning import manages
from tests.builders import MONDAY, Town
from tests.reading import everything_in, field_of, form_of, name_of, words_of
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.views import Choices, Done, FieldErrors, View
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.incidents import Exposure
from trim_bot.domain.people import Role

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town() -> Town:
    """A site that plans first, with a lead, a deputy and a practitioner."""
    found = Town()
    await found.found()
    await found.settle(plan_first=True)
    for name in ("priya", "paul"):
        await found.add(name, Role.PRACTITIONER)
    await found.add("lena", Role.LEAD, Role.PRACTITIONER)
    await found.add("dev", Role.DEPUTY)
    for name in ("nurse", "driver", "porter"):
        await found.add(name)
    return found


async def ends(town: Town, name: str) -> View:
    """The form, as a lead opens it from the room and whoever logged the event from there."""
    if name == "priya":
        listed = await town.press("priya", await town.say("priya", "home"), "logged")
        return await town.press(name, await town.press("priya", listed, "incident"), "own_end")
    return await town.press(name, await room(town, name), "own_end")


def at(hours: int) -> dict[str, str]:
    """So many hours before now, by the clock of London, which stands at UTC that day."""
    there = MONDAY - timedelta(hours=hours)
    return {"ended_on": there.date().isoformat(), "ended_at": f"{there:%H:%M}"}


@pytest.mark.parametrize("who", ["lena", "priya"])
async def test_talks_count_from_ones_own_end(town: Town, who: str) -> None:
    await logged(town, "nurse", "driver")
    answer = await town.send(who, await ends(town, who), people=(town.ids["driver"],), **at(26))
    assert name_of(answer) == "own_end_set"
    await release(town, "lena")
    for name in ("nurse", "driver"):
        await town.press(name, await town.open(name), "offer_yes")
    opens = {}
    for case in await town.all(Case):
        assert case.exposure_ended is not None
        first = min(one.opens_at for one in await town.all(CheckIn, case_id=case.id))
        opens[case.member_id] = first
    own = {one.member_id: one.ended_at for one in await town.all(Exposure)}
    assert own[town.ids["driver"]] == MONDAY - timedelta(hours=26) and own[town.ids["nurse"]] is None
    assert opens[town.ids["nurse"]] > opens[town.ids["driver"]] >= MONDAY + timedelta(hours=72 - 26)


async def test_talks_that_are_planned_move_and_nothing_tells_who_has_any(town: Town) -> None:
    await logged(town, "nurse", "driver")
    await release(town, "lena")
    await town.press("driver", await town.open("driver"), "offer_yes")
    [case] = await town.all(Case)
    before = min(one.opens_at for one in await town.all(CheckIn, case_id=case.id))
    answers = []
    for name in ("nurse", "driver"):
        form = await ends(town, "priya")
        answers.append(words_of(await town.send("priya", form, people=(town.ids[name],), **at(26))))
    assert answers[0] == answers[1]
    [case] = await town.all(Case)
    planned = [one for one in await town.all(CheckIn, case_id=case.id) if one.state is CheckInState.PLANNED]
    assert case.exposure_ended == MONDAY - timedelta(hours=26)
    assert min(one.opens_at for one in planned) < before


async def test_an_event_put_right_leaves_ones_own_end(town: Town) -> None:
    await logged(town, "nurse", "driver")
    await town.send("priya", await ends(town, "priya"), people=(town.ids["driver"],), **at(26))
    listed = await town.press("priya", await town.say("priya", "home"), "logged")
    form = form_of(await town.press("priya", listed, "incident"))
    values = {one.name: getattr(one, "value", "") for one in form.inputs()}
    await town.send("priya", form, **{**values, **at(3)})
    own = {one.member_id: one.ended_at for one in await town.all(Exposure)}
    assert own[town.ids["driver"]] == MONDAY - timedelta(hours=26) and own[town.ids["nurse"]] is None


async def test_the_room_says_when_it_ended_for_somebody_with_the_zone(town: Town) -> None:
    await logged(town, "nurse", "driver")
    await town.send("lena", await ends(town, "lena"), people=(town.ids["driver"],), **at(26))
    assert "London time" in everything_in(await room(town, "lena"))
    assert "Sunday 22 November, 8:00 (London time)" in words_of(await ends(town, "lena"))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("people", {"people": ()}),
        ("ended_on", {"ended_on": "2027-01-01"}),
        ("ended_on", {"ended_on": "1919-01-01"}),
    ],
)
async def test_what_has_to_be_mended_is_said_and_kept(
    town: Town, field: str, changes: dict[str, Value]
) -> None:
    await logged(town, "nurse", "driver")
    values: dict[str, Value] = {"people": (town.ids["driver"],), **at(26)}
    values |= changes
    answer = await town.send("lena", await ends(town, "lena"), **values)
    assert isinstance(answer, FieldErrors) and set(answer.errors) == {field}
    assert field_of(answer, "people", Choices).value == values["people"]
    assert all(one.ended_at is None for one in await town.all(Exposure))


async def test_a_lead_moves_nobody_she_manages(town: Town) -> None:
    await manages(town, "lena", "driver")
    await logged(town, "nurse", "driver")
    form = await ends(town, "lena")
    [people] = all_of(form, Choices)
    assert [one.value for one in people.options] == [town.ids["nurse"]]
    answer = await town.send("lena", form, people=(town.ids["driver"],), **at(26))
    assert isinstance(answer, FieldErrors)
    assert all(one.ended_at is None for one in await town.all(Exposure))


async def test_nobody_else_opens_it(town: Town) -> None:
    await logged(town, "nurse")
    form = await ends(town, "priya")
    answer = await town.send("paul", form, people=(town.ids["nurse"],), **at(26))
    assert isinstance(answer, Done) and name_of(answer) != "own_end_set"
    assert all(one.ended_at is None for one in await town.all(Exposure))
