"""Looks for a planted word in whatever left the forms: in any spelling that a byte of it could have taken."""

from __future__ import annotations

import base64
import logging
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

MARK = "zqxcanaryheron"
"""Stands in every field people type into, and in every name."""
PHONE = "07700900741"
LONG_ENOUGH = 9
"""Letters that chance does not put together: one in 32 for each, in a megabyte of random text."""
SHORTEST = 8
"""Less than this is found by chance in any ciphertext."""
ID = re.compile(r"[a-hjkmnp-z2-9]{26}")
OPAQUE = re.compile(r"[A-Za-z0-9_-]{40,}")
"""What only a machine made: no word and no name of ours is so long."""
PIECE = 10
"""Characters that two random texts do not have in common."""
READABLE = re.compile(rb"[ -~]{20,}")
OWN_CLIENT = ("httpx", "httpcore")
"""The browser of these tests, which is no part of the product."""


@lru_cache(maxsize=64)
def spellings(word: str, shortest: int = SHORTEST) -> tuple[list[bytes], list[bytes]]:
    """The word as text of several kinds, in hexadecimal, and in base64 wherever in a longer text it begins.

    The first are in small letters, to be looked for in any case; the others stand as they are.
    """
    plain = word.lower().encode()
    loose = [plain, word.lower().encode("utf-16-le"), plain.hex().encode()]
    exact, plain = [], word.encode()
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + plain)
        # The first and last groups hold bits of the neighbours.
        exact.append(whole[4 if shift else 0 : len(whole) - 4])
    return loose, [one for one in exact if len(one) >= shortest]


def found_in(words: Iterable[str], data: bytes) -> list[str]:
    """Which words are in the bytes, in any spelling and any case of letters."""
    low, seen = data.lower(), []
    for word in words:
        loose, exact = spellings(word)
        if any(one in data for one in exact) or any(_stands(one, low) for one in loose):
            seen.append(word)
    return seen


def spelt_in(words: Iterable[str], data: bytes) -> list[str]:
    """The same where nothing is random, so that chance spells nothing: any letters of a word, anywhere."""
    low, seen = data.lower(), []
    for word in words:
        loose, exact = spellings(word, 4)
        if any(one in data for one in exact) or any(one in low for one in loose):
            seen.append(word)
    return seen


def _stands(spelt: bytes, low: bytes) -> bool:
    """Whether it is there; something short has to stand by itself, for chance spells it inside random text."""
    if len(spelt) >= LONG_ENOUGH:
        return spelt in low
    return re.search(rb"(?<![a-z0-9_-])" + re.escape(spelt) + rb"(?![a-z0-9_-])", low) is not None


class EveryRecord(logging.Handler):
    """Keeps all that is logged anywhere at any level, with arguments and errors."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self._opened: list[tuple[logging.Logger, int, bool]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        if record.name.partition(".")[0] in OWN_CLIENT:
            return
        error = record.exc_info[1] if record.exc_info else None
        self.lines.append(f"{record.name} {record.getMessage()} {record.args!r} {error!r} {record.exc_text}")

    def open_all(self) -> None:
        """Let every logger that exists say everything."""
        names = list(logging.root.manager.loggerDict)
        for logger in [logging.getLogger(), *map(logging.getLogger, names)]:
            self._opened.append((logger, logger.level, logger.disabled))
            if logger.name.partition(".")[0] not in ("slack_bolt", "slack_sdk"):
                logger.setLevel(logging.DEBUG)
            if logger is logging.root or not logger.propagate:
                logger.addHandler(self)

    def close_all(self) -> None:
        """Put back the levels there were."""
        for logger, level, disabled in self._opened:
            logger.setLevel(level)
            logger.disabled = disabled
            logger.removeHandler(self)


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder: databases with their logs, key stores, the ledger, the help file."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()


def postgresql(url: str) -> Iterator[tuple[str, bytes]]:
    """Every value of every column of every table, as bytes, and every table whole as text."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
            for row in rows:
                for value in row:
                    yield name, value if isinstance(value, bytes) else str(value).encode()
            query = sql.SQL("SELECT one::text FROM {} AS one").format(sql.Identifier(name))
            for (text,) in connection.execute(query).fetchall():
                yield name, text.encode()


def readable(token: str) -> bool:
    """Whether anything in a token of ours reads as text, to whoever has it."""
    return READABLE.search(payload(token)) is not None


def payload(token: str) -> bytes:
    """What a token of ours is, decoded as anybody can."""
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def ids_in(url: str) -> set[str]:
    """Every id that stands in the open in a database."""
    found: set[str] = set()
    if url.startswith("postgresql"):
        for _, value in postgresql(url):
            found.update(ID.findall(value.decode(errors="replace")))
        return found
    with closing(sqlite3.connect(make_url(url).database or "")) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            for row in connection.execute(f'SELECT * FROM "{name}"').fetchall():  # noqa: S608 (its own names)
                found.update(one for value in row if isinstance(value, str) for one in ID.findall(value))
    return found


def joined(stored: Iterable[str]) -> list[str]:
    """Every piece of some length that two of these have in common, as long as chance does not put it together."""
    seen: dict[str, int] = {}
    twice = []
    for number, text in enumerate(stored):
        for run in OPAQUE.findall(text):
            for start in range(len(run) - PIECE + 1):
                piece = run[start : start + PIECE]
                if seen.setdefault(piece, number) != number:
                    twice.append(piece)
    return twice


def known_in(ids: set[str], shown: Iterable[str]) -> list[str]:
    """The ids of the database that stand in what a platform was given, in plain or in base64."""
    found = []
    for text in shown:
        found += [one for one in ID.findall(text) if one in ids]
        for run in OPAQUE.findall(text):
            for skipped in range(4):
                part = run[skipped:]
                raw = payload(part[: len(part) // 4 * 4]).decode("latin-1")
                found += [one for one in ID.findall(raw) if one in ids]
    return found


def leaks(words: Iterable[str], places: Iterable[tuple[str, bytes]]) -> Mapping[str, set[str]]:
    """Where which words were found."""
    wanted = list(words)
    found: dict[str, set[str]] = {}
    for name, data in places:
        if seen := found_in(wanted, data):
            found.setdefault(name, set()).update(seen)
    return found
