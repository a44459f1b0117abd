"""What stands in a bulletin, and its forms as a file: JSON, which is kept byte for byte, and CSV, read off it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from trim_bot.app.bulletins.table_file import table_text
from trim_bot.app.seam.sentences import as_given, ours, phrase
from trim_bot.domain.bulletins import TABLES, Figure, FigureTable, Period, PeriodKind
from trim_bot.domain.disclosure import Band

VERSION = 1
HEAD = (
    *(phrase("period"), phrase("first_day"), phrase("last_day"), phrase("table"), phrase("figure")),
    *(phrase("label"), phrase("band"), phrase("from"), phrase("to")),
)
"""What the columns of a saved table are called."""
NOT_PUBLISHED = "Not published: too few people to protect"

QUESTIONS: Mapping[str, tuple[str, str]] = {
    "came": (
        "How many people came to us?",
        "People who said yes to a talk, or asked for one, through an account of their own. Each is counted once.",
    ),
    "talked": (
        "How many people had a talk?",
        "Of those who came to us. Each is counted once, however many talks.",
    ),
    "referred": (
        "How many people went on to professional help?",
        "Of those who came to us, whoever took a step on. Each is counted once.",
    ),
}
LABELS: Mapping[Figure, str] = {
    Figure.CAME: "Everybody who came",
    Figure.CAME_OFFERED: "Said yes after a hard event",
    Figure.CAME_ASKED: "Asked for support",
    Figure.TALKED: "Had a talk",
    Figure.REFERRED: "Went on to other help",
}


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """One line of a table: its band in words, and its ends. Neither end where it is not published."""

    figure: str
    label: str
    band: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class ToldTable:
    """One table as it was published."""

    name: str
    question: str
    counted: str
    rows: tuple[ToldFigure, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A bulletin as it was published."""

    period: str
    kind: PeriodKind
    first_day: date
    last_day: date
    tables: tuple[ToldTable, ...]


def band_words(band: Band | None) -> str:
    """`10–14`, `500 or more`, or why there is none."""
    if band is None:
        return NOT_PUBLISHED
    return f"{band.low} or more" if band.high is None else f"{band.low}–{band.high}"


def said_band(row: ToldFigure) -> str:
    """As it was published, in words that can be said in other languages."""
    open_ended = row.low is not None and row.high is None
    return phrase("{low} or more", low=row.low or 0) if open_ended else ours(row.band)


def content_of(period: Period, last_day: date, bands: Mapping[Figure, Band | None]) -> Content:
    """What is told of a period: each table, whatever its figures are."""
    tables = tuple(_table(table, period.kind, bands) for table in TABLES)
    return Content(period.id, period.kind, period.begins, last_day, tables)


def _table(table: FigureTable, kind: PeriodKind, bands: Mapping[Figure, Band | None]) -> ToldTable:
    question, counted = QUESTIONS[table.name]
    rows = tuple(_row(figure, bands.get(figure)) for figure in table.figures(kind))
    return ToldTable(table.name, question, counted, rows)


def _row(figure: Figure, band: Band | None) -> ToldFigure:
    low, high = (band.low, band.high) if band is not None else (None, None)
    return ToldFigure(figure.value, LABELS[figure], band_words(band), low, high)


def as_json(content: Content) -> str:
    """The bytes that are signed and kept."""
    held = {
        "bulletin": VERSION,
        "period": content.period,
        "kind": content.kind.value,
        "first_day": content.first_day.isoformat(),
        "last_day": content.last_day.isoformat(),
        "tables": [
            {
                "name": table.name,
                "question": table.question,
                "counted": table.counted,
                "rows": [
                    {
                        "figure": row.figure,
                        "label": row.label,
                        "band": row.band,
                        "from": row.low,
                        "to": row.high,
                    }
                    for row in table.rows
                ],
            }
            for table in content.tables
        ],
    }
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


def from_json(body: str) -> Content:
    """What was published, as it was said then: words that changed since change nothing in it."""
    held = json.loads(body)
    return Content(
        held["period"],
        PeriodKind(held["kind"]),
        date.fromisoformat(held["first_day"]),
        date.fromisoformat(held["last_day"]),
        tuple(
            ToldTable(
                table["name"],
                table["question"],
                table["counted"],
                tuple(
                    ToldFigure(
                        row["figure"],
                        row["label"],
                        row["band"],
                        cast(int | None, row["from"]),
                        cast(int | None, row["to"]),
                    )
                    for row in table["rows"]
                ),
            )
            for table in held["tables"]
        ),
    )


def as_csv(content: Content) -> str:
    """A line for each figure, the same as in the tables."""
    # Days are written as spreadsheets of every language read them; ids are those of the signed file.
    whole = tuple(
        map(as_given, (content.period, content.first_day.isoformat(), content.last_day.isoformat()))
    )
    rows = (
        (
            *whole,
            as_given(table.name),
            as_given(row.figure),
            row.label,
            said_band(row),
            *("" if end is None else end for end in (row.low, row.high)),
        )
        for table in content.tables
        for row in table.rows
    )
    return table_text((HEAD, *rows))


def bands_of(content: Content) -> dict[Figure, Band]:
    """What was published of each figure, for the auditor."""
    return {
        Figure(row.figure): Band(row.low, row.high)
        for table in content.tables
        for row in table.rows
        if row.low is not None
    }
