"""Where a deployment keeps its data, keys and ledger."""

from __future__ import annotations

from pathlib import Path

from trim_bot.settings import Settings
from trim_bot.storage.backup import Places


def places_of(settings: Settings) -> Places:
    """The addresses of data, keys and ledger."""
    return Places(
        data=settings.database_url.get_secret_value(),
        keys=settings.keystore_url.get_secret_value(),
        ledger=settings.ledger_url.get_secret_value(),
    )


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite address, or None for any other."""
    if not url.startswith("sqlite"):
        return None
    return Path(url.partition("://")[2].partition("?")[0].removeprefix("/"))
