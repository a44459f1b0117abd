"""The search for planted words finds each of them, or finding none would mean nothing."""

from __future__ import annotations

import base64
import json
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.canary import MARK, PHONE, EveryRecord, files, found_in, leaks, odd_parts, postgresql, spelt_in


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "\x00\x01"])
@pytest.mark.parametrize(
    "spell",
    [
        lambda text: text,
        lambda text: text.upper(),
        lambda text: base64.b64encode(text),
        lambda text: base64.urlsafe_b64encode(text),
        lambda text: text.hex().encode(),
        lambda text: text.decode().encode("utf-16-le"),
        lambda text: json.dumps({"deep": [text.decode()]}).encode(),
    ],
)
def test_every_spelling_is_found(before: str, spell: Callable[[bytes], bytes]) -> None:
    planted = spell(f"{before}{MARK} and more words".encode())
    assert found_in([MARK, PHONE], b"\xff" * 100 + planted + b"\xff" * 100) == [MARK]
    assert found_in([PHONE], planted) == []


def test_what_a_database_file_and_its_log_hold_is_found(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "data.sqlite")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE note (text TEXT)")
    connection.execute("INSERT INTO note VALUES (?)", (MARK,))
    connection.commit()
    assert leaks([MARK, PHONE], files(tmp_path)).get("data.sqlite-wal") == {MARK}
    connection.close()
    assert "data.sqlite" in leaks([MARK], files(tmp_path))


def test_what_a_table_of_postgresql_holds_is_found(postgres_database: str) -> None:
    import psycopg

    plain = postgres_database.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as connection:
        connection.execute("CREATE TABLE note (text TEXT, sealed BYTEA, list JSONB)")
        connection.execute("INSERT INTO note VALUES ('', %s, %s)", (PHONE.encode(), json.dumps([MARK])))
    assert leaks([MARK, PHONE], postgresql(postgres_database)) == {"note": {MARK, PHONE}}


def test_what_any_logger_says_is_found() -> None:
    quiet = logging.getLogger("tests.canary.quiet")
    quiet.propagate = False
    quiet.setLevel(logging.CRITICAL)
    records = EveryRecord()
    records.open_all()
    try:
        logging.getLogger("tests.canary").debug("it says %s", MARK)
        quiet.debug(PHONE)
    finally:
        records.close_all()
    assert found_in([MARK, PHONE], "\n".join(records.lines).encode()) == [MARK, PHONE]
    assert quiet.level == logging.CRITICAL


def token(*parts: object) -> str:
    text = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    return f"{text}.signature"


A, N = "a" * 26, "n" * 16


@pytest.mark.parametrize(
    "said",
    [
        token(1, "Nurse", "case", {"case": A}, N, 1),
        token(1, A, "nurse", {"case": A}, N, 1),
        token(1, A, "case", {"case": "Nurse"}, N, 1),
        token(1, A, "case", {"case": A, "peter": A}, N, 1),
        token(1, A, "case", {"case": PHONE}, N, 1),
        token(1, A, "case", {"case": A + "nurse"}, N, 1),
        token(1, A, "case", {"case": A}, "peter", 1),
        token(1, A, "case", {"case": A}, N, "peter"),
    ],
)
def test_whatever_else_a_token_says_is_found(said: str) -> None:
    assert odd_parts(said)
    assert odd_parts(token(1, A, "case", {"case": A}, N, 1)) == []
    assert odd_parts(token(1, A, "open", {"step": "none"}, None, None)) == []


@pytest.mark.parametrize("around", [b"xx%bxx", b"_%b-", b"9%b9"])
def test_where_nothing_is_random_a_short_name_is_found_inside_others(around: bytes) -> None:
    assert spelt_in(["Peter"], around % b"peter") == ["Peter"]
    assert spelt_in(["UDRIVER"], around % base64.b64encode(b"UDRIVER")) == ["UDRIVER"]
