"""What the browser adapter calls the desk: the one door, its sessions, and a few narrow reads."""

from __future__ import annotations

from functools import partial

from trim_bot.app.desk.desk import Desk
from trim_bot.app.oversight.handlers import employer_screen, newest_quarter
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.people.meeting import member_at
from trim_bot.app.people.people_list import PeopleLists
from trim_bot.app.people.sessions import Sessions, SignedIn
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import View
from trim_bot.app.words import common_answers as answers
from trim_bot.domain.errors import NotThere
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.domain.name_search import PeopleChoice
from trim_bot.domain.people import Account, Address, Grant, Platform, Role
from trim_bot.domain.site import Organisation, Site

MAY_CHOOSE = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY, Role.COORDINATOR, Role.ADMINISTRATOR})
"""Roles with a form that names somebody."""
People = tuple[tuple[str, str], ...]


class BrowserFront:
    """Composes the desk, the sessions and the store for the browser."""

    def __init__(self, desk: Desk, sessions: Sessions) -> None:
        self._desk = desk
        self._sessions = sessions
        self._store = desk.outside.store
        self._clock = desk.outside.clock
        self._only_slug: str | None = None
        self._lists = PeopleLists(desk.outside.store)

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
        organisation = await self._desk.organisation_of(account, anew=True)
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

    async def people_to_choose(self, actor: Actor) -> PeopleChoice | None:
        """Whom somebody may name in a form, from the copy in memory; None for those whose forms name nobody."""
        organisation = await self._organisation_of(actor.address)
        if organisation is None:
            return None
        id = OrganisationId(organisation.id)
        with keys_for(KeyUse.NAMES):
            own = await self._store.read(id, partial(_own_addresses, actor.address))
        return None if own is None else PeopleChoice(await self._lists.of(id), own)

    async def listed_people(self, actor: Actor) -> People:
        """Everybody whom somebody may name in a form, by name; else nobody."""
        choice = await self.people_to_choose(actor)
        if choice is None or choice.index is None:
            return ()
        people = choice.index.people
        return tuple((one.address, one.name) for one in people if one.address not in choice.own)

    async def close(self) -> None:
        """Forget the lists of people held in memory."""
        await self._lists.close()

    async def _organisation_of(self, address: Address) -> Organisation | None:
        if address.platform is Platform.WEB and not address.workspace:
            await self.look_up_slug()
            return await self._store.organisation_called(self._only_slug) if self._only_slug else None
        return await self._desk.organisation_of(address, anew=True)


def _own_addresses(asker: Address, tx: Tx) -> frozenset[str] | None:
    """The addresses of somebody whose forms name people, none of whom is they; None for anybody else."""
    me = None if tx.in_doubt else member_at(tx, asker)
    if me is None or not any(grant.role in MAY_CHOOSE for grant in tx.find(Grant, member_id=me.id)):
        return None
    return frozenset(account.address for account in tx.find(Account, member_id=me.id))
