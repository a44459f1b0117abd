"""Why a deployment cannot be served now: the code for every error, and words for whoever mends it."""

from __future__ import annotations

from pathlib import Path

from trim_bot.app.watch.altered_words import altered_words
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.app.watch.not_ready_words import (
    PLAIN_WORDS,
    STORE_NAMES,
    STORE_VARIABLES,
    WEB_GONE_WORDS,
    trouble_words,
)
from trim_bot.app.watch.platform_words import platform_words
from trim_bot.crypto.errors import CryptoError, KeyringMissing, KeyServiceAway, KeyServiceRefused
from trim_bot.domain.errors import RecordAltered, SafeError, StoreTrouble, StoreUnavailable
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
from trim_bot.storage.schema_version import NewerSchema, pending
from trim_bot.storage.small_stores import NoStore, place_of

WORDS = {
    **PLAIN_WORDS,
    NotReady.LEDGER_MISSING: "The whole erasure ledger of this data is not there, and it is never made anew. "
    f"Check LEDGER_URL. {FIND_LEDGER}. {LEDGER_LOST}.",
    NotReady.LEDGER_OLDER: f"{OlderLedger.text}.",
    NotReady.ANCHOR_OTHER: f"{OtherAnchor.text}.",
    NotReady.ANCHOR_UNREADABLE: f"{AnchorUnreadable.text}.",
}
"""What an administrator is told."""

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
    StoreTrouble.NOT_LET_IN: NotReady.NOT_LET_IN,
    StoreTrouble.HELD_BACK: NotReady.BUSY,
    StoreTrouble.AWAY: NotReady.DATABASE,
}


_MEANS: tuple[tuple[type[SafeError], NotReady], ...] = (
    (KeyringMissing, NotReady.KEYS_MISSING),
    (KeyServiceAway, NotReady.KEY_SERVICE_AWAY),
    (KeyServiceRefused, NotReady.KEY_SERVICE_REFUSED),
    (OtherKeyring, NotReady.KEYS_WRONG),
    (RecordAltered, NotReady.RECORD_ALTERED),
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
    if isinstance(error, RecordAltered):
        return altered_words(error.table)
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
    return part, reason_of(error).value, STORE_VARIABLES[part]


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
    if outage.part is OutagePart.WEB:
        return WEB_GONE_WORDS
    cause = next((WORDS[reason] for reason in NotReady if reason.value == outage.cause), "It does not work.")
    store = STORE_NAMES.get(outage.part.value)
    return f"The {store}: {cause}" if store else cause
