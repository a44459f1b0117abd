"""The first page in the browser, what waits for oneself, and stopping messages."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.handover.reassignment import move_on
from trim_bot.app.own import home_screens as screens
from trim_bot.app.own import waiting_screens as waiting
from trim_bot.app.own.commands import OpenHome, OpenWaiting, StartMessages, StopMessages
from trim_bot.app.own.profile import asked_zone
from trim_bot.app.own.waiting import waiting_for, waiting_rows
from trim_bot.app.seam.links import OpenDue
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Member, Platform


def open_home(work: Work, command: OpenHome) -> Screen:
    """What waits and what one may do."""
    in_browser = work.who.address.platform is Platform.WEB
    count = None if in_browser else len(waiting_for(work))
    return screens.home_page(work.site, work.who.roles, count, asked_zone(work, _member(work)))


def open_waiting(work: Work, command: OpenWaiting) -> Screen:
    """What waits, as buttons without names."""
    return waiting.waiting_page(waiting_rows(work))


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
    return waiting.due_page(waiting_rows(work), work.zone, work.now)
