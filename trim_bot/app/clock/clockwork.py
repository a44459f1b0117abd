"""What the clock asks of the desk: due steps, what is queued, the closed week, and what a clock that ran
ahead put off: one file, since each goes round every organisation in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from trim_bot.app.bulletins.publishing import publish_next
from trim_bot.app.cases.stages import adopt_all
from trim_bot.app.clock.due_steps import DueSteps
from trim_bot.app.clock.failures import Units
from trim_bot.app.clock.looking import Looking, again, next_midnight
from trim_bot.app.clock.sending import Sending
from trim_bot.app.desk.desk import Desk
from trim_bot.app.handover.leave import begin_and_end_leaves
from trim_bot.app.handover.reassignment import pass_on_lapsed
from trim_bot.app.oversight.second_yes import begin_agreed
from trim_bot.app.oversight.weeks import freeze_closed_weeks
from trim_bot.app.people.note_days import (
    NotePage,
    days_of_note,
    due_pages,
    next_page_at,
    put_note_right,
    queue_page,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.hours import when_reachable, working_days_on
from trim_bot.app.waiting.ladder import pool, who_is_reachable
from trim_bot.app.waiting.steady import keep_going, next_steady
from trim_bot.app.waiting.telling import has_until
from trim_bot.domain.looks import ClockLook
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import OutboxState, Outgoing, Rung, Step, StepKind, StepState

LEASE_SECONDS, STEPS_A_ROUND, MOST_ROUNDS = 60, 100, 10_000
MOST_ROUNDS_A_BEAT = 20
"""After which a beat ends, for whoever else waits for their turn; the next one follows at once."""


class Clockwork:
    """Runs due work. Every call polls state, so a missed tick costs only lateness."""

    def __init__(self, desk: Desk, lost: Callable[[str], object]) -> None:
        """`lost` is told the opaque id of an item that failed; it is held back, and comes again."""
        self._outside = desk.outside
        self._units = Units(desk)
        self._lost = lost
        self._steps = DueSteps(self._units, lost)
        self._sending = Sending(self._units, desk.outside, lost)
        self._looking = Looking(self._units, lost)
        self._leave_at: dict[str, datetime | None] = {}
        """When leave next begins or ends, or a role that was agreed begins, as the last sweep saw it."""
        self._latest = desk.outside.clock.now()
        """The latest that the clock has said here; once it was put back and that was seen to, what it says now."""

    async def run_due(self, *, urgent: bool = False) -> int:
        """Move due steps on, only calls for safety if `urgent`; returns how many. One that fails stops no other."""
        moved, _ = await self._round(urgent=urgent)
        return moved

    async def deliver(self) -> int:
        """Send queued messages and wait for all of it; returns how many reached an end or were put off."""
        await self._sending.pump(urgent=True)
        await self._sending.pump(urgent=False)
        await self._sending.idle()
        return self._sending.take_count()

    async def beat(self) -> bool:
        """Look at due steps and hand messages out, without waiting for slow platforms; whether there may be more."""
        more = await self._look()
        for _ in range(MOST_ROUNDS_A_BEAT):
            if not await self._sending.pump(urgent=False):
                return more
        return True

    async def _look(self) -> bool:
        """Look at due steps until none moves; whether there may be more.

        What moves to somebody is theirs only at the next look: a message that went out in between would be followed by
        another of the same moment.
        """
        for _ in range(MOST_ROUNDS_A_BEAT):
            moved, full = await self._round(urgent=False)
            if not moved and not full:
                return False
        return True

    async def beat_urgent(self) -> bool:
        """Look at calls for safety alone and hand them out; they never wait behind anything else."""
        _, full = await self._round(urgent=True)
        return await self._sending.pump(urgent=True) or full

    async def drain(self) -> int:
        """Run and deliver until nothing more is due."""
        total = 0
        await self.keep_steady()
        for _ in range(MOST_ROUNDS):
            # Whatever moves is looked at again before anything is sent, as in a beat.
            ran = await self.run_due(urgent=True) + await self.run_due() or await self.deliver()
            if ran == 0:
                return total
            total += ran
        return total

    async def keep_steady(self) -> None:
        """See to it that everybody who serves has their next message of the day queued, and everybody else the note
        whose day has come."""
        await self._looking.every(
            lambda: self._looking.in_one(ClockLook.STEADY, keep_going),
            lambda: self._looking.each(ClockLook.NOTES, self._note),
        )

    async def _note(self, organisation: Organisation) -> None:
        """A page of members a transaction, each of which says by itself that it is done."""

        def begin(work: UnitOfWork) -> list[NotePage]:
            put_note_right(work.tx, work.now)
            pages = due_pages(work.tx, work.now)
            if not pages:
                again(work, ClockLook.NOTES, next_page_at(work.tx))
            return pages

        pages = await self._units.write(organisation, begin)
        for page in pages:
            await self._units.write(organisation, partial(_queue_page, page=page))
        if pages:
            await self._units.write(
                organisation, lambda work: again(work, ClockLook.NOTES, next_page_at(work.tx))
            )

    async def bring_back(self) -> None:
        """Look again, now, at what a clock that ran ahead has put off too far."""

        async def back(organisation: Organisation) -> None:
            if await self._units.read(organisation, too_far):
                await self._units.write(organisation, bring_back)
            await self._units.write(organisation, lambda work: again(work, ClockLook.FAR_AHEAD))

        now = self._outside.clock.now()
        was_put_back = self._latest - now > POLICY.clocks_agree_within
        # That may have been since the last look, which knew nothing of it: everywhere it is looked at once more.
        await self._looking.each(ClockLook.FAR_AHEAD, back, everywhere=was_put_back)
        if was_put_back:
            self._latest = now

    async def sweep(self, believed: Callable[[], bool] = lambda: True) -> None:
        """Let leave and agreed roles begin and end, hand on lapsed holders' cases, freeze weeks, publish periods, adopt
        older cases; each where it is due.

        `believed` is asked once more about the clock when something is about to be frozen by it.
        """

        def freeze(work: UnitOfWork) -> None:
            # The unit of work has read the clock by now: a jump after this moves nothing, and without it stays due.
            if believed():
                freeze_closed_weeks(work)
                again(work, ClockLook.WEEKS, next_midnight(work))

        def publish(work: UnitOfWork) -> bool:
            if not believed():
                return False
            if publish_next(work):
                return True
            again(work, ClockLook.BULLETINS, next_midnight(work))
            return False

        async def publish_all(organisation: Organisation) -> None:
            # One bulletin a transaction: what the auditor works out takes a moment.
            while await self._units.write(organisation, publish):
                pass

        # Leave comes first: whoever is back is not missing in the week that has just begun.
        await self._looking.every(
            lambda: self._looking.each(ClockLook.LEAVES, self._begin_leaves),
            lambda: self._looking.in_one(ClockLook.LAPSED, pass_on_lapsed),
            lambda: self._looking.each(
                ClockLook.WEEKS, lambda organisation: self._units.write(organisation, freeze)
            ),
            lambda: self._looking.each(ClockLook.BULLETINS, publish_all),
            lambda: self._looking.in_one(ClockLook.ADOPTION, adopt_all),
        )

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        await self._sending.idle()

    async def _leave(self) -> None:
        """Leave begins and ends at its midnight; the sweep finds what was entered since, and what went wrong."""
        now = self._outside.clock.now()
        come = [id for id, at in self._leave_at.items() if at is not None and at <= now]
        # Where another process has seen to it there is nothing to look at here; each is asked about once.
        self._leave_at |= dict.fromkeys(come)
        if come:
            await self._looking.each(ClockLook.LEAVES, self._begin_leaves)

    async def _begin_leaves(self, organisation: Organisation) -> None:
        # Until it has gone well it is left to the sweep: what fails at every beat would hold up each of them.
        self._leave_at[organisation.id] = None

        def begin(work: UnitOfWork) -> datetime | None:
            leave = begin_and_end_leaves(work)
            agreed = begin_agreed(work)
            next_at = min((at for at in (leave, agreed) if at is not None), default=None)
            again(work, ClockLook.LEAVES, next_at)
            return next_at

        self._leave_at[organisation.id] = await self._units.write(organisation, begin)

    async def _round(self, *, urgent: bool) -> tuple[int, bool]:
        """One batch of due steps: how many were moved, and whether the batch was full."""
        await self._units.look_at_clock()
        self._latest = max(self._latest, self._outside.clock.now())
        if not urgent:
            await self._leave()
        claimed = await self._outside.store.claim_steps(
            self._outside.clock.now(), self._units.real(), LEASE_SECONDS, STEPS_A_ROUND, urgent=urgent
        )
        organisations = await self._units.organisations() if claimed else {}
        # A call for safety waits for nothing else, not even for another call.
        moved = await self._steps.move(claimed, organisations, each_alone=urgent)
        return moved, len(claimed) == STEPS_A_ROUND


def _queue_page(work: UnitOfWork, page: NotePage) -> None:
    queue_page(work.tx, page, work.now)


LONGEST_TO_OPEN = timedelta(days=4)
"""The first look at what is not open yet may stand as much later than its time: a long weekend."""
CHANGES = timedelta(days=1)
"""By how much later than the time an owner would be given now a next look may stand: hours and leave change."""
STEADY, MONTHLY = MessageKind.STEADY.value, MessageKind.MONTHLY.value


def too_far(work: UnitOfWork) -> list[Step | Outgoing]:
    """All that the clock would look at far too late.

    What waits for its own time (`opens_at`) is right where it is, and so is an offer that waits for its answer.
    Steady messages are kept at their moment by `keep_going`, which may be a week of days off ahead. Whoever was not
    told yet loses nothing by another look, and a call for safety may lose no day: there no day is let pass.
    """
    steps = [step for step in waits.open_steps(work) if _too_far(work, step)]
    queued = [one for one in work.tx.find(Outgoing, state=OutboxState.QUEUED) if _waits_too_long(work, one)]
    return [*steps, *queued]


def bring_back(work: UnitOfWork) -> int:
    """Let the clock look at all of it again, now; returns how many there were."""
    found = too_far(work)
    for one in found:
        work.tx.save(replace(one, due_at=_brought_to(work, one), lease_until=None))
    return len(found)


def _brought_to(work: UnitOfWork, one: Step | Outgoing) -> datetime:
    """Now, or when it opens. Whoever was told has the days they would have if they were told now.

    A note to everybody keeps a day of its own, or all would go out together.
    """
    if isinstance(one, Step):
        told = one.state is StepState.TOLD and one.kind is not StepKind.SAFETY
        return max(work.now, one.opens_at, _if_told_now(work, one) if told else work.now)
    noted = one.kind == MONTHLY
    return days_of_note(work.tx, (one.member_id,), work.now)[one.member_id] if noted else work.now


def _too_far(work: UnitOfWork, step: Step) -> bool:
    if step.rung is Rung.PERSON and step.state is StepState.TOLD:
        return False
    if step.kind is StepKind.SAFETY:
        # Until the next working day, which is counted otherwise out of hours, it waits only where nobody is left.
        more = CHANGES if step.rung is Rung.NOBODY else timedelta()
        return step.due_at > max(_if_told_now(work, step), step.opens_at) + more
    untold = step.state is StepState.WAITING
    if untold and step.opens_at <= work.now:
        return step.due_at > work.now + POLICY.look_again and step.due_at > _if_not(work, step)
    if step.due_at <= max(work.now, step.opens_at) + (LONGEST_TO_OPEN if untold else CHANGES):
        return False
    # Whoever was told a while ago was given no more than they would be now: a day a week may make it long. Whoever was
    # not is looked at again after their days off, however many.
    return step.due_at > (_if_not(work, step) if untold else _if_told_now(work, step)) + CHANGES


def _waits_too_long(work: UnitOfWork, message: Outgoing) -> bool:
    if message.kind == STEADY:
        return False
    longest = timedelta(days=POLICY.note_spread_days) if message.kind == MONTHLY else POLICY.look_again
    if message.due_at <= work.now + longest:
        return False
    return message.due_at > when_reachable(work, work.tx.get(Member, message.member_id))


def _if_not(work: UnitOfWork, step: Step) -> datetime:
    """When a step is looked at again at the latest of which whoever is to have it cannot be told now."""
    asked = [step.holder] if step.holder is not None else []
    if step.rung is Rung.POOL:
        asked = who_is_reachable(work, pool(work, step))
    return min((_can_hear(work, work.tx.get(Member, id)) for id in asked), default=_can_hear(work, None))


def _can_hear(work: UnitOfWork, member: Member | None) -> datetime:
    return max(next_steady(work, member), when_reachable(work, member)) + POLICY.look_again


def _if_told_now(work: UnitOfWork, step: Step) -> datetime:
    if step.rung is not Rung.NOBODY:
        return has_until(work, step)
    days = 1 if step.kind is StepKind.SAFETY else POLICY.nobody_again_working_days
    return working_days_on(work, None, days)
