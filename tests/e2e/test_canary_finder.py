"""The search for planted words finds each of them, or finding none would mean nothing."""

from __future__ import annotations

import base64
import json
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.canary import (
    MARK,
    PHONE,
    EveryRecord,
    files,
    found_in,
    joined,
    known_in,
    leaks,
    postgresql,
    readable,
    spelt_in,
)


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


A, B = "a" * 26, "b" * 26
SEALED = base64.urlsafe_b64encode(bytes(range(128, 256)) + bytes(range(30))).decode().rstrip("=")


def token(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_token_in_which_anything_reads_as_text_is_found() -> None:
    assert readable(token(1, A, "case", {"case": A}, None, None))
    assert not readable(SEALED)


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_an_id_is_found_in_plain_and_in_base64_wherever_it_stands(before: str) -> None:
    assert known_in({A, B}, [f"…{before} {A} and {B}"]) == [A, B]
    hidden = base64.urlsafe_b64encode(f"{before}(step={A} of this one)".encode()).decode()
    assert A in known_in({A}, [hidden])
    assert known_in({A}, [SEALED, token(B, "nothing that is kept")]) == []


def test_what_two_messages_have_in_common_is_found_and_not_what_one_says_twice() -> None:
    assert joined([f"t={SEALED}", f"<{SEALED[::-1]}{SEALED[20:40]}>"])
    assert (
        joined([f"{SEALED} {SEALED}", SEALED[::-1], "There may be something for you in Peer Support."]) == []
    )


@pytest.mark.parametrize("around", [b"xx%bxx", b"_%b-", b"9%b9"])
def test_where_nothing_is_random_a_short_name_is_found_inside_others(around: bytes) -> None:
    assert spelt_in(["Peter"], around % b"peter") == ["Peter"]
    assert spelt_in(["UDRIVER"], around % base64.b64encode(b"UDRIVER")) == ["UDRIVER"]
