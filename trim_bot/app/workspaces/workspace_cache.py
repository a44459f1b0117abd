"""What every request asks of its workspace and is remembered for a short while: whether it is known, and
its commands' names.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from trim_bot.app.desk.reader_language import first_of
from trim_bot.app.seam.languages import Language, Languages, SpokenAt
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.app.words.adapter_words import Names
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Address, Platform
from trim_bot.domain.site import Site

FRESH_SECONDS = 15.0
"""Names this old are still used, and looked up anew meanwhile."""
HASTE_SECONDS = 2.0
"""A word nobody knows is looked up at once, unless the names are younger than this."""
PATIENCE_SECONDS = 1.0
"""How long a command may wait for a look-up, in real time."""
FirstWord = Callable[[str, str], Awaitable[str | None]]
"""Takes a workspace and what was typed in it without its slash; the desk's own first word, or None."""
MOST = 2000
"""Workspaces remembered; the one looked up longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class _KnownNames:
    names: Names
    at: float


class CommandNames:
    """Remembers the names of each workspace.

    While the store is away what was known is used, or else the shipped words. Must be closed.
    """

    def __init__(self, store: Store, seconds: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._seconds = seconds
        self._held: dict[ChatWorkspace, _KnownNames] = {}
        self._looking: dict[ChatWorkspace, asyncio.Task[None]] = {}

    def known(self, workspace: ChatWorkspace) -> Names:
        """The names as far as they are known, without asking the store."""
        held = self._held.get(workspace)
        return held.names if held is not None else Names()

    def at(self, address: Address) -> Names:
        """The names to show somebody, as far as they are known."""
        return self.known(ChatWorkspace.of(address))

    async def names(self, workspace: ChatWorkspace) -> Names:
        """The names of a workspace, at most a few seconds old unless the store is away."""
        held = self._held.get(workspace)
        if held is None:
            await self._look(workspace)
        elif self._seconds() - held.at > FRESH_SECONDS:
            self._begin(workspace)
        return self.known(workspace)

    async def first_word(self, workspace: ChatWorkspace, typed: str) -> str | None:
        """The desk's own first word for what was typed without its slash; None when it is no command there."""
        word = (await self.names(workspace)).first_word(typed)
        if word is not None:
            return word
        held = self._held.get(workspace)
        if held is None or self._seconds() - held.at > HASTE_SECONDS:
            await self._look(workspace)
        return self.known(workspace).first_word(typed)

    def first_word_on(self, platform: Platform) -> FirstWord:
        """`first_word` for the workspaces of one platform, by what that calls each."""

        async def first_word(workspace: str, typed: str) -> str | None:
            return await self.first_word(ChatWorkspace(platform, workspace), typed)

        return first_word

    def spoken_on(self, platform: Platform, languages: Languages) -> SpokenAt:
        """The language of what everybody in a workspace of one platform sees alike."""

        async def spoken(workspace: str) -> Language:
            names = await self.names(ChatWorkspace(platform, workspace))
            return first_of(names.languages, languages)

        return spoken

    async def close(self) -> None:
        """End every look-up."""
        looking = tuple(self._looking.values())
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)

    async def _look(self, workspace: ChatWorkspace) -> None:
        """Look up at once, and wait for it for a moment at most."""
        await asyncio.wait({self._begin(workspace)}, timeout=PATIENCE_SECONDS)

    def _begin(self, workspace: ChatWorkspace) -> asyncio.Task[None]:
        """One look-up of a workspace at a time."""
        task = self._looking.get(workspace)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._read(workspace))
            self._looking[workspace] = task
            task.add_done_callback(lambda _: self._looking.pop(workspace, None))
        return task

    async def _read(self, workspace: ChatWorkspace) -> None:
        try:
            names = await self._of(workspace)
        except SafeError:
            return
        self._held.pop(workspace, None)
        self._held[workspace] = _KnownNames(names, self._seconds())
        while len(self._held) > MOST:
            del self._held[next(iter(self._held))]

    async def _of(self, workspace: ChatWorkspace) -> Names:
        if workspace.platform is Platform.WEB:
            organisation = await self._store.organisation_called(workspace.name)
        else:
            organisation = await self._store.organisation_at(workspace)
        if organisation is None:
            return Names()
        site = await self._store.read(OrganisationId(organisation.id), _site)
        return Names(site.work_command, site.ask_command, site.languages) if site is not None else Names()


def _site(tx: Tx) -> Site | None:
    return tx.get(Site, "site")


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
            organisation = await self._store.organisation_at(ChatWorkspace(Platform.TEAMS, tenant))
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
