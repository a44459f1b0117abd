"""Every sentence of the bulletins."""

from __future__ import annotations

from datetime import date
from typing import assert_never
from zoneinfo import ZoneInfo

from trim_bot.app.bulletins.commands import OpenBulletin, OpenBulletins
from trim_bot.app.bulletins.content import Content, ToldTable, as_csv, said_band
from trim_bot.app.seam.languages import MONTHS
from trim_bot.app.seam.links import OpenStatus
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Page
from trim_bot.app.seam.views import Alert, FigureRow, Figures, File, Heading, Link, Text, Tone, Weight
from trim_bot.app.words.times import spoken_date
from trim_bot.domain.bulletins import Bulletin, BulletinId, PeriodKind

TITLE = "Bulletins"
WHAT = "A bulletin says how much the scheme was used in a time that has ended. It is written once and never changed."
NONE_YET = "There is no bulletin yet. The first comes when this quarter has ended."
ALTERED = "A bulletin was changed after it was published, so it is not shown. Ask whoever runs the desk."
WHY_BANDS = (
    "Figures are shown in bands, never as a number, so that nobody can be picked out. "
    "How wide a band is was settled before anybody was counted."
)
WHO_COUNTS = (
    "Only what people did through an account of their own is counted. "
    "Answers a colleague wrote down for somebody else are in no figure."
)


def bulletins_page(part: ListPart[tuple[BulletinId, Content]], *, altered: bool) -> Page:
    """Every bulletin by handle, the newest first."""
    blocks: list[Block] = [Text(WHAT)]
    if altered:
        blocks.append(Alert(Tone.WAITING, ALTERED))
    if not part.rows:
        blocks.append(Text(NONE_YET))
    blocks += counted(part)
    blocks += [Button(period_title(content), OpenBulletin(handle)) for handle, content in part.rows]
    blocks += onward(part, OpenBulletins)
    blocks.append(Button("How the scheme is going", OpenStatus(), Weight.QUIET, to_all=True))
    return Page("bulletins", TITLE, tuple(blocks))


def bulletin_page(one: Bulletin, content: Content, link: str, zone: ZoneInfo) -> Page:
    """One bulletin: each table with its drawing, and the ways to print and keep it. Days are those of `zone`."""
    blocks: list[Block] = [Heading(period_title(content)), Text(_sentence(content))]
    for table in content.tables:
        blocks += (Heading(table.question), Text(table.counted, quiet=True), _figures(table))
    address = f"{link}/bulletins/{one.id}"
    blocks += (
        Text(
            phrase("{why_bands} {who_counts}", why_bands=ours(WHY_BANDS), who_counts=ours(WHO_COUNTS)),
            quiet=True,
        ),
        Text(
            phrase(
                "Published on {day}. Signature: {what}.",
                day=spoken_date(one.published_at.astimezone(zone).date()),
                what=one.signature[:26],
            ),
            quiet=True,
        ),
        Link("Open in the browser, to print it", address),
        Link("Save as a table (CSV)", f"{address}.csv"),
        Link("Save with its data (JSON)", f"{address}.json"),
        Button("All bulletins", OpenBulletins(), Weight.QUIET, to_all=True),
    )
    name = f"bulletin-{content.period}"
    files = (
        File(f"{name}.csv", "text/csv", as_csv(content)),
        File(f"{name}.json", "application/json", one.body),
    )
    return Page("bulletin", "Bulletin", tuple(blocks), files=files)


def figure_blocks(content: Content) -> tuple[Heading | Figures, ...]:
    """The totals of a bulletin alone, for pages that say more than that."""
    rows = tuple(row for table in content.tables for row in _figures(table).rows[:1])
    return Heading(period_title(content)), Figures(rows)


def period_title(content: Content) -> str:
    """`October to December 2026`, with its length where that is longer than a quarter."""
    months = phrase(
        "{month} to {month_2}",
        month=_month(content.first_day, content.last_day),
        month_2=_month(content.last_day),
    )
    match content.kind:
        case PeriodKind.QUARTER:
            return months
        case PeriodKind.HALF_YEAR:
            return phrase("Half a year: {months}", months=months)
        case PeriodKind.TWELVE_MONTHS:
            return phrase("Twelve months: {months}", months=months)
        case _:
            assert_never(content.kind)


def _month(day: date, beside: date | None = None) -> str:
    name = ours(MONTHS[day.month - 1])
    return (
        name
        if beside is not None and beside.year == day.year
        else phrase("{name} {year}", name=name, year=day.year)
    )


def _sentence(content: Content) -> str:
    came = content.tables[0].rows[0]
    when = phrase(
        "from {day} to {day_2}", day=spoken_date(content.first_day), day_2=spoken_date(content.last_day)
    )
    if came.low is None:
        return phrase(
            "How many people came to Peer Support {when} is not published: too few people to protect.",
            when=when,
        )
    return phrase("{band} people came to Peer Support {when}.", band=said_band(came), when=when)


def _figures(table: ToldTable) -> Figures:
    return Figures(tuple(FigureRow(row.label, said_band(row), row.low, row.high) for row in table.rows))
