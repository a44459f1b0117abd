"""Says which of the three stores is not there, by its variable and address, where a command makes none."""

from __future__ import annotations

from trim_bot.settings.store_addresses import spoken_address

MAKERS = "trim-bot migrate makes the databases, and so does trim-bot serve at its start"


def missing_words(variable: str, url: str) -> str:
    """That nothing is kept at the address in this variable."""
    return f"Nothing is kept at {variable}, {spoken_address(url)}."


def nothing_kept(url: str) -> str:
    """There is no data at all, and what was asked for makes none."""
    return f"{missing_words('DATABASE_URL', url)} Check DATABASE_URL. If this desk is new: {MAKERS}"


def key_store_missing(url: str) -> str:
    """There is data, and no key store beside it."""
    return f"{missing_words('KEYSTORE_URL', url)} The data has its keys elsewhere. Check KEYSTORE_URL"
