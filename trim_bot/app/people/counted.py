"""People counted once in each period, and the bulletins that came of it; neither leads to any case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.bulletins import (
    FIGURE_RULES,
    Bulletin,
    BulletinId,
    CountedPerson,
    CountingId,
    CountingSince,
    Figure,
    MarkId,
    PeriodKind,
    around,
    newest_first,
)
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Account, Member
from trim_bot.domain.records import Action

PEOPLE = CountingId("people")
_EVER = "ever/came"
PARTS = frozenset(part for parts in FIGURE_RULES.parts.values() for part in parts)


def count_came(work: UnitOfWork, id: MemberId, how: Figure) -> None:
    """Somebody said yes or asked through their own account: once in each period, and once in each way."""
    member = _with_account(work.tx, id)
    if member is not None:
        _mark(work.tx, member, (*_cells(work, Figure.CAME), *_cells(work, how), _EVER))


def count_after(work: UnitOfWork, id: MemberId, figure: Figure) -> None:
    """Something followed for them: counted of those alone who had come through their own account.

    What a colleague wrote down for somebody without one is in no figure: whoever writes it could work out the rest.
    """
    member = _with_account(work.tx, id)
    if member is not None and work.tx.get(CountedPerson, _id(work.tx, member, _EVER)) is not None:
        _mark(work.tx, member, _cells(work, figure))


def population(tx: Tx) -> int:
    """How many people work here, as everybody can know: accounts in the largest of the chats and lists, none gone.

    Accounts, not people: that somebody joined two chats or was erased is theirs, and changes no figure.
    """
    return max(tx.tally(Account, "platform", left=False).values(), default=0)


def in_period(tx: Tx, period: str) -> dict[Figure, int]:
    """How many people are counted in each figure of a period."""
    return {figure: len(tx.find(CountedPerson, cell=f"{period}/{figure.value}")) for figure in Figure}


def forget_period(tx: Tx, period: str) -> None:
    """Nobody is counted in this period any more: it is published."""
    for figure in Figure:
        for one in tx.find(CountedPerson, cell=f"{period}/{figure.value}"):
            tx.drop(CountedPerson, one.id)


def count_afresh(work: UnitOfWork) -> None:
    """After a restore: whom the backup did not know is not counted, so nothing is told of what has begun by now.

    A bulletin that came since the backup is lost here but was read, and nothing that is told later overlaps it.
    """
    kept = work.tx.get(CountingSince, PEOPLE)
    if kept is None:
        return
    today = work.now.astimezone(work.zone_of(None)).date()
    work.tx.save(replace(kept, since=today, whole=False))
    for one in work.tx.find(CountedPerson):
        if one.cell != _EVER:
            work.tx.drop(CountedPerson, one.id)


def _cells(work: UnitOfWork, figure: Figure) -> Iterable[str]:
    for period in around(work.now.astimezone(work.zone_of(None)).date()):
        if figure not in PARTS or period.kind is PeriodKind.HALF_YEAR:
            yield f"{period.id}/{figure.value}"


def _mark(tx: Tx, member: Member, cells: Iterable[str]) -> None:
    wanted = {_id(tx, member, cell): cell for cell in cells}
    there = {one.id for one in tx.find(CountedPerson, id=tuple(wanted))}
    for id, cell in wanted.items():
        if id not in there:
            tx.add(CountedPerson(id, cell))


def _id(tx: Tx, member: Member, cell: str) -> MarkId:
    """Another one in each cell, so that no two of them can be joined, and none once the key is gone."""
    return MarkId(tx.pseudonym(member.key_id, f"counted in {cell}"))


def _with_account(tx: Tx, id: MemberId) -> Member | None:
    return tx.get(Member, id) if tx.find(Account, member_id=id, limit=1) else None


TOLD = "bulletin of "
"""What the journal calls it that a period is published, before the period itself."""
MOST_PERIODS = 4000
"""More than end in three centuries."""


def told_periods(tx: Tx) -> frozenset[str]:
    """Every period of which the journal says that it was published, whether or not the bulletin is still there."""
    rows = tx.journal.about([tx.keyed("bulletin", TOLD)], MOST_PERIODS)
    return frozenset(row.what.removeprefix(TOLD) for row in rows)


def note_told(tx: Tx, period: str, by: str, at: datetime) -> None:
    """Write into the journal that a period is published, so that it never is again."""
    tx.journal.write(by, Action.CHANGED, f"{TOLD}{period}", tx.keyed("bulletin", TOLD), at)


class Bulletins:
    """A narrow view of one transaction: what was published, as it was published."""

    def __init__(self, tx: Tx) -> None:
        self.__tx = tx

    def all(self) -> list[Bulletin]:
        """Every bulletin, the newest first; one that was changed since is left out."""
        return [one for one in newest_first(self.__tx.find(Bulletin)) if self._holds(one)]

    def one(self, id: BulletinId) -> Bulletin | None:
        """The bulletin with this handle, unless it was changed since it was published; the newest for none."""
        if not id:
            return next(iter(self.all()), None)
        found = self.__tx.get(Bulletin, id)
        return found if found is not None and self._holds(found) else None

    def altered(self) -> bool:
        """Whether any was changed since it was published, or is missing."""
        kept = self.__tx.find(Bulletin)
        return not told_periods(self.__tx).issubset(one.period for one in kept) or not all(
            map(self._holds, kept)
        )

    def signature(self, period: str, body: str) -> str:
        """The signature of exactly these bytes; only whoever has the organisation's keys can make it."""
        digest = sha256(f"{period}\n{body}".encode()).hexdigest()
        return self.__tx.keyed("bulletin", digest)

    def _holds(self, one: Bulletin) -> bool:
        return one.signature == self.signature(one.period, one.body)
