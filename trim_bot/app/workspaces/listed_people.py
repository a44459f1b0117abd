"""Enters those of a platform's list who are new, notes who has left, and passes over whoever stands there as before
without opening anything of theirs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from trim_bot.app.people.eligible import note_staffing
from trim_bot.app.people.meeting import (
    LISTED_AS,
    meet,
    name_of,
    was_welcomed,
    welcome,
    welcomes_queued,
    with_told,
)
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.people import Account, Member, Platform, Profile
from trim_bot.domain.records import Erasure


def listed_as(tx: Tx, profile: Profile) -> str:
    """The digest of all that a list tells of one account, its address with it: no two accounts have the same."""
    told = hashlib.sha256(repr(profile).encode("utf-8", "surrogatepass")).hexdigest()
    return tx.keyed(LISTED_AS, told)


def news_of(tx: Tx, profiles: Sequence[Profile]) -> list[Profile]:
    """Those who are not kept as the list tells of them now: two statements however many, and no record is opened.

    Whoever has left and was never met is no news: a platform lists its closed accounts for good.
    """
    if not profiles:
        return []
    addresses = tuple({one.address.text for one in profiles})
    kept = tx.tally(Account, "listed_as", address=addresses)
    news = [one for one in profiles if listed_as(tx, one) not in kept]
    gone = tuple({one.address.text for one in news if one.left})
    if gone and not tx.tally(Account, "left", address=gone):
        news = [one for one in news if not one.left]
    return news


def enter_listed(tx: Tx, profiles: Sequence[Profile], now: datetime) -> int:
    """Bring what is kept of them in line with the list at `now` (UTC); how many were met or changed."""
    # Whoever stands twice in one list is entered once, as they are told of last.
    once = {profile.address.text: profile for profile in profiles}
    known = _Known(tx, once)
    changed = sum(_enter(tx, profile, known, now) for profile in once.values())
    if changed:
        note_staffing(tx, now)
    return changed


def _enter(tx: Tx, profile: Profile, known: _Known, now: datetime) -> bool:
    account, member = known.at(profile)
    digest = listed_as(tx, profile)
    if account is None or member is None:
        if not profile.left:
            meet(tx, profile, now, listed=True, listed_as=digest)
        return not profile.left
    turned = account.left is not profile.left
    if turned or account.listed_as != digest:
        tx.save(replace(account, left=profile.left, listed_as=digest, place=profile.place))
    left = member.left
    if left is not profile.left:
        chats = [one for one in tx.find(Account, member_id=member.id) if one.platform is not Platform.WEB]
        left = all(one.left for one in chats)
    told = with_told(member, profile)
    new = replace(told, left=left, name=name_of(member, profile), listed=True)
    if new == member or tx.find(Erasure, member_id=member.id, limit=1):
        return turned
    tx.save(new)
    known.changed(new)
    back = member.left and not new.left
    if back and not was_welcomed(tx, new.id) and not welcomes_queued(tx, new.id):
        # Whoever was away on the day of the welcome was passed over then.
        welcome(tx, new, now)
    return True


class _Known:
    """The accounts and members of some addresses, asked for together: one by one it took longer than all the rest."""

    def __init__(self, tx: Tx, addresses: Iterable[str]) -> None:
        self._accounts = {one.address: one for one in tx.find(Account, address=tuple(addresses))}
        self._members = tx.get_many(Member, {one.member_id for one in self._accounts.values()})

    def at(self, profile: Profile) -> tuple[Account | None, Member | None]:
        """The account with the address of a profile and its member, as far as they are known."""
        account = self._accounts.get(profile.address.text)
        return account, self._members.get(account.member_id) if account is not None else None

    def changed(self, member: Member) -> None:
        """Somebody was saved anew."""
        self._members[member.id] = member
