"""The day of each for a note to everybody: queued when it has come and not before, so that no copy of the database
tells who hears on which day.

The days come from a digest under a key, by the address: nothing that lies open tells them, and whoever was erased and
stands among the staff again keeps theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from trim_bot.app.people.welcome_hold import welcome_waits
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import MemberId, new_id
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Account, Member
from trim_bot.domain.policy import DAY, POLICY
from trim_bot.domain.records import NoteSent
from trim_bot.domain.steps import OutboxState, Outgoing, Priority

PURPOSE = "day of a note"
"""Of digests that are kept nowhere."""
KIND = MessageKind.MONTHLY.value
QUEUED = "monthly_queued"
"""Under what it is kept up to which day notes were queued, with the number of a page."""
BEFORE = "monthly_before"
"""Under what it is kept when the note before began, of which something is left to queue."""
MEMBERS_A_PAGE = 200
"""Opened and queued in one transaction."""
MOMENT = timedelta(microseconds=1)


def days_of_note(tx: Tx, ids: Iterable[MemberId], since: datetime) -> dict[MemberId, datetime]:
    """The own day of each in the four weeks from `since` (UTC), at the same time of day."""
    asked = tuple(ids)
    places: dict[MemberId, str] = {id: id for id in asked}
    for account in sorted(tx.find(Account, member_id=asked), key=lambda one: one.address, reverse=True):
        places[account.member_id] = account.address
    numbers = {id: crc32(tx.keyed(PURPOSE, place).encode()) for id, place in places.items()}
    return {id: since + number % POLICY.note_spread_days * DAY for id, number in numbers.items()}


def begin_note(tx: Tx, at: datetime) -> None:
    """A note goes to every member from `at` (UTC) on. Of the one before, whoever's day has come still gets it: nobody
    is queued before their day, so notes are as far apart as one is spread.

    Nobody is queued here: the clock does that, a page of members at a time.
    """
    begun, pages = tx.get(NoteSent, KIND), _pages(tx)
    left = begun is not None and any(page.sent_at < min(at, _ends(begun)) for page in pages)
    _put(tx, KIND, at)
    tx.drop(NoteSent, BEFORE)
    if left and begun is not None and not welcome_waits(tx):
        # What is left of the one before goes first, page by page, and so the pages stay as they are.
        tx.add(NoteSent(BEFORE, begun.sent_at))
        for page in pages:
            if page.sent_at > at:
                tx.save(replace(page, sent_at=at))
        return
    for page in pages:
        tx.drop(NoteSent, page.id)
    members = sum(tx.tally(Member, "left", left=False).values())
    for number in range(max(1, -(-members // MEMBERS_A_PAGE))):
        tx.add(NoteSent(f"{QUEUED} {number:05}", at))


@dataclass(frozen=True, slots=True)
class NotePage:
    """Some of the members, always the same as long as a note is on its way."""

    id: str
    members: tuple[MemberId, ...]


def due_pages(tx: Tx, now: datetime) -> list[NotePage]:
    """The pages of which a day has come by `now` (UTC). Nobody is opened for it."""
    begun, pages = tx.get(NoteSent, KIND), _pages(tx)
    if begun is None or welcome_waits(tx):
        return []
    due = {number for number, page in enumerate(pages) if page.sent_at <= now and page.sent_at < _ends(begun)}
    held: dict[int, list[MemberId]] = {number: [] for number in sorted(due)}
    for id in tx.tally(Member, "id", left=False) if due else ():
        if (number := crc32(id.encode()) % len(pages)) in due:
            held[number].append(MemberId(id))
    return [NotePage(pages[number].id, tuple(members)) for number, members in held.items()]


def next_page_at(tx: Tx) -> datetime | None:
    """When the day of some page comes next (UTC); None where no note is on its way."""
    begun = tx.get(NoteSent, KIND)
    days = [page.sent_at for page in _pages(tx) if begun is not None and page.sent_at < _ends(begun)]
    return min(days, default=None)


def put_note_right(tx: Tx, now: datetime) -> None:
    """A note that was begun under a clock that ran ahead begins now (UTC)."""
    begun = tx.get(NoteSent, KIND)
    if begun is None or begun.sent_at <= now + POLICY.clocks_agree_within:
        return
    ahead = begun.sent_at - now
    tx.save(replace(begun, sent_at=now))
    for page in _pages(tx):
        tx.save(replace(page, sent_at=page.sent_at - ahead))


def queue_page(tx: Tx, page: NotePage, now: datetime) -> None:
    """Queue the note for everybody of a page whose day has come by `now` (UTC) since it was last looked at."""
    begun, queued, before = tx.get(NoteSent, KIND), tx.get(NoteSent, page.id), tx.get(NoteSent, BEFORE)
    if begun is None or queued is None or welcome_waits(tx):
        return
    since = queued.sent_at
    if before is not None and since < begun.sent_at:
        _queue(tx, page, before.sent_at, since, begun.sent_at - MOMENT)
        since = begun.sent_at
    _queue(tx, page, begun.sent_at, since, now)
    days = max(0, (now - begun.sent_at) // DAY) + 1
    tx.save(replace(queued, sent_at=begun.sent_at + days * DAY))


def _queue(tx: Tx, page: NotePage, begun: datetime, since: datetime, until: datetime) -> None:
    """Queue those whose day in a note that began then lies between two times, both included."""
    if until < since:
        return
    here = tx.get_many(Member, page.members)
    days = days_of_note(tx, (id for id, member in here.items() if not member.left), begun)
    for id, day in days.items():
        if since <= day <= until:
            tx.add(Outgoing(new_id(), KIND, id, None, OutboxState.QUEUED, day, priority=Priority.NOTE))


def _pages(tx: Tx) -> list[NoteSent]:
    """Up to which day each page was queued, in order; there is one page of all where an older desk began the note."""
    return [one for one in tx.find(NoteSent) if one.id == QUEUED or one.id.startswith(f"{QUEUED} ")]


def _ends(begun: NoteSent) -> datetime:
    return begun.sent_at + POLICY.note_spread_days * DAY


def _put(tx: Tx, id: str, at: datetime) -> None:
    tx.drop(NoteSent, id)
    tx.add(NoteSent(id, at))
