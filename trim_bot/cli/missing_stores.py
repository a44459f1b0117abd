"""What a command says that asked for one store by itself, where that store is not there."""

from __future__ import annotations

from trim_bot.app.watch.not_ready import NotReady
from trim_bot.bootstrap.readiness import Closed, store_of
from trim_bot.settings.checks import SettingsErrors
from trim_bot.settings.environment import load_settings
from trim_bot.settings.missing_stores import MAKERS, missing_words, nothing_kept
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.deployment_notes import is_new_database
from trim_bot.storage.small_stores import NoStore


def must_be_kept(url: str) -> None:
    """See that there is data, for a command that opens no deployment. Raises Closed, StoreUnavailable."""
    if is_new_database(url):
        raise Closed(NotReady.NOTHING_KEPT, nothing_kept(url))


def no_store_words(error: NoStore) -> str:
    """Which store it is, by its variable and address; the error's own words where neither is known."""
    try:
        settings = load_settings()
    except SettingsErrors:
        return f"{error}."
    places = places_of(settings)
    match store_of(error.database, settings):
        case "data":
            return f"{nothing_kept(places.data)}."
        case "keys":
            return f"{missing_words('KEYSTORE_URL', places.keys)} Check KEYSTORE_URL. If this desk is new: {MAKERS}."
        case "ledger":
            return f"{missing_words('LEDGER_URL', places.ledger)} {error}."
        case _:
            return f"{error}."
