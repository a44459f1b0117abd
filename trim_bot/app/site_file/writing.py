"""Writes settings as a site file that reads back to the same, for whoever exports them or changes one of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, time

from trim_bot.app.site_file.entries import WEEKDAYS
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.site import CrisisNumber, Kind, Place, Site

Values = dict[str, object]
"""What a TOML file holds: texts, whole numbers, days, truths, lists, and tables of these by key."""
WHOLE_NUMBERS = (
    "month_window_days",
    "answer_working_days",
    "contact_working_days",
    "rung_working_days",
    "reopen_days",
    "most_told",
    "most_open_cases",
    "least_practitioners",
    "least_leads",
    "training_valid_days",
    "keep_closed_days",
    "erase_days",
)
LINES_STAY = "reporting_lines_stay"
"""Whether the reporting lines stay as they are: nobody can read them back, so a file that is written here has none."""
_HEAD = """\
# The settings of one organisation, as they are in force. `trim-bot site check FILE` says everything that is wrong.
# Reporting lines and listed people are not in here: nobody can read them back. They stay as they are.
"""


def values_of(site: Site) -> Values:
    """What a file would say of these settings."""
    named = (
        "name",
        "slug",
        "zone",
        "country",
        "region",
        "notice",
        "work_command",
        "ask_command",
        "month_anchor",
    )
    found: Values = {key: text for key in named if (text := getattr(site, key))}
    found |= {key: getattr(site, key) for key in WHOLE_NUMBERS}
    found |= {
        "languages": list(site.languages),
        "steady_at": _clock(site.steady_at),
        "hours": _week(site.hours),
        LINES_STAY: True,
    }
    if site.plan_first:
        found["plan_first"] = True
    if site.languages_checked:
        found["languages_checked"] = list(site.languages_checked)
    if site.steady_days:
        found["steady_days"] = [WEEKDAYS[day] for day in site.steady_days]
    if site.extra_holidays:
        found["extra_holidays"] = list(site.extra_holidays)
    lists = {
        "numbers": _numbers(site.numbers, site.country),
        "services": [
            {"id": one.id, "name": one.name, "what": one.what, "how": one.how} for one in site.services
        ],
        "outside": [{"name": one.name, "how": one.how} for one in site.outside],
        "thresholds": list(_thresholds(site)),
        "kinds": [_kind(one) for one in site.kinds],
        "places": [_place(one) for one in site.places],
    }
    return found | {key: rows for key, rows in lists.items() if rows}


def _week(hours: WorkingHours) -> Values:
    return {
        day: [f"{_clock(start)}-{_clock(end)}" for start, end in spans]
        for day, spans in zip(WEEKDAYS, hours.week, strict=True)
        if spans
    }


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _numbers(numbers: Iterable[CrisisNumber], country: str) -> list[Values]:
    return [number_row(one, country) for one in numbers]


def number_row(one: CrisisNumber, country: str) -> Values:
    """What a file says of a number to ring, in a list of numbers of this country."""
    row: Values = {"label": one.label, "number": one.number}
    if one.source:
        row["source"] = one.source
    if one.place != country:
        row["place"] = one.place
    if one.verified_on is not None:
        row["verified_on"] = one.verified_on
    return row


def _thresholds(site: Site) -> Iterable[Values]:
    """What is asked for; with who signed it, where that is what is in force."""
    signed = {one.questionnaire: one for one in site.thresholds}
    for one in site.thresholds if site.asked_thresholds is None else site.asked_thresholds:
        row: Values = {"questionnaire": one.questionnaire, "floor": one.floor, "step": one.step}
        held = signed.get(one.questionnaire)
        if held is not None and (held.floor, held.step) == (one.floor, one.step):
            row |= {"signed_by": held.signed_by, "signed_on": held.signed_on}
        yield row


def _kind(kind: Kind) -> Values:
    row: Values = {"id": kind.id, "label": kind.label}
    return row | {"trigger": True} if kind.trigger else row


def _place(place: Place) -> Values:
    row: Values = {"id": place.id, "name": place.name, "zone": place.zone, "country": place.country}
    if place.region:
        row["region"] = place.region
    if place.extra_holidays:
        row["extra_holidays"] = list(place.extra_holidays)
    if place.hours is not None:
        row["hours"] = _week(place.hours)
    if place.numbers:
        row["numbers"] = _numbers(place.numbers, place.country)
    return row


def file_of(site: Site) -> str:
    """The settings as the text of a site file."""
    return _HEAD + "".join(f"{line}\n" for line in _lines(values_of(site), ()))


def _lines(values: Mapping[str, object], path: tuple[str, ...]) -> Iterable[str]:
    """A table: plain values first, then the tables in it, then lists of tables."""
    tables = {key: one for key, one in values.items() if isinstance(one, dict)}
    lists = {key: one for key, one in values.items() if _is_list_of_tables(one)}
    for key, one in values.items():
        if key not in tables and key not in lists:
            yield f"{key} = {_value(one)}"
    for key, table in tables.items():
        yield from ("", f"[{'.'.join((*path, key))}]", *_lines(table, (*path, key)))
    for key, rows in lists.items():
        for row in rows if isinstance(rows, list) else ():
            yield from ("", f"[[{'.'.join((*path, key))}]]", *_lines(row, (*path, key)))


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(_value(one) for one in value)}]"
        case _:
            # What JSON writes between quotation marks TOML reads, but for one sign.
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
