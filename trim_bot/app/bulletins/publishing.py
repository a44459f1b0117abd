"""Publishes the bulletin of each closed period: counted, put into bands by the auditor, signed, never revised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from trim_bot.app.bulletins.content import as_json, bands_of, content_of, from_json
from trim_bot.app.people.counted import (
    PARTS,
    PEOPLE,
    Bulletins,
    forget_period,
    in_period,
    note_told,
    population,
    told_periods,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.bulletins import (
    FIGURE_RULES,
    PUBLISHED,
    Bulletin,
    BulletinId,
    CountingSince,
    Figure,
    Period,
    cells_of,
    ending_with,
    quarter_at,
)
from trim_bot.domain.disclosure import Band, Cell, Trail
from trim_bot.domain.ids import new_id
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action, Beginning

Told = Mapping[str, Mapping[Figure, Band]]
"""The bands of each published period, by its id."""


def publish_next(work: UnitOfWork) -> bool:
    """Publish the oldest period that has closed and is not published; False when there is none.

    Nothing is told of a period that had begun before people were counted, unless the desk itself began in it. Where
    a bulletin was changed or taken out behind our back nothing more is published: the auditor would not know what
    people read, and of a period that was told nobody is counted any more.
    """
    today = work.now.astimezone(work.zone_of(None)).date()
    since = _since(work, today)
    shelf = Bulletins(work.tx)
    if shelf.altered():
        return False
    noted = told_periods(work.tx)
    for one in shelf.all():
        if one.period not in noted:
            # Published by a version that did not note it.
            note_told(work.tx, one.period, work.actor_name(), work.now)
    told = {one.period: bands_of(from_json(one.body)) for one in shelf.all()}
    for quarter in range(quarter_at(since.since), quarter_at(today)):
        for period in _open_to_tell(since, quarter):
            if period.id not in told:
                _publish(work, period, since, told)
                return True
    return False


def _publish(work: UnitOfWork, period: Period, since: CountingSince, told: Told) -> None:
    counted = in_period(work.tx, period.id)
    before = _quarter_before(since, told)
    parts = population(work.tx) >= POLICY.least_for_parts
    figures = {
        cell: counted[_figure(cell)]
        for cell in cells_of(period, before)
        if parts or _figure(cell) not in PARTS
    }
    bands, _ = trail_of(since, period.last, told).tell(figures)
    last_day = period.ends - timedelta(days=1)
    body = as_json(content_of(period, last_day, {_figure(cell): band for cell, band in bands.items()}))
    signature = Bulletins(work.tx).signature(period.id, body)
    bulletin = Bulletin(BulletinId(new_id()), period.id, work.now, body, signature)
    work.tx.add(bulletin)
    work.tx.journal.write(work.actor_name(), Action.CHANGED, PUBLISHED, bulletin.digest, work.now)
    note_told(work.tx, period.id, work.actor_name(), work.now)
    forget_period(work.tx, period.id)


def trail_of(since: CountingSince, last: int, told: Told) -> Trail:
    """All that was published, with every cell that has closed by the end of the quarter `last`."""
    before = _quarter_before(since, told)
    published: dict[Cell, Band] = {}
    closed: dict[Cell, None] = {}
    for quarter in range(before + 1, last + 1):
        for period in ending_with(quarter):
            if period.id in told or period in _open_to_tell(since, quarter):
                cells = cells_of(period, before)
                closed |= dict.fromkeys(cells)
                bands = told.get(period.id, {})
                published |= {cell: bands[_figure(cell)] for cell in cells if _figure(cell) in bands}
    return Trail(FIGURE_RULES, last - before, published, tuple(closed), since.whole)


def _open_to_tell(since: CountingSince, quarter: int) -> Iterator[Period]:
    for period in ending_with(quarter):
        if since.since < period.ends and (since.whole or since.since < period.begins):
            yield period


def _quarter_before(since: CountingSince, told: Told) -> int:
    """The quarter before the first of which anything can be told."""
    oldest = min((_quarter_called(period) for period in told), default=quarter_at(since.since))
    return min(oldest, quarter_at(since.since)) - 1


def _quarter_called(period: str) -> int:
    year, quarter = period.split("-")[:2]
    return quarter_at(date(int(year), 3 * int(quarter[1:]), 1))


def _figure(cell: Cell) -> Figure:
    if not isinstance(cell.figure, Figure):
        raise TypeError("not a figure of ours")
    return cell.figure


def _since(work: UnitOfWork, today: date) -> CountingSince:
    """When counting began here; today, when the clock looks at it for the first time."""
    kept = work.tx.get(CountingSince, PEOPLE)
    if kept is None:
        desk = work.tx.find(Beginning)
        kept = CountingSince(PEOPLE, today, whole=not desk or desk[0].began_on == today)
        work.tx.add(kept)
    return kept
