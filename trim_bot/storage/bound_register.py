"""What each row that authorises somebody must be now, as the keyed journal says up to one of its rows; in memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table
from sqlalchemy.engine import RowMapping

from trim_bot.domain.people import ReportingLine
from trim_bot.storage import tables as t
from trim_bot.storage.engine import RunAgain
from trim_bot.storage.journal import (
    PLAIN_LENGTH,
    SIGNED,
    AddedRow,
    Head,
    entry_of,
    fits,
    rows_after,
)
from trim_bot.storage.records.bound_rows import (
    GONE,
    LINE,
    Row,
    bound_cells,
    id_of,
    read,
    ref,
    tag,
)
from trim_bot.storage.records.sealing import Pseudonyms

_STEPS_BACK = 512
"""Rows of the journal for which a reader's older moment can still be told."""
_REFS = 50_000
_NOTHING = Head(0, "")
Report = Callable[[str, str, str], None]
"""Told of a row that is not as it was bound: organisation, table and the row's name in the journal.

In doubt, also of the journal itself, with the number of the first row that does not fit.
"""


@dataclass(frozen=True, slots=True)
class _Step:
    """What one row of the journal changed: the tags that stood before it, and None for a name that was new."""

    seq: int
    before: Mapping[str, str | None]


@dataclass(slots=True)
class BoundRegister:
    """All that the journal of one organisation binds, up to one of its rows. Safe to use from several threads."""

    organisation: str
    keyed: Pseudonyms
    at: Head = _NOTHING
    tags: dict[str, str] = field(default_factory=dict)
    broken_at: int | None = None
    """The first row that does not fit, while nothing after it says that what stood there then counts."""
    is_signed: bool = False
    """Whether any row is keyed; before the first start with a keyring none is."""

    first_break: int | None = None
    """The first row that ever did not fit, also where all was signed anew since."""
    lines: tuple[ReportingLine, ...] | None = None
    """The reporting lines as they are bound, once they were read."""
    lines_missing: frozenset[str] = frozenset()
    """The groups in which lines were bound that are there no more."""

    floor: Head = _NOTHING
    """The newest row that an anchor outside knows of: a chain that ends before it was cut off."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _steps: deque[_Step] = field(default_factory=lambda: deque(maxlen=_STEPS_BACK))
    _refs: dict[tuple[str, str], str] = field(default_factory=dict)
    _tags: dict[str, tuple[tuple[object, ...], str]] = field(default_factory=dict)
    """The tag made last for a row, and for what: most rows are read again as they were."""
    _plain: bool = True
    """Whether no row was keyed so far."""

    def sync(self, connection: Connection, now: Head, known: Head) -> None:
        """Come up to the chain's newest row, `now`; `known` is what was known here before the transaction began.

        Whoever reads an older moment finds what was true then. A chain that ends before what is known was cut off.
        """
        with self._lock:
            if now.seq > self.at.seq:
                for row in rows_after(connection, self.organisation, self.at.seq):
                    if row["seq"] > now.seq:
                        break
                    self._take_in(row)
            # After the walk: a row on the way that signs all says nothing of those that are missing at the end.
            for one in (known, self.floor):
                if now.is_behind(one):
                    self._break(now.seq + 1)
            if now.is_behind(known) and now.is_behind(self.at):
                # What was bound stays known, and what is written next follows the row that is there.
                self.at = Head(max(now.seq, known.seq, self.floor.seq), now.digest)
                self._steps.clear()

    def doubt(self, seq: int) -> None:
        """Note from outside that the chain is not whole from this row on."""
        with self._lock:
            self._break(seq)

    def grow(self, links: Iterable[AddedRow]) -> None:
        """Take in the rows of a transaction of this process that was committed."""
        with self._lock:
            for one in links:
                if one.head.seq == self.at.seq + 1:
                    self._plain, self.is_signed = False, True
                    self._apply(one.head, one.what, one.bound)

    def tag_of(self, name: str, at: int) -> str:
        """The tag of a row when the chain had `at` rows; `GONE` for one that was not there."""
        with self._lock:
            found = self.tags.get(name, GONE)
            if at >= self.at.seq:
                return found
            if self._steps and self._steps[0].seq > at + 1:
                raise RunAgain
            for step in reversed(self._steps):
                if step.seq <= at:
                    break
                if name in step.before:
                    found = step.before[name] or GONE
            return found

    def ref(self, table: Table, id: str) -> str:
        """The name of a row in the journal; it is remembered."""
        place = (table.name, id)
        found = self._refs.get(place)
        if found is None:
            if len(self._refs) >= _REFS:
                self._refs.clear()
            found = self._refs[place] = ref(self.keyed, self.organisation, table, id)
        return found

    def tag_for(self, table: Table, row: Row) -> str:
        """The tag of a row as it stands; it is remembered with what it was made of."""
        name, cells = self.ref(table, id_of(table, row)), bound_cells(table, row)
        made = self._tags.get(name)
        if made is not None and made[0] == cells:
            return made[1]
        if len(self._tags) >= _REFS:
            self._tags.clear()
        found = tag(self.keyed, self.organisation, table, row)
        self._tags[name] = (cells, found)
        return found

    def lines_at(self, at: int, rows: Callable[[], Iterable[RowMapping]]) -> tuple[ReportingLine, ...]:
        """The reporting lines that are bound, read once; those that are missing are noted by their groups.

        In doubt, one of which nothing is known stands as well: it opens nothing, and only stands in somebody's way.
        """
        held = self.lines
        if held is not None:
            return held
        found = {ref(self.keyed, self.organisation, t.reporting_lines, row["id"]): row for row in rows()}
        fitting = {
            name: row
            for name, row in found.items()
            if (known := self.tag_of(name, at)) == tag(self.keyed, self.organisation, t.reporting_lines, row)
            or (known == GONE and self.broken_at is not None)
        }
        lines = tuple(ReportingLine(row["id"], row["person"], row["manager"]) for row in fitting.values())
        with self._lock:
            if at == self.at.seq:
                bound = {name: tag for name, tag in self.tags.items() if name.startswith(LINE)}
                missing = [tag for name, tag in bound.items() if name not in fitting]
                self.lines_missing = frozenset(end for tag in missing for end in tag.split(".")[1:])
                self.lines = lines
        return lines

    def _take_in(self, row: RowMapping) -> None:
        try:
            entry = entry_of(row)
            whole = fits(
                self.keyed, self.at.digest, self.organisation, entry, row["bound"], plain=self._plain
            )
        except ValueError:
            whole = False
        is_keyed = len(row["digest"]) != PLAIN_LENGTH
        if whole and is_keyed and self._plain and self.at.seq > 0 and row["what"] != SIGNED:
            # Only the row that signs all may be the first keyed one after rows that are not.
            whole = False
        head = Head(row["seq"], row["digest"])
        if row["seq"] != self.at.seq + 1:
            # Rows are missing. What the desk itself wrote after them counts all the same.
            self._break(self.at.seq + 1)
        if whole:
            self._plain, self.is_signed = not is_keyed, is_keyed
            self._apply(head, row["what"], row["bound"])
            if head.seq == self.floor.seq and head.digest != self.floor.digest:
                self._break(head.seq)
            return
        # It is not known what stood here. The next rows are read on, since one of them may sign everything anew.
        self._break(self.at.seq + 1)
        self.at = head
        if is_keyed:
            self._plain, self.is_signed = False, True

    def _break(self, seq: int) -> None:
        if self.broken_at is None:
            self.lines = None
        self.broken_at = self.broken_at or seq
        self.first_break = self.first_break or seq

    def _apply(self, head: Head, what: str, bound: str) -> None:
        before: dict[str, str | None] = {}
        if what == SIGNED:
            before.update(self.tags)
            self.tags.clear()
            self.broken_at = None
        changes = read(bound)
        if what == SIGNED or any(name.startswith(LINE) for name in changes):
            self.lines = None
        for name, held in changes.items():
            before.setdefault(name, self.tags.get(name))
            if held == GONE:
                self.tags.pop(name, None)
            else:
                self.tags[name] = held
        self.at = head
        self._steps.append(_Step(head.seq, before))
