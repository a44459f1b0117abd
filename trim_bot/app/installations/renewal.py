"""Renews the tokens of Slack workspaces before they end: one refresh call at a time for each, whoever sweeps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from trim_bot.app.installations.keeping import Installed, NotRenewed
from trim_bot.app.seam.ports import Report, Store, Tx
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import OrganisationId, new_id

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
        report: Report,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._pause = pause
        self._store = store
        self._slack = slack
        self._real = real
        self._report = report

    async def sweep(self) -> int:
        """Renew whatever ends soon; returns how many were renewed. One that fails does not stop the others."""
        renewed = 0
        for organisation in await self._store.organisations():
            id = OrganisationId(organisation.id)
            every = await self._store.read(id, lambda tx: tx.find(Installation))
            for _ in range(cannot_be_renewed(every)):
                self._report(f"slack token cannot be renewed, add the app again {new_id()}")
            for due in filter(self._is_due, every):
                try:
                    renewed += await self._renew(id, due.id)
                except SafeError as error:
                    self._report(f"slack token not renewed {type(error).__name__} {new_id()}")
        return renewed

    def _is_due(self, one: Installation) -> bool:
        real = self._real()
        ends_soon = one.expires_at is not None and one.expires_at - AHEAD <= real
        free = one.lease_until is None or one.lease_until <= real
        return ends_soon and free and bool(one.refresh)

    async def _renew(self, organisation: OrganisationId, workspace: str) -> bool:
        claimed = await self._store.write(organisation, lambda tx: self._claim(tx, workspace))
        if claimed is None:
            return False
        exchange = asyncio.create_task(self._exchange(organisation, claimed))
        try:
            return await asyncio.shield(exchange)
        except asyncio.CancelledError:
            # Once asked, Slack may have ended the old pair: stopping waits until the new one is kept.
            await asyncio.wait((exchange,))
            if not exchange.cancelled() and exchange.exception() is not None:
                self._report(f"slack token not renewed {type(exchange.exception()).__name__} {new_id()}")
            raise

    async def _exchange(self, organisation: OrganisationId, claimed: Installation) -> bool:
        """Ask for a new pair and keep it, or give the old one up where Slack will not take it again."""
        try:
            pair = await self._slack.renew(claimed.id.partition(":")[2], claimed.refresh)
        except NotRenewed as refusal:
            self._report(f"slack token refused {refusal.code} {new_id()}")
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

    def _claim(self, tx: Tx, workspace: str) -> Installation | None:
        held = tx.get(Installation, workspace)
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
