"""The ledger's head, and where it is kept outside the ledger: one file, since an older copy is known by the
one beside the other.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select
from sqlalchemy.engine import RowMapping

from trim_bot.domain.errors import SafeError
from trim_bot.storage.ledger.ledger_tables import ledger_digests, ledger_facts, ledger_lines, ledger_takings

_LONGEST = 1_000_000
"""Bytes after which a file begins anew with its newest line; only that one counts."""
_TAIL = 4096
_PATIENCE = 1.0
"""Seconds for which a line waits for another process: one that was stopped meanwhile must not hold up everybody."""
_TURN_SECONDS = 0.01


class AnchorUnreadable(SafeError):
    """The anchor is there and cannot be read or written."""

    text = (
        "The anchor of the ledger is there and cannot be read or written. Check ANCHOR_URL: the rights of its file and "
        "its disk. A damaged file can be moved aside: a desk that knows its ledger writes a new one"
    )


class LedgerAnchor(Protocol):
    """A place outside all three stores that keeps the newest head. Lines are added, never changed."""

    def append(self, head: LedgerHead, *, anew: bool = False) -> None:
        """Keep a head as the newest; durable when this returns. Raises `AnchorUnreadable`.

        One that another process has gone past meanwhile is left out. `anew` keeps it whatever stands there.
        """
        ...

    def newest(self) -> LedgerHead | None:
        """The newest head, or None where none was ever kept. Raises `AnchorUnreadable`."""
        ...


class FileAnchor:
    """An anchor in a file of the owner's alone: one line of JSON for each head, the newest last.

    A line cut short by a crash does not count; the one before it does, which is older by one at most.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, head: LedgerHead, *, anew: bool = False) -> None:
        """Add a line, flushed to disk with its folder. Processes add theirs one after another."""
        try:
            self._append(head, anew=anew)
        except OSError:
            raise AnchorUnreadable from None

    def newest(self) -> LedgerHead | None:
        """The last line that is whole."""
        try:
            text = _tail(self.path)
        except FileNotFoundError:
            return None
        except OSError:
            raise AnchorUnreadable from None
        newest = next(_heads(text), None)
        if newest is None and text.strip():
            raise AnchorUnreadable
        return newest

    def _append(self, head: LedgerHead, *, anew: bool) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = not self.path.exists()
        handle = alone(self.path)
        try:
            text = _tail(self.path)
            known = next(_heads(text), None)
            if not anew and known is not None and _is_ahead(known, head):
                return
            if os.fstat(handle).st_size > _LONGEST:
                begin_anew(self.path, _told(head))
                return
            # A line that was cut short ends here, so that this one stands alone.
            os.write(handle, _told(head) if not text or text.endswith(b"\n") else b"\n" + _told(head))
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh:
            sync_folder(self.path)


def alone(path: Path) -> int:
    """The file, open and locked: until it is closed no other process adds to it or puts a new one in its place.

    Raises `BlockingIOError` where another process keeps it longer than `_PATIENCE`.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            _lock(handle, until)
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def begin_anew(path: Path, line: bytes) -> None:
    """Put a file with this line alone in its place; a crash leaves the one or the other, whole."""
    fresh = path.with_name(f"{path.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, line)
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.replace(path)
    sync_folder(path)


def _lock(handle: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
            time.sleep(_TURN_SECONDS)
        else:
            return


def _told(head: LedgerHead) -> bytes:
    told = {
        "ledger": head.ledger,
        "erasures": [head.erasures.n, head.erasures.digest],
        "takings": [head.revocations.n, head.revocations.digest],
    }
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def _read(line: bytes) -> LedgerHead | None:
    try:
        told = json.loads(line)
        (erased, first), (taken, second) = told["erasures"], told["takings"]
        return LedgerHead(
            str(told["ledger"]), ChainPoint(int(erased), str(first)), ChainPoint(int(taken), str(second))
        )
    except (ValueError, KeyError, TypeError):
        return None


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        return file.read()


def _heads(text: bytes) -> Iterator[LedgerHead]:
    """The heads of whole lines, the newest first."""
    return (head for line in reversed(text.split(b"\n")) if (head := _read(line)) is not None)


def _is_ahead(known: LedgerHead, head: LedgerHead) -> bool:
    """Whether the same ledger has grown past a head; both chains only ever grow."""
    grown = known.erasures.n >= head.erasures.n and known.revocations.n >= head.revocations.n
    return known.ledger == head.ledger and known != head and grown


def sync_folder(path: Path) -> None:
    """Have the name of a file that is new be on disk."""
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


START = ""
"""What the first line of a chain follows."""
BASE = "takings_base"
"""The fact that keeps number and digest of the last taking-back that was pruned."""
_OF_LINES = ("erasure_id", "organisation", "what", "record_id", "key_ids", "other_ids", "state", "at")
_OF_TAKINGS = ("n", "organisation", "subject", "value", "token", "day")


@dataclass(frozen=True, slots=True)
class ChainPoint:
    """One point of a chain: how many lines there were, and the digest over them."""

    n: int = 0
    digest: str = START


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """The newest point of both chains of one ledger. Nothing in it can be read back."""

    ledger: str
    erasures: ChainPoint = ChainPoint()
    revocations: ChainPoint = ChainPoint()


def next_digest(before: str, row: Mapping[str, object] | RowMapping, names: tuple[str, ...]) -> str:
    """The digest of a line that follows the digest `before`."""
    told = json.dumps([before, *(row[name] for name in names)], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()


def next_revocation(before: ChainPoint, row: Mapping[str, object]) -> dict[str, object]:
    """The row of one more taking-back, with its number and digest."""
    numbered = {**row, "n": before.n + 1}
    return {**numbered, "digest": next_digest(before.digest, numbered, _OF_TAKINGS)}


def lock_chains(connection: Connection) -> None:
    """Let one transaction at a time add lines. SQLite's write lock does that already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE ledger_digests IN EXCLUSIVE MODE")


def extend(connection: Connection) -> None:
    """Take every erasure that has no digest yet into the chain, those of an earlier version among them."""
    last = _last(connection, ledger_digests)
    after = connection.scalar(select(func.max(ledger_digests.c.line))) or 0
    fresh = select(ledger_lines).where(ledger_lines.c.seq > after).order_by(ledger_lines.c.seq)
    for row in connection.execute(fresh).mappings().all():
        last = ChainPoint(last.n + 1, next_digest(last.digest, row, _OF_LINES))
        connection.execute(insert(ledger_digests).values(n=last.n, line=row["seq"], digest=last.digest))


def erasures_head(connection: Connection) -> ChainPoint:
    """The newest point of the chain over the erasures."""
    return _last(connection, ledger_digests)


def revocations_head(connection: Connection) -> ChainPoint:
    """The newest point of the chain over the takings-back, pruned ones counted."""
    found = _last(connection, ledger_takings)
    return found if found.n else pruned_base(connection)


def pruned_base(connection: Connection) -> ChainPoint:
    """The last taking-back that was pruned."""
    held = connection.scalar(select(ledger_facts.c.value).where(ledger_facts.c.name == BASE))
    if held is None:
        return ChainPoint()
    n, _, digest = held.partition(":")
    return ChainPoint(int(n), digest)


def passes_through(connection: Connection, erasures: ChainPoint, revocations: ChainPoint) -> bool:
    """Whether both chains went through these points; the ledger may have grown since."""
    return _passes(connection, ledger_digests, ChainPoint(), erasures) and _passes(
        connection, ledger_takings, pruned_base(connection), revocations
    )


def is_whole(connection: Connection) -> bool:
    """Whether every line is as it was written, with none taken out; all of it is read."""
    digests = connection.execute(select(ledger_digests).order_by(ledger_digests.c.n)).mappings().all()
    lines = {row["seq"]: row for row in connection.execute(select(ledger_lines)).mappings()}
    last = ChainPoint()
    for row in digests:
        line = lines.pop(row["line"], None)
        if (
            line is None
            or row["n"] != last.n + 1
            or row["digest"] != next_digest(last.digest, line, _OF_LINES)
        ):
            return False
        last = ChainPoint(row["n"], row["digest"])
    if any(seq <= max((row["line"] for row in digests), default=0) for seq in lines):
        return False
    last = pruned_base(connection)
    for row in connection.execute(select(ledger_takings).order_by(ledger_takings.c.n)).mappings():
        if row["n"] != last.n + 1 or row["digest"] != next_digest(last.digest, row, _OF_TAKINGS):
            return False
        last = ChainPoint(row["n"], row["digest"])
    return True


def _passes(connection: Connection, table: Table, base: ChainPoint, point: ChainPoint) -> bool:
    if point.n < base.n or point.n == 0:
        return True
    if point.n == base.n:
        return point == base
    return connection.scalar(select(table.c.digest).where(table.c.n == point.n)) == point.digest


def _last(connection: Connection, table: Table) -> ChainPoint:
    number: ColumnElement[int] = table.c.n
    row = connection.execute(select(table.c.n, table.c.digest).order_by(number.desc()).limit(1)).first()
    return ChainPoint(row.n, row.digest) if row is not None else ChainPoint()
