"""One transaction's use of the register: compares the rows it reads, and binds those it writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, Table, select

from trim_bot.domain.errors import RecordAltered
from trim_bot.domain.people import ReportingLine
from trim_bot.storage import tables as t
from trim_bot.storage.bound_register import BoundRegister, Report
from trim_bot.storage.journal import Head, SqlJournal, has_records
from trim_bot.storage.records.bound_columns import BOUND
from trim_bot.storage.records.bound_rows import GONE, LINE, Row, bucket, id_of, rows_with, written

_GIVES_NOTHING = frozenset({"site"})
"""Tables of what is sealed and opens nothing to anybody, and without which nobody could ask for help."""


class BoundRows:
    """One transaction's use of the register: compares the rows it reads, and binds those it writes."""

    def __init__(
        self,
        connection: Connection,
        journal: SqlJournal,
        register: BoundRegister,
        known: Head,
        report: Report,
        *,
        enforced: bool = True,
    ) -> None:
        """`known` is the newest row that this process knew of before the transaction began.

        Not `enforced`, every row passes: before the first start with a keyring, nothing was ever bound.
        """
        self._connection = connection
        self._journal = journal
        self._register = register
        self._known = known
        self._report = report
        self._enforced = enforced
        self._ready = False
        self._at = 0
        self._changes: dict[str, str] = {}
        self._raw: dict[tuple[Table, str], None] = {}
        if not known.seq:
            # An empty journal tells of rows taken out only while nothing of this transaction is there yet.
            self._come_up()

    def fits(self, table: Table, row: Row) -> bool:
        """Whether a row is what the journal says it is now; one that is not is reported."""
        if table.name not in BOUND or not self._is_enforced() or (table, row.get("id")) in self._raw:
            return True
        name = self._register.ref(table, id_of(table, row))
        if self._expected(name) == self._register.tag_for(table, row):
            return True
        if self.in_doubt and table.name in _GIVES_NOTHING:
            return True
        self._report(self._register.organisation, table.name, name)
        return False

    def lacks(self, table: Table, id: str) -> bool:
        """Whether a row that is not there should be; it is reported."""
        if table.name not in BOUND or not self._is_enforced():
            return False
        name = self._register.ref(table, id)
        if self._expected(name) == GONE:
            return False
        self._report(self._register.organisation, table.name, name)
        return True

    def lines(self, ends: Iterable[str]) -> tuple[ReportingLine, ...] | None:
        """Every reporting line as it is bound; None where this transaction changes some, or nothing is bound.

        `ends` are those asked about. Raises RecordAltered where a line of theirs may have been taken out.
        """
        changed = self._journal.ahead.has_lines or any(name.startswith(LINE) for name in self._changes)
        if not self._is_enforced() or changed:
            return None
        table, organisation = t.reporting_lines, self._register.organisation
        query = select(table).where(table.c.organisation == organisation).order_by(table.c.id)
        held = self._register.lines_at(self._at, lambda: self._connection.execute(query).mappings())
        missing = self._register.lines_missing
        if missing and any(bucket(self._register.keyed, organisation, end) in missing for end in ends):
            self._report(organisation, table.name, LINE)
            raise RecordAltered(table.name)
        return held

    def bind(self, table: Table, row: Row) -> None:
        """Bind a row as it is written now."""
        if table.name in BOUND:
            self._come_up()
            self._change(self._register.ref(table, id_of(table, row)), self._register.tag_for(table, row))

    def forget(self, table: Table, ids: Iterable[str]) -> None:
        """Rows that are deleted now."""
        if table.name in BOUND:
            self._come_up()
            for id in ids:
                self._raw.pop((table, id), None)
                self._change(self._register.ref(table, id), GONE)

    def touch(self, table: Table, ids: Collection[str]) -> None:
        """Rows that are about to be changed without their record: they are bound anew at the end.

        One that does not fit now stays so: what somebody put there is never signed.
        """
        if table.name not in BOUND or not ids:
            return
        for row in rows_with(self._connection, table, self._register.organisation, ids):
            if self.fits(table, row):
                self._raw[table, row["id"]] = None

    def new(self, table: Table, id: str) -> None:
        """A row that was just put in without its record."""
        self._raw[table, id] = None

    def held(self, name: str) -> str:
        """What is bound under a name of ours."""
        self._come_up()
        return self._expected(name)

    def note(self, name: str, text: str) -> None:
        """Bind a text without blanks or colons under a name of ours."""
        self._come_up()
        self._change(name, text)

    def finish(self) -> None:
        """Bind what was changed without its record, and let the journal's last row bear all of it."""
        for table in {table for table, _ in self._raw}:
            ids = [id for of, id in self._raw if of is table]
            for row in rows_with(self._connection, table, self._register.organisation, ids):
                self.bind(table, row)
        self._journal.finish(written(self._changes))

    def pass_on(self) -> None:
        """This body has ended; the next one in the transaction goes on from what it bound."""
        self._journal.pass_on()

    def committed(self) -> None:
        """The transaction is on disk."""
        self._register.grow(self._journal.added)

    def _change(self, name: str, tag: str) -> None:
        if self._before(name) == tag:
            self._changes.pop(name, None)
        else:
            self._changes[name] = tag

    def _expected(self, name: str) -> str:
        changed = self._changes.get(name)
        return self._before(name) if changed is None else changed

    def _before(self, name: str) -> str:
        """What was bound when this body began."""
        ahead = self._journal.ahead.tags.get(name)
        return self._register.tag_of(name, self._at) if ahead is None else ahead

    @property
    def in_doubt(self) -> bool:
        """Whether the chain is known not to be whole. A row counts then as far as the rows that do fit bind it."""
        self._come_up()
        return self._journal.in_doubt

    def _is_enforced(self) -> bool:
        return (self.in_doubt or self._at > 0) and (self._enforced or self._register.is_signed)

    def _come_up(self) -> None:
        if not self._ready:
            # What bodies before this one added counts for this transaction alone until it is on disk.
            now = self._journal.base()
            self._register.sync(self._connection, now, self._known)
            self._ready, self._at = True, now.seq
            # Founding wrote the first row: where there are records and no row at all, every row was taken out.
            unsigned = not self._register.is_signed and (
                now.seq > 0
                or (
                    self._journal.ahead.is_empty
                    and has_records(self._connection, self._register.organisation)
                )
            )
            if self._enforced and unsigned:
                self._register.doubt(1)
            last = max(self._known.seq, self._register.floor.seq, int(self._enforced and unsigned))
            if now.seq < last and self._journal.ahead.is_empty:
                self._journal.miss(last)
            self._journal.in_doubt = self._register.broken_at is not None
            if self._journal.in_doubt:
                self._report(self._register.organisation, t.journal.name, str(self._register.broken_at))
