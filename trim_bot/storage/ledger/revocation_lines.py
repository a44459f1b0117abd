"""The part of the ledger that says what was taken back, and what a transaction takes back: one file, since
both are one line.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from trim_bot.domain.people import Joined
from trim_bot.domain.revocations import (
    AGAINST,
    GIVEN,
    GIVEN_TO,
    NOTHING,
    OF_MEMBERS,
    TAKEN_FROM,
    Keyed,
    Revocable,
    RevocableState,
    RevocationLine,
    subject_digest,
    value_digest,
)
from trim_bot.storage.ledger.anchor import (
    BASE,
    LedgerHead,
    erasures_head,
    lock_chains,
    next_revocation,
    revocations_head,
)
from trim_bot.storage.ledger.ledger_tables import KEPT_FROM, ledger_facts, ledger_takings
from trim_bot.storage.small_stores import read_transaction, write_transaction

VOID = ""
"""The subject of a line that says of another's token that nothing came of it."""
_BATCH = 500
_SETTLED = "takings_settled"
_SEEN = "takings_seen"
_LONGEST = "longest_backup_days"


class RevocationLines:
    """Lines in order; the latest about a subject counts. Every call raises `StoreUnavailable`.

    `turn` lets one thread at a time add lines, and `note_head` is told the head that they made.
    """

    def __init__(
        self,
        engine: Engine,
        complete: bool,
        turn: threading.Lock,
        note_head: Callable[[LedgerHead], None],
    ) -> None:
        self._engine = engine
        self._complete = complete
        self._turn = turn
        self._note_head = note_head

    def write(self, organisation: str, lines: Sequence[tuple[str, str]], token: str, day: date) -> None:
        """Write what one transaction takes back or gives again: subjects, each with its value. `day` is UTC."""
        self._add(
            {
                "organisation": organisation,
                "subject": subject,
                "value": value,
                "token": token,
                "day": day.isoformat(),
            }
            for subject, value in lines
        )

    def known(self, subjects: Collection[str]) -> set[str]:
        """Those of the subjects that some line is about; nothing is written for asking."""
        if not self._complete:
            return set()
        rest, found = sorted(subjects), set[str]()
        with read_transaction(self._engine) as connection:
            while rest:
                batch, rest = rest[:_BATCH], rest[_BATCH:]
                query = select(ledger_takings.c.subject).where(ledger_takings.c.subject.in_(batch))
                found.update(connection.scalars(query.distinct()))
        return found

    def void(self, token: str, day: date) -> None:
        """Write that nothing came of the lines with this token. `day` is UTC."""
        self._add(
            [{"organisation": "", "subject": VOID, "value": "", "token": token, "day": day.isoformat()}]
        )

    def after(self, n: int) -> list[RevocationLine]:
        """The lines numbered above `n` that hold: neither void, nor about another's being void."""
        if not self._complete:
            return []
        query = select(ledger_takings).where(ledger_takings.c.n > n).order_by(ledger_takings.c.n)
        with read_transaction(self._engine) as connection:
            rows = connection.execute(query).mappings().all()
            void = set(
                connection.scalars(select(ledger_takings.c.token).where(ledger_takings.c.subject == VOID))
            )
        return [
            RevocationLine(
                row["n"],
                row["organisation"],
                row["subject"],
                row["value"],
                row["token"],
                date.fromisoformat(row["day"]),
            )
            for row in rows
            if row["token"] not in void
        ]

    def unsettled(self, real: datetime, wait_seconds: float) -> list[RevocationLine]:
        """Lines of which it is not known yet whether their transaction was committed, and is surely over.

        `real` is real time, UTC. A line counts once it has been here for `wait_seconds` at least.
        """
        if not self._complete:
            return []
        with write_transaction(self._engine) as connection:
            seen = _fact(connection, _SEEN) or "0 "
            until, _, at = seen.partition(" ")
            over = bool(at) and (real - datetime.fromisoformat(at)).total_seconds() >= wait_seconds
            settled = int(_fact(connection, _SETTLED) or 0)
            if over or not at:
                _set_fact(connection, _SEEN, f"{revocations_head(connection).n} {real.isoformat()}")
        if not over:
            return []
        return [one for one in self.after(settled) if one.n <= int(until)]

    def settle(self, n: int) -> None:
        """Note that of every line up to `n` it is known what came of it."""
        with write_transaction(self._engine) as connection:
            if int(_fact(connection, _SETTLED) or 0) < n:
                _set_fact(connection, _SETTLED, str(n))

    def needed_for(self, days: int) -> None:
        """Note that a backup was made whose keys may live for so many days: lines are kept that long."""
        with write_transaction(self._engine) as connection:
            if self._longest(connection) < days:
                _set_fact(connection, _LONGEST, str(days))

    def longest(self) -> int:
        """The longest life of any key backup that was made, in days; 0 where none was."""
        with read_transaction(self._engine) as connection:
            return self._longest(connection)

    def prune(self, before: date) -> int:
        """Delete the lines of days before this one (UTC), which no backup needs; returns how many they were."""
        old = ledger_takings.c.day < before.isoformat()
        with self._turn, write_transaction(self._engine) as connection:
            lock_chains(connection)
            # Only from the beginning on: a line between younger ones stays until they go too.
            young = connection.scalar(select(func.min(ledger_takings.c.n)).where(~old))
            last = select(ledger_takings.c.n, ledger_takings.c.digest).where(old)
            if young is not None:
                last = last.where(ledger_takings.c.n < young)
            found = connection.execute(last.order_by(ledger_takings.c.n.desc()).limit(1)).first()
            if found is None:
                return 0
            _set_fact(connection, KEPT_FROM, before.isoformat())
            _set_fact(connection, BASE, f"{found.n}:{found.digest}")
            return connection.execute(delete(ledger_takings).where(ledger_takings.c.n <= found.n)).rowcount

    def oldest(self) -> date | None:
        """The day of the oldest line (UTC), or None where there is none."""
        with read_transaction(self._engine) as connection:
            held = connection.scalar(select(func.min(ledger_takings.c.day)))
        return date.fromisoformat(held) if held is not None else None

    def kept_from(self) -> date | None:
        """The first day of which every line is still kept (UTC), or None where none was ever pruned."""
        with read_transaction(self._engine) as connection:
            held = _fact(connection, KEPT_FROM)
        return date.fromisoformat(held) if held is not None else None

    def _longest(self, connection: Connection) -> int:
        return int(_fact(connection, _LONGEST) or 0)

    def _add(self, rows: Iterable[dict[str, object]]) -> None:
        with self._turn:
            with write_transaction(self._engine) as connection:
                lock_chains(connection)
                last = revocations_head(connection)
                for row in rows:
                    kept = next_revocation(last, row)
                    connection.execute(insert(ledger_takings).values(kept))
                    last = revocations_head(connection)
                ledger = _fact(connection, "id") or ""
                head = LedgerHead(ledger, erasures_head(connection), last)
            self._note_head(head)


def _fact(connection: Connection, name: str) -> str | None:
    held: str | None = connection.scalar(select(ledger_facts.c.value).where(ledger_facts.c.name == name))
    return held


def _set_fact(connection: Connection, name: str, value: str) -> None:
    changed = connection.execute(
        update(ledger_facts).where(ledger_facts.c.name == name).values(value=value)
    ).rowcount
    if not changed:
        connection.execute(insert(ledger_facts).values(name=name, value=value))


@dataclass(frozen=True, slots=True)
class RevocationDigests:
    """One line for the ledger: two digests, and whether it only says that something stands as it was given."""

    subject: str
    value: str
    gives: bool = False


class RevocationRecorder(Protocol):
    """What the store asks of the ledger."""

    def known(self, subjects: Collection[str]) -> set[str]:
        """Those of the subjects that some line is about. Raises `StoreUnavailable`."""
        ...

    def write(self, organisation: str, lines: Sequence[tuple[str, str]], token: str, day: date) -> None:
        """Durable when it returns. Raises `StoreUnavailable`."""
        ...


def worth_writing(lines: Sequence[RevocationDigests], ledger: RevocationRecorder) -> list[tuple[str, str]]:
    """Subjects with their values. What is given is written only where it was taken before: nothing else asks for it."""
    taken = {line.subject for line in lines if not line.gives}
    given = {line.subject for line in lines if line.gives} - taken
    if given:
        taken |= ledger.known(given)
    return [(line.subject, line.value) for line in lines if line.subject in taken]


def line_of(keyed: Keyed, mark: Revocable, value: str) -> RevocationDigests:
    """The line that says how one thing stands."""
    subject = subject_digest(keyed, mark)
    way = TAKEN_FROM if mark.kind in AGAINST else GIVEN_TO
    gives = value == GIVEN or value.startswith(way)
    return RevocationDigests(subject, value_digest(keyed, subject, value), gives)


class TransactionRevocations:
    """What changed in one transaction, in order."""

    def __init__(self) -> None:
        self._changes: list[tuple[Revocable, str]] = []
        self._joined: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._changes)

    def saved(self, before: RevocableState, after: RevocableState) -> None:
        """A record was changed. What it says of another subject than before is no taking-back: it was renamed."""
        for mark, value in after.values.items():
            if before.values.get(mark) != value:
                self._changes.append((mark, value))
        for mark, people in after.people.items():
            was = before.people.get(mark, frozenset())
            self._changes += [(mark, TAKEN_FROM + id) for id in sorted(was - people)]
            self._changes += [(mark, GIVEN_TO + id) for id in sorted(people - was)]

    def added(self, record: object, marks: RevocableState) -> None:
        """A record came that gives something again, or asks for something."""
        if isinstance(record, Joined):
            self._joined.add(record.id)
        self._changes += marks.values.items()

    def dropped(self, marks: RevocableState) -> None:
        """A record was deleted whose deletion takes something from somebody."""
        self._changes += [(mark, NOTHING) for mark in marks.values]

    def digests(self, keyed: Keyed, selves: Callable[[str], Iterable[str]]) -> list[RevocationDigests]:
        """The lines for the ledger, the last about each thing alone; `selves` are who a member was known as."""
        last: dict[tuple[Revocable, str], str] = {}
        for mark, value in self._changes:
            person = value[1:] if value[:1] in (GIVEN_TO, TAKEN_FROM) else ""
            if person in self._joined:
                # Two became one: whoever is kept goes on with it.
                continue
            for one in self._same(mark, selves):
                last.pop((one, person), None)
                last[one, person] = value
        return [line_of(keyed, mark, value) for (mark, _), value in last.items()]

    def _same(self, mark: Revocable, selves: Callable[[str], Iterable[str]]) -> list[Revocable]:
        if mark.kind not in OF_MEMBERS:
            return [mark]
        member, *rest = mark.subject
        return [mark, *(Revocable(mark.kind, (former, *rest)) for former in selves(member))]
