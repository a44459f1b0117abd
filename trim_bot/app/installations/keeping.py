"""Keeps what Slack workspaces hand over when the app is added: sealed, in each one's organisation,
destroyed with it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from trim_bot.app.seam.ports import Clock, KeyDestroyer, Notes, Report, Tx
from trim_bot.app.workspaces.founding import Founder
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.errors import SafeError, TryLater
from trim_bot.domain.ids import KeyId, OrganisationId
from trim_bot.domain.records import Action

INSTALLER = "slack"
"""The journal's name for the administrator of a workspace, of whom Slack tells us nothing we keep."""
BEFORE = "was_at:"
"""Begins the note of which organisation a workspace had when it was disconnected."""
ADDED, REMOVED = "slack_added", "slack_removed"
SECOND = timedelta(seconds=1)
"""Slack tells the time of an event to the second."""


def workspace_of(team: str) -> str:
    """The workspace of a team, which is also the id of its installation."""
    return f"slack:{team}"


class StoredInstallations:
    """Implements the Slack adapter's port `Installations` over the store."""

    def __init__(
        self, founder: Founder, keys: KeyDestroyer, notes: Notes, clock: Clock, report: Report
    ) -> None:
        self._founder = founder
        self._store = founder.store
        self._keys = keys
        self._notes = notes
        self._clock = clock
        self._report = report

    async def find(self, team: str) -> Access | None:
        """The access to a team, or None. Raises TryLater."""
        try:
            organisation = await self._organisation_at(team)
            if organisation is None:
                return None
            held = await self._store.read(organisation, lambda tx: tx.get(Installation, workspace_of(team)))
        except SafeError:
            raise TryLater from None
        return Access(held.token, held.app_user) if held is not None else None

    async def keep(self, installed: Installed) -> None:
        """Keep it under a key of its own, and destroy the key of an earlier one. Raises TryLater."""

        def body(tx: Tx) -> KeyId | None:
            earlier = tx.get(Installation, workspace_of(installed.team))
            tx.drop(Installation, workspace_of(installed.team))
            kept = Installation(
                workspace_of(installed.team),
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
            before = await self._notes.get(BEFORE + workspace_of(installed.team))
            organisation = await self._founder.own_home(workspace_of(installed.team), before)
            await self._destroy(await self._store.write(OrganisationId(organisation.id), body))
        except SafeError:
            raise TryLater from None
        self._report("slack workspace added")

    async def removed(self, team: str, at: datetime | None) -> None:
        """Destroy what a team handed over and forget whose workspace it is. Raises TryLater.

        Slack may repeat an old notice: nothing happens when the app was added again after `at`.
        """

        def body(tx: Tx) -> tuple[bool, KeyId | None]:
            held = tx.get(Installation, workspace_of(team))
            if held is not None:
                if at is not None and _added_at(tx, held) > at + SECOND:
                    return False, None
                self._journal(tx, held, REMOVED)
            tx.drop(Installation, workspace_of(team))
            return True, held.key_id if held is not None else None

        try:
            organisation = await self._organisation_at(team)
            if organisation is None:
                return
            ended, key = await self._store.write(organisation, body)
            if not ended:
                self._report("slack workspace was added again since")
                return
            # The team may come back, to what is its own and to nothing else.
            await self._notes.put(BEFORE + workspace_of(team), organisation)
            await self._store.disconnect(workspace_of(team))
            await self._destroy(key)
        except SafeError:
            raise TryLater from None
        self._report("slack workspace removed")

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

    def __init__(self, code: str, *, used_up: bool) -> None:
        """`code` is the platform's word for it; `used_up` says that it will never take this one again."""
        super().__init__("The platform gave no new token")
        self.code = code
        self.used_up = used_up
