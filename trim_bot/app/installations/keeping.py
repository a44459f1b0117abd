"""Keeps what Slack workspaces hand over, sealed, and renews it: one file, since what is renewed must be kept
at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.seam.ports import Clock, KeyDestroyer, Notes, Store, Tx
from trim_bot.app.workspaces.founding import Founder
from trim_bot.domain.chat_workspaces import ChatWorkspace, Installation
from trim_bot.domain.errors import SafeError, StoreUnavailable, TryLater
from trim_bot.domain.ids import KeyId, OrganisationId
from trim_bot.domain.people import Platform
from trim_bot.domain.records import Action

INSTALLER = "slack"
"""The journal's name for the administrator of a workspace, of whom Slack tells us nothing we keep."""
BEFORE = "was_at:"
"""Begins the note of which organisation a workspace had when it was disconnected."""
ADDED, REMOVED = "slack_added", "slack_removed"
SECOND = timedelta(seconds=1)
"""Slack tells the time of an event to the second."""


def workspace_of(team: str) -> ChatWorkspace:
    """The workspace of a team; its text is also the id of its installation."""
    return ChatWorkspace(Platform.SLACK, team)


class StoredInstallations:
    """Implements the Slack adapter's port `Installations` over the store."""

    def __init__(self, founder: Founder, keys: KeyDestroyer, notes: Notes, clock: Clock, tell: Tell) -> None:
        self._founder = founder
        self._store = founder.store
        self._keys = keys
        self._notes = notes
        self._clock = clock
        self._tell = tell

    async def find(self, team: str) -> Access | None:
        """The access to a team, or None. Raises TryLater."""
        try:
            organisation = await self._organisation_at(team)
            if organisation is None:
                return None
            held = await self._store.read(
                organisation, lambda tx: tx.get(Installation, workspace_of(team).text)
            )
        except SafeError:
            raise TryLater from None
        return Access(held.token, held.app_user) if held is not None else None

    async def teams(self) -> list[str]:
        """Every Slack team that is connected, in order. Raises TryLater."""
        try:
            every = await self._store.organisations()
        except SafeError:
            raise TryLater from None
        return sorted(at.name for one in every for at in one.workspaces if at.platform is Platform.SLACK)

    async def keep(self, installed: Installed) -> None:
        """Keep it under a key of its own, and destroy the key of an earlier one. Raises TryLater."""

        def body(tx: Tx) -> KeyId | None:
            earlier = tx.get(Installation, workspace_of(installed.team).text)
            tx.drop(Installation, workspace_of(installed.team).text)
            kept = Installation(
                workspace_of(installed.team).text,
                tx.new_key(),
                installed.token,
                installed.refresh,
                installed.app_user,
                installed.expires_at,
            )
            tx.add(kept)
            self._journal(tx, kept, ADDED)
            return earlier.key_id if earlier is not None else None

        try:
            before = await self._notes.get(BEFORE + workspace_of(installed.team).text)
            organisation = await self._founder.own_home(workspace_of(installed.team), before)
            await self._destroy(await self._store.write(OrganisationId(organisation.id), body))
        except SafeError:
            raise TryLater from None
        self._tell(LogEvent.SLACK_ADDED)

    async def removed(self, team: str, at: datetime | None) -> None:
        """Destroy what a team handed over and forget whose workspace it is. Raises TryLater.

        Slack may repeat an old notice: nothing happens when the app was added again after `at`.
        """

        def body(tx: Tx) -> tuple[bool, KeyId | None]:
            held = tx.get(Installation, workspace_of(team).text)
            if held is not None:
                if at is not None and _added_at(tx, held) > at + SECOND:
                    return False, None
                self._journal(tx, held, REMOVED)
            tx.drop(Installation, workspace_of(team).text)
            return True, held.key_id if held is not None else None

        try:
            organisation = await self._organisation_at(team)
            if organisation is None:
                return
            ended, key = await self._store.write(organisation, body)
            if not ended:
                self._tell(LogEvent.SLACK_ADDED_AGAIN)
                return
            # The team may come back, to what is its own and to nothing else.
            await self._notes.put(BEFORE + workspace_of(team).text, organisation)
            await self._store.disconnect(workspace_of(team))
            await self._destroy(key)
        except SafeError:
            raise TryLater from None
        self._tell(LogEvent.SLACK_REMOVED)

    def _journal(self, tx: Tx, installation: Installation, what: str) -> None:
        subject = tx.pseudonym(installation.key_id, installation.id)
        tx.journal.write(INSTALLER, Action.CHANGED, what, subject, self._clock.real())

    async def _organisation_at(self, team: str) -> OrganisationId | None:
        organisation = await self._store.organisation_at(workspace_of(team))
        return OrganisationId(organisation.id) if organisation is not None else None

    async def _destroy(self, key: KeyId | None) -> None:
        """At once; if this fails, the sweep for keys without rows does it within a day or so."""
        if key is not None:
            await asyncio.to_thread(self._keys.destroy, [key])


def _added_at(tx: Tx, installation: Installation) -> datetime:
    subject = tx.pseudonym(installation.key_id, installation.id)
    rows = [row.at for row in tx.journal.about([subject], 10) if row.what == ADDED]
    return max(rows, default=datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Installed:
    """What Slack hands over for one team."""

    team: str
    token: str = field(repr=False)
    app_user: str = ""
    refresh: str = field(default="", repr=False)
    """Swaps an ageing token for a new one, once; empty where tokens do not age."""
    expires_at: datetime | None = None
    """When the token ends, UTC."""


@dataclass(frozen=True, slots=True)
class Access:
    """What lets the app act in one workspace."""

    token: str = field(repr=False)
    app_user: str = ""
    """What the workspace calls the app's own account."""


class NotRenewed(SafeError):
    """The platform gave no new pair for a refresh token."""

    text = "The platform gave no new token"

    def __init__(self, code: str, *, used_up: bool) -> None:
        """`code` is the platform's word for it; `used_up` says that it will never take this one again."""
        super().__init__()
        self.code = code
        self.used_up = used_up


SWEEP_SECONDS = 60 * 60
AHEAD = timedelta(hours=2)
"""How long before its end a token is renewed; an hourly look has two tries at it."""
LEASE = timedelta(seconds=60)
"""How long one process may take; a call to Slack is given up far sooner."""
KEEP_AGAIN_SECONDS = (1.0, 5.0, 15.0)
"""Waits between the tries to keep a new pair, all within the lease: lost, the app would have to be added anew."""


class Renews(Protocol):
    """Asks Slack for a new pair."""

    async def renew(self, team: str, refresh: str) -> Installed:
        """The new pair; the old refresh token has ended by then. Raises NotRenewed, TryLater."""
        ...


class Renewal:
    """The sweep. Any number of processes may run it at once."""

    def __init__(
        self,
        store: Store,
        slack: Renews,
        real: Callable[[], datetime],
        tell: Tell,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._pause = pause
        self._store = store
        self._slack = slack
        self._real = real
        self._tell = tell

    async def sweep(self) -> int:
        """Renew whatever ends soon; returns how many were renewed. One that fails does not stop the others."""
        renewed = 0
        for organisation in await self._store.organisations():
            id = OrganisationId(organisation.id)
            every = await self._store.read(id, lambda tx: tx.find(Installation))
            for _ in range(cannot_be_renewed(every)):
                self._tell(LogEvent.RENEWAL_LOST)
            for due in filter(self._is_due, every):
                try:
                    renewed += await self._renew(id, due.id)
                except SafeError as error:
                    self._tell(LogEvent.RENEWAL_PUT_OFF, error)
        return renewed

    def _is_due(self, one: Installation) -> bool:
        real = self._real()
        ends_soon = one.expires_at is not None and one.expires_at - AHEAD <= real
        free = one.lease_until is None or one.lease_until <= real
        return ends_soon and free and bool(one.refresh)

    async def _renew(self, organisation: OrganisationId, installation: str) -> bool:
        claimed = await self._store.write(organisation, lambda tx: self._claim(tx, installation))
        if claimed is None:
            return False
        exchange = asyncio.create_task(self._exchange(organisation, claimed))
        try:
            return await asyncio.shield(exchange)
        except asyncio.CancelledError:
            # Once asked, Slack may have ended the old pair: stopping waits until the new one is kept.
            await asyncio.wait((exchange,))
            if not exchange.cancelled() and exchange.exception() is not None:
                self._tell(LogEvent.RENEWAL_PUT_OFF, exchange.exception())
            raise

    async def _exchange(self, organisation: OrganisationId, claimed: Installation) -> bool:
        """Ask for a new pair and keep it, or give the old one up where Slack will not take it again."""
        try:
            pair = await self._slack.renew(ChatWorkspace.parse(claimed.id).name, claimed.refresh)
        except NotRenewed as refusal:
            self._tell(LogEvent.RENEWAL_REFUSED, about=refusal.code)
            if refusal.used_up:
                await self._store.write(organisation, lambda tx: _give_up(tx, claimed))
            return False
        # Kept before anybody uses it: what Slack gave exists nowhere else.
        for wait in KEEP_AGAIN_SECONDS:
            try:
                return await self._store.write(organisation, lambda tx: _keep(tx, claimed, pair))
            except StoreUnavailable:
                await self._pause(wait)
        return await self._store.write(organisation, lambda tx: _keep(tx, claimed, pair))

    def _claim(self, tx: Tx, installation: str) -> Installation | None:
        held = tx.get(Installation, installation)
        if held is None or not self._is_due(held):
            return None
        tx.save(replace(held, lease_until=self._real() + LEASE))
        return held


def _keep(tx: Tx, claimed: Installation, pair: Installed) -> bool:
    """Put the new pair in the place of the old, unless the app was added anew or taken out meanwhile."""
    held = tx.get(Installation, claimed.id)
    if held is None or held.refresh != claimed.refresh:
        return False
    tx.save(
        replace(
            held,
            token=pair.token,
            refresh=pair.refresh,
            app_user=pair.app_user or held.app_user,
            expires_at=pair.expires_at,
            lease_until=None,
        )
    )
    return True


def _give_up(tx: Tx, claimed: Installation) -> None:
    """A refresh token that was used once is never sent again; the token itself works until it ends."""
    held = tx.get(Installation, claimed.id)
    if held is not None and held.refresh == claimed.refresh:
        tx.save(replace(held, refresh="", lease_until=None))


def cannot_be_renewed(installations: Iterable[Installation]) -> int:
    """How many have a token that ends and nothing to renew it with."""
    return sum(one.expires_at is not None and not one.refresh for one in installations)
