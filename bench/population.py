"""Fills organisations of any size with real records: stories that were told through the desk once, and copied.

Each copy has ids, keys and times of its own, is sealed under its own keys and bound by the journal, so that the desk
works with it as with any other. It goes in by the store's own rows, many in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Any, cast

from sqlalchemy import insert

from tests.builders import MONDAY, Town, log_values
from tests.fakes import FakeStore
from tests.reading import form_of
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.cases import Case, CheckIn, Interview
from trim_bot.domain.ids import MemberId, OrganisationId, new_id
from trim_bot.domain.incidents import Exposure, Incident, Offer
from trim_bot.domain.people import Account, Grant, Member, Role, Training
from trim_bot.domain.steps import OutboxState, Outgoing, Step
from trim_bot.storage.records.rows import shape_of
from trim_bot.storage.store import SqlStore
from trim_bot.storage.transaction import SqlTx

PER_TRANSACTION = 100
"""Stories in one transaction."""
CASE_RECORDS: tuple[type[Any], ...] = (Incident, Exposure, Offer, Case, CheckIn, Interview, Step, Outgoing)
YEARS = timedelta(days=600)
"""Closed cases lie spread over this time back."""


SPREAD = 7200
"""Over how many seconds conversations fall due that wait."""
OPENING = timedelta(hours=1)
"""From the hour at which the story's event ended to the one at which people are at work and can be told."""
TALKS_FROM = datetime.combine(MONDAY.date(), time(8), UTC) + timedelta(days=3) + OPENING
"""When the first of them does; by then every first contact is overdue."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large an organisation is to be."""

    people: int
    closed: int
    """Closed cases."""
    held: int
    """Open cases, all of the same practitioner."""
    practitioners: int
    waiting: int = 0
    """Open cases more, spread over all who serve, each with a conversation that is due soon after `TALKS_FROM`."""
    others: int = 0
    """Small organisations beside it."""


@dataclass(frozen=True, slots=True)
class Story:
    """The records of one person's case, as the desk left them."""

    records: tuple[Any, ...]
    person: MemberId
    holder: MemberId


async def told(*, closed: bool) -> Story:
    """A case that came of one event, told through the desk on a store in memory; until its end if `closed`."""
    town = Town(store=FakeStore())
    await town.found()
    await town.add("priya", Role.PRACTITIONER)
    await town.add("nurse")
    log = await town.say("priya", "peer", "log")
    await town.send(
        "priya", log, **log_values(town.actor("nurse"), mine=True, account="It was a long night. " * 8)
    )
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    await town.clockwork.drain()
    if closed:
        await town.pass_time(days=3)
        case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
        step = await town.send("priya", await town.press("priya", case, "interview"), acknowledged=True)
        answers = {one.name: "2" for one in form_of(step).inputs() if one.name.startswith("q_")}
        await town.send("priya", step, **answers, note="Some words of the talk. " * 8)
        case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
        await town.send("priya", await town.press("priya", case, "close"), reason="finished")
        await town.clockwork.drain()
    kept: list[Any] = []
    for kind in CASE_RECORDS:
        kept += [one for one in await town.all(kind) if not _is_waiting_message(one)]
    [case_record] = [one for one in kept if isinstance(one, Case)]
    assert (case_record.closed_at is not None) == closed
    return Story(tuple(kept), town.ids["nurse"], town.ids["priya"])


def _is_waiting_message(record: object) -> bool:
    return isinstance(record, Outgoing) and record.state is OutboxState.QUEUED


class Copy:
    """One copy of a story: every id and key in it is replaced, every time moved, wherever they stand."""

    def __init__(self, tx: Tx, instead: Mapping[str, str], back: timedelta) -> None:
        self._tx, self._instead, self._back = tx, dict(instead), back

    def of(self, record: Any) -> Any:
        """The record as it is in the copy."""
        made = {one.name: self._value(one.name, getattr(record, one.name)) for one in fields(record)}
        return type(record)(**made)

    def note(self, records: Iterable[Any]) -> None:
        """Draw an id for each record, and a key for each key."""
        for record in records:
            self._instead.setdefault(str(record.id), new_id())
            key = getattr(record, "key_id", None)
            if key is not None and str(key) not in self._instead:
                self._instead[str(key)] = self._tx.new_key()

    def _value(self, name: str, value: Any) -> Any:
        match value:
            case str() if type(value) is str:
                return new_id() if name == "handle" and value else self._instead.get(value, value)
            case datetime():
                return value - self._back
            case tuple() | frozenset():
                return type(value)(self._value("", one) for one in value)
            case Mapping():
                return {key: self._value("", one) for key, one in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            return replace(
                cast("Any", value),
                **{one.name: self._value(one.name, getattr(value, one.name)) for one in fields(value)},
            )
        return value


def put(tx: Tx, records: Sequence[Any]) -> None:
    """Add records as the store does, each kind in one statement."""
    assert isinstance(tx, SqlTx)
    rows: dict[type[Any], list[dict[str, object]]] = defaultdict(list)
    for record in records:
        rows[type(record)].append(tx._row(shape_of(type(record)), record))
    for kind, several in rows.items():
        table = shape_of(kind).table
        tx.connection.execute(insert(table), [{"organisation": tx.organisation, **row} for row in several])
        for row in several:
            tx.bound.bind(table, row)


async def fill(town: Town, store: SqlStore, plan: Plan) -> None:
    """Bring an organisation that has its settings up to a plan: who serves, everybody else, and what they went
    through.
    """
    for name, roles in SERVING.items():
        await town.add(name, *roles)
    for name in NURSES:
        await town.add(name)
    organisation = OrganisationId(town.organisation.id)
    servers = [town.ids["priya"], *await _people(town, store, "server", plan.practitioners - 1, serve=True)]
    people = await _people(town, store, "person", plan.people, serve=False)
    over, going_on = await told(closed=True), await told(closed=False)
    every = timedelta(seconds=YEARS.total_seconds() / max(1, plan.closed))
    await _copies(
        store, organisation, over, plan.closed,
        lambda n: (people[n % len(people)], servers[n % len(servers)], timedelta(days=30) + n * every),
    )  # fmt: skip
    await _copies(
        store, organisation, going_on, plan.held,
        lambda n: (people[n % len(people)], servers[0], timedelta(seconds=n)),
    )  # fmt: skip
    one_later = timedelta(seconds=SPREAD / max(1, plan.waiting))
    await _copies(
        store, organisation, going_on, plan.waiting,
        lambda n: (people[n % len(people)], servers[n % len(servers)], -OPENING - n * one_later),
    )  # fmt: skip


SERVING: Mapping[str, tuple[Role, ...]] = {
    "priya": (Role.PRACTITIONER,),
    "dan": (Role.PRACTITIONER,),
    "lena": (Role.LEAD,),
    "cora": (Role.COORDINATOR,),
}
"""Those who act in the benchmarks; `priya` holds the open cases, `dan` none."""
NURSES = tuple(f"nurse{number}" for number in range(10))
"""Those whom events happen to."""


KNOWN = 2_000
"""How many of those who are only people can be named in a form; the platform knows everybody."""


def known_people(town: Town) -> int:
    """How many of `person0`, `person1` and so on can be named in a form."""
    return sum(address.rpartition(":")[2].startswith("UPERSON") for address in town.directory.profiles)


async def _people(town: Town, store: SqlStore, name: str, count: int, *, serve: bool) -> list[MemberId]:
    """Members with an account each; where they serve, with a role and training."""
    made: list[MemberId] = []
    scratch = Town(store=FakeStore())
    await scratch.found()
    await scratch.add("somebody", *((Role.PRACTITIONER,) if serve else ()))
    like = [one for kind in (Member, Account, Grant, Training) for one in await scratch.all(kind)]
    [member] = [one for one in like if isinstance(one, Member)]
    [account] = [one for one in like if isinstance(one, Account)]
    for several in _lots(range(count)):

        def body(tx: Tx, several: list[int] = several) -> list[MemberId]:
            found, records = [], list[Any]()
            for number in several:
                copy = Copy(tx, {account.address: town.actor(f"{name}{number}").address.text}, timedelta())
                copy.note(like)
                copied = [copy.of(one) for one in like]
                records += [
                    replace(one, name=f"{name.title()} Number {number}") if isinstance(one, Member) else one
                    for one in copied
                ]
                found.append(copy.of(member).id)
            put(tx, records)
            return found

        made += await store.write(OrganisationId(town.organisation.id), body)
    return made


async def _copies(
    store: SqlStore,
    organisation: OrganisationId,
    story: Story,
    count: int,
    whose: Callable[[int], tuple[MemberId, MemberId, timedelta]],
) -> None:
    for several in _lots(range(count)):

        def body(tx: Tx, several: list[int] = several) -> None:
            records = list[Any]()
            for number in several:
                person, holder, back = whose(number)
                copy = Copy(tx, {story.person: person, story.holder: holder}, back)
                copy.note(story.records)
                records += [copy.of(one) for one in story.records]
            put(tx, records)

        await store.write(organisation, body)


def _lots(numbers: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(numbers)
    while lot := list(islice(rest, PER_TRANSACTION)):
        yield lot


async def small_ones(store: SqlStore, count: int) -> None:
    """Organisations of a few people each, which have their settings and nothing that waits."""
    for number in range(count):
        town = Town(store=store)
        await town.found(slug=f"small-{number}", team=f"TSMALL{number}")
        await town.add("lena", Role.LEAD)


NOW = MONDAY
"""The moment at which kept organisations were filled."""
