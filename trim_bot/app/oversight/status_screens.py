"""The status page: a statement for a closed week, bands for a closed quarter, and who serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from trim_bot.app.seam.links import OpenRoster
from trim_bot.app.seam.unsigned import Button, Page, Plain
from trim_bot.app.seam.views import Alert, Bullets, Done, Facts, Heading, Text, Tone, Weight
from trim_bot.app.words.times import MONTHS, spoken_day
from trim_bot.domain.figures import figure_band
from trim_bot.domain.records import Measure, Staffing, WeekSays

TITLE = "How the scheme is going"
FIRST = "There is nothing to say yet. The first sentence comes when this week has ended."
NO_FIGURES = "There are no figures yet. The first come when this quarter has ended."
NO_OWNER = "Some work has no owner. Ask the lead to look at the planning list."
WHY_BANDS = "Figures are shown in wide bands, and small ones as 0–9. So nobody can be picked out."
FROZEN = "Figures are for a quarter that has ended. They never change afterwards."

TOTALS = (
    (Measure.INCIDENTS, "Hard events logged"),
    (Measure.OFFERED, "People offered a conversation"),
    (Measure.ACCEPTED, "People who said yes"),
    (Measure.REQUESTS, "Requests for support"),
    (Measure.REACHED, "People we got in touch with"),
    (Measure.REACHED_IN_TIME, "Of these, by the day they were told"),
    (Measure.HELD_FIRST, "First conversations held"),
    (Measure.HELD_MONTH, "One month conversations held"),
    (Measure.HELD_STRESS, "Conversations about stress held"),
    (Measure.HELD_LATER, "Later contacts held"),
    (Measure.REFERRED, "Steps on to professional help"),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about one closed week, and its last day."""

    last_day: date
    says: WeekSays


def status_blocks(
    statement: Statement | None,
    *,
    no_owner: bool,
    quarter: date | None,
    totals: Mapping[Measure, int],
    staffing: Staffing,
) -> tuple[Plain, ...]:
    """What the page says. `quarter` is the first day of a closed quarter, None if it ended before the desk began."""
    blocks: list[Plain] = [_week(statement)]
    if no_owner:
        blocks.append(Alert(Tone.WAITING, NO_OWNER))
    blocks += _quarter(quarter, totals)
    blocks += _staffing(staffing)
    return tuple(blocks)


def employer_page(said: tuple[Plain, ...]) -> Done:
    """The page as anybody may read it: nothing on it leads on."""
    return Done("status", TITLE, said)


def coordinator_page(said: tuple[Plain, ...]) -> Page:
    """The same with the way to the roster; without a token, so that it is byte for byte the same at every look."""
    return Page("status", TITLE, (*said, Button("Who serves", OpenRoster(), Weight.QUIET, to_all=True)))


def _week(statement: Statement | None) -> Text:
    """One sentence, whatever happened: which kind of work it was about is never said."""
    if statement is None:
        return Text(FIRST)
    week = f"the week to {spoken_day(statement.last_day)}"
    match statement.says:
        case WeekSays.ON_TRACK:
            return Text(f"Follow-ups were on track in {week}.")
        case WeekSays.NOT_ON_TRACK:
            return Text(f"Follow-ups were not on track in {week}.")
        case WeekSays.UNDERSTAFFED:
            return Text(f"Your site was understaffed in {week}. Nothing more is said about that week.")
        case _:
            assert_never(statement.says)


def _quarter(first: date | None, totals: Mapping[Measure, int]) -> tuple[Plain, ...]:
    if first is None:
        return (Text(NO_FIGURES),)
    last = MONTHS[first.month + 1]
    return (
        Heading(f"{MONTHS[first.month - 1]} to {last} {first.year}"),
        Facts(tuple((label, figure_band(totals.get(measure, 0))) for measure, label in TOTALS)),
        Text(f"{WHY_BANDS} {FROZEN}", quiet=True),
    )


def _staffing(staffing: Staffing) -> tuple[Plain, ...]:
    rows = (
        ("Practitioners trained and in date", str(staffing.in_date)),
        ("With room for more", str(staffing.with_room)),
        ("Full", str(staffing.full)),
        ("Away", str(staffing.away)),
        ("Training ends within 60 days, or has ended", str(staffing.training_ends_soon)),
        ("Leads", str(staffing.leads)),
        ("Deputies", str(staffing.deputies)),
    )
    gaps = _gaps(staffing)
    return (Heading("Who serves today"), Facts(rows), *((Bullets(gaps),) if gaps else ()))


def _gaps(staffing: Staffing) -> tuple[str, ...]:
    gaps = (
        (staffing.leads == 0, "Nobody is named as lead."),
        (staffing.deputies == 0, "Nobody is named as deputy."),
        (staffing.in_date == 0, "No practitioner has training in date."),
        (staffing.in_date > 0 and staffing.with_room == 0, "No practitioner has room at the moment."),
    )
    return tuple(text for missing, text in gaps if missing)
