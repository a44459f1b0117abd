"""Which organisations a ledger says are gone, asked before the ledger is opened to be used."""

from __future__ import annotations

from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.small_stores import NoStore


def removed_from(url: str) -> frozenset[str]:
    """The organisations that were removed or are being removed; none where there is no ledger at this address.

    Raises StoreUnavailable.
    """
    try:
        ledger = ErasureLedger(url, create=False, changes=False)
    except NoStore:
        return frozenset()
    try:
        return ledger.removed_organisations()
    finally:
        ledger.close()
