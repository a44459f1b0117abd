"""Meets everyone of a connected workspace, so that knowing of somebody tells nothing about them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from trim_bot.app.desk.desk import Outside
from trim_bot.app.people.capacity import note_staffing
from trim_bot.app.people.meeting import account_at, meet, name_of, with_told
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import StoreUnavailable, TryLater
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Account, Member, Platform, Profile
from trim_bot.domain.records import Erasure

AT_ONCE = 50


class Staff:
    """Enters staff from the platforms' own lists, with the welcome that everybody gets, and notes who has left."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def meet_everyone(self) -> int:
        """Go through every workspace; returns how many were met or changed. A platform that is down waits."""
        changed = 0
        for organisation in await self._outside.store.organisations():
            for workspace in organisation.workspaces:
                platform, _, name = workspace.partition(":")
                directory = self._outside.directories.get(platform)
                if directory is None:
                    continue
                try:
                    everyone = await directory.everyone(name)
                    changed += await self._keep(OrganisationId(organisation.id), everyone)
                except (TryLater, StoreUnavailable):
                    continue
        if changed:
            self._outside.queued()
        return changed

    async def _keep(self, organisation: OrganisationId, everyone: list[Profile]) -> int:
        """A few at a time, so that nobody waits long behind it."""
        changed = 0
        for start in range(0, len(everyone), AT_ONCE):
            some = everyone[start : start + AT_ONCE]
            changed += await self._outside.store.write(organisation, partial(self._some, profiles=some))
        return changed

    def _some(self, tx: Tx, profiles: list[Profile]) -> int:
        known = _Known(tx, profiles)
        changed = sum(self._one(tx, profile, known) for profile in profiles)
        if changed:
            note_staffing(tx, self._outside.clock.now())
        return changed

    def _one(self, tx: Tx, profile: Profile, known: _Known) -> bool:
        account, member = known.at(profile)
        if account is None or member is None:
            if not profile.left:
                meet(tx, profile, self._outside.clock.now(), listed=True)
            return not profile.left
        if account.left is not profile.left:
            tx.save(replace(account, left=profile.left))
        left = member.left
        if left is not profile.left:
            chats = [one for one in tx.find(Account, member_id=member.id) if one.platform is not Platform.WEB]
            left = all(one.left for one in chats)
        told = with_told(member, profile)
        now = replace(told, left=left, name=name_of(member, profile), listed=True)
        if now == member or tx.find(Erasure, member_id=member.id, limit=1):
            return account.left is not profile.left
        tx.save(now)
        known.changed(now)
        return True


class _Known:
    """The accounts and members of some profiles, asked for together: one by one it took longer than all the rest."""

    def __init__(self, tx: Tx, profiles: list[Profile]) -> None:
        self._tx = tx
        addresses = tuple({profile.address.text for profile in profiles})
        self._accounts = (
            {one.address: one for one in tx.find(Account, address=addresses)} if addresses else {}
        )
        ids = tuple({one.member_id for one in self._accounts.values()})
        self._members = {one.id: one for one in tx.find(Member, id=ids)} if ids else {}

    def at(self, profile: Profile) -> tuple[Account | None, Member | None]:
        """The account with the address of a profile and its member, as far as they are known."""
        # Whoever stands twice in one list was entered by the first.
        account = self._accounts.get(profile.address.text) or account_at(self._tx, profile.address)
        if account is None:
            return None, None
        return account, self._members.get(account.member_id) or self._tx.get(Member, account.member_id)

    def changed(self, member: Member) -> None:
        """Somebody was saved anew."""
        self._members[member.id] = member
