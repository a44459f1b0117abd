"""Looks for a planted word in whatever left the forms: in any spelling that a byte of it could have taken."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from trim_bot.app.desk.routes import ROUTES

MARK = "zqxcanaryheron"
"""Stands in every field people type into, and in every name."""
PHONE = "07700900741"
LONG_ENOUGH = 9
"""Letters that chance does not put together: one in 32 for each, in a megabyte of random text."""
SHORTEST = 8
"""Less than this is found by chance in any ciphertext."""
ID = re.compile(r"[a-hjkmnp-z2-9]{26}")
SMALL = re.compile(r"[0-9]{1,3}")
NONCE = re.compile(r"[A-Za-z0-9_-]{16}")
REFS = frozenset(
    field.name
    for route in ROUTES.values()
    for one in (route.shows, route.does)
    if one
    for field in fields(one)
)
"""Names of what a command may be about."""
HANDLE = re.compile(r"[A-Za-z0-9_-]{24}")
"""What a message carries in place of anything it is about."""
FIXED = frozenset({"none", "yes", "no", ""})
"""All that a reference may be besides an id and a number."""
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


def odd_parts(token: str) -> list[str]:
    """What a token of ours says besides ids, names of ours and numbers; each as far as it was not expected."""
    version, org, name, refs, nonce, end = json.loads(payload(token))
    odd = [] if version == 1 and ID.fullmatch(org) and name in ROUTES else [f"{version} {org} {name}"]
    odd += [f"{key}={value}" for key, value in refs.items() if not _expected(key, value)]
    if not (nonce is None or NONCE.fullmatch(nonce)) or not (end is None or type(end) is int):
        odd.append(f"{nonce} {end}")
    return odd


def _expected(key: str, value: str) -> bool:
    if key == "m":
        return HANDLE.fullmatch(value) is not None
    return key in REFS and (
        ID.fullmatch(value) is not None or value in FIXED or SMALL.fullmatch(value) is not None
    )


def payload(token: str) -> bytes:
    """What a token of ours says to whoever has it."""
    text = token.partition(".")[0]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def leaks(words: Iterable[str], places: Iterable[tuple[str, bytes]]) -> Mapping[str, set[str]]:
    """Where which words were found."""
    wanted = list(words)
    found: dict[str, set[str]] = {}
    for name, data in places:
        if seen := found_in(wanted, data):
            found.setdefault(name, set()).update(seen)
    return found
