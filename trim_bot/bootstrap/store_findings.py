"""Looks at each store by itself for `doctor`: whether it takes a write, and whether it is whole."""

from __future__ import annotations

import asyncio

from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.findings import Finding, fail, ok
from trim_bot.bootstrap.places import places_of
from trim_bot.bootstrap.readiness import WORDS, reason_of
from trim_bot.bootstrap.store_words import NAMES, trouble_words
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.storage.database_state import check_integrity, try_writing


async def store_findings(deployment: Deployment) -> list[Finding]:
    """One line for each store."""
    places = places_of(deployment.settings)
    urls = {"data": places.data, "keys": places.keys, "ledger": places.ledger}
    return [await asyncio.to_thread(_look, name, url) for name, url in urls.items()]


def _look(name: str, url: str) -> Finding:
    try:
        check_integrity(url)
        try_writing(url)
    except StoreUnavailable as error:
        return fail("stores", trouble_words(error.trouble, name))
    except SafeError as error:
        return fail("stores", f"{NAMES[name]}: {WORDS[reason_of(error)]}")
    return ok("stores", f"The {NAMES[name]} is whole and takes a write.")
