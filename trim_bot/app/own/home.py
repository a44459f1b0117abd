"""What waits for oneself: the first page in the browser, *Open* in a message, and stopping messages."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.entitled import LEADING
from trim_bot.app.events.commands import OpenContact
from trim_bot.app.events.routes import tells
from trim_bot.app.handover.reassignment import move_on
from trim_bot.app.own import home_screens as screens
from trim_bot.app.own.commands import OpenHome, OpenWaiting, StartMessages, StopMessages
from trim_bot.app.own.profile import asked_zone
from trim_bot.app.own.waiting import waiting_for, waiting_rows
from trim_bot.app.people.eligible import SERVES
from trim_bot.app.seam.links import OpenDue, OpenStatus, OpenStepWaiting
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Outcome, Work
from trim_bot.app.waiting.handles import message_behind
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Member, Platform, Role
from trim_bot.domain.steps import OPEN_STATES, Outgoing, Rung, Step, StepKind


def open_home(work: Work, command: OpenHome) -> Screen:
    """What waits and what one may do."""
    in_browser = work.who.address.platform is Platform.WEB
    count = None if in_browser else len(waiting_for(work))
    return screens.home_page(work.site, work.who.roles, count, asked_zone(work, _member(work)))


def open_waiting(work: Work, command: OpenWaiting) -> Screen:
    """What waits, as buttons without names."""
    return screens.waiting_page(waiting_rows(work))


def stop_messages(work: Work, command: StopMessages) -> Outcome:
    """No more chat messages. What a practitioner owns moves on; an offer stays on the person's own page."""
    me = _member(work)
    if not me.messages_stopped:
        work.tx.save(replace(me, messages_stopped=True))
        move_on(work, me.id, None)
    return Outcome("messages_stopped")


def start_messages(work: Work, command: StartMessages) -> Outcome:
    """Chat messages again."""
    me = _member(work)
    if me.messages_stopped:
        work.tx.save(replace(me, messages_stopped=False))
    return Outcome("messages_started")


def _member(work: Work) -> Member:
    if work.who.member is None:
        raise NotOpen("signed_out")
    return work.who.member


def open_due(work: Work, command: OpenDue) -> Screen:
    """What waits for oneself, danger and what is late first; no names before one opens it."""
    return screens.due_page(waiting_rows(work), work.zone, work.now)


NOTES = {MessageKind.WELCOME.value: "welcome", MessageKind.MONTHLY.value: "monthly_note"}
"""The page behind a message that everybody gets, as long as nothing waits for whoever opens it."""


def open_step(work: Work, command: OpenStepWaiting) -> Next:
    """A step of a page, or whatever waits for whoever presses: the one thing, or the list of all that waits.

    Messages of older desks name a step. Where it has ended they open what waits now, like any other message.
    """
    named = work.tx.get(Step, command.step) if command.step else None
    if named is not None and named.state in OPEN_STATES:
        own = named.kind is StepKind.CONTACT and tells(work, named.subject)
        return OpenContact(named.subject) if own else _leads_to(work, named)
    message = message_behind(work, command.m)
    waiting = waiting_for(work)
    if not waiting and message is not None and message.kind in NOTES:
        return Outcome(NOTES[message.kind])
    ended = named or _about(work, message)
    if not waiting and ended is not None and ended.holder == work.who.id:
        place = work.steps[ended.kind].once_ended(work, ended)
        if place is not None:
            return place
    if not waiting and Role.COORDINATOR in work.who.roles and not work.who.roles & SERVES:
        return OpenStatus()
    places = [_leads_to(work, one) for one in waiting]
    # Several things about one case or one request wait in one place.
    return places[0] if places and all(one == places[0] for one in places) else OpenWaiting()


def _about(work: Work, message: Outgoing | None) -> Step | None:
    return work.tx.get(Step, message.step_id) if message is not None and message.step_id else None


def _leads_to(work: Work, step: Step) -> Next:
    """The form or page a step waits in."""
    if step.rung is Rung.NOBODY and Role.COORDINATOR in work.who.roles and not work.who.roles & LEADING:
        return OpenStatus()
    return work.steps[step.kind].opens(work, step)
