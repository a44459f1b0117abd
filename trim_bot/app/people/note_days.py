"""The day of each for a note to everybody: queued when it has come and not before, so that no copy of the database
tells who hears on which day.

The days come from a digest under a key, by the address: nothing that lies open tells them, and whoever was erased and
stands among the staff again keeps theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
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
"""Under what it is kept up to which day notes were queued."""


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
    is queued before their day, so notes are as far apart as one is spread."""
    _queue(tx, at)
    for id in (KIND, QUEUED):
        tx.drop(NoteSent, id)
        tx.add(NoteSent(id, at))


def note_is_due(tx: Tx, now: datetime) -> bool:
    """Whether the next day of a note has come, or it stands under a clock that ran ahead."""
    begun, queued = tx.get(NoteSent, KIND), tx.get(NoteSent, QUEUED)
    if begun is None or queued is None or welcome_waits(tx):
        return False
    if begun.sent_at > now + POLICY.clocks_agree_within:
        return True
    return queued.sent_at <= now and queued.sent_at < begun.sent_at + POLICY.note_spread_days * DAY


def queue_notes(tx: Tx, now: datetime) -> None:
    """Queue the note for everybody whose day has come by `now` (UTC) since it was last looked at."""
    begun, queued = tx.get(NoteSent, KIND), tx.get(NoteSent, QUEUED)
    if begun is not None and queued is not None and begun.sent_at > now + POLICY.clocks_agree_within:
        ahead = begun.sent_at - now
        tx.save(replace(begun, sent_at=now))
        tx.save(replace(queued, sent_at=queued.sent_at - ahead))
    _queue(tx, now)


def _queue(tx: Tx, until: datetime) -> None:
    begun, queued = tx.get(NoteSent, KIND), tx.get(NoteSent, QUEUED)
    if begun is None or queued is None or welcome_waits(tx):
        return
    here = [member.id for member in tx.find(Member, left=False)]
    for id, day in days_of_note(tx, here, begun.sent_at).items():
        if queued.sent_at <= day <= until:
            tx.add(Outgoing(new_id(), KIND, id, None, OutboxState.QUEUED, day, priority=Priority.NOTE))
    days = max(0, (until - begun.sent_at) // timedelta(days=1)) + 1
    tx.save(replace(queued, sent_at=begun.sent_at + days * DAY))
