"""Meets everyone of a connected workspace, so that knowing of somebody tells nothing, and keeps where each
is written to.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import SystemRandom

from trim_bot.app.desk.desk import Outside
from trim_bot.app.people.eligible import note_staffing
from trim_bot.app.people.meeting import (
    account_at,
    meet,
    meet_asker,
    member_at,
    name_of,
    was_welcomed,
    welcome,
    welcomes_queued,
    with_told,
)
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import EachInTurn, NotThere, TryLater
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import GONE, Account, Address, Member, Platform, Profile
from trim_bot.domain.records import Erasure
from trim_bot.domain.site import Organisation

_SHUFFLED = SystemRandom()


class Reaching:
    """What an adapter tells of where its people can be written to. Everything here may be told twice."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def arrived(self, address: Address, route: str) -> None:
        """Somebody has the app now: meet them, welcome them unless they were, and keep the route.

        They are listed: the app is for everyone, so that having it tells nothing. Durable when this returns.
        Raises StoreUnavailable.
        """
        await self._meet(address, route, listed=True)

    async def wrote(self, address: Address, route: str) -> None:
        """Somebody wrote to the app: as when they get it, but that they wrote puts them on no list.

        Durable when this returns. Raises StoreUnavailable.
        """
        await self._meet(address, route, listed=False)

    async def _meet(self, address: Address, route: str, *, listed: bool) -> None:
        organisation = await self._organisation(address)
        if organisation is None:
            return
        id = OrganisationId(organisation.id)
        profile = await self._profile(id, address)

        def body(tx: Tx) -> bool:
            who = meet_asker(tx, address, profile, self._outside.clock.now())
            if who.member is None:
                return False
            _keep(tx, address, route)
            if listed and who.member.name and not who.member.listed:
                tx.save(replace(who.member, listed=True))
            if was_welcomed(tx, who.member.id) or welcomes_queued(tx, who.member.id):
                return True
            # One that came before there was a way to them was given up.
            welcome(tx, who.member, self._outside.clock.now())
            return True

        if await self._outside.store.write(id, body):
            self._outside.queued()

    async def seen(self, address: Address, route: str) -> None:
        """Somebody known was heard from there; written down only when it is news. Raises StoreUnavailable.

        Whoever took the app away stays unreachable: what they press late is no wish to be written to.
        """
        await self._note(address, route, (GONE,))

    async def gone(self, address: Address) -> None:
        """Somebody has the app no more: nothing is sent there until it arrives again. Raises StoreUnavailable."""
        await self._note(address, GONE, ())

    async def _note(self, address: Address, route: str, for_good: tuple[str, ...]) -> None:
        """Keep a route where it is news; a route in `for_good` is left as it is."""
        organisation = await self._organisation(address)
        if organisation is None:
            return
        id = OrganisationId(organisation.id)
        if await self._outside.store.read(id, lambda tx: _is_news(tx, address, (route, *for_good))):
            await self._outside.store.write(id, lambda tx: _keep(tx, address, route, for_good))

    async def _organisation(self, address: Address) -> Organisation | None:
        return await self._outside.store.organisation_at(ChatWorkspace.of(address))

    async def _profile(self, organisation: OrganisationId, address: Address) -> Profile | None:
        """What the platform tells of somebody not yet known by name; asked before the transaction."""
        if await self._outside.store.read(organisation, lambda tx: _is_known(tx, address)):
            return None
        directory = self._outside.directories.get(address.platform.value)
        if directory is None:
            return Profile(address, name="")
        try:
            return await directory.look_up(address)
        except NotThere:
            return Profile(address, name="", left=True)
        except TryLater:
            return Profile(address, name="")


def _is_known(tx: Tx, address: Address) -> bool:
    member = member_at(tx, address)
    return member is not None and bool(member.name)


def _is_news(tx: Tx, address: Address, known: tuple[str, ...]) -> bool:
    return any(account.route not in known for account in tx.find(Account, address=address.text))


def _keep(tx: Tx, address: Address, route: str, for_good: tuple[str, ...] = ()) -> None:
    for account in tx.find(Account, address=address.text):
        if account.route not in (route, *for_good):
            tx.save(replace(account, route=route))


AT_ONCE = 50


class Staff:
    """Enters staff from the platforms' own lists, with the welcome that everybody gets, and notes who has left."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def meet_everyone(self) -> int:
        """Go through every workspace; returns how many were met or changed. A platform that is down waits.

        One workspace in which something fails stops none behind it; its failure is raised when all had their turn.
        """
        changed, each = 0, EachInTurn()
        for organisation in await self._outside.store.organisations():
            for workspace in organisation.workspaces:
                with each.turn():
                    changed += await self._meet_workspace(OrganisationId(organisation.id), workspace)
        if changed:
            self._outside.queued()
        each.tell()
        return changed

    async def _meet_workspace(self, organisation: OrganisationId, workspace: ChatWorkspace) -> int:
        directory = self._outside.directories.get(workspace.platform.value)
        if directory is None:
            return 0
        try:
            everyone = await directory.everyone(workspace.name)
        except TryLater:
            return 0
        return await self._keep(organisation, everyone)

    async def _keep(self, organisation: OrganisationId, everyone: list[Profile]) -> int:
        """A few at a time, so that nobody waits long behind it; in no order, which a database would keep."""
        changed = 0
        everyone = _SHUFFLED.sample(everyone, len(everyone))
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
        back = member.left and not now.left
        if back and not was_welcomed(tx, now.id) and not welcomes_queued(tx, now.id):
            # Whoever was away on the day of the welcome was passed over then.
            welcome(tx, now, self._outside.clock.now())
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
