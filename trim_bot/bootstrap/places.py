"""Where a deployment keeps its data, keys and ledger."""

from __future__ import annotations

from pathlib import Path

from trim_bot.settings import Settings
from trim_bot.storage.backup.taking_backup import Places


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


def file_at(url: str) -> tuple[int, int] | None:
    """What tells the file of a SQLite address from any other that may take its place; None where there is none."""
    path = sqlite_path(url)
    try:
        found = path.stat() if path is not None else None
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino) if found is not None else None
