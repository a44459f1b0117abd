"""The faults that are planted: each one small change of the product, as it was before or might become."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import and_

from trim_bot.app.cases import first_contact, opening
from trim_bot.app.clock.clocks import ClockCheck
from trim_bot.app.clock.sending import SentMemory
from trim_bot.app.handover import board
from trim_bot.app.oversight import weeks
from trim_bot.app.own import home as own_page
from trim_bot.app.people import eligible
from trim_bot.app.waiting import delivery, due, hours, outbox
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.steady import queue_next
from trim_bot.app.waiting.telling import told
from trim_bot.bootstrap import for_commands
from trim_bot.bootstrap.sweeps import Sweeps
from trim_bot.domain.cases import CheckIn
from trim_bot.domain.ids import MessageHandle, OrganisationId
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.revocations import RestoredRevocations
from trim_bot.domain.steps import OutboxState, Rung, Step, StepState
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.erasure.erasure_plan import referenced_keys
from trim_bot.storage.sweeps import retention
from trim_bot.storage.sweeps.revocation_sweep import KeySweep, KeySweepResult
from trim_bot.storage.tables import support_requests

Change = AbstractContextManager[Any]


@contextmanager
def _all(*changes: Change) -> Iterator[None]:
    """Several changes at once."""
    with ExitStack() as stack:
        for one in changes:
            stack.enter_context(one)
        yield


def told_at_once() -> Change:
    """A step counts as told when its message is queued, so that the ladder climbs while the platform is away."""
    really = waits.tell

    def tell(work: Any, member: Any, step: Any, *more: Any) -> None:
        really(work, member, step, *more)
        if step is not None and step.state is StepState.WAITING:
            work.tx.save(replace(step, state=StepState.TOLD))

    def look_again(work: Any, step: Any, at: Any) -> None:
        now = work.tx.get(type(step), step.id)
        work.tx.save(replace(now, due_at=at, failures=0, lease_until=None))

    return _all(patch.object(waits, "tell", tell), patch.object(due, "_look_again", look_again))


def always_open() -> Change:
    """Nobody's hours are looked at."""
    return patch.object(hours, "next_open", lambda calendar, instant: instant)


def forgets_what_was_sent() -> Change:
    """What a platform took and could not be marked is not remembered."""

    async def mark(memory: Any, letter: Any, handle: str) -> None:
        await memory._marked(letter, handle)

    return patch.object(SentMemory, "mark", mark)


def brings_back() -> Change:
    """A restore leaves what was taken back since the backup as the backup had it."""

    async def nothing(*_: Any) -> RestoredRevocations:
        return RestoredRevocations()

    return patch.object(for_commands, "reapply_revocations", nothing)


def brings_no_conversations() -> Change:
    """Another event in an open case gets no conversations of its own."""
    return patch.object(opening, "another_exposure", lambda *_, **__: ())


def moves_the_month() -> Change:
    """Another event puts off the conversations at a month that were planned before."""
    really = opening.join

    def join(work: Any, case: Any, *more: Any) -> Any:
        for one in work.tx.find(CheckIn, case_id=case.id, stage="month"):
            later = timedelta(days=19)
            if one.held_at is None:
                work.tx.save(
                    replace(
                        one,
                        opens_at=one.opens_at + later,
                        due_at=one.due_at + later,
                        closes_at=one.closes_at + later,
                    )
                )
        return really(work, case, *more)

    return patch.object(opening, "join", join)


async def _unused(sweep: Any) -> tuple[Any, set[str]]:
    """The keys as they stand, and those that no record uses."""
    standing = sweep._key_store.keys_in_store()
    used = await sweep._store.read(OrganisationId(""), lambda tx: referenced_keys(connection_of(tx)))
    return standing, set(standing.every - used)


async def _believes(_check: Any) -> bool:
    return True


def unused_keys_go_by_the_clock() -> Change:
    """Whatever key no record uses goes when this machine's clock says that it is a day old."""

    async def run(sweep: Any, real: datetime, **_: Any) -> KeySweepResult:
        _, unused = await _unused(sweep)
        made = sweep._key_store.get(sorted(unused))
        old = [id for id, key in made.items() if real - key.created_at > timedelta(days=1)]
        sweep._key_store.delete(old)
        return KeySweepResult()

    return _all(patch.object(KeySweep, "run", run), patch.object(ClockCheck, "believed", _believes))


def taken_keys_go_at_once() -> Change:
    """A key that somebody has taken, and has no record yet, goes at the first look."""

    async def run(sweep: Any, real: datetime, **_: Any) -> KeySweepResult:
        standing, unused = await _unused(sweep)
        sweep._key_store.delete(sorted(unused - standing.spares))
        return KeySweepResult()

    return patch.object(KeySweep, "run", run)


def a_message_for_each_thing() -> Change:
    """Each thing that waits is written of by itself, also where several wait at one moment."""

    def mark_sent(work: Any, letter: Any, handle: str) -> None:
        now = work.tx.get(type(letter), letter.id)
        if now is None or now.state is not OutboxState.QUEUED:
            return
        outbox.mark_only(work, letter, MessageHandle(handle))
        if letter.kind == MessageKind.STEADY.value:
            queue_next(work, letter.member_id)
        step = work.tx.get(Step, letter.step_id) if letter.step_id else None
        if step is not None and step.state is StepState.WAITING:
            told(work, step)

    marks = patch.object(
        outbox, "mark_sent", lambda work, outgoing, handle: mark_sent(work, outgoing, handle)
    )
    return _all(marks, patch.object(waits, "_is_queued", lambda *_, **__: False))


def late_is_another() -> Change:
    """A message of the day that is late goes out at once, and that of the day it goes out on besides."""
    return patch.object(delivery, "_is_the_next", lambda work, member, outgoing: False)


def only_the_first_way() -> Change:
    """Somebody is written to by one chat alone: what waits there, a call for safety too, waits until it is back."""
    really = delivery._chosen

    def chosen(work: Any, accounts: Any, platforms: Any, closed: Any) -> Any:
        return None if closed else really(work, accounts, platforms, closed)

    return patch.object(delivery, "_chosen", chosen)


def no_limit() -> Change:
    """Nobody's room is looked at."""
    return patch.object(eligible, "who_has_room", lambda work, ids: list(ids))


def nobody_gets_in_touch() -> Change:
    """After a yes, or once a request is taken, nobody is asked to get in touch."""
    return _all(
        patch.object(first_contact, "begin", lambda work, case: None),
        patch.object(first_contact, "owe", lambda work, case, by=None: case),
    )


def kept_from_its_beginning() -> Change:
    """Keeping counts from when somebody asked, and an answer is not waited for."""
    request = support_requests.c
    return patch.object(
        retention, "_request_over", lambda periods: and_(request.asked_at < periods.closed_before)
    )


def forgets_what_stands() -> Change:
    """The sentence of a week does not ask what stood at the end of the ladder in it."""
    return _all(
        patch.object(weeks, "_stands_since", lambda work, last_day: False),
        patch.object(due, "count_no_owner", lambda work: None),
        patch.object(waits, "note_left", lambda work, step: None),
        patch.object(due, "note_left", lambda work, step: None),
    )


def climbed_is_gone() -> Change:
    """Once the ladder has taken work from its holder, their own page does not show it."""
    return patch.object(own_page, "_held", lambda work: [])


def late_is_nothing() -> Change:
    """A page does not put what is late before what is not."""
    return patch.object(own_page, "is_late", lambda work, step: False)


def shows_whom_she_manages() -> Change:
    """The lead's board does not leave out the people whom they manage."""
    return patch.object(board, "whom_they_manage", lambda work, id, people: frozenset())


def gives_up() -> Change:
    """What has gone past everybody ends."""
    really = waits.pass_to

    def pass_to(work: Any, step: Any, rung: Any, holder: Any) -> Any:
        if rung is not Rung.NOBODY:
            return really(work, step, rung, holder)
        ended = waits.ended(work, step, StepState.CANCELLED)
        work.tx.save(ended)
        return ended

    return patch.object(waits, "pass_to", pass_to)


def never_climbs() -> Change:
    """Whoever was told has it, however long they take."""
    really = due._owner

    def owner(work: Any, step: Any) -> None:
        if step.state is StepState.TOLD:
            due._look_again(work, step, work.now + timedelta(hours=12))
        else:
            really(work, step)

    return patch.object(due, "_owner", owner)


def forgets_a_wish() -> Change:
    """Whoever asks to be erased is not."""

    async def nobody(_sweeps: Any) -> int:
        return 0

    return patch.object(Sweeps, "erase_asked", nobody)
