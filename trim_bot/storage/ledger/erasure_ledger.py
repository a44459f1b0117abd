"""The ledger: what was erased and taken back, out of reach of a restore: one file, since all of it shares one lock."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from trim_bot.domain.ids import new_id
from trim_bot.storage.errors import FIND_LEDGER, MovedLedger, OlderLedger, OtherAnchor, OtherLedger
from trim_bot.storage.ledger.anchor import (
    AnchorUnreadable,
    LedgerAnchor,
    LedgerHead,
    erasures_head,
    extend,
    is_whole,
    lock_chains,
    passes_through,
    revocations_head,
)
from trim_bot.storage.ledger.ledger_tables import (
    MOVED,
    ErasureKind,
    ErasureLine,
    LineState,
    ledger_facts,
    ledger_lines,
    ledger_takings,
    metadata,
)
from trim_bot.storage.ledger.revocation_lines import RevocationLines
from trim_bot.storage.small_stores import (
    NoStore,
    create_tables,
    database_of,
    durable_engine,
    has_table,
    read_transaction,
    utc_text,
    wait_for_other_writers,
    write_transaction,
)


class NoLedger(NoStore):
    """There is no ledger at the address, and none was to be made."""

    text = f"There is no erasure ledger at LEDGER_URL, and it is never made anew. {FIND_LEDGER}"


class ErasureLedger:
    """Append-only lines in SQLite or PostgreSQL; the database itself refuses to change or delete one.

    Every call is durable when it returns and raises `StoreUnavailable` when the database cannot answer. Each line is
    followed by the new head in `anchor`. `create=False` refuses, with `NoLedger`, a database that holds no ledger;
    one of an earlier version is given what it lacks, but for `changes=False`, which changes nothing at all. One that
    was moved away raises `MovedLedger`, whatever is asked of it.
    """

    def __init__(
        self, url: str, *, create: bool = True, anchor: LedgerAnchor | None = None, changes: bool = True
    ) -> None:
        try:
            self._engine = durable_engine(url, create=create)
        except NoStore:
            raise NoLedger(database_of(url)) from None
        self._anchor = anchor
        self._turn = threading.Lock()
        self.anchor_behind = False
        """Whether the newest head could not be written outside; `keep_anchor` tries again."""
        try:
            if not create and not has_table(self._engine, ledger_lines.name):
                raise NoLedger(database_of(url))
            if has_table(self._engine, ledger_facts.name):
                self._must_be_here()
            if changes:
                create_tables(self._engine, metadata)
                self._bring_up()
            self._complete = changes or has_table(self._engine, ledger_takings.name)
            self.id = self._own_id(make=changes)
            """Tells this ledger from any other, so that a backup can name the one it needs."""
        except BaseException:
            self._engine.dispose()
            raise
        self.revocations = RevocationLines(self._engine, self._complete, self._turn, self._note_head)
        """What was taken back."""

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def begin(
        self,
        organisation: str,
        what: ErasureKind,
        record_id: str,
        key_ids: Sequence[str],
        at: datetime,
        other_ids: Sequence[str] = (),
    ) -> ErasureLine:
        """Write that an erasure begins; from here on it will be carried through. `at` is aware."""
        [erasure] = self.begin_all(organisation, what, [(record_id, key_ids)], at, other_ids)
        return erasure

    def begin_all(
        self,
        organisation: str,
        what: ErasureKind,
        records: Sequence[tuple[str, Sequence[str]]],
        at: datetime,
        other_ids: Sequence[str] = (),
    ) -> list[ErasureLine]:
        """Write that several erasures begin together, each record with its keys: all are written, or none is."""
        erasures = [
            ErasureLine(new_id(), organisation, what, id, tuple(keys), tuple(other_ids), at)
            for id, keys in records
        ]
        self._write(erasures, LineState.BEGUN, at)
        return erasures

    def finish(self, erasure: ErasureLine, at: datetime) -> None:
        """Write that an erasure was carried through. `at` is aware."""
        self._write([erasure], LineState.DONE, at)

    def call_off(self, erasure: ErasureLine, at: datetime) -> None:
        """Write that one that was begun is not carried through, now or later. `at` is aware."""
        self._write([erasure], LineState.CALLED_OFF, at)

    def unfinished(self) -> list[ErasureLine]:
        """Erasures that were begun and not carried through, oldest first."""
        return [erasure for erasure in self.erasures() if erasure.done_at is None]

    def removed_organisations(self) -> frozenset[str]:
        """The ids of organisations that were removed, or are being removed: their journals go with them."""
        return frozenset(one.organisation for one in self.erasures() if one.what is ErasureKind.ORGANISATION)

    def erasures(self) -> list[ErasureLine]:
        """Every erasure ever begun but for those that were called off, oldest first."""
        known: dict[str, ErasureLine] = {}
        with read_transaction(self._engine) as connection:
            for row in connection.execute(select(ledger_lines).order_by(ledger_lines.c.seq)).mappings():
                at = datetime.fromisoformat(row["at"])
                state = LineState(row["state"])
                if state is LineState.CALLED_OFF:
                    known.pop(row["erasure_id"], None)
                    continue
                begun = known.get(row["erasure_id"])
                known[row["erasure_id"]] = ErasureLine(
                    id=row["erasure_id"],
                    organisation=row["organisation"],
                    what=ErasureKind(row["what"]),
                    record_id=row["record_id"],
                    key_ids=tuple(json.loads(row["key_ids"])),
                    other_ids=tuple(json.loads(row["other_ids"])),
                    begun_at=begun.begun_at if begun else at,
                    done_at=at if state is LineState.DONE else None,
                )
        return list(known.values())

    def lines(self) -> int:
        """How many lines there are; it only ever grows."""
        with read_transaction(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(ledger_lines)) or 0

    def must_be(self, ledger_id: str, lines: int) -> None:
        """Check that this is that ledger with at least so many lines. Raises `OtherLedger`."""
        if self.id != ledger_id or self.lines() < lines:
            raise OtherLedger

    def fact(self, name: str) -> str | None:
        """A short text that the ledger knows of itself, or None."""
        with read_transaction(self._engine) as connection:
            return connection.scalar(select(ledger_facts.c.value).where(ledger_facts.c.name == name))

    def note_fact(self, name: str, value: str) -> None:
        """Keep it, in place of what stood there."""
        with write_transaction(self._engine) as connection:
            wait_for_other_writers(connection)
            connection.execute(delete(ledger_facts).where(ledger_facts.c.name == name))
            connection.execute(insert(ledger_facts).values(name=name, value=value))

    def facts_under(self, prefix: str) -> dict[str, str]:
        """What the ledger knows of itself under names that begin so."""
        names = ledger_facts.c.name
        with read_transaction(self._engine) as connection:
            query = select(ledger_facts).where(names.startswith(prefix, autoescape=True)).order_by(names)
            return {row.name: row.value for row in connection.execute(query)}

    def drop_fact(self, name: str) -> None:
        """Keep it no longer."""
        with write_transaction(self._engine) as connection:
            connection.execute(delete(ledger_facts).where(ledger_facts.c.name == name))

    def head(self) -> LedgerHead:
        """Where both its chains end now."""
        with read_transaction(self._engine) as connection:
            return self._head(connection)

    def must_pass(self, head: LedgerHead) -> None:
        """Check that this ledger went through that head; it may be longer by now. Raises `OlderLedger`."""
        with read_transaction(self._engine) as connection:
            known = self._complete and passes_through(connection, head.erasures, head.revocations)
        if head.ledger != self.id or not known:
            raise OlderLedger

    def must_be_whole(self) -> None:
        """Read every line, and check that none was changed or taken out. Raises `OtherLedger`."""
        with read_transaction(self._engine) as connection:
            if self._complete and not is_whole(connection):
                raise OtherLedger

    def anchored(self) -> LedgerHead | None:
        """The newest head kept outside, once it has been compared; None where none is kept.

        Raises `OlderLedger` when the anchor is ahead, `OtherAnchor` when it is another's, `AnchorUnreadable`.
        """
        newest = self._anchor.newest() if self._anchor is not None else None
        if newest is not None and newest.ledger != self.id:
            raise OtherAnchor
        if newest is not None:
            self.must_pass(newest)
        return newest

    def keep_anchor(self) -> None:
        """Bring the anchor up to the ledger, as after a crash between the two. Raises as `anchored` does.

        One that can be read and not written stays behind, and nobody is shut out for it.
        """
        with self._turn:
            kept, head = self.anchored(), self.head()
            self.anchor_behind = False
            if kept != head:
                self._note_head(head)

    def renew_anchor(self) -> None:
        """Begin the anchor afresh from this ledger, whatever it says now. Raises `AnchorUnreadable`."""
        with self._turn:
            if self._anchor is not None:
                self._anchor.append(self.head(), anew=True)

    def _write(self, erasures: Sequence[ErasureLine], state: LineState, at: datetime) -> None:
        with self._turn:
            self._note_head(self._written(erasures, state, at))

    def _written(self, erasures: Sequence[ErasureLine], state: LineState, at: datetime) -> LedgerHead:
        with write_transaction(self._engine) as connection:
            lock_chains(connection)
            for erasure in erasures:
                connection.execute(
                    insert(ledger_lines).values(
                        erasure_id=erasure.id,
                        organisation=erasure.organisation,
                        what=erasure.what.value,
                        record_id=erasure.record_id,
                        key_ids=json.dumps(erasure.key_ids),
                        other_ids=json.dumps(erasure.other_ids),
                        state=state.value,
                        at=utc_text(at),
                    )
                )
            extend(connection)
            return self._head(connection)

    def _note_head(self, head: LedgerHead) -> None:
        """Keep the head outside. The line itself is safe: where this fails, nobody is kept from what they wished."""
        if self._anchor is None:
            return
        try:
            self._anchor.append(head)
        except AnchorUnreadable:
            self.anchor_behind = True

    def _head(self, connection: Connection) -> LedgerHead:
        if not self._complete:
            return LedgerHead(self.id)
        return LedgerHead(self.id, erasures_head(connection), revocations_head(connection))

    def _must_be_here(self) -> None:
        if (place := self.fact(MOVED)) is not None:
            raise MovedLedger(place)

    def _bring_up(self) -> None:
        with write_transaction(self._engine) as connection:
            lock_chains(connection)
            extend(connection)

    def _own_id(self, *, make: bool) -> str:
        query = select(ledger_facts.c.value).where(ledger_facts.c.name == "id")
        if not make:
            with read_transaction(self._engine) as connection:
                return str(connection.scalar(query) or "")
        with write_transaction(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE ledger_facts IN EXCLUSIVE MODE")
            held = connection.scalar(query)
            if held is None:
                held = new_id()
                connection.execute(insert(ledger_facts).values(name="id", value=held))
            return str(held)
