"""What of somebody who is erased stays as long as they work here: that they are on the list, like everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from trim_bot.app.people.meeting import account_at, as_if_changed, greet, greeting_id, meet, was_welcomed
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import RecordAltered
from trim_bot.domain.ids import MemberId, new_id
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Account, Address, Grant, Member, Platform, Profile
from trim_bot.domain.records import Greeting
from trim_bot.domain.steps import OutboxState, Outgoing, Priority


@dataclass(frozen=True, slots=True)
class StaffRow:
    """What the list of staff holds of one account, and nothing that its owner did or said."""

    profile: Profile
    route: str
    listed: bool
    listed_as: bool
    """Whether the list was read with it."""
    notes_at: tuple[datetime, ...]
    """When notes to everybody are still to reach them (UTC)."""


def still_here(tx: Tx, ids: Collection[MemberId]) -> set[MemberId]:
    """Those of these members of whom some platform says that they work here, whatever they asked of the desk.

    Whoever is about to be erased counts as having left for all that the desk does with them. Whom others can name has
    to be the same all the while, or they could see it.
    """
    here = tx.find(Account, member_id=tuple(sorted(ids)), left=False) if ids else []
    return {account.member_id for account in here}


def leave_greeting(tx: Tx, id: MemberId, *, gone: bool = False) -> list[StaffRow]:
    """Before a member is erased: what of the desk's messages they had and wanted stays, as long as they work here.

    Returns the rows under which `enter_again` enters them with everybody else: of chats, whose list they stand on, and
    of web addresses of those the site listed who serve in nothing. `gone` says that they work here no more.
    Of somebody whose row was altered no row is returned: they are erased all the same, and the list brings them back.
    """
    member = _as_written(tx, id)
    listed = member is not None and member.listed and not tx.find(Grant, member_id=id, limit=1)
    kind = MessageKind.MONTHLY.value
    notes = tuple(one.due_at for one in tx.find(Outgoing, member_id=id, kind=kind, state=OutboxState.QUEUED))
    rows: list[StaffRow] = []
    for account in tx.find(Account, member_id=id):
        if account.left or gone:
            tx.drop(Greeting, greeting_id(tx, account.address))
        elif member is not None:
            if member.messages_stopped or was_welcomed(tx, id):
                greet(tx, account.address, stopped=member.messages_stopped)
            if member.name and (account.platform is not Platform.WEB or listed):
                profile = Profile(Address.parse(account.address), member.name, place=account.place)
                read = bool(account.listed_as)
                rows.append(StaffRow(profile, account.route, member.listed, read, notes))
    return rows


def _as_written(tx: Tx, id: MemberId) -> Member | None:
    try:
        return tx.get(Member, id)
    except RecordAltered:
        return None


def enter_again(tx: Tx, rows: Iterable[StaffRow], now: datetime) -> None:
    """Once they are erased: whoever still works here stands on the list like anybody who never used the desk."""
    for row in rows:
        if account_at(tx, row.profile.address) is not None:
            continue
        # As everybody on the list has one, so that nothing marks the row as new.
        digest = as_if_changed(tx) if row.listed_as else ""
        member = meet(tx, row.profile, now, listed=row.listed, listed_as=digest)
        for account in tx.find(Account, member_id=member.id):
            tx.save(replace(account, route=row.route))
        for at in row.notes_at:
            kind = MessageKind.MONTHLY.value
            tx.add(Outgoing(new_id(), kind, member.id, None, OutboxState.QUEUED, at, priority=Priority.NOTE))
