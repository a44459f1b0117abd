"""One's own record: what is in it, who opened it, and a way to the pages in the browser."""

from __future__ import annotations

from datetime import datetime

from trim_bot.app.cases.conversation_screens import window_words
from trim_bot.app.cases.exposures import exposures_of
from trim_bot.app.cases.first_contact_screens import owed_line
from trim_bot.app.cases.hands_screens import own_line
from trim_bot.app.cases.stages import STILL_OPEN, label_of
from trim_bot.app.chats.own_chats import former_selves, several_chats
from trim_bot.app.events.offers import ANSWERABLE
from trim_bot.app.handover.commands import OpenErase
from trim_bot.app.own import screens
from trim_bot.app.own.commands import GiveBrowserLink, OpenReaders
from trim_bot.app.own.profile import asked_zone
from trim_bot.app.own.screens import (
    OTHER_CHAT,
    Mine,
    OwnOffer,
    OwnRequest,
    OwnTalk,
    Reading,
    erase_form,
    readers_page,
)
from trim_bot.app.people.eligible import still_here
from trim_bot.app.people.sessions import LINK, LINK_LASTS, keep_link, make_secret
from trim_bot.app.requests.hands import mark_read
from trim_bot.app.seam.links import OpenMe
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Keyed, Work
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Grant, Member
from trim_bot.domain.records import Action
from trim_bot.domain.requests import SupportRequest

MOST_REQUESTS = 10
MOST_ENDED = 5
MOST_ROWS = 200
MOST_READINGS = 50


def open_me(work: Work, command: OpenMe) -> Screen:
    """Requests, offers that can be answered, talks, and every choice about them."""
    me = _member(work)
    found = work.tx.find(SupportRequest, member_id=me.id, order_by="-asked_at", limit=MOST_REQUESTS)
    requests = [mark_read(work, one) for one in found]
    offers = work.tx.find(Offer, member_id=me.id, state=ANSWERABLE, order_by="-made_at")
    going_on = work.tx.find(Case, member_id=me.id, state=CaseState.OPEN, order_by="-opened_at")
    ended = work.tx.find(
        Case, member_id=me.id, state=CaseState.CLOSED, order_by="-closed_at", limit=MOST_ENDED
    )
    mine = Mine(
        [
            OwnRequest(one.id, one.state, one.asked_at, one.reply, owed_line(work, one, one.taken_by))
            for one in requests
        ],
        [OwnOffer(one.id, one.made_at) for one in offers],
        [_talk(work, case) for case in (*going_on, *ended)],
        me.messages_stopped,
        several_chats(work, me),
        asked_zone(work, me),
    )
    return screens.me_page(work.site, work.zone, mine)


def open_readers(work: Work, command: OpenReaders) -> Screen:
    """Everyone else who opened something of one's own, by name where they still serve."""
    me = _member(work)
    names = _names(work)
    mine, joined = work.tx.pseudonym(me.key_id, me.id), former_selves(work, me.id)
    former = {work.tx.pseudonym(one.key_id, one.id) for one in joined}
    readings = [
        Reading(entry.at, OTHER_CHAT if entry.actor in former else names.get(entry.actor, ""), entry.what)
        for entry in work.tx.journal.about(_pseudonyms(work, me), MOST_ROWS)
        if entry.action in (Action.SHOWED, Action.SAFETY)
        and entry.actor not in (mine, "clock")
        and (entry.actor not in former or entry.subject == mine)
    ]
    return readers_page(work.zone, readings[:MOST_READINGS], [one.joined_at for one in joined])


def open_erase(work: Work, command: OpenErase) -> Screen:
    """What erasing means."""
    return erase_form(work.site)


def give_link(work: Work, command: GiveBrowserLink) -> Screen:
    """A one-time link. It is in no stored outcome: pressing again makes another."""
    secret = make_secret(work.site.slug)
    keep_link(work.tx, _member(work), secret, LINK, work.real + LINK_LASTS)
    return screens.browser_link(f"{work.link}/sign-in?k={secret}")


def _talk(work: Work, case: Case) -> OwnTalk:
    if case.state is CaseState.CLOSED:
        return OwnTalk(case.id, "", None, case.closed_at)
    holder = still_here(work, case.holder)
    left = case.holder is not None and holder is None
    name = holder.name if holder is not None else ""
    return OwnTalk(
        case.id,
        name,
        None if left else _agreed(work, case),
        None,
        owed_line(work, case, case.holder),
        left=left,
        reopened=own_line(case.reopened_at, work.zone),
        planned=_planned(work, case),
    )


def _planned(work: Work, case: Case) -> tuple[str, ...]:
    """The talks to come, each with its event, for somebody who said yes about several."""
    if len(exposures_of(work, case)) < 2:
        return ()
    coming = work.tx.find(CheckIn, case_id=case.id, state=STILL_OPEN, order_by="opens_at")
    return tuple(window_words(label_of(work, case, one), one, work.zone) for one in coming)


def _agreed(work: Work, case: Case) -> datetime | None:
    planned = work.tx.find(CheckIn, case_id=case.id, state=(CheckInState.PLANNED, CheckInState.OPEN))
    times = [one.agreed_at for one in planned if one.agreed_at is not None and one.agreed_at >= work.now]
    return min(times, default=None)


def _pseudonyms(work: Work, me: Member) -> list[str]:
    records: tuple[Keyed, ...] = (
        me,
        *former_selves(work, me.id),
        *work.tx.find(Case, member_id=me.id),
        *work.tx.find(SupportRequest, member_id=me.id),
        *work.tx.find(Offer, member_id=me.id),
    )
    return [work.tx.pseudonym(record.key_id, record.id) for record in records]


def _names(work: Work) -> dict[str, str]:
    """Names of everyone who holds a role, by what the journal calls them."""
    serving = {grant.member_id for grant in work.tx.find(Grant)}
    found = {id: member for id in serving if (member := work.tx.get(Member, id)) is not None}
    former = [one for one in former_selves(work, *sorted(found)) if one.member_id in found]
    names = {work.tx.pseudonym(one.key_id, one.id): one.name for one in found.values()}
    return names | {work.tx.pseudonym(one.key_id, one.id): found[one.member_id].name for one in former}


def _member(work: Work) -> Member:
    if work.who.member is None:
        raise NotOpen("signed_out")
    return work.who.member
