"""Puts a leak into the desk, as one might come back with a change, so that the attack shows that it would be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from types import MappingProxyType
from unittest.mock import patch

from tests.owner import exported
from tests.owner.exported import Stored
from trim_bot.app.clock import sending
from trim_bot.app.events import offers
from trim_bot.app.seam.views import Message
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.waiting import delivery, in_time, pending
from trim_bot.app.waiting.delivery import Plan
from trim_bot.app.waiting.ladder import concerned
from trim_bot.domain.ids import MemberId, new_id
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Member
from trim_bot.domain.steps import OutboxState, Outgoing, Priority, Step, StepKind, StepState

Plant = Callable[[], AbstractContextManager[None]]


@contextmanager
def an_answer_is_confirmed() -> Iterator[None]:
    """Whoever answers gets a message for it."""
    before = offers._answer

    def answered(work: Work, offer: Offer, state: OfferState, ended: StepState, **more: object) -> None:
        before(work, offer, state, ended, **more)
        kind = MessageKind.WELCOME.value
        work.tx.add(
            Outgoing(
                new_id(), kind, offer.member_id, None, OutboxState.QUEUED, work.now, priority=Priority.NOTE
            )
        )

    with patch.object(offers, "_answer", answered):
        yield


@contextmanager
def not_now_brings_a_second_message() -> Iterator[None]:
    """Whoever puts an offer off is written to again two weeks later."""

    def wants(work: UnitOfWork, member: Member | None, step: Step | None) -> bool:
        return step is not None and step.kind is StepKind.OFFER

    with patch.object(pending, "wants_message", wants):
        yield


@contextmanager
def told_at_the_moment_of_the_answer() -> Iterator[None]:
    """Those who serve are written to as soon as there is something to do."""

    def at_once(work: UnitOfWork, id: MemberId, step: Step | None) -> bool:
        return step is not None

    with (
        patch.object(pending, "outside_steady", at_once),
        patch.object(delivery, "outside_steady", at_once),
        patch.object(in_time, "outside_steady", at_once),
    ):
        yield


@contextmanager
def _stored_otherwise(change: Callable[[Stored, list[Step], UnitOfWork], Stored]) -> Iterator[None]:
    """Change what the platform stores by what waits for whoever the message goes to."""
    waiting: dict[str, tuple[list[Step], UnitOfWork]] = {}
    decide, keep = delivery.plan, exported.as_stored

    def plan(
        work: UnitOfWork, outgoing: Outgoing, platforms: frozenset[str], closed: frozenset[str] = frozenset()
    ) -> Plan:
        found = decide(work, outgoing, platforms, closed)
        if found.message is not None:
            steps = pending.open_steps(work, holder=outgoing.member_id)
            waiting[found.message.open_token] = ([one for one in steps if one.opens_at <= work.now], work)
        return found

    def stored(at: datetime, to: str, message: Message) -> Stored:
        return change(keep(at, to, message), *waiting[message.open_token])

    with patch.object(sending, "plan", plan), patch.object(exported, "as_stored", stored):
        yield


@contextmanager
def another_text_where_something_waits() -> Iterator[None]:
    """A message reads otherwise where something waits for its receiver."""

    def change(one: Stored, steps: list[Step], work: UnitOfWork) -> Stored:
        return Stored(one.at, one.to, ("Something waits for you.", one.slack), one.teams) if steps else one

    with _stored_otherwise(change):
        yield


@contextmanager
def a_button_says_whom_it_is_about() -> Iterator[None]:
    """What a button carries can be read, and is the same for all who hear of one person."""

    def change(one: Stored, steps: list[Step], work: UnitOfWork) -> Stored:
        about = [str(concerned(work, step).person or step.subject) for step in steps]
        readable = ".".join(f"{step.kind.value}.{id}" for step, id in zip(steps, about, strict=True))
        return Stored(one.at, one.to, (one.slack, readable), one.teams)

    with _stored_otherwise(change):
        yield


PLANTS: Mapping[str, Plant] = MappingProxyType(
    {
        "confirmed": an_answer_is_confirmed,
        "asked_again": not_now_brings_a_second_message,
        "at_once": told_at_the_moment_of_the_answer,
        "text": another_text_where_something_waits,
        "readable": a_button_says_whom_it_is_about,
    }
)
"""Each leak by its name on the command line."""
