"""The closed week's sentence: what stood at the end of the ladder, and before that whether the site was staffed."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from tests.app.asking import ask
from tests.app.beginnings import open_case_for
from tests.app.walking import Walk
from tests.builders import Town
from tests.reading import everything_in, form_of, rows_of, values_of, words_of
from trim_bot.app.people.eligible import is_short
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Done
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.ladder import monday_of
from trim_bot.domain.cases import CaseState
from trim_bot.domain.figures import week_of
from trim_bot.domain.ids import StepId
from trim_bot.domain.people import Availability, Role, Training
from trim_bot.domain.records import Measure, WeekSays, WeekStatus
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind

pytestmark = pytest.mark.anyio
ON, OFF, SHORT = WeekSays.ON_TRACK, WeekSays.NOT_ON_TRACK, WeekSays.UNDERSTAFFED


async def weeks(town: Town) -> dict[str, WeekSays]:
    """What is written, by week."""
    await town.clockwork.sweep()
    return {one.id: one.says for one in await town.all(WeekStatus, order_by="id")}


async def days(town: Town, number: int) -> None:
    for _ in range(number):
        await town.pass_time(days=1)
        await town.clockwork.sweep()


async def test_a_case_nobody_takes_is_not_on_track_in_any_week_it_stands(town: Town) -> None:
    await town.clockwork.sweep()
    await open_case_for(town, "nurse")
    await days(town, 42)
    said = await weeks(town)
    [step] = await town.all(Step, kind=StepKind.ASSIGN)
    assert step.rung is Rung.NOBODY and step.unowned_since is not None
    came = week_of(step.unowned_since.date())
    assert said and all(says is (ON if week < came else OFF) for week, says in said.items())
    assert list(said.values()).count(OFF) >= 3
    assert "Follow-ups were not on track in" in words_of(await town.say("cora", "peer", "status"))


async def lose(town: Town, step: Step) -> None:
    await town.work(lambda work: waits.pass_to(work, step, Rung.NOBODY, None) and None)


@pytest.mark.parametrize("kind", [kind for kind in StepKind if kind is not StepKind.AGREED_TIME])
async def test_every_kind_of_step_counts_and_none_is_told_apart(town: Town, kind: StepKind) -> None:
    """Only `pass_to` is asked, so a kind that is new tomorrow is held as well."""
    await town.clockwork.sweep()
    case = await open_case_for(town, "nurse", holder="priya")
    begun = await town.work(
        lambda work: waits.begin(work, kind, case.id, Rung.LEAD, town.ids["lena"], case=case.id)
    )
    await lose(town, begun)
    town.clock.move(timedelta(days=8))
    assert await weeks(town) == {"2026-W48": OFF}


async def test_what_left_the_end_of_the_ladder_stood_there_until_then(town: Town) -> None:
    """It came in one week, stood through the next, and was taken on the Monday after that, before any sweep."""
    await town.clockwork.sweep()
    await open_case_for(town, "nurse")
    [step] = await town.all(Step, kind=StepKind.ASSIGN)
    await lose(town, step)
    town.clock.move(timedelta(days=14))
    team = await town.say("lena", "peer", "team")
    form = form_of(await town.press("lena", team, "assign"))
    await town.send("lena", form, holder=town.ids["paul"], cover="any")
    town.clock.move(timedelta(days=14))
    assert await weeks(town) == {"2026-W48": OFF, "2026-W49": OFF, "2026-W50": OFF, "2026-W51": ON}


async def test_what_comes_after_the_week_is_no_part_of_it(town: Town) -> None:
    await town.clockwork.sweep()
    await open_case_for(town, "nurse")
    [step] = await town.all(Step, kind=StepKind.ASSIGN)
    town.clock.move(timedelta(days=7))
    await lose(town, step)
    assert await weeks(town) == {"2026-W48": ON}


async def test_a_step_that_stood_before_times_were_kept_has_stood_all_along(town: Town) -> None:
    await town.clockwork.sweep()
    await open_case_for(town, "nurse")

    def old(tx: Tx) -> None:
        for step in tx.find(Step, state=OPEN_STATES):
            tx.save(replace(step, rung=Rung.NOBODY, holder=None, unowned_since=None))

    await town.write(old)
    town.clock.move(timedelta(days=8))
    assert await weeks(town) == {"2026-W48": OFF}


async def away(town: Town, *names: str, availability: Availability = Availability.AWAY) -> None:
    """People say in their profile that they are away, or that they are back."""
    for name in names:
        form = form_of(await town.say(name, "peer", "profile"))
        values = values_of(form)
        await town.send(name, form, **{**values, "availability": availability.value})


async def test_an_understaffed_moment_is_all_that_is_said_of_the_week(town: Town) -> None:
    """Two of three go away and come back within the hour, between two looks of the clock."""
    await town.clockwork.sweep()
    await away(town, "priya", "paul")
    await away(town, "priya", "paul", availability=Availability.ROOM)
    said = []
    for loses in (False, True):
        if loses:
            await open_case_for(town, "nurse")
            [step] = await town.all(Step, kind=StepKind.ASSIGN)
            await lose(town, step)
        town.clock.move(timedelta(days=7))
        said.append(await weeks(town))
    assert said[0] == {"2026-W48": SHORT}
    assert said[1]["2026-W49"] is OFF
    page = everything_in(await town.say("cora", "peer", "status"))
    assert "understaffed" not in page


async def leave(town: Town, first: str, last: str, *names: str) -> None:
    """People say in their profile from when until when they are away."""
    for name in names:
        form = form_of(await town.say(name, "peer", "profile"))
        values = values_of(form)
        await town.send(
            name, form, **{**values, "availability": "away", "away_from": first, "away_until": last}
        )


async def counted_away(town: Town) -> str:
    page = await town.say("cora", "peer", "status")
    assert isinstance(page, Done)
    rows = rows_of(page)
    return dict(rows)["Away"]


async def test_leave_with_days_counts_as_away_from_its_first_day_to_its_last(town: Town) -> None:
    """Two of three, from Thursday to Wednesday; entered on the Monday before."""
    await town.clockwork.sweep()
    await leave(town, "2026-11-26", "2026-12-02", "priya", "paul")
    seen = [await counted_away(town)]
    for number in (4, 17):
        await days(town, number)
        seen.append(await counted_away(town))
    assert seen == ["0", "2", "0"]
    assert await weeks(town) == {"2026-W48": SHORT, "2026-W49": SHORT, "2026-W50": ON}


async def test_leave_that_begins_today_counts_at_once(town: Town) -> None:
    await town.clockwork.sweep()
    await leave(town, "", "2026-11-23", "priya", "paul")
    await days(town, 14)
    assert await weeks(town) == {"2026-W48": SHORT, "2026-W49": ON}


async def test_whoever_is_back_on_monday_is_not_missing_in_that_week(town: Town) -> None:
    await town.clockwork.sweep()
    await leave(town, "2026-11-24", "2026-11-29", "priya", "paul")
    await days(town, 14)
    assert await weeks(town) == {"2026-W48": SHORT, "2026-W49": ON}


@pytest.mark.parametrize("loses", [False, True])
async def test_a_coordinator_who_leaves_the_desk_understaffed_learns_nothing(town: Town, loses: bool) -> None:
    await town.clockwork.sweep()
    if loses:
        await ask(town)
        [step] = await town.all(Step, kind=StepKind.REQUEST)
        await lose(town, step)
    await away(town, "paul", "lena")
    town.clock.move(timedelta(days=7))
    assert await weeks(town) == {"2026-W48": SHORT}
    page = await town.say("cora", "peer", "status")
    assert "Your site was understaffed in the week to Sunday 29 November." in words_of(page)
    assert "on track" not in everything_in(page)


WAYS_TO_FALL: dict[str, Callable[[Town], Awaitable[object]]] = {
    "a role ended": lambda town: town.work(_revoke(town, "lena", "dev")),
    "handed over": lambda town: _hand_over(town, "paul", "priya"),
    "training over": lambda town: town.write(_untrained),
}


def _revoke(town: Town, *names: str) -> Callable[[UnitOfWork], None]:
    def body(work: UnitOfWork) -> None:
        for name in names:
            for role in (Role.LEAD, Role.DEPUTY):
                Roster(work.tx).revoke(town.ids[name], role, work.now)

    return body


def _untrained(tx: Tx) -> None:
    for training in tx.find(Training):
        tx.save(replace(training, expires_on=date(2026, 11, 25)))


async def _hand_over(town: Town, *names: str) -> None:
    for name in names:
        await town.press(name, await town.say(name, "peer", "cover"), "hand_over_all")


@pytest.mark.parametrize("way", WAYS_TO_FALL)
async def test_however_it_came_about(town: Town, way: str) -> None:
    await town.clockwork.sweep()
    await WAYS_TO_FALL[way](town)
    town.clock.move(timedelta(days=7))
    assert await weeks(town) == {"2026-W48": SHORT}


async def test_the_site_declares_what_it_needs(town: Town) -> None:
    await town.settle(least_practitioners=1, least_leads=2)
    await town.clockwork.sweep()
    await away(town, "paul", "lena")
    town.clock.move(timedelta(days=7))
    assert (await weeks(town))["2026-W48"] is ON
    await town.settle(least_leads=3)
    town.clock.move(timedelta(days=7))
    assert (await weeks(town))["2026-W49"] is SHORT


async def test_seventeen_months_on_with_nobody_trained_it_is_understaffed(town: Town) -> None:
    await town.clockwork.sweep()
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    page = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", await town.press("priya", page, "safety"), "safety_call")
    await town.write(_untrained)
    await town.pass_time(days=510)
    said = list((await weeks(town)).values())
    assert len(said) == 60 and set(said) == {SHORT}


@dataclass
class Watch:
    """What a second pair of eyes saw: the weeks in which something stood, and those with too few at any look.

    By chance alone little comes to the end of the ladder, so it sends some there.
    """

    chance: random.Random
    stood: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)
    lost: set[StepId] = field(default_factory=set)
    left: int = 0
    """How many of them have gone from there since; each leaves a mark."""
    before: date | None = None

    def __call__(self, work: UnitOfWork) -> None:
        """Look after a move: whatever stood before it and stands now, or left, stood in every week between."""
        today = work.now.astimezone(work.zone_of(None)).date()
        week = monday_of(self.before or today)
        while self.lost and week <= today:
            self.stood.add(week_of(week))
            week += timedelta(days=7)
        steps = work.tx.find(Step, state=OPEN_STATES)
        assert all((step.unowned_since is not None) is (step.rung is Rung.NOBODY) for step in steps)
        now = {step.id for step in steps if step.rung is Rung.NOBODY}
        self.left += len(self.lost - now)
        assert sum(work.tx.counts.totals(week)[Measure.STOOD] for week in self.stood) >= self.left
        self.lost = now
        if self.lost:
            self.stood.add(week_of(today))
        if is_short(work.site, work.tx.counts.staffing(today)):
            self.short.add(week_of(today))
        self.before = today
        waiting = [step for step in waits.open_steps(work) if step.rung not in (Rung.PERSON, Rung.NOBODY)]
        if waiting and self.chance.random() < 0.2:
            self.lost.add(waits.pass_to(work, self.chance.choice(waiting), Rung.NOBODY, None).id)
            self.stood.add(week_of(today))


@pytest.mark.parametrize("seed", [seed for seed in range(40, 55) if seed % 3])
async def test_on_any_walk_each_week_says_what_was_seen_in_it(seed: int) -> None:
    """Weeks are written only at the end, so that every way out of the end of the ladder has to leave its mark.

    Of seeds that three divides bodies are run twice, which this watch would not bear.
    """
    watch = Watch(random.Random(seed))  # noqa: S311 - a walk that can be repeated, nothing secret
    walk = Walk(seed, also=watch)
    await walk.settle()
    await walk.town.settle(least_practitioners=1)
    await walk.town.clockwork.sweep()
    await walk.begin()
    await open_case_for(walk.town, "porter")
    await walk.go(80)
    for _ in range(2):
        # Of a walk that waited for hours alone there are two weeks to tell of as well.
        walk.town.clock.move(timedelta(days=7))
        await walk.town.work(watch)
    said = await weeks(walk.town)
    assert len(said) > 1
    expected = {week: SHORT if week in watch.short else OFF if week in watch.stood else ON for week in said}
    assert said == expected, walk.moves[-20:]


async def _closed(town: Town) -> Step:
    await open_case_for(town, "nurse")
    [step] = await town.all(Step, kind=StepKind.ASSIGN)
    await lose(town, step)
    town.clock.move(timedelta(days=14))
    await town.press("nurse", await town.own_choice("nurse"), "withdraw")
    return step


async def _taken_up(town: Town) -> Step:
    await ask(town)
    [step] = await town.all(Step, kind=StepKind.REQUEST)
    await lose(town, step)
    town.clock.move(timedelta(days=14))
    page = await town.press("lena", await town.say("lena", "peer", "team"), "request")
    await town.press("lena", page, "take_request")
    return step


async def _not_wanted(town: Town) -> Step:
    case = await open_case_for(town, "nurse")
    [step] = await town.all(Step, kind=StepKind.ASSIGN)
    await lose(town, step)
    await town.write(lambda tx: tx.save(replace(case, state=CaseState.CLOSED, closed_at=town.clock.now())))
    await town.pass_time(days=14)
    return step


@pytest.mark.parametrize("way", [_closed, _taken_up, _not_wanted])
async def test_whichever_way_it_left(town: Town, way: Callable[[Town], Awaitable[Step]]) -> None:
    await town.clockwork.sweep()
    step = await way(town)
    now = await town.write(lambda tx: tx.get(Step, step.id))
    assert now is not None and (now.state not in OPEN_STATES or now.rung is not Rung.NOBODY)
    town.clock.move(timedelta(days=14))
    said = await weeks(town)
    assert [said["2026-W48"], said["2026-W49"], said["2026-W51"]] == [OFF, OFF, ON]
