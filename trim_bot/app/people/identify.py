"""Tells who is making a gesture, meeting somebody the platform vouches for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from trim_bot.app.people.meeting import add_account, meet, meet_unlisted, member_at, with_told
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import Who
from trim_bot.domain.people import Address, Grant, Platform, Profile

__all__ = ["add_account", "is_at_home", "meet", "meet_unlisted", "member_at", "who_is"]


def is_at_home(address: Address, workspaces: Collection[str]) -> bool:
    """Whether an address is in one of these chat workspaces (`slack:TEAM`), or in the browser."""
    return address.platform is Platform.WEB or f"{address.platform.value}:{address.workspace}" in workspaces


def who_is(tx: Tx, address: Address, profile: Profile | None, now: datetime) -> Who:
    """Who is asking. Somebody the platform vouches for is met; anyone else counts as signed out."""
    member = member_at(tx, address)
    if member is None and profile is not None and not profile.left:
        member = meet(tx, profile, now)
    if member is not None and not member.name and profile is not None and profile.name:
        member = replace(with_told(member, profile), name=profile.name)
        tx.save(member)
    if member is None or member.left:
        return Who(address, None, frozenset())
    roles = frozenset(grant.role for grant in tx.find(Grant, member_id=member.id))
    return Who(address, member, roles)
