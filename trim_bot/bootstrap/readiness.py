"""Why a deployment cannot be served now: the code for every error, and words for whoever mends it."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from trim_bot.app.watch.not_ready import NotReady
from trim_bot.app.watch.platform_words import platform_words
from trim_bot.crypto.errors import CryptoError, KeyringMissing, KeyServiceAway, KeyServiceRefused
from trim_bot.domain.errors import SafeError, StoreTrouble, StoreUnavailable
from trim_bot.domain.outages import Outage, OutagePart
from trim_bot.settings.checks import SettingsErrors
from trim_bot.settings.environment import Settings, load_settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.consistency.identity import StoreMismatch, StoresMismatched
from trim_bot.storage.database_state import restore_pending
from trim_bot.storage.errors import (
    FIND_LEDGER,
    LEDGER_LOST,
    MovedLedger,
    OlderKeyStore,
    OlderLedger,
    OtherAnchor,
    OtherKeyring,
    OtherLedger,
)
from trim_bot.storage.ledger.anchor import AnchorUnreadable
from trim_bot.storage.ledger.erasure_ledger import NoLedger
from trim_bot.storage.migrate import NewerSchema, pending
from trim_bot.storage.small_stores import NoStore, place_of

WORDS = {
    NotReady.STARTING: "The desk is starting.",
    NotReady.KEYS_MISSING: "There is no keyring at the address in TRIM_BOT_KEYRING.",
    NotReady.KEYS_UNREADABLE: "The keyring cannot be read. Its file needs mode 0600 and must be whole.",
    NotReady.KEYS_WRONG: "This keyring does not belong to the stored keys.",
    NotReady.KEY_SERVICE_AWAY: "The key service does not answer. Look at its address, and whether it is unsealed.",
    NotReady.KEY_SERVICE_REFUSED: "The key service does not open this keyring. Look at its token and key.",
    NotReady.DATABASE: "A database does not answer.",
    NotReady.DISK_FULL: "The disk under a database is full.",
    NotReady.READ_ONLY: "A database can be read and not written.",
    NotReady.DAMAGED: "A database is damaged. Keep its file, and restore the newest backup.",
    NotReady.BUSY: "Another process keeps a database locked.",
    NotReady.LOGIN_REFUSED: "The login of a database may not do what this process does. See trim-bot database roles.",
    NotReady.DATA_MISSING: "The database is empty, but there are stored keys. Check DATABASE_URL.",
    NotReady.DATA_OLDER: "This is an older copy of the data than its keys know. Check DATABASE_URL, or use restore.",
    NotReady.KEY_STORE_WRONG: "Data and key store do not belong together. Check KEYSTORE_URL and DATABASE_URL.",
    NotReady.KEY_STORE_OLDER: "This is an older copy of the keys than the data knows. Check KEYSTORE_URL.",
    NotReady.MIGRATIONS_PENDING: "The database belongs to an earlier version. Run trim-bot migrate.",
    NotReady.NEWER_SCHEMA: "The database belongs to a later version of this program.",
    NotReady.LEDGER_MISSING: "The whole erasure ledger of this data is not there, and it is never made anew. "
    f"Check LEDGER_URL. {FIND_LEDGER}. {LEDGER_LOST}.",
    NotReady.LEDGER_OLDER: f"{OlderLedger.text}.",
    NotReady.LEDGER_MOVED: "The erasure ledger was moved away from LEDGER_URL. Set it to the new address: "
    "trim-bot doctor names it.",
    NotReady.ANCHOR_OTHER: f"{OtherAnchor.text}.",
    NotReady.ANCHOR_UNREADABLE: f"{AnchorUnreadable.text}.",
    NotReady.NOTHING_KEPT: "Nothing is kept at these addresses yet. Check DATABASE_URL, or run trim-bot migrate.",
    NotReady.OTHER_CLOCK: "Practice data and real data are kept apart. Check DATABASE_URL and TRIM_BOT_CLOCK.",
    NotReady.CLOCK_STOPPED: "Due work has not been looked at for minutes. See the log, and start the desk again.",
    NotReady.WORKER_GONE: "No worker is running, so nothing that is due happens. Start trim-bot worker.",
    NotReady.RESTORE_PENDING: "A restore has not ended. Run trim-bot restore again, into empty databases.",
}
"""What an administrator is told."""

ABOUT = {
    NotReady.LEDGER_MISSING: "LEDGER_URL",
    NotReady.LEDGER_OLDER: "LEDGER_URL",
    NotReady.LEDGER_MOVED: "LEDGER_URL",
    NotReady.ANCHOR_OTHER: "ANCHOR_URL",
    NotReady.ANCHOR_UNREADABLE: "ANCHOR_URL",
}
"""The variable that the log names beside a reason, to be looked at first."""


_APART = {
    StoreMismatch.DATA_MISSING: NotReady.DATA_MISSING,
    StoreMismatch.DATA_OLDER: NotReady.DATA_OLDER,
    StoreMismatch.KEYS_OTHER: NotReady.KEY_STORE_WRONG,
    StoreMismatch.KEYS_OLDER: NotReady.KEY_STORE_OLDER,
    StoreMismatch.LEDGER_OTHER: NotReady.LEDGER_MISSING,
}


class Closed(SafeError):
    """The deployment cannot be opened now."""

    def __init__(self, reason: NotReady, said: str = "") -> None:
        """`said` takes the place of the words that any deployment is told."""
        super().__init__(said or WORDS[reason])
        self.reason = reason


_TROUBLES = {
    StoreTrouble.FULL: NotReady.DISK_FULL,
    StoreTrouble.READ_ONLY: NotReady.READ_ONLY,
    StoreTrouble.DAMAGED: NotReady.DAMAGED,
    StoreTrouble.BUSY: NotReady.BUSY,
    StoreTrouble.REFUSED: NotReady.LOGIN_REFUSED,
    StoreTrouble.HELD_BACK: NotReady.BUSY,
    StoreTrouble.AWAY: NotReady.DATABASE,
}


_MEANS: tuple[tuple[type[SafeError], NotReady], ...] = (
    (KeyringMissing, NotReady.KEYS_MISSING),
    (KeyServiceAway, NotReady.KEY_SERVICE_AWAY),
    (KeyServiceRefused, NotReady.KEY_SERVICE_REFUSED),
    (OtherKeyring, NotReady.KEYS_WRONG),
    (CryptoError, NotReady.KEYS_UNREADABLE),
    (MovedLedger, NotReady.LEDGER_MOVED),
    (OtherAnchor, NotReady.ANCHOR_OTHER),
    (OlderLedger, NotReady.LEDGER_OLDER),
    (AnchorUnreadable, NotReady.ANCHOR_UNREADABLE),
    (OtherLedger, NotReady.LEDGER_MISSING),
    (NoLedger, NotReady.LEDGER_MISSING),
    (OlderKeyStore, NotReady.MIGRATIONS_PENDING),
    (NewerSchema, NotReady.NEWER_SCHEMA),
)
"""What stands in the way where an error is of this kind; the first that fits counts."""


def reason_of(error: SafeError) -> NotReady:
    """What an error met while opening means."""
    match error:
        case Closed(reason=reason):
            return reason
        case StoresMismatched(how=how):
            return _APART[how]
        case StoreUnavailable(trouble=trouble):
            return _TROUBLES[trouble]
        case _:
            return next((reason for kind, reason in _MEANS if isinstance(error, kind)), NotReady.DATABASE)


def words_of(error: SafeError) -> str:
    """What an administrator is told of an error met while opening: its own text where that says more."""
    if isinstance(error, Closed | OtherLedger | NoLedger | AnchorUnreadable):
        return str(error) if str(error).endswith(".") else f"{error}."
    return WORDS[reason_of(error)]


def fault_of_data(url: str) -> NotReady | None:
    """What stands in the way at the data's address, or None. It asks the database, so not from a loop."""
    try:
        if pending(url):
            return NotReady.MIGRATIONS_PENDING
        return NotReady.RESTORE_PENDING if restore_pending(url) else None
    except NoStore:
        return NotReady.MIGRATIONS_PENDING
    except SafeError as error:
        return reason_of(error)


NAMES = {
    "data": "data (DATABASE_URL)",
    "keys": "key store (KEYSTORE_URL)",
    "ledger": "erasure ledger (LEDGER_URL)",
}
"""Each store as an administrator knows it."""
VARIABLES = {
    OutagePart.DATA: "DATABASE_URL",
    OutagePart.KEYS: "KEYSTORE_URL",
    OutagePart.LEDGER: "LEDGER_URL",
}
"""Where each store is named."""


def store_of(database: str, settings: Settings) -> str:
    """Which store a place is, as `StoreUnavailable` names it: `data`, `keys` or `ledger`; empty where it is neither."""
    places = places_of(settings)
    for name, url in (("data", places.data), ("keys", places.keys), ("ledger", places.ledger)):
        held = place_of(url)
        if database and (held == database or Path(held).absolute() == Path(database).absolute()):
            return name
    return ""


def outage_of(error: StoreUnavailable, settings: Settings) -> tuple[OutagePart, str, str]:
    """Which store an error is about, why, and the variable to look at."""
    part = OutagePart(store_of(error.database, settings) or OutagePart.DATA.value)
    return part, reason_of(error).value, VARIABLES[part]


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
        case StoreTrouble.REFUSED:
            return f"The login of the {name} may not do this. Use the owner's, or run trim-bot migrate with it first."
        case StoreTrouble.HELD_BACK:
            return (
                "More records were opened in an hour than ordinary use asks for. The rest goes on in a while."
            )
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


def outage_words(outage: Outage) -> str:
    """What an administrator reads of an outage: the cause, and what to do. Nothing in it is about a person."""
    if (said := platform_words(outage)) is not None:
        return said
    cause = next((WORDS[reason] for reason in NotReady if reason.value == outage.cause), "It does not work.")
    store = NAMES.get(outage.part.value)
    return f"The {store}: {cause}" if store else cause
