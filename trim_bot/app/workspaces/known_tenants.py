"""Which tenants people may be heard from, asked for every request and so remembered for a short while."""

from __future__ import annotations

import time
from collections.abc import Callable

from trim_bot.app.seam.ports import Store
from trim_bot.domain.errors import StoreUnavailable

KNOWN_SECONDS = 60.0
"""How long a tenant that has its organisation counts as known without asking the store."""


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
