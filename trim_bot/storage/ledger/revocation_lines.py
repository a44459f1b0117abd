"""The part of the ledger that says what was taken back: opaque lines, kept as long as a backup may need them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from trim_bot.domain.revocation_digests import RevocationLine
from trim_bot.storage.ledger.chain import (
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
