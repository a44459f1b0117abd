"""A unit of work that only shows: it holds a few made-up records and refuses to change anything."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NoReturn, TypeVar

from trim_bot.app.examples.sample import DEFINITIONS, LINK, NOW, SIGN, Sample, check_in, contact_step
from trim_bot.app.seam.ports import Counts, Journal
from trim_bot.app.seam.work import Who, Work
from trim_bot.domain.cases import CheckInState
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import KeyId, OrganisationId
from trim_bot.domain.people import Address, Grant, Platform, Role
from trim_bot.domain.records import CODE, CODE_LASTS, Measure, Session

R = TypeVar("R")
K = TypeVar("K", bound=str)


class OnlyShown(SafeError):
    """An example tried to change something, or to read what examples have none of."""

    def __init__(self) -> None:
        super().__init__("An example only shows")


class ShownTx:
    """The port `Tx` over records that never change."""

    def __init__(self, *records: object) -> None:
        self.organisation = OrganisationId("sample")
        self._records = records

    def get(self, kind: type[R], id: str) -> R | None:
        """The record with this id, or None."""
        return next((one for one in self._of(kind) if getattr(one, "id", None) == id), None)

    def find(
        self, kind: type[R], /, *, order_by: str = "id", limit: int | None = None, **where: object
    ) -> list[R]:
        """Records whose fields equal what is given; a tuple means any of these."""
        found = [
            one for one in self._of(kind) if all(_fits(one, name, value) for name, value in where.items())
        ]
        found.sort(key=lambda one: str(getattr(one, order_by.removeprefix("-"))), reverse=order_by[:1] == "-")
        return found[:limit]

    def get_many(self, kind: type[R], ids: Iterable[K]) -> dict[K, R]:
        """The records with these ids, by id."""
        found = {id: self.get(kind, id) for id in ids}
        return {id: record for id, record in found.items() if record is not None}

    def tally(self, kind: type[object], by: str, /, **where: object) -> dict[str, int]:
        """How many records equal what is given, by one field."""
        found = (one for one in self._of(kind) if all(_fits(one, *given) for given in where.items()))
        return dict(Counter(str(getattr(one, by)) for one in found))

    def keyed(self, purpose: str, text: str) -> str:
        """A digest without a key."""
        return hashlib.sha256(f"{purpose} {text}".encode()).hexdigest()

    def pseudonym(self, key_id: KeyId, of: str) -> str:
        """A name that stands for nobody."""
        return "sample"

    def add(self, record: object) -> None:
        """Refused."""
        self._refuse()

    def save(self, record: object) -> None:
        """Refused."""
        self._refuse()

    def drop(self, kind: type[object], id: str) -> None:
        """Refused."""
        self._refuse()

    def new_key(self) -> KeyId:
        """Refused."""
        self._refuse()

    def count(self, measure: Measure, on: date, by: int = 1) -> None:
        """Refused."""
        self._refuse()

    @property
    def counts(self) -> Counts:
        """Refused."""
        self._refuse()

    @property
    def journal(self) -> Journal:
        """Refused."""
        self._refuse()

    def _of(self, kind: type[R]) -> list[R]:
        return [one for one in self._records if isinstance(one, kind)]

    def _refuse(self) -> NoReturn:
        raise OnlyShown


class NoHolidays:
    """The port `Holidays` where every day is a usual one."""

    def between(self, country: str, region: str, first: date, last: date) -> frozenset[date]:
        """None."""
        return frozenset()


class NoNumbers:
    """The port `PhoneNumbers` that reads none."""

    def one_form(self, text: str, country: str) -> str:
        """None."""
        return ""


def shown_work(sample: Sample) -> Work:
    """What the screens after a change are given."""
    records = (
        *sample.people.values(),
        Grant("grant_lead", sample.lead.id, Role.LEAD, NOW),
        Grant("grant_deputy", sample.deputy.id, Role.DEPUTY, NOW),
        sample.case,
        Session("code", sample.person.id, CODE, NOW + CODE_LASTS),
        check_in("first", CheckInState.PLANNED, opens=timedelta(hours=70)),
        contact_step(),
    )
    who = Who(
        Address(Platform.WEB, sample.site.slug, "sample"), sample.practitioner, frozenset({Role.PRACTITIONER})
    )
    return Work(
        tx=ShownTx(*records),
        organisation=OrganisationId("sample"),
        who=who,
        site=sample.site,
        now=NOW,
        real=NOW,
        definitions=DEFINITIONS,
        holidays=NoHolidays(),
        phones=NoNumbers(),
        sign=SIGN,
        profiles={},
        nonce="sample",
        link=LINK,
    )


def _fits(record: object, name: str, value: object) -> bool:
    held = getattr(record, name)
    return held in value if isinstance(value, tuple) else held == value
