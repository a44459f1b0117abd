"""Says which store is in trouble and why, in words for whoever has to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.settings import Settings, SettingsErrors, load_settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.small_stores import database_of

NAMES = {
    "data": "data (DATABASE_URL)",
    "keys": "key store (KEYSTORE_URL)",
    "ledger": "erasure ledger (LEDGER_URL)",
}
"""Each store as an administrator knows it."""


def store_of(database: str, settings: Settings) -> str:
    """Which store a file or the name of a database is: `data`, `keys` or `ledger`; empty where it is neither."""
    places = places_of(settings)
    for name, url in (("data", places.data), ("keys", places.keys), ("ledger", places.ledger)):
        held = database_of(url)
        if database and (held == database or Path(held).absolute() == Path(database).absolute()):
            return name
    return ""


def trouble_words(trouble: StoreTrouble, store: str) -> str:
    """One sentence for the cause, and one for what to do. `store` as `store_of` names it."""
    name = NAMES.get(store, "database")
    match trouble:
        case StoreTrouble.FULL:
            return f"The disk under the {name} is full. Make room there; the desk goes on by itself."
        case StoreTrouble.READ_ONLY:
            return f"The {name} can be read and not written. Look at the rights of its file and folder."
        case StoreTrouble.DAMAGED:
            return f"The {name} is damaged. Stop the desk, keep the file, and restore the newest backup."
        case StoreTrouble.BUSY:
            return f"Another process keeps the {name} locked. Try again when it has ended."
        case StoreTrouble.AWAY:
            return f"The {name} does not answer. Look at its address, and whether its server runs."
        case _:
            assert_never(trouble)


def unavailable_words(error: StoreUnavailable) -> str:
    """What the command line says of a store that could not be used."""
    try:
        store = store_of(error.database, load_settings())
    except SettingsErrors:
        store = ""
    return f"{trouble_words(error.trouble, store)} Nothing more was saved."
