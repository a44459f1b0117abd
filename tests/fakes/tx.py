"""One transaction of the fake store, as strict about searches and keys as the real one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast, get_type_hints

from tests.fakes.figures import FakeCounts, FakeJournal
from tests.fakes.privacy import KEYED, SEALED, searchable, sortable
from tests.fakes.state import State
from trim_bot.app.seam.ports import Last
from trim_bot.domain.figures import quarter_of, week_of
from trim_bot.domain.ids import KeyId, OrganisationId, RecordType, new_id, record_type
from trim_bot.domain.records import AnyMeasure
from trim_bot.domain.site import Organisation
from trim_bot.domain.unused_keys import KeyGone
from trim_bot.storage.errors import NoSuchRecord, NotSearchable, RecordExists

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


R = TypeVar("R")
L = TypeVar("L")
P = ParamSpec("P")
K = TypeVar("K", bound=str)
DIGEST = "keyed:"


class FakeTx:
    """Implements the port `Tx` over a copy of an organisation's state."""

    def __init__(
        self,
        organisation: OrganisationId,
        state: State,
        keys: set[str],
        organisations: Mapping[str, Organisation] = MappingProxyType({}),
    ) -> None:
        self._organisations = organisations
        self.organisation = organisation
        self.state = state
        self._keys = keys
        self.in_doubt = False
        self.written: set[tuple[type[object], bool]] = set()

    def get(self, kind: RecordType[K, P, R], id: K) -> R | None:
        record = self.state.table(record_type(kind)).get(id)
        return cast(R, record) if record is not None and self._readable(record_type(kind), record) else None

    def find(
        self, kind: type[R], /, *, order_by: str = "id", limit: int | None = None, **where: object
    ) -> list[R]:
        found = self._matching(kind, order_by, where)
        return cast(list[R], [one for one in found if self._readable(kind, one)][:limit])

    def _matching(self, kind: type[object], order_by: str, where: Mapping[str, object]) -> list[object]:
        for name in where:
            if name not in searchable(kind):
                raise NotSearchable(name)
        field = order_by.removeprefix("-")
        if field not in sortable(kind):
            raise NotSearchable(field)
        found = list(self.state.each(kind))
        for name, value in where.items():
            test = self._test(kind, name, value)
            found = [record for record in found if test(record)]
        found.sort(key=_id)
        if field != "id" or order_by != field:
            found.sort(key=lambda record: _order(getattr(record, field)), reverse=order_by.startswith("-"))
        return found

    def get_many(self, kind: RecordType[K, P, R], ids: Iterable[K]) -> dict[K, R]:
        found = {id: self.get(kind, id) for id in ids}
        return {id: record for id, record in found.items() if record is not None}

    def lines(self, line: type[L], of: type[object], /, last: Last | None = None, **where: object) -> list[L]:
        names = list(get_type_hints(line))
        if closed := set(names) - sortable(of):
            raise NotSearchable(min(closed))
        field, limit = last or ("id", None)
        found = self._matching(of, field if last is None else f"-{field}", where)[:limit]
        return [line(**{name: getattr(one, name) for name in names}) for one in found]

    def tally(self, kind: type[object], by: str, /, **where: object) -> dict[str, int]:
        for name in where:
            if name not in searchable(kind):
                raise NotSearchable(name)
        if by not in sortable(kind):
            raise NotSearchable(by)
        tests = [self._test(kind, name, value) for name, value in where.items()]
        found = (record for record in self.state.each(kind) if all(test(record) for test in tests))
        return dict(Counter(str(_flat(getattr(record, by))) for record in found))

    def add(self, record: object) -> None:
        table = self.state.table(type(record))
        id = _id(record)
        if id in table:
            raise RecordExists
        table[id] = self._kept(record)
        self.written.add((type(record), True))

    def save(self, record: object) -> None:
        table = self.state.table(type(record))
        id = _id(record)
        if id not in table:
            raise NoSuchRecord
        table[id] = self._kept(record)
        self.written.add((type(record), False))

    def drop(self, kind: RecordType[K, P, R], id: K) -> None:
        self.state.table(record_type(kind)).pop(id, None)
        self.written.add((record_type(kind), False))

    def is_still(self, organisation: Organisation) -> bool:
        return self._organisations.get(self.organisation) == organisation

    def new_key(self) -> KeyId:
        key = KeyId(new_id())
        self._keys.add(key)
        return key

    def expect_keys(self, count: int) -> None:
        """There are always enough."""

    def pseudonym(self, key_id: KeyId, of: str) -> str:
        if key_id not in self._keys:
            raise KeyGone(key_id)
        return _digest(key_id, of)[:26]

    def pseudonyms(self, of: Mapping[str, KeyId]) -> list[str]:
        return [self.pseudonym(key_id, one) for one, key_id in of.items()]

    def keyed(self, purpose: str, text: str) -> str:
        return _digest(self.organisation, purpose, text.strip().casefold())

    def count(self, measure: AnyMeasure, on: date, by: int = 1) -> None:
        for period in (week_of(on), quarter_of(on)):
            self.state.figures[(period, measure)] = self.state.figures.get((period, measure), 0) + by

    @property
    def counts(self) -> FakeCounts:
        return FakeCounts(self.state)

    @property
    def journal(self) -> FakeJournal:
        return FakeJournal(self.state)

    def _readable(self, kind: type[object], record: object) -> bool:
        return kind not in SEALED or getattr(record, "key_id") in self._keys  # noqa: B009

    def _kept(self, record: object) -> object:
        kind = type(record)
        if not self._readable(kind, record):
            raise KeyGone(str(getattr(record, "key_id")))  # noqa: B009
        unreadable = KEYED.get(kind, frozenset()) - SEALED.get(kind, frozenset())
        digests = {name: self._look_up(kind, name, getattr(record, name)) for name in unreadable}
        return replace(cast("DataclassInstance", record), **digests) if digests else record

    def _look_up(self, kind: type[object], name: str, text: str) -> str:
        if not text or text.startswith(DIGEST):
            return text
        return DIGEST + self.keyed(f"{kind.__name__}.{name}", text)

    def _test(self, kind: type[object], name: str, value: object) -> Callable[[object], bool]:
        wanted = set(value) if isinstance(value, tuple) else {value}
        if name in KEYED.get(kind, frozenset()) and name not in SEALED.get(kind, frozenset()):
            wanted = {self._look_up(kind, name, str(one)) for one in wanted}
        elif name in KEYED.get(kind, frozenset()):
            wanted = {str(one).strip().casefold() for one in wanted}
            return lambda record: str(getattr(record, name)).strip().casefold() in wanted
        return lambda record: getattr(record, name) in wanted


def _order(value: object) -> tuple[bool, object]:
    return (value is not None, _flat(value))


def _flat(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _id(record: object) -> str:
    return str(getattr(record, "id"))  # noqa: B009


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:52]
