"""The coordinators' page: a few kept figures, whatever the number of cases."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from bench.databases import KEYRING, Kind, opened
from bench.filling import ORG, cases, figures, serving, settled
from bench.result import Pair, Result, at_most, result
from bench.sizes import Sizes
from bench.timing import alternate, scaled
from trim_bot.app.oversight.handlers import employer_screen
from trim_bot.app.seam.ports import Counts, Tx
from trim_bot.app.seam.views import View
from trim_bot.app.site_file.reading import default_site
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.records import Measure, SchemeStatus
from trim_bot.domain.site import CrisisNumber
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.signing import sign_organisation
from trim_bot.storage.store import SqlStore

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WEEK = "2026-W47"
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
NEWEST_CLOSED = "2026-Q3"
PEOPLE = 60
LIMIT_MS = 1.0
SITE = default_site("Acme", "acme", (CrisisNumber("Emergency", "999", "GB"),))


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """The query alone, and the page as its handler reads and draws it, each inside one read transaction."""
    with opened(kind) as (many_url, many), opened(kind) as (few_url, few):
        for url, rows in ((many_url, sizes.many_cases), (few_url, sizes.few)):
            cases(url, rows)
            serving(url, min(PEOPLE, sizes.few))
            totals = {period: {one.value: rows for one in Measure} for period in (*QUARTERS, WEEK)}
            figures(url, totals, WEEK, NOW)
            settled(url)
        for store, rows in ((many, sizes.many_cases), (few, sizes.few)):
            await store.write(OrganisationId(ORG), _signed)
            await _figures_are_right(store, rows, min(PEOPLE, sizes.few))

        return [
            *await _rows("Status query", _standing, many, few, sizes, kind),
            *await _rows("Status page", _page, many, few, sizes, kind),
        ]


def _signed(tx: Tx) -> None:
    """What was filled in counts only once it is bound, as at the first start after an upgrade."""
    sign_organisation(connection_of(tx), Pseudonyms(KEYRING), OrganisationId(ORG), NOW)


async def _rows(
    what: str, act: Callable[[Counts], object], many: SqlStore, few: SqlStore, sizes: Sizes, kind: Kind
) -> list[Result]:
    async def once(store: SqlStore) -> float:
        return median([await _seconds(store, act) for _ in range(sizes.ticks)])

    pairs = scaled(await alternate(lambda: once(many), lambda: once(few), sizes.rounds), 1e3)
    name = f"{what}, {sizes.many_cases:,} cases, {kind.name}"
    # A fixed time has no anchor that shares the noise of the machine, so the best round is what counts.
    limits = [Pair(min(pair.subject for pair in pairs), LIMIT_MS)]
    return [
        result(name, "ms wall", "one millisecond", limits, at_most(1.0)),
        result("… and flat", "ms wall", f"{sizes.few:,} cases", pairs, at_most(1.5)),
    ]


async def _seconds(store: SqlStore, act: Callable[[Counts], object]) -> float:
    def body(tx: Tx) -> float:
        begun = time.perf_counter()
        act(tx.counts)
        return time.perf_counter() - begun

    return await store.read(OrganisationId(ORG), body)


def _standing(counts: Counts) -> SchemeStatus:
    return counts.standing((WEEK, "2026-W46"), NOW.date())


def _page(counts: Counts) -> View:
    return employer_screen(counts, None, SITE, NOW)


async def _figures_are_right(store: SqlStore, rows: int, people: int) -> None:
    def body(tx: Tx) -> View:
        totals = tx.counts.totals(NEWEST_CLOSED)
        assert {one: totals[one] for one in Measure} == dict.fromkeys(Measure, rows)
        standing = _standing(tx.counts)
        staffing = standing.staffing
        assert (staffing.in_date, staffing.with_room) == (people, people)
        assert WEEK in standing.weeks
        return employer_screen(tx.counts, None, SITE, NOW)

    await store.read(OrganisationId(ORG), body)
