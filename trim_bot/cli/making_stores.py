"""Makes the three stores of a new desk: for `migrate`, since nothing but it and a desk that starts makes any."""

from __future__ import annotations

from trim_bot.bootstrap.store_opening import must_not_be_empty
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.consistency.identity import holds_keys
from trim_bot.storage.deployment_notes import is_new_database
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.migrate import migrate
from trim_bot.storage.small_stores import NoStore


def make_stores(places: Places) -> None:
    """Make what is not there of the three stores: a key store where the data has no key, a ledger where it had none.

    Raises Closed, NewerSchema, NotTheOwner, StoreUnavailable.
    """
    must_not_be_empty(places)
    if is_new_database(places.data):
        # The data comes last: until it has tables, whoever was cut short here begins anew.
        SqlKeyStore(places.keys).close()
        _begin_ledger(places.ledger)
        migrate(places.data)
        return
    migrate(places.data)
    # Keys of an earlier version are given the tables they lack; those of this data are never made anew.
    if holds_keys(places.keys):
        SqlKeyStore(places.keys, create=False).close()


def _begin_ledger(url: str) -> None:
    """One that is there is left as it is: whether it is this desk's is seen when both are opened."""
    try:
        ErasureLedger(url, create=False, changes=False).close()
    except NoStore:
        ErasureLedger(url).close()
