"""Which chats a member uses, and in which one place they have chosen to be written to."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from trim_bot.app.chats.screens import PLATFORMS
from trim_bot.app.people.meeting import add_account
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting.delivery import IN_ORDER
from trim_bot.domain.people import Account, Address, Member, Platform

PAGE = "page"
"""Stands for the member's own page where a place is chosen."""


def chats_of(work: Work, member: Member) -> list[Account]:
    """A member's chat accounts, in a fixed order."""
    accounts = work.tx.find(Account, member_id=member.id)
    chats = [one for one in accounts if one.platform is not Platform.WEB]
    return sorted(chats, key=lambda one: (IN_ORDER.index(one.platform), one.id))


def in_one_chat(work: Work, one: Member, other: Member) -> bool:
    """Whether both are in the same workspace now, so that they are two people: nobody is there twice."""
    return bool(_workspaces(work, one) & _workspaces(work, other))


def _workspaces(work: Work, member: Member) -> set[tuple[Platform, str]]:
    addresses = (Address.parse(one.address) for one in chats_of(work, member) if not one.left)
    return {(one.platform, one.workspace) for one in addresses}


def several_chats(work: Work, me: Member) -> bool:
    """Whether the organisation has more than one chat, or the member uses more than one already."""
    return len(work.workspaces) > 1 or len(chats_of(work, me)) > 1


def labelled(chats: list[Account]) -> list[tuple[Account, str]]:
    """Each account with what to call it; numbered where there are several of one platform."""
    every = Counter(one.platform for one in chats)
    seen: Counter[Platform] = Counter()
    found: list[tuple[Account, str]] = []
    for one in chats:
        seen[one.platform] += 1
        number = f" {seen[one.platform]}" if every[one.platform] > 1 else ""
        found.append((one, PLATFORMS[one.platform] + number))
    return found


def places_of(work: Work, member: Member) -> list[tuple[str, str]]:
    """Where a member may be written to, each with what to call it; nothing to choose with one chat at most."""
    chats = chats_of(work, member)
    if len(chats) < 2:
        return []
    return [
        *((one.id, label) for one, label in labelled(chats)),
        (PAGE, PLATFORMS[Platform.WEB].capitalize()),
    ]


def chosen_place(work: Work, member: Member) -> str:
    """The place chosen; the first chat as long as none is."""
    chosen = work.tx.find(Account, member_id=member.id, first=True, limit=1)
    if chosen:
        return PAGE if chosen[0].platform is Platform.WEB else chosen[0].id
    chats = chats_of(work, member)
    return chats[0].id if chats else PAGE


def choose_place(work: Work, member: Member, place: str) -> None:
    """Write to the member there from now on, and nowhere else as long as that works."""
    accounts = work.tx.find(Account, member_id=member.id)
    if place == PAGE and not any(one.platform is Platform.WEB for one in accounts):
        add_account(work.tx, member, Address(Platform.WEB, "", member.id))
        accounts = work.tx.find(Account, member_id=member.id)
    web = next((one.id for one in accounts if one.platform is Platform.WEB), "")
    chosen = web if place == PAGE else place
    for one in accounts:
        if one.first is not (one.id == chosen):
            work.tx.save(replace(one, first=one.id == chosen))
