"""One's own record and profile, in one file like any subject's handlers: what is in it, who opened it,
hours, zone, being away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import assert_never

from trim_bot.app.cases.conversation_screens import owed_line, window_words
from trim_bot.app.cases.exposures import exposures_of
from trim_bot.app.cases.screens import own_line
from trim_bot.app.cases.stages import STILL_OPEN, label_of
from trim_bot.app.chats.own_chats import choose_place, chosen_place, former_selves, places_of, several_chats
from trim_bot.app.event_room.own_rows import LeftAfter, left_after
from trim_bot.app.events.offers import ANSWERABLE
from trim_bot.app.handover.commands import OpenErase, SaveProfile
from trim_bot.app.handover.leave import first_day_away, last_day_away, serves, shown_room, with_leave
from trim_bot.app.handover.reassignment import move_on
from trim_bot.app.own import screens
from trim_bot.app.own.commands import GiveBrowserLink, OpenReaders, PutZoneAside
from trim_bot.app.own.profile_screens import MAIN, SITE_ZONE, Kept, profile_form
from trim_bot.app.own.readers_screens import OTHER_CHAT, Reading, readers_page
from trim_bot.app.own.reading_choice import readable, reads_from_now
from trim_bot.app.own.screens import (
    Mine,
    Newly,
    OwnOffer,
    OwnRequest,
    OwnRow,
    OwnTalk,
    erase_form,
)
from trim_bot.app.people.eligible import is_away, note_staffing, still_here
from trim_bot.app.people.meeting import look_again_at_list
from trim_bot.app.people.reaching_by import in_chat, reach_of
from trim_bot.app.people.screens import REACH
from trim_bot.app.people.sessions import LINK, keep_link, make_secret
from trim_bot.app.requests.hands import mark_read
from trim_bot.app.requests.screens import state_line
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.links import OpenMe, OpenProfile
from trim_bot.app.seam.paging import newest_first, part_of, placed
from trim_bot.app.seam.sentences import as_given, ours, phrase
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Keyed, Outcome, Work
from trim_bot.app.waiting.hours import day_of_answer
from trim_bot.app.waiting.steady import hears_daily
from trim_bot.domain.as_typed import NotRead, read_clock
from trim_bot.domain.calendar import DayHours, WorkingHours
from trim_bot.domain.cases import Case, CaseLine, CaseState, CheckIn
from trim_bot.domain.errors import FixedText, Invalid
from trim_bot.domain.ids import MAIN_PLACE
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action
from trim_bot.domain.requests import OPEN_REQUESTS, RequestLine, SupportRequest
from trim_bot.domain.zones import cities, city_words

MOST_ROWS = 100_000
TELLS_OF_READING = frozenset({Action.SHOWED, Action.SAFETY, Action.TAKEN_BACK})
"""What somebody else did with a record of one's own, and one is told of."""
"""Rows of the journal about one person: more than anybody's, so that the list has no end before its own."""


def open_me(work: Work, command: OpenMe) -> Screen:
    """Offers that can be answered, requests and talks, and every choice about them: what goes on before what ended."""
    me = work.who.member
    part = part_of(_own_rows(work), lambda row: row[0], command.after)
    rows = part.holding(row for _, row in part.rows)
    begins = part.first == 1
    mine = Mine(
        rows.holding(_drawn(work, rows.rows)),
        me.messages_stopped,
        several_chats(work, me),
        asked_zone(work, me) if begins else "",
        newly_opened(work) if begins else [],
    )
    return screens.me_page(work.site, work.zone, mine)


_OwnLine = Offer | LeftAfter | RequestLine | CaseLine


def _own_rows(work: Work) -> list[tuple[ListPlace, _OwnLine]]:
    """Everything of one's own with its place; no request and no case is opened for it."""
    me = work.who.id
    offers = work.tx.find(Offer, member_id=me, state=ANSWERABLE)
    rows: list[tuple[ListPlace, _OwnLine]] = [
        (placed(0, newest_first(one.made_at), one.id), one) for one in offers
    ]
    rows += [(placed(1, newest_first(one.at), one.id), one) for one in left_after(work)]
    for request in work.tx.lines(RequestLine, SupportRequest, member_id=me):
        group = 1 if request.state in OPEN_REQUESTS else 3
        rows.append((placed(group, newest_first(request.asked_at), request.id), request))
    for case in work.tx.lines(CaseLine, Case, member_id=me):
        group = 2 if case.closed_at is None else 4
        rows.append((placed(group, newest_first(case.closed_at or case.opened_at), case.id), case))
    return rows


def _drawn(work: Work, lines: Sequence[_OwnLine]) -> Iterator[OwnRow]:
    requests = work.tx.get_many(SupportRequest, [one.id for one in lines if isinstance(one, RequestLine)])
    cases = work.tx.get_many(Case, [one.id for one in lines if isinstance(one, CaseLine)])
    for line in lines:
        match line:
            case Offer():
                yield OwnOffer(line.id, line.made_at)
            case LeftAfter():
                yield line
            case RequestLine():
                if line.id in requests:
                    yield _request(work, mark_read(work, requests[line.id]))
            case CaseLine():
                if line.id in cases:
                    yield _talk(work, cases[line.id])
            case _:
                assert_never(line)


def _request(work: Work, one: SupportRequest) -> OwnRequest:
    by, today = day_of_answer(work, one.asked_at), work.now.astimezone(work.zone).date()
    said = state_line(one.state, by, today)
    return OwnRequest(one.id, one.state, one.asked_at, one.reply, owed_line(work, one, one.taken_by), said)


def open_readers(work: Work, command: OpenReaders) -> Screen:
    """Everyone else who opened something of one's own, by name where they still serve."""
    me = work.who.member
    names = _names(work)
    mine, joined = work.tx.pseudonym(me.key_id, me.id), former_selves(work, me.id)
    former = {work.tx.pseudonym(one.key_id, one.id) for one in joined}
    entries = [
        entry
        for entry in work.tx.journal.about(_pseudonyms(work, me), MOST_ROWS)
        if entry.action in TELLS_OF_READING
        and entry.actor not in (mine, "clock")
        and (entry.actor not in former or entry.subject == mine)
    ]
    rows: list[tuple[ListPlace, Reading | datetime]] = [
        (
            placed(0, newest_first(entry.at), f"{MOST_ROWS - index:09}"),
            Reading(
                entry.at, OTHER_CHAT if entry.actor in former else names.get(entry.actor, ""), entry.what
            ),
        )
        for index, entry in enumerate(reversed(entries))
    ]
    rows += [(placed(1, newest_first(one.joined_at), one.id), one.joined_at) for one in joined]
    part = part_of(rows, lambda row: row[0], command.after)
    return readers_page(work.zone, part.holding(row for _, row in part.rows))


def newly_opened(work: Work) -> list[Newly]:
    """Who opened something of one's own for the first time lately, by role and without a name, the newest first."""
    me = work.who.member
    first: dict[str, datetime] = {}
    for entry in work.tx.journal.about(_pseudonyms(work, me), MOST_ROWS):
        if entry.action in TELLS_OF_READING:
            first[entry.actor] = min(entry.at, first.get(entry.actor, entry.at))
    mine: tuple[Keyed, ...] = (me, *former_selves(work, me.id))
    for own in mine:
        first.pop(work.tx.pseudonym(own.key_id, own.id), None)
    first.pop("clock", None)
    since = work.now - POLICY.newly_opened_shown
    lately = {actor: at for actor, at in first.items() if at > since}
    roles = _roles(work) if lately else {}
    return sorted(
        (Newly(at, roles.get(actor)) for actor, at in lately.items()), key=lambda one: one.at, reverse=True
    )


def _roles(work: Work) -> dict[str, Role]:
    """The role in which each of those who serve opens records, by what the journal calls them."""
    found: dict[str, Role] = {}
    for role in (Role.PRACTITIONER, Role.DEPUTY, Role.LEAD):
        for grant in work.tx.find(Grant, role=role):
            member = work.tx.get(Member, grant.member_id)
            if member is not None:
                found[work.tx.pseudonym(member.key_id, member.id)] = role
    return found


def open_erase(work: Work, command: OpenErase) -> Screen:
    """What erasing means."""
    return erase_form(work.site, work.now, work.zone)


def give_link(work: Work, command: GiveBrowserLink) -> Screen:
    """A one-time link. It is in no stored outcome: pressing again makes another."""
    secret = make_secret(work.site.slug)
    keep_link(work.tx, work.who.member, secret, LINK, work.real + POLICY.link_lasts)
    return screens.browser_link(f"{work.link}/sign-in?k={secret}")


def _talk(work: Work, case: Case) -> OwnTalk:
    if case.state is CaseState.CLOSED:
        return OwnTalk(case.id, "", None, case.closed_at)
    holder = still_here(work, case.holder)
    left = case.holder is not None and holder is None
    coming = work.tx.find(CheckIn, case_id=case.id, state=STILL_OPEN, order_by="opens_at")
    agreed = None if left else _agreed(work, coming)
    several = len(exposures_of(work, case)) > 1
    # Of one event a time that was agreed is said above, and nothing while the talks are handed on.
    told = coming if several else [] if left or agreed else [one for one in coming if one.agreed_at is None]
    name = holder.name if holder is not None else ""
    return OwnTalk(
        case.id,
        name,
        agreed,
        None,
        owed_line(work, case, case.holder),
        left=left,
        reach=_reach(work, holder) if holder is not None else "",
        reopened=own_line(case.reopened_at, work.zone),
        planned=tuple(window_words(label_of(work, case, one), one, work.zone) for one in told),
    )


def _reach(work: Work, holder: Member) -> str:
    if holder.phone:
        return as_given(holder.phone)
    return phrase("{how}, at work", how=ours(REACH[reach_of(work, holder)]))


def _agreed(work: Work, coming: Sequence[CheckIn]) -> datetime | None:
    """The next time that was agreed and has not passed."""
    times = [one.agreed_at for one in coming if one.agreed_at is not None and one.agreed_at >= work.now]
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


def open_profile(work: Work, command: OpenProfile) -> Screen:
    """The profile as it stands."""
    me = work.who.member
    hours, days = write_hours(me.hours)
    return profile_form(
        Kept(
            zone=me.zone,
            hours=hours,
            days=days,
            phone=me.phone,
            reach=reach_of(work, me),
            in_chat=in_chat(work, me),
            best_time=me.best_time,
            away_from=first_day_away(work, me),
            away_until=last_day_away(work, me),
            sites=_sites(work),
            site=work.place_of(me).id or MAIN,
            availability=shown_room(work, me) if serves(work) else None,
            language=me.language,
            languages=work.site.languages,
            reads=me.reads,
            readable=readable(work),
            site_zone=work.place_of(me).zone,
            zones=_zones(work, me),
            places=tuple((one, label) for one, label in places_of(work, me)),
            first=chosen_place(work, me),
            changes=None if hears_daily(work, me.id) else me.told_of_changes,
        ),
    )


def save(work: Work, command: SaveProfile) -> Outcome:
    """Keep the profile; somebody who is away from now on gives what waits for them to the next in line."""
    me = work.who.member
    saved = replace(
        me,
        zone=_zone(command),
        hours=_hours(work, command),
        phone=command.phone,
        reach=command.reach,
        best_time=command.best_time,
        place=MAIN_PLACE if command.place == MAIN else command.place or me.place,
        language=command.language or me.language,
        reads=reads_from_now(command, me),
        asked=True,
        told_of_changes=me.told_of_changes if hears_daily(work, me.id) else command.changes,
    )
    saved = with_leave(work, saved, command)
    work.tx.save(saved)
    if not saved.zone or saved.hours is None:
        look_again_at_list(work.tx, me.id)
    if (saved.availability, saved.on_leave) != (me.availability, me.on_leave):
        note_staffing(work.tx, work.now)
    if command.first is not None:
        choose_place(work, me, command.first)
    if is_away(work, saved) and not is_away(work, me):
        move_on(work, me.id, saved.away_until)
    return Outcome("profile_saved")


def _sites(work: Work) -> tuple[tuple[str, str], ...]:
    if not work.site.places:
        return ()
    return ((MAIN, work.site.name), *((place.id, place.name) for place in work.site.places))


def asked_zone(work: Work, me: Member) -> str:
    """The zone that is used for somebody who is still to be asked for theirs; empty when there is nothing to ask."""
    return "" if me.zone or me.hours is not None or me.asked else work.place_of(me).zone


def put_zone_aside(work: Work, command: PutZoneAside) -> Outcome:
    """Not asked again."""
    work.tx.save(replace(work.who.member, asked=True))
    return Outcome("zone_put_aside")


def _zones(work: Work, me: Member) -> tuple[tuple[str, str], ...]:
    """Zones to choose from: those of the site's places and their own first, then every other by city."""
    near = (work.site.zone, *(place.zone for place in work.site.places), me.zone)
    first = {zone: city_words(zone) for zone in near if zone}
    return (*first.items(), *(one for one in cities() if one[0] not in first))


def _zone(command: SaveProfile) -> str:
    return "" if command.zone == SITE_ZONE else command.zone


def _hours(work: Work, command: SaveProfile) -> WorkingHours | None:
    try:
        hours = read_hours(command.hours, command.days, _zone(command) or work.zone.key)
    except HoursNotRead:
        raise Invalid(hours=mending.HOURS_NOT_READ) from None
    if hours is not None and not any(hours.week):
        raise Invalid(days=mending.CHOOSE_AT_LEAST_ONE)
    return hours


FROM_TO = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*|\s+(?:to|until|till)\s+", re.IGNORECASE)
SEPARATOR = re.compile(r"\s*[,;\n،؛、，；]\s*|\s+and\s+", re.IGNORECASE)
MONDAY_TO_FRIDAY = ("0", "1", "2", "3", "4")


class HoursNotRead(FixedText, ValueError):
    """The text is not hours; it is not repeated here."""

    text = "These hours could not be read"


def read_hours(text: str, days: Collection[str], zone: str) -> WorkingHours | None:
    """Hours for some weekdays (`0` is Monday) in an IANA zone; None for empty text.

    Several stretches are separated by commas; one that ends at or before its start runs into the next day.
    Raises HoursNotRead.
    """
    if not text.strip():
        return None
    spans = tuple(_span(part) for part in SEPARATOR.split(text.strip()))
    return WorkingHours(zone, tuple(spans if str(day) in days else () for day in range(7)))


def write_hours(hours: WorkingHours | None) -> tuple[str, tuple[str, ...]]:
    """The hours of the first worked day, and the worked days; empty and Monday to Friday for none."""
    if hours is None:
        return "", MONDAY_TO_FRIDAY
    worked = tuple(str(day) for day, spans in enumerate(hours.week) if spans)
    spans: DayHours = hours.week[int(worked[0])] if worked else ()
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans), worked


def _span(text: str) -> tuple[time, time]:
    ends = FROM_TO.split(text.strip())
    if len(ends) != 2:
        raise HoursNotRead
    try:
        start, end = read_clock(ends[0]), read_clock(ends[1])
    except NotRead:
        raise HoursNotRead from None
    if start.next_day:
        raise HoursNotRead
    return start.at, end.at
