"""Destroys data keys that no row was sealed under: what is left when a commit of the data never came."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

from trim_bot.app.ports import Store
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import OrganisationId
from trim_bot.storage.doomed import referenced_keys
from trim_bot.storage.erasure import KeyDestroyer, connection_of

GRACE = timedelta(hours=24)
"""A key this young may yet be used; the vault gives up a spare long before."""


class KeyList(Protocol):
    """What the sweep asks of the key store."""

    def older_than(self, when: datetime, /) -> list[str]:
        """Ids of the keys made before `when`."""
        ...

    def all_ids(self) -> list[str]:
        """The id of every key."""
        ...


class StoresDisagree(SafeError):
    """The key store does not belong to this data: nothing was destroyed."""

    def __init__(self) -> None:
        super().__init__("The key store does not belong to this data")


async def destroy_orphans(
    store: Store, key_list: KeyList, keys: KeyDestroyer, real: datetime, *, dry_run: bool = False
) -> int:
    """Destroy keys made over 24 hours before `real` (UTC) that no row refers to; returns how many.

    An empty database would make every key an orphan, so nothing is done before there is an organisation, and
    `StoresDisagree` is raised when the key of one is missing.
    """
    organisations = await store.organisations()
    if not organisations:
        return 0
    known = set(await asyncio.to_thread(key_list.all_ids))
    if any(organisation.key_id not in known for organisation in organisations):
        raise StoresDisagree
    # Old keys first, references after: a key that came into use in between is then seen in use.
    old = await asyncio.to_thread(key_list.older_than, real - GRACE)
    used = await store.read(OrganisationId(""), lambda tx: referenced_keys(connection_of(tx)))
    orphans = [key for key in old if key not in used]
    if orphans and not dry_run:
        await asyncio.to_thread(keys.destroy, orphans)
    return len(orphans)
