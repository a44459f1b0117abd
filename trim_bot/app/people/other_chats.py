"""Colleagues whom the list of the asker's own chat cannot show, because they use another chat of the organisation."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.work import Work
from trim_bot.domain.people import Account, Member, Platform

MOST_READ = 400
"""Accounts looked at: many belong to people who are in both chats."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Listed colleagues by id and name; `more` when there are others still."""

    people: tuple[tuple[str, str], ...] = ()
    more: bool = False


def elsewhere(work: Work) -> Elsewhere | None:
    """None where the organisation has one workspace, so that nothing need be said of another; nobody in the browser,
    and nobody where all its workspaces are of one platform.
    """
    if len(work.workspaces) <= 1:
        return None
    here = work.who.address.platform
    platforms = {workspace.platform for workspace in work.workspaces}
    others = tuple(one for one in Platform if one in platforms - {here})
    if here is Platform.WEB or not others:
        return Elsewhere()
    accounts = work.tx.find(Account, platform=others, left=False, limit=MOST_READ)
    ids = {account.member_id for account in accounts}
    if ids:
        at_hand = work.tx.find(Account, member_id=tuple(sorted(ids)), platform=here)
        ids -= {account.member_id for account in at_hand}
    members = work.tx.get_many(Member, sorted(ids)).values()
    # They were found by accounts that their platform says are there: nobody of them has left.
    found = [one for one in members if one.listed and one.id != work.who.id]
    found.sort(key=lambda one: (one.name.casefold(), one.id))
    shown = tuple((str(one.id), one.name or "A colleague whose name we do not know") for one in found)
    return Elsewhere(shown, len(accounts) == MOST_READ)
