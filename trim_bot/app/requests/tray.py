"""What was asked without a name beyond what a day passes on: kept in one tray for the leads, who take one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from trim_bot.app.people.eligible import with_role
from trim_bot.app.requests.commands import OpenRequest, TakeFromTray
from trim_bot.app.seam.links import OpenTray
from trim_bot.app.seam.paging import ListPart, counted, onward, part_of, placed
from trim_bot.app.seam.sentences import phrase
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Text, Weight
from trim_bot.app.seam.work import Next, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.ladder import who_is_reachable
from trim_bot.app.words.times import spoken_wait
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import RequestId
from trim_bot.domain.people import Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.requests import RequestLine, RequestState, SupportRequest
from trim_bot.domain.steps import AnyStepKind, Rung, StepKind, StepState

TRAY = "tray"
"""What the one step of the tray is about."""


class TrayStep(AnyStepKind):
    """What waits about the tray."""

    FULL = "requests_tray"
    """More was asked without a name than a day passes on, and lies there for a lead to take."""


def in_tray(work: UnitOfWork) -> list[RequestLine]:
    """What lies there; none of it is opened."""
    waiting = work.tx.lines(RequestLine, SupportRequest, member_id=None, state=RequestState.WAITING)
    passed_on = {step.subject for step in waits.open_steps(work, kind=StepKind.REQUEST)} if waiting else set()
    return [one for one in waiting if one.id not in passed_on]


def lies_in_tray(work: Work, asked: TakeFromTray) -> None:
    """The request lies in the tray, and nobody has opened it."""
    found = [one for one in in_tray(work) if one.id == asked.request]
    if not found:
        raise NotOpen("request")
    work.about(found[0])


def is_any_left(work: UnitOfWork) -> bool:
    """Whether anything lies there."""
    return bool(in_tray(work))


def is_day_full(work: UnitOfWork) -> bool:
    """Whether as much was asked without a name in the last day, and still waits, as is passed on at once."""
    newest = work.tx.find(
        SupportRequest,
        member_id=None,
        state=RequestState.WAITING,
        order_by="-asked_at",
        limit=POLICY.signed_out_waiting,
    )
    return len(newest) == POLICY.signed_out_waiting and work.now - newest[-1].asked_at < timedelta(days=1)


def is_store_full(work: UnitOfWork) -> bool:
    """Whether so much is kept that more would take the room of those who serve."""
    kept = work.tx.tally(SupportRequest, "state", member_id=None, state=RequestState.WAITING)
    return sum(kept.values()) >= POLICY.signed_out_kept


def lay_in_tray(work: UnitOfWork) -> None:
    """One step stands for all that lies there, so that many requests set off no more than one."""
    if waits.open_steps(work, kind=TrayStep.FULL):
        return
    for rung, role in ((Rung.LEAD, Role.LEAD), (Rung.DEPUTY, Role.DEPUTY)):
        for id in who_is_reachable(work, with_role(work, role)):
            waits.begin(work, TrayStep.FULL, TRAY, rung, id)
            return
    waits.begin(work, TrayStep.FULL, TRAY, Rung.NOBODY, None)


def open_tray(work: Work, command: OpenTray) -> Screen:
    """How long each has waited; no word of any."""
    part = part_of(in_tray(work), lambda one: placed(one.asked_at, one.id), command.after)
    return tray_page(part.holding((one.id, work.now - one.asked_at) for one in part.rows))


def take_from_tray(work: Work, command: TakeFromTray) -> Next:
    """It is an ordinary request from now on, and comes first to whoever took it out."""
    waits.begin(work, StepKind.REQUEST, command.request, Rung.ASSIGNED, work.who.id)
    if not is_any_left(work):
        waits.end(work, StepState.DONE, kind=TrayStep.FULL, subject=TRAY)
    return OpenRequest(command.request)


def tray_page(part: ListPart[tuple[RequestId, timedelta]]) -> Page:
    """What lies in the tray, the longest first, each with how long it has waited."""
    return Page("tray", "Asked without a name", tuple(_blocks(part)))


def _blocks(part: ListPart[tuple[RequestId, timedelta]]) -> Iterator[Block]:
    if not part.rows:
        yield Text("Nothing lies here now.")
        return
    yield Text(
        phrase(
            "In one day {signed_out_waiting} requests without a name are passed on at once. "
            "These came on top of that.",
            signed_out_waiting=POLICY.signed_out_waiting,
        )
    )
    yield Text("Open one at a time. It then comes to you first, and to others when you say “Not me”.")
    yield from counted(part)
    for number, (request, waited) in enumerate(part.rows, part.first):
        yield Text(phrase("{number}. Has waited {waited}.", number=number, waited=spoken_wait(waited)))
        yield Button(phrase("Open number {number}", number=number), TakeFromTray(request), Weight.QUIET)
    yield from onward(part, OpenTray)
