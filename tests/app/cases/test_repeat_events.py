"""A crew with an event every three weeks: each event keeps its date and its own conversations, and nobody is lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.app.cases.test_changing_hands import hold
from tests.app.desk.test_journey import fill
from tests.builders import Town, log_values
from tests.reading import blocks_of, buttons, everything_in, field_of, form_of, rows_of, words_of
from trim_bot.app.cases.hands import give
from trim_bot.app.cases.stages import adopt_all
from trim_bot.app.seam.views import Choices, View
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import UNMARKED, Case, CheckIn, CheckInState
from trim_bot.domain.people import Role
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind
from workflows.engine import HeldInterview, after_interview, schedule
from workflows.loader import shipped

LONDON = ZoneInfo("Europe/London")
TRAUMA = shipped().get("trim_style_v1")
START = datetime(2026, 11, 30, 10, tzinfo=UTC)
STILL_OPEN = (CheckInState.PLANNED, CheckInState.OPEN)
DAYS = (date(2026, 12, 3), date(2026, 12, 20), date(2026, 12, 29), date(2027, 1, 20))


async def a_town() -> Town:
    town = Town()
    town.clock.move_to(START)
    await town.found()
    for name, roles in (
        ("priya", (Role.PRACTITIONER,)), ("paul", (Role.PRACTITIONER,)), ("lena", (Role.LEAD,)),
        ("dev", (Role.DEPUTY,)), ("nurse", ()),
    ):  # fmt: skip
        await town.add(name, *roles)
    return town


@pytest.fixture
async def crew() -> Town:
    return await a_town()


async def yes_to_event(town: Town, on: date, at: time = time(9)) -> View:
    """An event is logged, and the person says yes."""
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), on=on, at=at, mine=True))
    offer = await town.press("nurse", await town.say("nurse", "me"), "offer")
    return await town.press("nurse", offer, "offer_yes")


async def talks(town: Town) -> list[CheckIn]:
    return await town.all(CheckIn, order_by="opens_at")


async def case_of(town: Town) -> Case:
    [case] = await town.all(Case)
    return case


async def by_event(town: Town, stage: str) -> list[CheckIn]:
    """The conversations of one stage, in the order of their events."""
    case, found = await case_of(town), await talks(town)
    return [
        one for event in case.exposures for one in found if (one.exposure, one.stage) == (event.id, stage)
    ]


async def page(town: Town) -> View:
    return await town.press("priya", await town.say("priya", "peer", "cases"), "case")


async def the_issue(town: Town) -> None:
    """First conversation held on 3 December, then yes to events on 3, 20 and 29 December and on 20 January."""
    await yes_to_event(town, date(2026, 11, 30))
    town.clock.move_to(datetime(2026, 12, 3, 9, 30, tzinfo=UTC))
    await hold(town, "priya", await page(town))
    for day in DAYS:
        town.clock.move_to(datetime.combine(day, time(11), UTC))
        await yes_to_event(town, day)


@pytest.mark.anyio
async def test_the_month_of_the_first_event_stays_and_each_later_one_has_its_own_talks(crew: Town) -> None:
    await the_issue(crew)
    month = [one.due_at.date() for one in await by_event(crew, "month")]
    assert month == [
        date(2026, 12, 28),
        date(2026, 12, 31),
        date(2027, 1, 17),
        date(2027, 1, 26),
        date(2027, 2, 17),
    ]
    first = await by_event(crew, "first")
    assert [one.state for one in first] == [CheckInState.HELD, *[CheckInState.PLANNED] * 4]
    assert [one.opens_at.date() for one in first[1:]] == [day + timedelta(days=3) for day in DAYS]


@pytest.mark.anyio
async def test_lateness_is_never_taken_away_by_another_event(crew: Town) -> None:
    await yes_to_event(crew, date(2026, 11, 30))
    before = await talks(crew)
    crew.clock.move_to(datetime(2027, 1, 11, 11, tzinfo=UTC))
    await yes_to_event(crew, date(2027, 1, 11))
    after = await talks(crew)
    assert [one for one in after if one.id in {old.id for old in before}] == before
    assert "From Thursday 3 December" in words_of(await page(crew))


@pytest.mark.anyio
async def test_every_event_stands_in_the_case_with_its_date_and_each_talk_says_which_it_is_for(
    crew: Town,
) -> None:
    await the_issue(crew)
    seen = await page(crew)
    for number, day in enumerate(("Monday 30 November", "Thursday 3 December", "Sunday 20 December"), 1):
        assert (f"Event {number} ended", f"{day}, 9:00") in rows_of(seen)
    assert "First talk, about Tuesday 29 December" in words_of(seen)
    mine = words_of(await crew.say("nurse", "me"))
    assert "Month talk, about Thursday 3 December" in mine
    await crew.pass_time(days=5)
    due = words_of(await crew.say("priya", "peer", "due"))
    assert "First talk, about Sunday 20 December with Nurse" in due
    assert "about" not in everything_in(await crew.say("paul", "peer", "due"))


@pytest.mark.anyio
async def test_the_answer_to_a_later_yes_names_the_day_of_its_own_first_talk(crew: Town) -> None:
    await yes_to_event(crew, date(2026, 11, 30))
    crew.clock.move_to(datetime(2026, 12, 20, 11, tzinfo=UTC))
    said = await yes_to_event(crew, date(2026, 12, 20))
    assert "The first talk can be from Wednesday 23 December, 9:00" in words_of(said)


async def to_the_ending(town: Town, opened: View, nth: int) -> View:
    view = await town.press("priya", opened, "interview", nth)
    if form_of(view).name == "notice":
        view = await town.send("priya", view, acknowledged=True)
    return await fill(town, "priya", view)


@pytest.mark.anyio
async def test_one_talk_may_stand_for_every_open_one_and_is_one_talk(crew: Town) -> None:
    await the_issue(crew)
    crew.clock.move_to(datetime(2027, 1, 24, 10, tzinfo=UTC))
    opened = await page(crew)
    ending = form_of(await to_the_ending(crew, opened, 0))
    also = field_of(ending, "also", Choices)
    labels = {option.label: option.value in also.value for option in also.options}
    assert labels == {
        "Month talk, about Monday 30 November": False,
        "First talk, about Sunday 20 December": True,
        "First talk, about Tuesday 29 December": True,
        "First talk, about Wednesday 20 January": True,
    }
    await crew.send("priya", ending, also=tuple(option.value for option in also.options))
    first, month = await by_event(crew, "first"), await by_event(crew, "month")
    assert {one.state for one in first} == {CheckInState.HELD}
    assert [one.state for one in month] == [CheckInState.HELD, *[CheckInState.PLANNED] * 4]
    held = [one for one in (*first, *month) if one.met_by is not None]
    assert len(held) == 4 and {one.held_at for one in held} == {crew.clock.now()}
    late = datetime(2027, 2, 14, 10, tzinfo=UTC)
    assert [one.due_at for one in month[1:4]] == [late] * 3, "a late first talk of its own moves its month"
    assert month[4].due_at.date() == date(2027, 2, 17)
    counted = await crew.write(lambda tx: tx.counts.totals("2027-Q1"))
    assert (counted[Measure.HELD_FIRST], counted[Measure.HELD_MONTH]) == (1, 0)
    again = await page(crew)
    assert "as part of another talk" in words_of(again)
    assert form_of(await crew.press("priya", again, "result", 1)).name == "result"


@pytest.mark.anyio
async def test_what_is_not_marked_is_still_to_come(crew: Town) -> None:
    await the_issue(crew)
    crew.clock.move_to(datetime(2027, 1, 24, 10, tzinfo=UTC))
    ending = form_of(await to_the_ending(crew, await page(crew), 0))
    await crew.send("priya", ending, also=())
    first = await by_event(crew, "first")
    assert {one.state for one in first[2:]} <= set(STILL_OPEN)
    assert len([one for one in first if one.held_at is not None]) == 2


@pytest.mark.anyio
async def test_putting_the_time_of_one_event_right_moves_its_own_talks_alone(crew: Town) -> None:
    await yes_to_event(crew, date(2026, 11, 30))
    crew.clock.move_to(datetime(2026, 12, 20, 11, tzinfo=UTC))
    await yes_to_event(crew, date(2026, 12, 20))
    before = await by_event(crew, "month")
    logged = await crew.press("priya", await crew.say("priya", "peer", "log"), "logged")
    form = await crew.press("priya", logged, "incident")
    await crew.send("priya", form, ended_on="2026-12-19", ended_at="09:00")
    after = await by_event(crew, "month")
    assert after[0] == before[0]
    assert before[1].due_at - after[1].due_at == timedelta(days=1)


@pytest.mark.anyio
async def test_a_case_of_an_older_desk_gets_back_what_later_events_had_moved(crew: Town) -> None:
    """As the version before left it: one talk of each stage, its month moved on to 17 February."""
    await the_issue(crew)
    case = await case_of(crew)
    found = await by_event(crew, "month")
    ids = {one.id for one in await talks(crew)}

    def older(work: UnitOfWork) -> None:
        work.tx.save(replace(case, exposures=(), asks=(), exposure_ended=case.exposures[-1].ended_at))
        keep = next(one for one in work.tx.find(CheckIn) if one.state is CheckInState.HELD)
        work.tx.save(replace(keep, exposure=UNMARKED))
        for one in work.tx.find(CheckIn):
            if one.id not in (keep.id, found[0].id):
                work.tx.drop(CheckIn, one.id)
        moved = timedelta(days=51)
        work.tx.save(
            replace(
                found[0], exposure=UNMARKED, opens_at=found[0].opens_at + moved, due_at=found[0].due_at + moved,
                closes_at=found[0].closes_at + moved,
            )
        )  # fmt: skip

    await crew.work(older)
    await crew.work(adopt_all)
    await crew.work(adopt_all)
    month = [one.due_at.date() for one in await by_event(crew, "month")]
    assert month == [
        date(2026, 12, 28),
        date(2026, 12, 31),
        date(2027, 1, 17),
        date(2027, 1, 26),
        date(2027, 2, 17),
    ]
    assert len(await talks(crew)) == len(ids)
    assert (await case_of(crew)).asks


@dataclass(frozen=True)
class Move:
    """Some days go by, and then one thing happens."""

    days: int
    what: str
    back: int
    """How many days ago the event ended."""
    nth: int
    also: bool


MOVES = st.lists(
    st.builds(
        Move,
        days=st.integers(0, 40),
        what=st.sampled_from(("yes", "yes", "hold", "hold", "skip", "pass", "nothing")),
        back=st.integers(0, 60),
        nth=st.integers(0, 5),
        also=st.booleans(),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=80, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(MOVES)
def test_whatever_happens_everybody_has_a_talk_about_a_month_after_each_event(moves: list[Move]) -> None:
    asyncio.run(_play(moves))


async def _play(moves: list[Move]) -> None:
    town = await a_town()
    await yes_to_event(town, START.date())
    await town.work(_nobody_is_lost)
    for move in moves:
        await town.pass_time(days=move.days)
        before = {one.id: one for one in await talks(town)}
        await _do(town, move)
        await town.work(_nobody_is_lost)
        if move.what == "yes":
            kept = {one.id: one for one in await talks(town)}
            assert all(kept[id] == one for id, one in before.items()), "another event moved what is owed"


async def _do(town: Town, move: Move) -> None:
    if move.what == "yes":
        on = town.clock.now().date() - timedelta(days=move.back)
        await yes_to_event(town, on, time(8))
        return
    name, opened = await _holder(town, move.nth)
    if move.what == "pass":
        if name == "priya":
            await town.press(name, opened, "pass_case")
        return
    action = {"hold": "interview", "skip": "skip"}.get(move.what, "")
    if not action or not buttons(opened, action):
        return
    nth = move.nth % len(buttons(opened, action))
    if action == "skip":
        await town.press(name, opened, "skip", nth)
        return
    view = await town.press(name, opened, "interview", nth)
    if form_of(view).name == "notice":
        view = await town.send(name, view, acknowledged=True)
    ending = form_of(await fill(town, name, view))
    others = [one for one in blocks_of(ending, Choices) if one.name == "also"]
    if not others:
        await town.send(name, ending)
        return
    await town.send(name, ending, also=tuple(one.value for one in others[0].options) if move.also else ())


async def _holder(town: Town, nth: int) -> tuple[str, View]:
    """Whoever holds one of the cases, with one of theirs open; what is in the pool is taken first."""

    def take(work: UnitOfWork) -> None:
        for case in work.tx.find(Case, holder=None):
            give(work, case, town.ids["paul"])

    await town.work(take)
    cases = await town.all(Case, order_by="opened_at")
    names = {id: name for name, id in town.ids.items()}
    holder = cases[nth % len(cases)].holder
    assert holder is not None
    listed = await town.say(names[holder], "peer", "cases")
    return names[holder], await town.press(names[holder], listed, "case", nth % len(buttons(listed, "case")))


def _nobody_is_lost(work: UnitOfWork) -> None:
    """Held to a second reckoning, from the dates of each event alone."""
    for case in work.tx.find(Case):
        found = work.tx.find(CheckIn, case_id=case.id)
        steps = work.tx.find(Step, case_id=case.id, state=OPEN_STATES)
        assert steps, "an open case waits for nobody"
        assert len(case.exposures) == len({one.incident for one in case.exposures})
        for exposure in case.exposures:
            mine = {one.stage: one for one in found if one.exposure == exposure.id}
            assert set(mine) == {"first", "month"}, "an event has lost a talk"
            assert len([one for one in found if one.exposure == exposure.id]) == 2
            for one in mine.values():
                assert one.state is not CheckInState.CANCELLED
                if one.state in STILL_OPEN:
                    waits = [step for step in steps if step.subject == one.id or step.kind is StepKind.ASSIGN]
                    assert waits, "a talk waits for nobody"
                    assert all(
                        step.holder is not None or step.rung in (Rung.POOL, Rung.NOBODY) for step in waits
                    )
                if one.held_at is not None:
                    assert one.held_at >= one.opens_at, "held before its time"
            _about_a_month(exposure.ended_at, exposure.accepted_at, mine["first"], mine["month"])


def _about_a_month(ended: datetime, accepted: datetime, first: CheckIn, month: CheckIn) -> None:
    if month.held_at is not None and first.held_at is None:
        return
    if first.held_at is None:
        planned = schedule(TRAUMA, exposure_ended=ended, opened_at=accepted, zone=LONDON)
        assert (first.opens_at, first.closes_at) == (planned[0].opens_at, planned[0].closes_at)
        wanted = planned[1]
    else:
        assert first.held_at - ended >= timedelta(hours=72)
        [wanted] = after_interview(
            TRAUMA, HeldInterview("first", first.held_at, first.held_at, ended), zone=LONDON
        )
    if month.state in STILL_OPEN:
        assert (month.opens_at, month.due_at, month.closes_at) == (
            wanted.opens_at, wanted.due_at, wanted.closes_at
        )  # fmt: skip
