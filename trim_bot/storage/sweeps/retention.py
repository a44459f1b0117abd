"""Erases and deletes what has been kept as long as each site settled, found by open columns alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, not_, or_, select, text

from trim_bot.app.clock.clocks import ClockReading
from trim_bot.app.seam.ports import Clock, Store, Tx
from trim_bot.domain.cases import CaseState
from trim_bot.domain.errors import EachInTurn
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.policy import POLICY
from trim_bot.domain.requests import RequestState
from trim_bot.domain.site import Site
from trim_bot.storage import tables as t
from trim_bot.storage.erasure.eraser import Eraser, Resumed, bound_of, connection_of
from trim_bot.storage.erasure.erasure_plan import ErasurePlan, exposures_of
from trim_bot.storage.ledger.ledger_tables import ErasureKind
from trim_bot.storage.sweeps.revocation_sweep import KeySweep, KeySweepResult


async def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """How much was erased or deleted, or would have been: counts only."""

    erased: Mapping[str, int] = field(default_factory=dict)
    """By kind: `case`, `request`, `incident`."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Rows without a key of their own, by table."""
    keys: KeySweepResult = field(default_factory=KeySweepResult)
    resumed: Resumed = field(default_factory=Resumed)
    """What became of erasures that had been cut short."""
    waits: bool = False
    """Whether nothing was looked at because the clock is not believed now; begun erasures were ended all the same."""


class RetentionSweep:
    """Looks at what is there, so that a missed run costs only lateness. Raises `StoreUnavailable`."""

    def __init__(
        self,
        store: Store,
        eraser: Eraser,
        keys: KeySweep,
        clock: Clock,
        believed: Callable[[], Awaitable[bool]] = _always,
    ) -> None:
        """`believed` tells whether the clock can be believed now."""
        self._store = store
        self._eraser = eraser
        self._keys = keys
        self._clock = clock
        self._believed = believed

    async def run(self, *, dry_run: bool = False, accepted: bool = False) -> RetentionResult:
        """Finish interrupted erasures, erase and delete what is past keeping, and look for unused keys.

        An organisation without settings keeps everything. A dry run changes nothing. `accepted` is somebody's word
        that many unused keys may go at once. What fails keeps nothing else waiting but the keys, and is raised after.
        Raises `StoresMismatched`.
        """
        each, resumed = EachInTurn(), Resumed()
        if not dry_run:
            with each.turn():
                resumed = await self._eraser.resume()
        read = ClockReading.of(self._clock)
        if not await self._believed():
            each.tell()
            return RetentionResult(resumed=resumed, waits=True)
        erased: Counter[str] = Counter()
        dropped: Counter[str] = Counter()
        for organisation in await self._store.organisations():
            with each.turn():
                await self._sweep(OrganisationId(organisation.id), erased, dropped, read, dry_run=dry_run)
        # Keys go only after everything else went well: what failed may still need its own.
        each.tell()
        keys = await self._keys.run(read.real(), dry_run=dry_run, accepted=accepted)
        return RetentionResult(dict(erased), dict(dropped), keys, resumed)

    async def _sweep(
        self,
        organisation: OrganisationId,
        erased: Counter[str],
        dropped: Counter[str],
        read: Clock,
        *,
        dry_run: bool,
    ) -> None:
        periods = await self._store.read(organisation, partial(_periods, read))
        if periods is None:
            return

        def past(tx: Tx) -> list[tuple[ErasureKind, str]]:
            return to_erase(connection_of(tx), organisation, periods)

        def drop(tx: Tx) -> dict[str, int]:
            plan = to_drop(connection_of(tx), organisation, periods)
            if not dry_run:
                plan.delete(connection_of(tx), bound_of(tx))
            return plan.counts()

        each = EachInTurn()
        for what, id in await self._store.read(organisation, past):
            with each.turn():
                if dry_run or await self._eraser.erase(organisation, what, id):
                    erased[what.value] += 1
        way = self._store.read if dry_run else self._store.write
        with each.turn():
            dropped.update(await way(organisation, drop))
        each.tell()


def _periods(clock: Clock, tx: Tx) -> RetentionPeriods | None:
    site = tx.get(Site, "site")
    return None if site is None else RetentionPeriods(clock.now(), clock.real(), site.keep_closed_days)


SHORT = timedelta(days=30)
"""How long ended messages and the answers to replays are kept."""


ANSWER = timedelta(days=180)
"""How long an answer that nobody has read is kept, however short the site keeps what has ended."""


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """How long one organisation keeps things, counted back from business time and real time, UTC."""

    now: datetime
    real: datetime
    closed_days: int

    @property
    def closed_before(self) -> datetime:
        """What ended before this has been kept long enough."""
        return self.now - timedelta(days=self.closed_days)


def to_erase(
    connection: Connection, organisation: str, periods: RetentionPeriods
) -> list[tuple[ErasureKind, str]]:
    """Cases, requests and incidents that are to be erased, each with its own line in the ledger."""
    cases, requests = t.cases.c, t.support_requests.c
    still_a_case = exists().where(cases.organisation == requests.organisation, cases.id == requests.case_id)
    ended = (RequestState.CLOSED.value, RequestState.WITHDRAWN.value, RequestState.CASE.value)
    over = and_(requests.state.in_(ended), _request_over(periods), not_(still_a_case))
    quiet = and_(t.incidents.c.logged_at < periods.closed_before, not_(_has_live_offer(periods)))
    return [
        *((ErasureKind.CASE, id) for id in _ids(connection, t.cases, organisation, _case_over(periods))),
        *((ErasureKind.REQUEST, id) for id in _ids(connection, t.support_requests, organisation, over)),
        *((ErasureKind.INCIDENT, id) for id in _ids(connection, t.incidents, organisation, quiet)),
    ]


def to_drop(connection: Connection, organisation: str, periods: RetentionPeriods) -> ErasurePlan:
    """Rows to delete that have no key of their own to destroy, so that a restore need not know of them."""
    plan = ErasurePlan(organisation)
    conditions: dict[Table, ColumnElement[bool]] = {
        t.offers: _offer_over(periods),
        t.sessions: t.sessions.c.expires_at < periods.real,
        t.kept_pages: t.kept_pages.c.kept_at < periods.real - POLICY.session_lasts,
        t.outcomes: t.outcomes.c.stored_at < periods.now - SHORT,
        # Written as in the indexes of what has ended, or no database would use them.
        t.outgoing: and_(text(t.OUTGOING_ENDED), t.outgoing.c.due_at < periods.now - SHORT),
        t.steps: and_(text(t.STEP_ENDED), t.steps.c.due_at < periods.closed_before),
    }
    for table, condition in conditions.items():
        plan.rows[table].update(_ids(connection, table, organisation, condition))
    plan.rows[t.exposures].update(exposures_of(connection, organisation, plan.rows[t.offers]))
    return plan


def _request_over(periods: RetentionPeriods) -> ColumnElement[bool]:
    """Ended long enough ago, and its answer, if there is one, was read long enough ago or has had its own time."""
    request = t.support_requests.c
    unread = and_(request.read_at.is_(None), request.answered_at < periods.now - ANSWER)
    return and_(
        request.ended_at < periods.closed_before,
        or_(request.answered_at.is_(None), request.read_at < periods.closed_before, unread),
    )


def _case_over(periods: RetentionPeriods) -> ColumnElement[bool]:
    case = t.cases.c
    return and_(case.state == CaseState.CLOSED.value, case.closed_at < periods.closed_before)


def _offer_over(periods: RetentionPeriods) -> ColumnElement[bool]:
    """Answered or run out long enough ago, and no case came of it that is there."""
    return and_(_offer_ended(periods), not_(exists().where(*_CASE_OF_OFFER)))


def _offer_ended(periods: RetentionPeriods) -> ColumnElement[bool]:
    offer = t.offers.c
    last = func.coalesce(offer.answered_at, offer.made_at)
    return and_(offer.closes_at < periods.closed_before, last < periods.closed_before)


def _has_live_offer(periods: RetentionPeriods) -> ColumnElement[bool]:
    """An offer that is not over yet, or whose case stays; cases that are to be erased go first."""
    offer, incident = t.offers.c, t.incidents.c
    case_stays = exists().where(*_CASE_OF_OFFER, not_(_case_over(periods)))
    return exists().where(
        offer.organisation == incident.organisation,
        offer.incident_id == incident.id,
        or_(not_(_offer_ended(periods)), case_stays),
    )


_CASE_OF_OFFER = (t.cases.c.organisation == t.offers.c.organisation, t.cases.c.id == t.offers.c.case_id)


def _ids(
    connection: Connection, table: Table, organisation: str, condition: ColumnElement[bool]
) -> list[str]:
    # Put in order here: asked for in order, they would be looked for through the whole organisation, by its key.
    return sorted(
        connection.scalars(select(table.c.id).where(table.c.organisation == organisation, condition))
    )
