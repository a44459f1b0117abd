"""Keeps the help numbers, which are shown without a database, the same as the settings in force."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.app.site_file.reading import NO_KEY
from trim_bot.app.workspaces.founding import Founder
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Site

HELP_SECONDS = 5 * 60
"""How often they are compared: whoever changed settings, in the browser or on another machine, waits no longer."""


class HelpShelf(Protocol):
    """Where help numbers are kept. Each of these does I/O, and raises SafeError when nothing could be changed."""

    def put(self, site: Site, *, instead_of: str = "") -> Callable[[], None]:
        """Keep those of one site, instead of those under another slug; gives what puts back what was there."""
        ...

    def put_all(self, sites: Sequence[Site]) -> bool:
        """Keep those of these sites alone; whether anything was different."""
        ...


async def settled_sites(store: Store, founder: Founder) -> list[Site]:
    """The settings in force of every organisation that has settled any. Raises StoreUnavailable."""
    found = []
    for organisation in await store.organisations():
        site = await store.read(OrganisationId(organisation.id), _site)
        if site is not None and replace(site, key_id=NO_KEY) != founder.as_founded(organisation.slug):
            found.append(site)
    return found


def _site(tx: Tx) -> Site | None:
    return tx.get(Site, "site")


async def keep_help(store: Store, founder: Founder, shelf: HelpShelf, tell: Tell) -> None:
    """Put the numbers in force on the shelf, where it holds others. Raises StoreUnavailable.

    Where nothing was ever settled the shelf is left alone: the databases may be new ones beside it.
    """
    sites = await settled_sites(store, founder)
    if not sites:
        return
    try:
        await asyncio.to_thread(shelf.put_all, sites)
    except SafeError as error:
        tell(LogEvent.HELP, error)
