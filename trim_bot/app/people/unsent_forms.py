"""Forms that could not be sent, kept for whoever typed them until they are signed in again in the same browser.

Each is sealed with a cookie that this browser was given for it, and says whose it is: nobody else is told of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from trim_bot.app.people.kept_pages import keep_page
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.page_again import PageAgain, PageKey
from trim_bot.app.seam.ports import Clock, Store, Tokens, Tx
from trim_bot.domain.ids import KeptPageId, MemberId, OrganisationId, SessionId
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.domain.people import Address
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import KeptPage, Session


@dataclass(frozen=True, slots=True)
class UnsentLine:
    """When one form was kept, and for which browser: its text, which may be long, stays where it is."""

    id: KeptPageId
    holder: str
    kept_at: datetime


class KeptSealed(Protocol):
    """What forms are kept with."""

    @property
    def store(self) -> Store: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def tokens(self) -> Tokens: ...


class UnsentForms:
    """Keeps, tells of, and gives back what was typed. Raises StoreUnavailable where the store is away."""

    def __init__(self, outside: KeptSealed) -> None:
        self._outside = outside

    async def keep(self, typed_by: Address, page: PageAgain, key: PageKey) -> bool:
        """Keep one form, in place of their oldest where many wait; False where nobody has this address any more."""
        organisation = await self._organisation(typed_by)
        if organisation is None:
            return False

        def body(tx: Tx) -> bool:
            member = member_at(tx, typed_by)
            if member is None or member.left:
                return False
            _make_room(tx, member.id)
            return keep_page(tx, self._outside.tokens, key, member.id, page, self._outside.clock.real())

        with keys_for(KeyUse.OWN):
            return await self._outside.store.write(organisation, body)

    async def of(self, address: Address, secret: str) -> list[str]:
        """The ids of somebody's own, the newest first."""
        organisation = await self._organisation(address)
        if organisation is None:
            return []
        with keys_for(KeyUse.OWN):
            found = await self._outside.store.read(organisation, lambda tx: self._own(tx, address, secret))
        return [page.id for page in found]

    async def take(self, address: Address, secret: str, id: str, key: PageKey) -> bool:
        """Put one under another key; False where it is not there any more, or somebody else's."""
        organisation = await self._organisation(address)
        if organisation is None:
            return False
        tokens = self._outside.tokens

        def body(tx: Tx) -> bool:
            own = any(line.id == id for line in self._own(tx, address, secret))
            kept = tx.get(KeptPage, KeptPageId(id)) if own else None
            text = tokens.open_for(secret, tx.organisation, id, kept.kept) if kept is not None else None
            if kept is None or text is None:
                return False
            tx.drop(KeptPage, KeptPageId(id))
            page = PageAgain.from_text(text)
            return keep_page(tx, tokens, key, kept.member_id, page, self._outside.clock.real())

        with keys_for(KeyUse.OWN):
            return await self._outside.store.write(organisation, body)

    async def drop(self, address: Address, secret: str) -> None:
        """Forget somebody's own."""
        organisation = await self._organisation(address)
        if organisation is None:
            return

        def body(tx: Tx) -> None:
            for page in self._own(tx, address, secret):
                tx.drop(KeptPage, page.id)

        with keys_for(KeyUse.OWN):
            await self._outside.store.write(organisation, body)

    def _own(self, tx: Tx, address: Address, secret: str) -> list[UnsentLine]:
        member = member_at(tx, address)
        if member is None or not secret:
            return []
        since = self._outside.clock.real() - POLICY.session_lasts
        found = tx.lines(UnsentLine, KeptPage, holder=PageKey(secret, "").holder, member_id=member.id)
        return sorted((line for line in found if line.kept_at >= since), key=_when, reverse=True)

    async def _organisation(self, address: Address) -> OrganisationId | None:
        found = await self._outside.store.known_called(address.workspace)
        return OrganisationId(found.id) if found is not None else None


def _when(line: UnsentLine) -> datetime:
    return line.kept_at


def _make_room(tx: Tx, member: MemberId) -> None:
    """Let the oldest of somebody's go, so that one more is not too many; pages of their open sessions stay."""
    lines = tx.lines(UnsentLine, KeptPage, member_id=member)
    sessions = tx.get_many(Session, {SessionId(line.holder) for line in lines})
    unsent = sorted((line for line in lines if SessionId(line.holder) not in sessions), key=_when)
    for line in unsent[: max(0, len(unsent) + 1 - POLICY.unsent_kept)]:
        tx.drop(KeptPage, line.id)
