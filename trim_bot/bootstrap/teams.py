"""Wires Teams where it is set up, and nothing of it elsewhere; sees that its tenant has its organisation."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.ports import Store
from trim_bot.app.workspaces.reaching import Reaching
from trim_bot.bootstrap.chats import Chats
from trim_bot.bootstrap.command_names import CommandNames
from trim_bot.bootstrap.founding import workspace_home
from trim_bot.bootstrap.front import People
from trim_bot.bootstrap.reporting import report
from trim_bot.bootstrap.slack import LateDesk
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.people import Address
from trim_bot.settings import Settings

if TYPE_CHECKING:
    from integrations.teams.adapter import Teams

Listed = Callable[[Actor], Awaitable[People]]
"""Whom the desk may list to somebody."""
KNOWN_SECONDS = 60.0
"""How long a tenant that has its organisation counts as known without asking the store."""
FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0


class LatePresence:
    """Stands for what keeps people's routes until there is a desk, which needs the adapter."""

    def __init__(self) -> None:
        self._reaching: Reaching | None = None

    def become(self, reaching: Reaching) -> None:
        """From now on, be this one."""
        self._reaching = reaching

    async def arrived(self, address: Address, route: str) -> None:
        """Somebody has the app now. Raises StoreUnavailable, also before there is a desk."""
        await self._there().arrived(address, route)

    async def wrote(self, address: Address, route: str) -> None:
        """Somebody wrote to the app. Raises StoreUnavailable, also before there is a desk."""
        await self._there().wrote(address, route)

    async def seen(self, address: Address, route: str) -> None:
        """Somebody was heard from there. Raises StoreUnavailable, also before there is a desk."""
        await self._there().seen(address, route)

    async def gone(self, address: Address) -> None:
        """Somebody has the app no more. Raises StoreUnavailable, also before there is a desk."""
        await self._there().gone(address)

    def _there(self) -> Reaching:
        if self._reaching is None:
            raise StoreUnavailable
        return self._reaching


class LatePeople:
    """Stands for the list of people until there is a desk, which needs the adapter."""

    def __init__(self) -> None:
        self._listed: Listed | None = None

    def become(self, listed: Listed) -> None:
        """From now on, ask this."""
        self._listed = listed

    async def listed(self, actor: Actor) -> People:
        """Whom the desk may list to somebody. Raises StoreUnavailable, also before there is a desk."""
        if self._listed is None:
            raise StoreUnavailable
        return await self._listed(actor)


class KnownTenants:
    """Whether a tenant has an organisation here; only a yes is remembered, for a short while.

    While the store is away it is remembered for longer.
    """

    def __init__(self, store: Store, only: str, seconds: Callable[[], float] = time.monotonic) -> None:
        """`only` is the one tenant that is served; empty where every connected one is."""
        self._store = store
        self._only = only
        self._seconds = seconds
        self._until: dict[str, float] = {}

    async def knows(self, tenant: str) -> bool:
        """Whether its people may be heard; the desk looks again for each gesture.

        Raises StoreUnavailable, also while the tenant of the settings waits for its organisation.
        """
        if self._seconds() < self._until.get(tenant, 0.0):
            return True
        if self._only and tenant != self._only:
            return False
        try:
            organisation = await self._store.organisation_at(f"teams:{tenant}")
        except StoreUnavailable:
            if tenant in self._until:
                # The desk looks for itself, and says in words that nothing was saved; a bare refusal says nothing.
                return True
            raise
        if organisation is None:
            self._until.pop(tenant, None)
            if self._only:
                # Its organisation is about to be made: what comes before that comes again, and is not lost.
                raise StoreUnavailable
            return False
        self._until[tenant] = self._seconds() + KNOWN_SECONDS
        return True


def make_teams(
    settings: Settings,
    desk: LateDesk,
    presence: LatePresence,
    people: LatePeople,
    names: CommandNames,
    store: Store,
    chats: Chats,
) -> Teams | None:
    """The adapter, or None where Teams is not set up."""
    if not settings.teams_configured:
        return None
    # Only here, so that a desk without Teams starts without its libraries.
    from integrations.teams.adapter import build_teams
    from integrations.teams.outbound import App
    from trim_bot.locale.windows_zones import iana_zone

    async def first_word(tenant: str, typed: str) -> str | None:
        return await names.first_word(f"teams:{tenant}", typed)

    app = App(
        settings.teams_app_id,
        settings.teams_app_password.get_secret_value(),
        settings.teams_tenant_id.lower(),
        settings.teams_service_hosts,
        settings.entra_authority,
        settings.graph_url,
    )
    return build_teams(
        desk,
        app,
        openid_url=settings.teams_openid_url,
        knows=KnownTenants(store, settings.teams_tenant_id.lower()).knows,
        first_word=first_word,
        presence=presence,
        listed=people.listed,
        iana_zone=iana_zone,
        link=settings.public_url,
        report=report,
        ways=chats.ways,
        heard=chats.heard_from("teams"),
    )


async def tenant_home(tenant: str, store: Store, public_url: str) -> bool:
    """See that the tenant of the settings has its organisation; whether that is so. Asks nobody but the store."""
    if tenant:
        try:
            await workspace_home(store, f"teams:{tenant.lower()}", public_url)
        except SafeError as error:
            report(f"teams tenant not settled {type(error).__name__}")
            return False
    return True


async def settle_tenant(
    tenant: str,
    store: Store,
    public_url: str,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """See that the tenant of the settings has its organisation, however long the store takes to answer."""
    wait = FIRST_WAIT_SECONDS
    while not await tenant_home(tenant, store, public_url):
        await pause(wait)
        wait = min(LONGEST_WAIT_SECONDS, wait * 2)
