"""Those who serve hear once each working day at a minute of their own, whether or not something waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from tests.app.asking import ask
from tests.app.beginnings import open_case_for, step_of
from tests.builders import MONDAY, Town, log_values
from tests.reading import buttons
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Tx
from trim_bot.app.waiting.steady import next_steady
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.ids import MemberId
from trim_bot.domain.looks import ClockLook
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Member, Role
from trim_bot.domain.steps import OutboxState, Outgoing, StepKind, StepState

pytestmark = pytest.mark.anyio
SERVING = ("priya", "paul", "lena", "dev", "cora")
OTHERS = ("nurse", "driver", "porter", "adam")
MINUTE = timedelta(minutes=1)


async def told_at(town: Town, until: datetime, *names: str) -> dict[str, list[datetime]]:
    """When each of them was written to, to the minute."""
    told: dict[str, list[datetime]] = {name: [] for name in names}
    while town.clock.now() < until:
        before = {name: len(town.messages(name)) for name in names}
        town.clock.pass_time(MINUTE)
        await town.clockwork.drain()
        for name in names:
            told[name] += [town.clock.now()] * (len(town.messages(name)) - before[name])
    return told


async def change(town: Town, name: str, **fields: Any) -> None:
    def body(tx: Tx) -> None:
        member = tx.get(Member, town.ids[name])
        assert member is not None
        tx.save(replace(member, **fields))

    await town.write(body)


async def mornings(town: Town, days: int) -> dict[str, list[datetime]]:
    """When those who serve were written to on the mornings of some days."""
    told: dict[str, list[datetime]] = {name: [] for name in SERVING}
    for _ in range(days):
        at = town.clock.now()
        town.clock.pass_time(datetime(at.year, at.month, at.day, 9, tzinfo=UTC) + timedelta(days=1) - at)
        found = await told_at(town, town.clock.now() + timedelta(hours=1), *SERVING)
        for name in SERVING:
            told[name] += found[name]
    return told


async def test_each_working_day_at_the_same_minute_and_never_all_at_once(town: Town) -> None:
    await town.clockwork.drain()
    told = await mornings(town, 4)
    minutes = set()
    for name in SERVING:
        assert [at.day for at in told[name]] == [24, 25, 26, 27]
        assert len({at.time() for at in told[name]}) == 1
        assert time(9, 30) <= told[name][0].time() < time(9, 51)
        minutes.add(told[name][0].time())
    assert len(minutes) > 1
    await town.pass_time(days=2)
    assert [len(town.messages(name)) for name in SERVING] == [4] * 5, "not on a Sunday"
    assert [len(town.messages(name)) for name in OTHERS] == [0] * 4


async def test_what_waits_changes_nothing_of_what_is_sent(town: Town) -> None:
    """Twenty-nine things in one look were twenty-nine messages; now they are the one that comes anyway."""
    quiet = Town()
    await quiet.found()
    await quiet.add("priya", Role.PRACTITIONER)
    for number in range(29):
        await town.add(f"asker{number:02}")
        await ask(town, f"asker{number:02}")
    for one in (town, quiet):
        await one.clockwork.drain()
        await one.pass_time(days=1)
    assert await town.waiting("priya") == 29
    for one in (town, quiet):
        await one.pass_time(days=1)
        await one.pass_time(days=1)
    assert len(town.messages("priya")) == len(quiet.messages("priya")) == 3


async def test_a_site_may_choose_fewer_days_and_another_time(town: Town) -> None:
    await town.settle(steady_at=time(14), steady_days=(1, 3))
    await town.clockwork.drain()
    days = []
    for _ in range(7):
        before = len(town.messages("paul"))
        await town.pass_time(days=1)
        days += [town.clock.now().weekday()] if len(town.messages("paul")) > before else []
    assert len(days) == 2


async def test_whoever_works_nights_hears_early_in_the_night(town: Town) -> None:
    nights = WorkingHours("Europe/London", (((time(22), time(6)),),) * 7)
    await change(town, "paul", hours=nights)
    await town.clockwork.drain()
    told = await told_at(town, MONDAY + timedelta(hours=14), "paul")
    assert [at.day for at in told["paul"]] == [23]
    assert time(22) <= told["paul"][0].time() < time(22, 21)


async def test_nobody_is_written_to_on_leave_and_again_on_the_day_they_are_back(town: Town) -> None:
    back = datetime(2026, 11, 30, 0, tzinfo=UTC)
    await change(town, "paul", away_until=back)
    await town.clockwork.drain()
    for _ in range(6):
        await town.pass_time(days=1)
    assert not town.messages("paul")
    await town.pass_time(days=1)
    assert len(town.messages("paul")) == 1


async def test_whoever_begins_to_serve_hears_and_whoever_ends_hears_no_more(town: Town) -> None:
    await town.clockwork.drain()
    await town.write(lambda tx: Roster(tx).grant(town.ids["porter"], Role.PRACTITIONER, town.clock.now()))
    await town.write(lambda tx: Roster(tx).revoke(town.ids["paul"], Role.PRACTITIONER, town.clock.now()))
    await town.clockwork.keep_steady()
    for _ in range(3):
        await town.pass_time(days=1)
    assert (len(town.messages("porter")), len(town.messages("paul"))) == (3, 0)


async def test_one_steady_message_is_queued_for_each_whatever_happens(town: Town) -> None:
    for _ in range(3):
        await town.clockwork.keep_steady()
        await town.pass_time(days=1)
    queued = await town.all(Outgoing, kind=MessageKind.STEADY.value, state=OutboxState.QUEUED)
    assert sorted(one.member_id for one in queued) == sorted(town.ids[name] for name in SERVING)


async def test_one_put_off_by_a_clock_that_was_wrong_comes_nearer(town: Town) -> None:
    await town.clockwork.keep_steady()

    def ahead(tx: Tx) -> None:
        for one in tx.find(Outgoing, kind=MessageKind.STEADY.value, state=OutboxState.QUEUED):
            tx.save(replace(one, due_at=one.due_at + timedelta(days=30)))

    await town.write(ahead)
    town.clock.move(ClockLook.STEADY.longest)
    await town.clockwork.keep_steady()
    await town.pass_time(days=1)
    assert [len(town.messages(name)) for name in SERVING] == [1] * 5


async def test_a_practitioner_with_a_case_is_told_of_it_by_the_message_of_the_day(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    await town.pass_time(days=3)
    [step] = [one for one in await step_of(town, kind=StepKind.CHECK_IN) if one.opens_at <= town.clock.now()]
    assert step.state is StepState.TOLD
    assert step.due_at == town.clock.now() + timedelta(days=4), "two working days, from Thursday to Monday"


async def test_somebody_with_offers_of_three_events_gets_one_message(town: Town) -> None:
    for _ in range(3):
        form = await town.say("priya", "peer", "log")
        await town.send("priya", form, **log_values(town.actor("nurse")))
    await town.clockwork.run_due()
    assert len(await town.all(Outgoing, member_id=town.ids["nurse"])) == 1
    await town.clockwork.drain()
    assert len(town.messages("nurse")) == 1
    assert len(buttons(await town.open("nurse"), "open")) == 3
    steps = await step_of(town, kind=StepKind.OFFER)
    assert {step.state for step in steps} == {StepState.TOLD}


async def test_a_change_is_written_about_only_to_those_who_asked(town: Town) -> None:
    await ask(town)
    await ask(town, "driver")
    await change(town, "driver", told_of_changes=True)
    for _ in range(2):
        waiting = await town.say("priya", "waiting")
        pages = [
            await town.press("priya", waiting, "open", nth) for nth in range(len(buttons(waiting, "open")))
        ]
        free = next(page for page in pages if buttons(page, "take_request"))
        taken = await town.press("priya", free, "take_request")
        await town.send("priya", taken, reply="I can ring on Tuesday", then="wait")
    await town.clockwork.drain()
    assert (len(town.messages("nurse")), len(town.messages("driver"))) == (0, 1)
    assert len(town.slack.sent) == 1


async def test_whoever_begins_at_the_sites_very_minute_hears_that_morning(town: Town) -> None:
    """Whatever their own minute is, it comes after the site's, so that nobody waits a whole day for the first."""
    half_past = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 9, 30, tzinfo=UTC)
    member = await town.write(lambda tx: tx.get(Member, town.ids["priya"]))
    assert member is not None
    others = [replace(member, id=MemberId(f"{number}")) for number in range(200)]
    firsts = await town.work(lambda work: [next_steady(work, one, half_past) for one in others])
    assert all(MINUTE <= first - half_past <= 20 * MINUTE for first in firsts)


@pytest.mark.parametrize("answer", ["offer_yes", "offer_later", "offer_no", ""])
async def test_who_is_written_to_after_an_event_does_not_tell_what_they_answered(
    town: Town, answer: str
) -> None:
    """They found it on their page in the evening, so that the message was still to come; and it comes."""
    town.clock.pass_time(timedelta(hours=9))
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    assert town.slack.sent == []
    if answer:
        await town.press("nurse", await town.open("nurse"), answer)
    told = await told_at(town, town.clock.now() + timedelta(hours=20), "nurse", *SERVING)
    [at] = told["nurse"]
    assert at == MONDAY + timedelta(hours=23), "as their work begins"
    assert {name: len(told[name]) for name in SERVING} == dict.fromkeys(SERVING, 1)


async def test_a_yes_in_the_morning_brings_its_holder_no_message_of_its_own(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    told = await mornings(town, 1)
    assert [len(told[name]) for name in SERVING] == [1] * 5
    assert len(town.messages("priya")) == 1, "and none at the moment of the yes"
    [step] = await step_of(town, kind=StepKind.FIRST_CONTACT)
    assert step.state is StepState.TOLD and step.promised_at == MONDAY + timedelta(days=1, hours=7)


async def test_a_further_try_waits_for_the_message_of_the_day(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    await mornings(town, 1)
    await town.in_touch("priya", "left_word")
    told = await told_at(town, town.clock.now() + timedelta(days=3), "priya")
    assert {(at.hour, at.minute) for at in told["priya"]} == {
        (at.hour, at.minute) for at in told["priya"][:1]
    }
