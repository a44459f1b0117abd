"""The ledger's head: how many lines it has and a digest over all of them, by which an older copy of it is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select
from sqlalchemy.engine import RowMapping

from trim_bot.storage.ledger.ledger_tables import ledger_digests, ledger_facts, ledger_lines, ledger_takings

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
