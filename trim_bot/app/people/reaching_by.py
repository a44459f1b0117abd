"""How somebody can be reached as they like it: a chat message is never named to whoever has no account in a chat."""

from __future__ import annotations

from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.people import Account, Member, Platform, Reach


def reach_of(work: UnitOfWork, member: Member) -> Reach:
    """How they like to be reached; what comes nearest where they asked for chat, and are in none."""
    if member.reach is not Reach.CHAT or in_chat(work, member):
        return member.reach
    if member.phone:
        return Reach.PHONE
    return Reach.BROWSER if work.tx.find(Account, member_id=member.id) else Reach.IN_PERSON


def in_chat(work: UnitOfWork, member: Member) -> bool:
    """Whether they have an account in a chat."""
    accounts = work.tx.find(Account, member_id=member.id)
    return any(one.platform is not Platform.WEB and not one.left for one in accounts)
