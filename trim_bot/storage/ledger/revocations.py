"""Notes what one transaction takes back or gives again, and has the ledger say so before it is committed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from trim_bot.domain.people import Joined
from trim_bot.domain.revocation_digests import GIVEN_TO, TAKEN_FROM, Keyed, subject_digest, value_digest
from trim_bot.domain.revocations import AGAINST, GIVEN, NOTHING, OF_MEMBERS, Revocable, RevocableState


@dataclass(frozen=True, slots=True)
class RevocationDigests:
    """One line for the ledger: two digests, and whether it only says that something stands as it was given."""

    subject: str
    value: str
    gives: bool = False


class RevocationLedger(Protocol):
    """What the store asks of the ledger."""

    def known(self, subjects: Collection[str]) -> set[str]:
        """Those of the subjects that some line is about. Raises `StoreUnavailable`."""
        ...

    def write(self, organisation: str, lines: Sequence[tuple[str, str]], token: str, day: date) -> None:
        """Durable when it returns. Raises `StoreUnavailable`."""
        ...


def worth_writing(lines: Sequence[RevocationDigests], ledger: RevocationLedger) -> list[tuple[str, str]]:
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
