"""One-time links and browser sessions: secrets are handed out once and kept only as digests."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from trim_bot.app.people.kept_pages import drop_pages
from trim_bot.app.people.meeting import add_account, member_at
from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.ports import Clock, Store, Tx
from trim_bot.app.seam.work import COMMAND_LINE
from trim_bot.domain.errors import NotThere
from trim_bot.domain.ids import MAIN_PLACE, MemberId, OrganisationId, SessionId
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.domain.people import Account, Address, Grant, Member, Platform, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action, Session
from trim_bot.domain.site import Site, place_called

T = TypeVar("T")
LINK, SESSION = "link", "session"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a browser session belongs to, for the header of its pages."""

    actor: Actor
    name: str
    roles: frozenset[Role]
    country: str = ""
    """The country of their place, where that is not the main one."""


def _country(tx: Tx, member: Member) -> str:
    """Numbers for help go by it; the settings are read for those at a place of its own alone."""
    site = tx.get(Site, "site") if member.place != MAIN_PLACE else None
    return place_called(site, member.place).country if site is not None else ""


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_secret(slug: str) -> str:
    """`<slug>.<random>`; the slug tells which organisation's chain and keys it belongs to."""
    return f"{slug}.{secrets.token_urlsafe(24)}"


class Sessions:
    """Makes, redeems and ends browser sessions."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def link(self, slug: str, address: Address) -> str:
        """A one-time secret for a member, valid for 30 minutes of real time. Raises NotThere."""
        return await self._make(slug, address, LINK, POLICY.link_lasts)

    async def open(self, slug: str, address: Address) -> str:
        """A session straight away, for practice. Raises NotThere."""
        return await self._make(slug, address, SESSION, POLICY.session_lasts)

    async def sign_in(self, slug: str, address: Address) -> str | None:
        """A session for whoever a login has shown to be at this address; None, and a row, where nobody is."""
        secret = make_secret(slug)
        _, organisation = await self._organisation(secret)
        if organisation is None:
            return None

        def body(tx: Tx) -> str | None:
            member = member_at(tx, address)
            if member is None or member.left:
                self._refused(tx)
                return None
            keep_link(tx, member, secret, SESSION, self._clock.real() + POLICY.session_lasts)
            self._journal(tx, member.id, "sign_in")
            return secret

        return await self._own(self._store.write, organisation, body)

    async def redeem(self, secret: str) -> str | None:
        """Turn a one-time secret into a session secret; None when it is spent, expired or unknown."""
        slug, organisation = await self._organisation(secret)
        if organisation is None:
            return None
        fresh = make_secret(slug)

        def body(tx: Tx) -> str | None:
            link = tx.get(Session, SessionId(digest(secret)))
            if link is None or link.purpose != LINK:
                self._refused(tx)
                return None
            tx.drop(Session, link.id)
            if link.expires_at <= self._clock.real():
                self._refused(tx)
                return None
            tx.add(
                Session(
                    SessionId(digest(fresh)),
                    link.member_id,
                    SESSION,
                    self._clock.real() + POLICY.session_lasts,
                )
            )
            self._journal(tx, link.member_id, "sign_in")
            return fresh

        return await self._own(self._store.write, organisation, body)

    async def who(self, secret: str) -> SignedIn | None:
        """Whose session this is; None when it has ended."""
        slug, organisation = await self._organisation(secret)
        if organisation is None:
            return None
        real = self._clock.real()

        def body(tx: Tx) -> SignedIn | None:
            session = tx.get(Session, SessionId(digest(secret)))
            if session is None or session.purpose != SESSION or session.expires_at <= real:
                return None
            member = tx.get(Member, session.member_id)
            if member is None or member.left:
                return None
            accounts = tx.find(Account, member_id=member.id, platform=Platform.WEB)
            if not accounts:
                return None
            user = Address.parse(accounts[0].address).user
            roles = frozenset(grant.role for grant in tx.find(Grant, member_id=member.id))
            actor = Actor(Address(Platform.WEB, slug, user), member.reads)
            return SignedIn(actor, member.name, roles, _country(tx, member))

        return await self._own(self._store.read, organisation, body)

    async def sign_out(self, secret: str) -> None:
        """End a session; nothing happens when there is none."""
        _, organisation = await self._organisation(secret)
        if organisation is None:
            return

        def body(tx: Tx) -> None:
            session = tx.get(Session, SessionId(digest(secret)))
            if session is not None:
                tx.drop(Session, session.id)
                drop_pages(tx, session.id)
                self._journal(tx, session.member_id, "sign_out")

        await self._own(self._store.write, organisation, body)

    async def sign_out_everywhere(self, slug: str, address: Address) -> int:
        """End every session and unused link of a member, as when a phone was lost; how many. Raises NotThere."""
        _, organisation = await self._organisation(slug)
        if organisation is None:
            raise NotThere

        def body(tx: Tx) -> int:
            member = member_at(tx, address)
            if member is None:
                raise NotThere
            ended = tx.find(Session, member_id=member.id, purpose=(LINK, SESSION))
            for session in ended:
                tx.drop(Session, session.id)
                drop_pages(tx, session.id)
            about = tx.pseudonym(member.key_id, member.id)
            tx.journal.write(COMMAND_LINE, Action.SIGNED_IN, "sign_out_everywhere", about, self._clock.now())
            return len(ended)

        return await self._own(self._store.write, organisation, body)

    async def _make(self, slug: str, address: Address, purpose: str, lasts: timedelta) -> str:
        secret = make_secret(slug)
        _, organisation = await self._organisation(secret)
        if organisation is None:
            raise NotThere

        def body(tx: Tx) -> None:
            member = member_at(tx, address)
            if member is None:
                raise NotThere
            keep_link(tx, member, secret, purpose, self._clock.real() + lasts)

        await self._own(self._store.write, organisation, body)
        return secret

    async def _own(
        self,
        way: Callable[[OrganisationId, Callable[[Tx], T]], Awaitable[T]],
        organisation: OrganisationId,
        body: Callable[[Tx], T],
    ) -> T:
        """Without signing in nobody could ask for help: the one person's own keys are never held back."""
        with keys_for(KeyUse.URGENT):
            return await way(organisation, body)

    async def _organisation(self, secret: str) -> tuple[str, OrganisationId | None]:
        slug = secret.partition(".")[0]
        found = await self._store.organisation_called(slug) if len(secret) < 200 else None
        return slug, OrganisationId(found.id) if found is not None else None

    def _refused(self, tx: Tx) -> None:
        """Somebody did not get in; how often within an hour is told by no more than one row."""
        tx.journal.write("signed-out", Action.REFUSED, "sign_in", "", self._clock.now())

    def _journal(self, tx: Tx, id: MemberId, what: str) -> None:
        member = tx.get(Member, id)
        if member is not None:
            name = tx.pseudonym(member.key_id, member.id)
            tx.journal.write(name, Action.SIGNED_IN, what, name, self._clock.now())


def keep_link(tx: Tx, member: Member, secret: str, purpose: str, expires_at: datetime) -> None:
    """Keep the digest of a secret, and give the member an address in the browser if they have none.

    `expires_at` is real time, UTC.
    """
    if not tx.find(Account, member_id=member.id, platform=Platform.WEB):
        add_account(tx, member, Address(Platform.WEB, "", member.id))
    tx.add(Session(SessionId(digest(secret)), member.id, purpose, expires_at))
