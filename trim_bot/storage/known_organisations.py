"""Remembers whose a workspace is, so that a gesture need not ask before its transaction; that compares it there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.site import Organisation

MOST = 2_000
"""Remembered; the one looked up longest ago is forgotten first."""


class LooksUpOrganisations(Protocol):
    """A store that is asked. Each raises StoreUnavailable."""

    async def organisation_at(self, workspace: ChatWorkspace) -> Organisation | None:
        """The organisation of a chat workspace, or None."""
        ...

    async def organisation_called(self, slug: str) -> Organisation | None:
        """The organisation with this slug, or None."""
        ...


class KnownOrganisations:
    """The part of a store that remembers organisations, as its port says of `known_at` and `known_called`."""

    def __init__(self, store: LooksUpOrganisations) -> None:
        self._store = store
        self._known: dict[tuple[str, str], Organisation] = {}

    async def known_at(self, workspace: ChatWorkspace, *, anew: bool = False) -> Organisation | None:
        """As `organisation_at`, from memory unless it is to be looked up `anew`.

        Whoever goes by it asks `Tx.is_still` in each transaction that rests on it.
        """
        return await self._held(
            ("at", workspace.text), lambda: self._store.organisation_at(workspace), anew=anew
        )

    async def known_called(self, slug: str, *, anew: bool = False) -> Organisation | None:
        """As `organisation_called`, in the same way."""
        return await self._held(("called", slug), lambda: self._store.organisation_called(slug), anew=anew)

    async def _held(
        self, name: tuple[str, str], ask: Callable[[], Awaitable[Organisation | None]], *, anew: bool
    ) -> Organisation | None:
        held = None if anew else self._known.get(name)
        if held is not None:
            return held
        self._known.pop(name, None)
        found = await ask()
        if found is not None:
            self._known[name] = found
            while len(self._known) > MOST:
                del self._known[next(iter(self._known))]
        return found
