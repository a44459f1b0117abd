"""Copies a ledger that is in use, and moves one to another place: one file, since a move is a copy that is proved and
after which the old one is shut.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Table, delete, func, insert, make_url, select, text

from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.storage.database_roles import StoreKind, grant, logins_beside
from trim_bot.storage.errors import OlderLedger, OtherLedger, trouble_of_system
from trim_bot.storage.ledger.anchor import (
    LedgerHead,
    erasures_head,
    lock_chains,
    revocations_head,
    sync_folder,
)
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger, NoLedger
from trim_bot.storage.ledger.ledger_tables import (
    MOVED,
    ledger_digests,
    ledger_facts,
    ledger_lines,
    ledger_takings,
    metadata,
    refuse_new_lines,
)
from trim_bot.storage.small_stores import (
    durable_engine,
    shown_address,
    snapshot,
    write_transaction,
)
from trim_bot.storage.usage_lock import UsageLock

_TABLES: tuple[Table, ...] = (ledger_lines, ledger_digests, ledger_takings)
_BATCH = 500


class CopyRefused(SafeError):
    """A ledger is not written there; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class CopiedLedger:
    """What a copy holds: its address without a password, and its head. Both counts are of lines ever written."""

    place: str
    head: LedgerHead


def copy_ledger(source: str, target: str) -> CopiedLedger:
    """Write the ledger at `source`, as it is at one moment, to `target`, while a desk may work with it.

    Both are addresses of SQLite or PostgreSQL. Nothing but an older copy of the same ledger is ever replaced.
    Raises `CopyRefused`, `NoLedger`, `OtherLedger`, `MovedLedger`, `InUse`, `StoreUnavailable`.
    """
    held = ErasureLedger(source, create=False)
    try:
        held.must_be_whole()
        there = _there(target)
        if there is not None:
            _must_be_older(there, held)
        head = _write(held, source, target)
    finally:
        held.close()
    _must_equal(target, head)
    return CopiedLedger(shown_address(target), head)


def move_ledger(source: ErasureLedger, source_url: str, target: str) -> CopiedLedger:
    """Bring a ledger whole to an address where none is, prove it there, and shut the old one for good.

    `source` has been compared with its anchor, and nobody else works with it. Cut short, it is done again: an older
    copy of the same ledger at `target` is brought up to it, facts and all. Raises as `copy_ledger` does.
    """
    source.must_be_whole()
    there = _there(target)
    if there is not None:
        _must_be_older(there, source)
    # Also where the heads are equal: what was noted since, such as a backup, stands in no chain.
    head = _write(source, source_url, target)
    _must_equal(target, head, source.facts_under(""))
    _let_logins_in(target)
    _shut(source_url, shown_address(target))
    return CopiedLedger(shown_address(target), head)


def _there(target: str) -> LedgerHead | None:
    """The head of the ledger that lies there, or None for nothing. Raises `CopyRefused` where something else does."""
    file = _file(target)
    if file is not None and (not file.exists() or file.stat().st_size == 0):
        return None
    try:
        found = ErasureLedger(target, create=False, changes=False)
    except NoLedger:
        if file is None:
            return None
        raise CopyRefused(f"{file} is there already and is no ledger: it is never written over") from None
    try:
        return found.head()
    finally:
        found.close()


def _must_be_older(there: LedgerHead, held: ErasureLedger) -> None:
    if there.ledger != held.id:
        raise CopyRefused("Another desk's ledger lies there: it is never written over. Give another place")
    try:
        held.must_pass(there)
    except OlderLedger:
        raise CopyRefused(
            "The copy there knows more lines than the ledger at LEDGER_URL, and is left as it is. "
            "LEDGER_URL may point to an older one: look at both"
        ) from None


def _write(held: ErasureLedger, source: str, target: str) -> LedgerHead:
    file = _file(target)
    if file is None:
        return _write_into(held, source, target)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
            made = Path(folder) / file.name
            head = _write_into(held, source, f"sqlite:///{made}")
            alone = UsageLock(target, alone=True)
            if file.exists():
                # A desk that works with that very file would go on in one that has no name any more.
                alone.take()
            try:
                for log in ("-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        file.with_name(file.name + log).unlink()
                made.replace(file)
            finally:
                alone.close()
            sync_folder(file)
    except OSError as error:
        raise StoreUnavailable(trouble_of_system(error), str(file)) from error
    return head


def _write_into(held: ErasureLedger, source: str, target: str) -> LedgerHead:
    """Everything in one transaction, so that a copy cut short is none."""
    reading, writing = durable_engine(source, create=False), durable_engine(target)
    try:
        with snapshot(reading) as before, write_transaction(writing) as after:
            if after.dialect.name == "postgresql":
                after.execute(text("SELECT pg_advisory_xact_lock(7241906122)"))
            metadata.create_all(after)
            lock_chains(after)
            _facts(before, after)
            for table in _TABLES:
                _bring(before, after, table)
            _count_on(after)
            return LedgerHead(held.id, erasures_head(before), revocations_head(before))
    finally:
        reading.dispose()
        writing.dispose()


def _facts(before: Connection, after: Connection) -> None:
    """The facts first: they let go of what was pruned meanwhile."""
    after.execute(delete(ledger_facts))
    after.execute(
        insert(ledger_facts), [dict(row) for row in before.execute(select(ledger_facts)).mappings()]
    )
    first = before.scalar(select(func.min(ledger_takings.c.n)))
    last = func.coalesce(func.max(ledger_takings.c.n), 0)
    pruned = revocations_head(before).n if first is None else int(first) - 1
    if after.scalar(select(last)):
        after.execute(delete(ledger_takings).where(ledger_takings.c.n <= pruned))


def _bring(before: Connection, after: Connection, table: Table) -> None:
    """Add the lines that are not there yet; a chain only ever grows."""
    [number] = table.primary_key
    have = after.scalar(select(func.max(number))) or 0
    lines = select(table).where(number > have).order_by(number).execution_options(yield_per=_BATCH)
    for part in before.execute(lines).mappings().partitions():
        after.execute(insert(table), [dict(row) for row in part])


def _count_on(after: Connection) -> None:
    """PostgreSQL numbers lines by itself, and has to be told of those that were brought."""
    if after.dialect.name == "postgresql" and (last := after.scalar(select(func.max(ledger_lines.c.seq)))):
        after.execute(
            text("SELECT setval(pg_get_serial_sequence('ledger_lines', 'seq'), :last)"), {"last": last}
        )


def _must_equal(target: str, head: LedgerHead, facts: Mapping[str, str] | None = None) -> None:
    """Open what was written as a restore would, and see that nothing is lacking. Raises `OtherLedger`.

    The facts of one that others work with may have changed since, so they are compared in a move alone.
    """
    found = ErasureLedger(target, create=False, changes=False)
    try:
        found.must_be_whole()
        if found.head() != head or facts not in (None, found.facts_under("")):
            raise OtherLedger
    finally:
        found.close()


def _let_logins_in(target: str) -> None:
    """Where a deployment has a login for each part, let them work with the ledger at its new address."""
    if _file(target) is not None:
        return
    engine = durable_engine(target)
    try:
        with write_transaction(engine) as connection:
            logins = logins_beside(connection)
            if len(logins) > 1:
                grant(connection, StoreKind.LEDGER, logins)
    finally:
        engine.dispose()


def _shut(source: str, place: str) -> None:
    """Say in the old one where it goes on, and have its database refuse every new line."""
    engine = durable_engine(source, create=False)
    try:
        with write_transaction(engine) as connection:
            refuse_new_lines(connection)
            connection.execute(insert(ledger_facts).values(name=MOVED, value=place[:200]))
    finally:
        engine.dispose()


def _file(url: str) -> Path | None:
    """The file of an address, None for a server."""
    address = make_url(url)
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None
