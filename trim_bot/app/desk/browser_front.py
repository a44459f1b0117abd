"""What the browser adapter calls the desk: the one door, its sessions, and two narrow reads."""

from __future__ import annotations

from functools import partial

from trim_bot.app.desk.desk import Desk
from trim_bot.app.oversight.handlers import employer_screen, newest_quarter
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.people.meeting import member_at
from trim_bot.app.people.sessions import Sessions, SignedIn
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import View
from trim_bot.app.words import common_answers as answers
from trim_bot.domain.errors import NotThere
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.domain.people import Account, Address, Grant, Member, Platform, Role
from trim_bot.domain.site import Organisation, Site

MAY_CHOOSE = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY, Role.COORDINATOR, Role.ADMINISTRATOR})
"""Roles with a form that names somebody."""
_BATCH = 500
People = tuple[tuple[str, str], ...]


class BrowserFront:
    """Composes the desk, the sessions and the store for the browser."""

    def __init__(self, desk: Desk, sessions: Sessions) -> None:
        self._desk = desk
        self._sessions = sessions
        self._store = desk.outside.store
        self._clock = desk.outside.clock
        self._only_slug: str | None = None

    @property
    def only_slug(self) -> str | None:
        """The slug of the only organisation, as it was last looked up; None when there are several."""
        return self._only_slug

    async def look_up_slug(self) -> None:
        """Look again: another process may have made or renamed an organisation. Raises StoreUnavailable."""
        every = await self._store.organisations()
        self._only_slug = every[0].slug if len(every) == 1 else None

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Answer a gesture."""
        return await self._desk.receive(actor, gesture)

    async def redeem(self, link_secret: str) -> str | None:
        """Swap a one-time link for a session secret; None when it was used or has run out."""
        return await self._sessions.redeem(link_secret)

    async def signed_in(self, session_secret: str) -> SignedIn | None:
        """Who a session belongs to, or None."""
        return await self._sessions.who(session_secret)

    async def sign_out(self, session_secret: str) -> None:
        """End a session."""
        await self._sessions.sign_out(session_secret)

    async def work_session(self, account: Address) -> str | None:
        """A session secret for whoever has this work account; None where nobody here has it."""
        organisation = await self._desk.organisation_of(account)
        return None if organisation is None else await self._sessions.sign_in(organisation.slug, account)

    async def open_session(self, address: Address) -> str:
        """A session secret for somebody, for practice. Raises NotThere."""
        organisation = await self._organisation_of(address)
        if organisation is None:
            raise NotThere
        return await self._sessions.open(organisation.slug, address)

    async def employer_view(self, slug: str) -> View:
        """What closed weeks and quarters say of an organisation, for anyone."""
        organisation = await self._store.organisation_called(slug)
        if organisation is None:
            return answers.not_open()

        def body(tx: Tx) -> View:
            site = tx.get(Site, "site")
            if site is None:
                return answers.not_open()
            return employer_screen(tx.counts, newest_quarter(Bulletins(tx)), site, self._clock.now())

        return await self._store.read(OrganisationId(organisation.id), body)

    async def listed_people(self, actor: Actor) -> People:
        """Listed members with an address, by name, for somebody whose forms name people; else nobody."""
        organisation = await self._organisation_of(actor.address)
        if organisation is None:
            return ()
        with keys_for(KeyUse.NAMES):
            return await self._store.read(OrganisationId(organisation.id), partial(_listed, actor.address))

    async def _organisation_of(self, address: Address) -> Organisation | None:
        if address.platform is Platform.WEB and not address.workspace:
            await self.look_up_slug()
            return await self._store.organisation_called(self._only_slug) if self._only_slug else None
        return await self._desk.organisation_of(address)


def _listed(asker: Address, tx: Tx) -> People:
    me = None if tx.in_doubt else member_at(tx, asker)
    if me is None or not any(grant.role in MAY_CHOOSE for grant in tx.find(Grant, member_id=me.id)):
        return ()
    members = [member for member in tx.find(Member, listed=True, left=False) if member.id != me.id]
    addresses = _addresses(tx, [member.id for member in members])
    found = ((addresses[member.id], member.name) for member in members if member.id in addresses)
    return tuple(sorted(found, key=lambda one: (one[1].casefold(), one[0])))


def _addresses(tx: Tx, ids: list[MemberId]) -> dict[MemberId, str]:
    """One address of each member: in chat if they have one there."""
    found: dict[MemberId, str] = {}
    for start in range(0, len(ids), _BATCH):
        for account in tx.find(Account, member_id=tuple(ids[start : start + _BATCH])):
            if account.member_id not in found or not (account.left or account.platform is Platform.WEB):
                found[account.member_id] = account.address
    return found
