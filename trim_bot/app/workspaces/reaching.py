"""Keeps where each of a workspace's people is written to, and meets whoever the app has reached."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.desk.desk import Outside
from trim_bot.app.people.meeting import meet_asker, member_at, was_welcomed, welcome, welcomes_queued
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import NotThere, TryLater
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import GONE, Account, Address, Profile
from trim_bot.domain.site import Organisation


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
