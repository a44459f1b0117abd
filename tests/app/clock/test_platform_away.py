"""A platform that is away: everybody is told once when it is back, in their hours, and nothing has climbed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from tests.app.beginnings import open_case_for, step_of
from tests.builders import MONDAY, TEAM, Town, log_values
from tests.fakes import FakeMessenger
from tests.reading import words_of
from trim_bot.app.safety.calling import summon
from trim_bot.app.seam.ports import Messenger, Tx
from trim_bot.app.seam.views import Message
from trim_bot.domain.cases import Case
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import Trouble, TryLater
from trim_bot.domain.ids import AccountId, new_id
from trim_bot.domain.people import Account, Address, Member, Platform
from trim_bot.domain.steps import OPEN_STATES, OutboxState, Outgoing, Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
TENANT = "TENANT"
PEOPLE = tuple(f"person{number:02}" for number in range(20))
STEP = timedelta(minutes=30)
SHAPES = {
    "refused": (None, Trouble.REFUSED),
    "503": (None, Trouble.FAILING),
    "429": (None, Trouble.ASKED_TO_WAIT),
    "429 with Retry-After": (1800.0, Trouble.ASKED_TO_WAIT),
    "hanging": (None, Trouble.SLOW),
}


@dataclass
class Outage:
    """A platform that takes nothing until a moment, in one shape; `at` is when each message was taken."""

    town: Town
    messenger: FakeMessenger
    workspace: str
    shape: str
    until: datetime
    at: list[tuple[Address, datetime]] = field(default_factory=list)
    calls: int = 0

    async def send(self, address: Address, message: Message, route: str) -> str:
        after, trouble = SHAPES[self.shape]
        if self.town.clock.now() < self.until:
            self.calls += 1
            if trouble is Trouble.SLOW:
                self.town.clock.move_real(timedelta(seconds=5))
            raise TryLater(after, trouble, self.workspace)
        self.at.append((address, self.town.clock.now()))
        return await self.messenger.deliver(address, message, route)


async def move_to_teams(town: Town) -> FakeMessenger:
    """Everybody is on Teams, and on Slack no more."""
    teams = FakeMessenger()
    cast("dict[str, Messenger]", town.desk.outside.messengers)["teams"] = teams
    town.organisation = await town.store.found(town.organisation.slug, ChatWorkspace.parse(f"teams:{TENANT}"))

    def body(tx: Tx) -> None:
        for account in tx.find(Account, platform=Platform.SLACK):
            tx.save(replace(account, left=True))
            user = account.address.rpartition(":")[2]
            there = Address(Platform.TEAMS, TENANT, user).text
            tx.add(Account(AccountId(new_id()), account.key_id, account.member_id, Platform.TEAMS, there))

    await town.write(body)
    return teams


async def away(town: Town, platform: str, shape: str, hours: int) -> Outage:
    """From now on the only platform there is takes nothing for some hours."""
    messenger = town.slack if platform == "slack" else await move_to_teams(town)
    workspace = f"slack:{TEAM}" if platform == "slack" else f"teams:{TENANT}"
    outage = Outage(town, messenger, workspace, shape, town.clock.now() + timedelta(hours=hours))
    messenger.instead = outage.send
    return outage


async def pass_hours(town: Town, hours: float) -> None:
    """Both clocks go on together."""
    step = STEP if hours < 24 else 2 * STEP
    for _ in range(int(timedelta(hours=hours) / step)):
        town.clock.pass_time(step)
        await town.clockwork.drain()


async def crowd(town: Town) -> None:
    for name in PEOPLE:
        await town.add(name)


def matrix(test: object) -> object:
    """Every length of an outage, in every shape, on each platform."""
    for name, values in (
        ("platform", ["slack", "teams"]),
        ("shape", list(SHAPES)),
        ("hours", [1, 3, 8, 24, 72]),
    ):
        test = pytest.mark.parametrize(name, values)(test)
    return test


@matrix
async def test_every_offer_comes_once_in_working_hours(
    town: Town, platform: str, shape: str, hours: int
) -> None:
    await crowd(town)
    await town.clockwork.drain()
    outage = await away(town, platform, shape, hours)
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(*(town.actor(name) for name in PEOPLE)))
    await pass_hours(town, hours + 24)
    offers = {town.actor(name).address.user: 0 for name in PEOPLE}
    told = Counter(address.user for address, _ in outage.at if address.user in offers)
    assert told == Counter(dict.fromkeys(offers, 1))
    for _, at in outage.at:
        assert at.weekday() < 5 and 9 <= at.hour < 17
    assert not await step_of(town, kind=StepKind.CONTACT), "nobody is to be told in person"
    assert outage.calls <= 60 * hours, "one that is away is not asked again and again"


@matrix
async def test_the_holder_of_a_talk_is_told_when_it_is_back_and_nobody_before(
    town: Town, platform: str, shape: str, hours: int
) -> None:
    case = await open_case_for(town, "nurse", holder="priya", cover="paul")
    await town.clockwork.drain()
    due = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    town.clock.pass_time(due - MONDAY)
    outage = await away(town, platform, shape, hours)
    await pass_hours(town, hours)
    holder = {step.holder for step in await step_of(town, kind=StepKind.CHECK_IN)}
    assert holder == {town.ids["priya"]}, "the ladder stands still"
    await pass_hours(town, 27)
    [first] = [
        step for step in await step_of(town, kind=StepKind.CHECK_IN) if step.opens_at <= town.clock.now()
    ]
    assert (first.rung, first.holder, first.state) == (Rung.ASSIGNED, town.ids["priya"], StepState.TOLD)
    for name in ("priya", "paul", "lena", "dev", "cora"):
        got = [at for address, at in outage.at if address.user == town.actor(name).address.user]
        assert len({at.date() for at in got}) == len(got), "one message a day at most"
    assert case.id


async def everybody_called(town: Town) -> Case:
    case = await open_case_for(town, "nurse", holder="priya", cover="paul")
    await town.clockwork.drain()
    return case


@matrix
async def test_a_safety_call_reaches_all_three_once_and_together(
    town: Town, platform: str, shape: str, hours: int
) -> None:
    case = await everybody_called(town)
    outage = await away(town, platform, shape, hours)
    await town.work(lambda work: summon(work, case))
    await pass_hours(town, hours)
    page = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    shown = words_of(await town.press("priya", page, "safety"))
    assert "Not reached yet" in shown or outage.at
    town.clock.pass_time(timedelta(seconds=61))
    await town.clockwork.drain()
    calls = await step_of(town, kind=StepKind.SAFETY)
    assert {step.holder for step in calls} == {town.ids[name] for name in ("lena", "dev", "paul")}
    assert {step.state for step in calls} == {StepState.TOLD}
    told = Counter(address.user for address, _ in outage.at)
    assert [told[town.actor(name).address.user] for name in ("lena", "dev", "paul")] == [1, 1, 1]


async def test_while_it_is_away_the_caller_sees_who_is_not_reached_and_whom_to_ring(town: Town) -> None:
    def phones(tx: Tx) -> None:
        for name in ("lena", "dev", "paul"):
            member = tx.get(Member, town.ids[name])
            assert member is not None
            tx.save(replace(member, phone=f"07700 90010{len(name)}"))

    await town.write(phones)
    await everybody_called(town)
    await away(town, "slack", "503", 6)
    page = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    shown = await town.press("priya", await town.press("priya", page, "safety"), "safety_call")
    await town.clockwork.drain()
    again = await town.press("priya", shown, "safety")
    assert "Not reached yet: Lena, Dev and Paul" in words_of(again) or "Not reached yet" in words_of(again)
    assert "07700 90010" in words_of(again)
    await pass_hours(town, 7)
    assert "Written to, no answer yet" in words_of(await town.press("priya", again, "safety"))


async def test_a_call_tries_every_other_way_somebody_has_at_once(town: Town) -> None:
    case = await everybody_called(town)
    teams = FakeMessenger()
    cast("dict[str, Messenger]", town.desk.outside.messengers)["teams"] = teams
    town.organisation = await town.store.found(town.organisation.slug, ChatWorkspace.parse(f"teams:{TENANT}"))
    there = Address(Platform.TEAMS, TENANT, "lena")

    def both(tx: Tx) -> None:
        lena = tx.get(Member, town.ids["lena"])
        assert lena is not None
        tx.add(Account(AccountId(new_id()), lena.key_id, lena.id, Platform.TEAMS, there.text))

    await town.write(both)
    await away(town, "slack", "hanging", 6)
    await town.work(lambda work: summon(work, case))
    await town.clockwork.drain()
    assert [to for to, _ in teams.sent] == [there]


async def test_one_workspace_that_is_away_delays_no_other(town: Town) -> None:
    """The other workspace gets its messages in the same round, and the dead one is asked a few times only."""
    await crowd(town)
    await town.clockwork.drain()
    outage = await away(town, "slack", "refused", 6)
    teams = FakeMessenger()
    cast("dict[str, Messenger]", town.desk.outside.messengers)["teams"] = teams
    town.organisation = await town.store.found(town.organisation.slug, ChatWorkspace.parse(f"teams:{TENANT}"))

    def one_there(tx: Tx) -> None:
        [account] = tx.find(Account, member_id=town.ids["porter"])
        tx.save(replace(account, left=True))
        there = Address(Platform.TEAMS, TENANT, "porter").text
        tx.add(Account(AccountId(new_id()), account.key_id, account.member_id, Platform.TEAMS, there))

    await town.write(one_there)
    form = await town.say("priya", "peer", "log")
    people = [town.actor(name) for name in (*PEOPLE, "porter")]
    await town.send("priya", form, **log_values(*people))
    await town.clockwork.drain()
    assert len(teams.sent) == 1
    assert outage.calls < len(PEOPLE)
    queued = await town.all(Outgoing, state=OutboxState.QUEUED)
    assert {one.attempts for one in queued} == {0}
    assert len(await town.all(Step, kind=StepKind.OFFER, state=OPEN_STATES)) == 21
