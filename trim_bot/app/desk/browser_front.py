"""What the browser adapter calls the desk: the one door, its sessions, and a few narrow reads."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from trim_bot.app.desk.desk import Desk
from trim_bot.app.desk.routes import asks_for_change, only_looks
from trim_bot.app.oversight.handlers import employer_screen, newest_quarter
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.people.kept_pages import keep_page, kept_page
from trim_bot.app.people.meeting import member_at
from trim_bot.app.people.people_list import PeopleLists
from trim_bot.app.people.sessions import Sessions, SignedIn
from trim_bot.app.people.unsent_forms import UnsentForms
from trim_bot.app.seam.gestures import Actor, Gesture, Submit
from trim_bot.app.seam.languages import Language
from trim_bot.app.seam.page_again import LedOn, PageAgain, PageKey, ShownBy
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import View
from trim_bot.app.words import common_answers as answers
from trim_bot.domain.errors import NotThere, SafeError
from trim_bot.domain.ids import OrganisationId, SessionId
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.domain.name_search import PeopleChoice
from trim_bot.domain.people import Account, Address, Grant, Platform, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Session
from trim_bot.domain.site import Organisation, Site

MAY_CHOOSE = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY, Role.COORDINATOR, Role.ADMINISTRATOR})
"""Roles with a form that names somebody."""
People = tuple[tuple[str, str], ...]
_MARK = "typed by"


class BrowserFront:
    """Composes the desk, the sessions and the store for the browser."""

    def __init__(self, desk: Desk, sessions: Sessions) -> None:
        self._desk = desk
        self._sessions = sessions
        self._store = desk.outside.store
        self._clock = desk.outside.clock
        self._only_slug: str | None = None
        self._lists = PeopleLists(desk.outside.store)
        self._unsent = UnsentForms(desk.outside)

    @property
    def only_slug(self) -> str | None:
        """The slug of the only organisation, as it was last looked up; None when there are several."""
        return self._only_slug

    async def look_up_slug(self) -> None:
        """Look again: another process may have made or renamed an organisation. Raises StoreUnavailable."""
        every = await self._store.organisations()
        self._only_slug = every[0].slug if len(every) == 1 else None

    def language_of(self, actor: Actor) -> Language:
        """In which language somebody reads, as far as it is known without asking the store."""
        return self._desk.language_of(actor)

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Answer a gesture."""
        return await self._desk.receive(actor, gesture)

    async def lead_on(self, actor: Actor, gesture: Gesture, key: PageKey, sent: PageAgain) -> View:
        """Carry a gesture out, and keep what shows its answer under a key: then `LedOn`.

        What only shows something waits until the page is asked for. `sent` shows it, or the form if something is to be
        mended. What cannot be shown again is the answer itself. Never raises.
        """
        if not asks_for_change(gesture):
            return LedOn() if await self._kept(actor, sent, key) else await self.receive(actor, gesture)
        if isinstance(gesture, Submit) and only_looks(gesture.form):
            looking = replace(sent, by=ShownBy.SEND)
            return LedOn() if await self._kept(actor, looking, key) else await self.receive(actor, gesture)
        return await self._desk.lead_on(actor, gesture, key, sent)

    async def _kept(self, actor: Actor, page: PageAgain, key: PageKey) -> bool:
        """Whether a page could be kept: there is room, the session goes on, and the store is there."""
        try:
            return await self._keep(actor, page, key)
        except SafeError:
            # Whoever asks is told what is wrong by the answer itself.
            return False

    async def _keep(self, actor: Actor, page: PageAgain, key: PageKey) -> bool:
        organisation = await self._organisation_of(actor.address)
        if organisation is None:
            return False

        def body(tx: Tx) -> bool:
            session = tx.get(Session, SessionId(key.holder)) if actor.address.user else None
            if actor.address.user and session is None:
                return False
            member = session.member_id if session is not None else ""
            return keep_page(tx, self._desk.outside.tokens, key, member, page, self._clock.real())

        return await self._store.write(OrganisationId(organisation.id), body)

    async def kept_page(self, slug: str, key: PageKey) -> PageAgain | None:
        """The page that this browser has under a handle; None where there is none any more."""
        organisation = await self._store.known_called(slug)
        if organisation is None:
            return None
        return await self._store.read(
            OrganisationId(organisation.id),
            lambda tx: kept_page(tx, self._desk.outside.tokens, key, self._clock.real()),
        )

    def mark(self, actor: Actor) -> str:
        """For whom a page is drawn, sealed."""
        until = self._clock.real() + POLICY.form_lasts
        return self._desk.outside.tokens.sign(
            "",
            _MARK,
            {"slug": actor.address.workspace, "user": actor.address.user},
            nonce=None,
            expires_at=until,
        )

    def marked(self, mark: str) -> Address | None:
        """Whom a mark was made for; None where it was not made here, or a day ago."""
        try:
            held = self._desk.outside.tokens.read(mark, self._clock.real()) if mark else None
        except SafeError:
            return None
        if held is None or held.name != _MARK:
            return None
        return Address(Platform.WEB, held.refs["slug"], held.refs["user"])

    async def keep_unsent(self, typed_by: Address, page: PageAgain, key: PageKey) -> bool:
        """Keep a form that was not sent for whoever typed it; False where there is no such member."""
        return await self._unsent.keep(typed_by, page, key)

    async def unsent(self, actor: Actor, secret: str) -> list[str]:
        """Forms of the actor's own that were not sent from this browser, by the id of each, the newest first."""
        return await self._unsent.of(actor.address, secret)

    async def take_unsent(self, actor: Actor, secret: str, id: str, key: PageKey) -> bool:
        """Put one of them under the key; False where it is not there any more, or another's."""
        return await self._unsent.take(actor.address, secret, id, key)

    async def drop_unsent(self, actor: Actor, secret: str) -> None:
        """Forget them."""
        await self._unsent.drop(actor.address, secret)

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
