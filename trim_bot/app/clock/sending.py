"""Sends what is queued, a lane for each workspace: one file, since what a lane may hold back is decided by
what is sent in it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from trim_bot.app.clock.failures import Units
from trim_bot.app.desk.desk import Outside
from trim_bot.app.desk.reader_language import of_site
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import outbox
from trim_bot.app.waiting.delivery import Plan, Verdict, plan
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import StoreUnavailable, Trouble, TryLater, Undeliverable
from trim_bot.domain.ids import MessageHandle, OrganisationId
from trim_bot.domain.people import Address
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import Outgoing, Priority

LEASE_SECONDS = 60
MESSAGES_A_ROUND = 100
NO_LANE = ""
"""The lane of what goes to no workspace: put off, dropped, or found on somebody's page."""


class Sending:
    """Claims queued messages and sends each once, in the lane of its workspace."""

    def __init__(self, units: Units, outside: Outside, lost: Callable[[str], object]) -> None:
        self._units = units
        self._outside = outside
        self._lost = lost
        self._lanes = Lanes(self._deal_with)
        self._memory = SentMemory(units)
        self._handled = 0

    async def pump(self, *, urgent: bool) -> bool:
        """Hand out one batch, only calls for safety if `urgent`; whether the batch was full."""
        try:
            await self._units.look_at_clock()
            await self._memory.settle()
            if not urgent and not self._memory.may_claim():
                return False
            claimed = await self._outside.store.claim_outgoing(
                self._outside.clock.now(), self._units.real(), LEASE_SECONDS, MESSAGES_A_ROUND, urgent=urgent
            )
            organisations = await self._units.organisations() if claimed else {}
        except StoreUnavailable:
            self._memory.store_was_away()
            raise
        for id, outgoing in claimed:
            organisation = organisations.get(OrganisationId(id))
            if organisation is not None and not self._memory.knows(outgoing):
                await self._hand_out(organisation, outgoing)
        return len(claimed) == MESSAGES_A_ROUND

    async def idle(self) -> None:
        """Wait until every lane is empty."""
        await self._lanes.idle()

    def take_count(self) -> int:
        """How many messages reached an end or were put off since this was last asked."""
        count, self._handled = self._handled, 0
        return count

    async def _hand_out(self, organisation: Organisation, outgoing: Outgoing) -> None:
        """Put a message into its lane; where its workspace is away, or too many wait there, put it back at once."""
        letter = Letter(organisation, outgoing)
        try:
            first = await self._plan(letter, frozenset())
        except StoreUnavailable:
            self._lost(outgoing.id)
            return
        except Exception:  # noqa: BLE001 (it is dealt with again in its lane, where a fault is counted)
            first = Plan(Verdict.GONE)
        account = first.account
        lane = _workspace(account.address) if account is not None else NO_LANE
        wait = self._lanes.wait_for(lane, self._units.real()) if not letter.urgent else None
        if wait is not None or not self._lanes.put(lane, letter):
            was_ours = await self._put_back(letter, wait or outbox.FIRST_WAIT * 4)
            self._handled += was_ours

    async def _deal_with(self, lane: str, letter: Letter) -> None:
        """What a lane does with one message; nothing that goes wrong with it stops those behind it."""
        outgoing = letter.outgoing
        try:
            # In two steps: what others count meanwhile would be lost by adding to the number of before.
            was_ours = await self._send(lane, letter)
            self._handled += was_ours
        except StoreUnavailable:
            self._memory.store_was_away()
            self._lost(outgoing.id)
        except Exception:  # noqa: BLE001 (one bad message must not stop the outbox for all behind it)
            self._lost(outgoing.id)
            again = partial(outbox.mark_failed, outgoing=outgoing, for_good=False)
            for way in (again, partial(outbox.bury, outgoing=outgoing)):
                if await self._units.worked(letter.organisation, way):
                    self._handled += 1
                    return

    async def _send(self, lane: str, letter: Letter) -> bool:
        """Whether it was ours to deal with."""
        outgoing, write = letter.outgoing, partial(self._units.write, letter.organisation)
        found = await self._plan(letter, frozenset())
        match found.verdict:
            case Verdict.GONE:
                return False
            case Verdict.DROP:
                await write(partial(outbox.mark_dropped, outgoing=outgoing))
            case Verdict.BEHIND:
                await write(partial(outbox.put_back, outgoing=outgoing, wait=outbox.LONGEST_SAFETY_WAIT))
            case Verdict.LATER:
                await write(partial(outbox.put_off, outgoing=outgoing))
            case Verdict.TODAY:
                await write(partial(outbox.let_be_the_next, outgoing=outgoing))
            case Verdict.ON_PAGE:
                await write(partial(outbox.mark_sent, outgoing=outgoing, handle=MessageHandle("")))
            case Verdict.NO_WAY:
                await write(partial(outbox.mark_failed, outgoing=outgoing, for_good=True))
            case Verdict.SEND:
                await self._speak(lane, letter, found)
            case _:
                assert_never(found.verdict)
        return True

    async def _speak(self, lane: str, letter: Letter, found: Plan) -> None:
        """Send by one way after the other until one takes it. Failing all it comes again, or goes on in another way.

        A platform that is away or asks to wait is passed over for now; an account that refuses, for good.
        """
        closed: frozenset[str] = frozenset()
        waits: list[timedelta] = []
        while found.account is not None and found.message is not None:
            account, message = found.account, found.message
            address = Address.parse(account.address)
            left = self._lanes.wait_for(_workspace(account.address), self._units.real())
            if left is not None and not letter.urgent:
                closed |= {account.id}
                waits.append(left)
                found = await self._plan(letter, closed)
                continue
            try:
                await self._outside.messengers[account.platform.value].send(address, message, account.route)
            except Undeliverable:
                closed |= {account.id}
            except TryLater as later:
                closed |= {account.id}
                waits.append(self._lanes.was_away(_workspace(account.address), later, self._units.real()))
                if later.trouble is Trouble.SLOW and not letter.urgent:
                    # It took the call and did not say: sent another way it might come twice.
                    break
            else:
                self._lanes.went_well(_workspace(account.address))
                await self._memory.mark(letter, MessageHandle(found.handle))
                return
            found = await self._plan(letter, closed)
        if waits:
            await self._put_back(letter, min(waits))
        elif found.verdict in (Verdict.NO_WAY, Verdict.ON_PAGE):
            failed = partial(outbox.mark_failed, outgoing=letter.outgoing, for_good=True)
            await self._units.write(letter.organisation, failed)

    async def _put_back(self, letter: Letter, wait: timedelta) -> bool:
        if letter.urgent:
            wait = min(wait, outbox.LONGEST_SAFETY_WAIT)
        back = partial(outbox.put_back, outgoing=letter.outgoing, wait=wait)
        return await self._units.worked(letter.organisation, back)

    async def _plan(self, letter: Letter, closed: frozenset[str]) -> Plan:
        platforms = frozenset(self._outside.messengers)

        def planned(work: UnitOfWork) -> Plan:
            found = plan(work, letter.outgoing, platforms, closed)
            if found.message is None:
                return found
            # One for everybody: one's own would tell the owner of the chat that somebody chose it here.
            return replace(found, message=replace(found.message, language=of_site(work.site, work.languages)))

        return await self._units.read(letter.organisation, planned)


def _workspace(address: str) -> str:
    return ChatWorkspace.of(Address.parse(address)).text


HOLD = timedelta(seconds=12)
"""After a store that was away, so long no ordinary message is claimed: every worker first marks what it remembers."""
APART = timedelta(minutes=1)
"""A store that comes and goes holds messages up no more often than this."""


class SentMemory:
    """What this process has sent and not marked. Nothing is claimed before all of it is marked."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._unmarked: dict[str, tuple[Letter, str]] = {}
        self._going: set[str] = set()
        self._was_away = False
        self._held_until: datetime | None = None

    def knows(self, outgoing: Outgoing) -> bool:
        """Whether a message has gone out although it is still queued."""
        return outgoing.id in self._unmarked or outgoing.id in self._going

    def store_was_away(self) -> None:
        """The store did not answer."""
        self._was_away = True

    async def mark(self, letter: Letter, handle: MessageHandle) -> None:
        """Mark a message as sent, or remember it until that can be done."""
        id = letter.outgoing.id
        self._going.add(id)
        try:
            if not await self._marked(letter, handle):
                self._unmarked[id] = (letter, handle)
                self._was_away = True
        finally:
            self._going.discard(id)

    async def settle(self) -> None:
        """Mark what is remembered, as far as the store lets us."""
        for id, (letter, handle) in list(self._unmarked.items()):
            if await self._marked(letter, MessageHandle(handle)):
                self._unmarked.pop(id, None)

    def may_claim(self) -> bool:
        """Whether ordinary messages may be claimed: not in the first moments after the store was away."""
        if self._unmarked:
            return False
        real = self._units.real()
        if self._was_away:
            self._was_away = False
            if self._held_until is None or abs(real - self._held_until) > APART:
                self._held_until = real + HOLD
        return self._held_until is None or not timedelta() < self._held_until - real <= HOLD

    async def _marked(self, letter: Letter, handle: MessageHandle) -> bool:
        """In full, or failing that only that it was sent: a message that has gone out never goes out again."""
        for way in (outbox.mark_sent, outbox.mark_only):
            act = partial(way, outgoing=letter.outgoing, handle=handle)
            if await self._units.worked(letter.organisation, act):
                return True
        return False


AT_ONCE = 4
"""How many messages of one workspace are on their way together; its adapter keeps to the platform's pace."""
MOST_IN_A_LANE = 400
AWAY_AFTER = 3
"""After so many messages in a row that a workspace did not take, the others of it wait."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
"""How long a workspace that says nothing of its own is left alone before it is tried again."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One claimed message, and whose it is."""

    organisation: Organisation
    outgoing: Outgoing

    @property
    def urgent(self) -> bool:
        """Whether it is about somebody's safety."""
        return self.outgoing.priority is Priority.SAFETY


@dataclass(slots=True)
class Lane:
    """What waits for one workspace, and who works at it."""

    waiting: deque[Letter] = field(default_factory=deque)
    receivers: set[str] = field(default_factory=set)
    """To whom something is on its way."""
    workers: set[asyncio.Task[None]] = field(default_factory=set)


@dataclass(slots=True)
class Away:
    """What is known of a workspace that did not take a message."""

    in_a_row: int = 0
    until: datetime | None = None


class Lanes:
    """Works through every lane beside the others. Calls for safety have lanes of their own."""

    def __init__(self, deal_with: Callable[[str, Letter], Awaitable[None]]) -> None:
        self._deal_with = deal_with
        self._lanes: dict[tuple[str, bool], Lane] = {}
        self._away: dict[str, Away] = {}

    def put(self, workspace: str, letter: Letter) -> bool:
        """Let a message go out in its turn, to one person never two together. False where too many wait."""
        lane = self._lanes.setdefault((workspace, letter.urgent), Lane())
        if len(lane.waiting) >= MOST_IN_A_LANE:
            return False
        lane.waiting.append(letter)
        # One that has ended stands among them until the loop's next turn, and takes no letter any more.
        if sum(not worker.done() for worker in lane.workers) < AT_ONCE:
            worker = asyncio.create_task(self._work(workspace, lane))
            lane.workers.add(worker)
            worker.add_done_callback(lane.workers.discard)
        return True

    async def idle(self) -> None:
        """Wait until every lane is empty."""
        while workers := [worker for lane in self._lanes.values() for worker in lane.workers]:
            await asyncio.wait(workers)

    def wait_for(self, workspace: str, real: datetime) -> timedelta | None:
        """How much longer a workspace is to be left alone; None when it may be tried."""
        away = self._away.get(workspace)
        if away is None or away.until is None or away.in_a_row < AWAY_AFTER:
            return None
        left = away.until - real
        # A wait further ahead than any that is given comes of a clock that has jumped.
        return left if timedelta() < left <= timedelta(hours=1) else None

    def was_away(self, workspace: str, later: TryLater, real: datetime) -> timedelta:
        """A workspace did not take a message: for how long it is left alone now."""
        away = self._away.setdefault(workspace, Away())
        away.in_a_row = max(away.in_a_row + 1, AWAY_AFTER if later.workspace == workspace else 0)
        if later.after_seconds is not None:
            wait = timedelta(seconds=min(later.after_seconds, 3600))
        else:
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(max(away.in_a_row - AWAY_AFTER, 0), 10))
        away.until = real + wait
        return wait

    def went_well(self, workspace: str) -> None:
        """A workspace took a message."""
        self._away.pop(workspace, None)

    async def _work(self, workspace: str, lane: Lane) -> None:
        while (letter := _next_of(lane)) is not None:
            lane.receivers.add(letter.outgoing.member_id)
            try:
                await self._deal_with(workspace, letter)
            finally:
                lane.receivers.discard(letter.outgoing.member_id)


def _next_of(lane: Lane) -> Letter | None:
    """The first message that waits for somebody to whom none is on its way; whoever sends that one goes on with it."""
    for letter in lane.waiting:
        if letter.outgoing.member_id not in lane.receivers:
            lane.waiting.remove(letter)
            return letter
    return None
