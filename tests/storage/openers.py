"""Opens new stores from a process of its own, together with others that do the same at the same moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier

from sqlalchemy.exc import SQLAlchemyError

from trim_bot.domain.errors import SafeError
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.migrate import migrate
from trim_bot.storage.small_stores import durable_engine, write_transaction

THREADS = 3


def open_data(url: str) -> None:
    """Bring up the data."""
    migrate(url)


def open_keys(url: str) -> None:
    """Open the key store."""
    SqlKeyStore(url).close()


def open_ledger(url: str) -> None:
    """Open the ledger."""
    ErasureLedger(url).close()


def open_bare(url: str) -> None:
    """Open a file and begin to write, and nothing else."""
    engine = durable_engine(url)
    try:
        with write_transaction(engine):
            pass
    finally:
        engine.dispose()


WAYS: tuple[Callable[[str], None], ...] = (open_bare, open_keys, open_ledger, open_bare, open_data)


def open_all(urls: list[str], together: Barrier) -> list[str]:
    """Open each, by several threads, at the moment every other process does; returns what went wrong."""
    faults: list[str] = []

    def once(url: str, way: Callable[[str], None]) -> None:
        try:
            way(url)
        except (SafeError, SQLAlchemyError, sqlite3.Error, OSError) as error:
            faults.append(f"{type(error).__name__}: {error.__cause__!r}")

    with ThreadPoolExecutor(THREADS) as pool:
        for number, url in enumerate(urls):
            together.wait()
            list(pool.map(lambda _, url=url, n=number: once(url, WAYS[n % len(WAYS)]), range(THREADS)))
    return faults
