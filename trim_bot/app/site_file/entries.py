"""Reads the lists of a site file, its usual week and its places, in one file since each is a few lines of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from checked_toml.tables import Table
from trim_bot.domain.calendar import DayHours, WorkingHours
from trim_bot.domain.clean_text import one_line
from trim_bot.domain.countries import country_words, is_country
from trim_bot.domain.ids import KindId, PlaceId, ServiceId
from trim_bot.domain.people import Address
from trim_bot.domain.site import (
    AskedThreshold,
    CrisisNumber,
    Kind,
    OutsideWay,
    Place,
    Service,
    SignedThreshold,
)
from trim_bot.domain.zones import known_zone


class ReportingLinePair(NamedTuple):
    """The text addresses of a person and of somebody who manages them, and the line of the file each stands on."""

    person: str
    manager: str
    lines: tuple[int, int] = (0, 0)


class ListedPerson(NamedTuple):
    """The text address and the name of somebody who works here."""

    address: str
    name: str


class ReadThresholds(NamedTuple):
    """The thresholds of a file: those asked for, those it says somebody signed, and where a floor of 0 stands."""

    asked: tuple[AskedThreshold, ...]
    named: tuple[SignedThreshold, ...]
    zero: tuple[tuple[str, int], ...] = ()
    """Each questionnaire with a floor of 0 and its line, where nobody could say yet whether that is in force."""


def read_numbers(table: Table, country: str, today: date) -> tuple[CrisisNumber, ...]:
    """Numbers to ring; `place` is the site's country unless the entry names another, or is empty for everywhere.

    One for everywhere needs no source: so stands what is said where no number is known.
    """
    found: list[CrisisNumber] = []
    for row in _rows(table, "numbers"):
        label, number = row.text("label"), row.text("number")
        everywhere = row.values.get("place") == ""
        place = row.take("place", str, country)
        source = row.text("source", "") if everywhere else row.text("source")
        if "place" in row.values and not everywhere and not is_country(place):
            row.fault("place", f"“place” must be {country_words(place)}.")
        found.append(CrisisNumber(label, number, place, source, _past_day(row, "verified_on", today)))
        row.refuse_unknown()
    return tuple(found)


def read_services(table: Table) -> tuple[Service, ...]:
    """The directory of professional help."""
    seen: set[str] = set()
    found: list[Service] = []
    for row in _rows(table, "services"):
        found.append(
            Service(
                ServiceId(_once(row, "id", row.name("id"), seen)), *map(row.text, ("name", "what", "how"))
            )
        )
        row.refuse_unknown()
    return tuple(found)


def read_outside(table: Table) -> tuple[OutsideWay, ...]:
    """Whom to turn to outside the desk about a colleague who serves here; none when the file names none."""
    found: list[OutsideWay] = []
    for row in _rows(table, "outside"):
        found.append(OutsideWay(one_line(row.text("name")), one_line(row.text("how"))))
        row.refuse_unknown()
    return tuple(found)


def read_thresholds(
    table: Table, today: date, questionnaires: Collection[str] | None, floors: Mapping[str, int] | None
) -> ReadThresholds:
    """What is asked for, one a questionnaire, and as far as somebody is named, who is said to have signed it.

    `questionnaires` are the known ones, perhaps with the highest total of each; None for unchecked.
    `floors` are those in force: a floor of 0 among them was allowed once, and stays until somebody changes it.
    With None they are not known yet, and the lines with a floor of 0 are given back to be looked at.
    """
    seen: set[str] = set()
    asked: list[AskedThreshold] = []
    named: list[SignedThreshold] = []
    zero: list[tuple[str, int]] = []
    for row in _rows(table, "thresholds"):
        name = _once(row, "questionnaire", row.name("questionnaire"), seen)
        if name and questionnaires is not None and name not in questionnaires:
            row.fault("questionnaire", "No scored questionnaire has this name and version.")
        least = 0 if floors is None else min(1, floors.get(name, 1))
        floor, step = row.number("floor", least, 999), row.number("step", 1, 999)
        if floors is None and floor == 0:
            zero.append((name, row.line_of("floor")))
        highest = questionnaires.get(name) if isinstance(questionnaires, Mapping) else None
        if highest is not None and floor > highest:
            row.fault("floor", f"“floor” is above its highest total, {highest}.")
        asked.append(AskedThreshold(name, floor, step))
        signed_by, signed_on = row.text("signed_by", ""), _past_day(row, "signed_on", today)
        if signed_by.strip() and signed_on is not None:
            named.append(SignedThreshold(name, floor, step, signed_by, signed_on))
        row.refuse_unknown()
    return ReadThresholds(tuple(asked), tuple(named), tuple(zero))


def read_kinds(table: Table) -> tuple[Kind, ...]:
    """Kinds of hard events; empty when the file names none."""
    seen: set[str] = set()
    found: list[Kind] = []
    for row in _rows(table, "kinds"):
        id = KindId(_once(row, "id", row.name("id"), seen))
        found.append(Kind(id, row.text("label"), row.take("trigger", bool, default=False)))
        row.refuse_unknown()
    return tuple(found)


def read_reporting_lines(table: Table) -> tuple[ReportingLinePair, ...]:
    """Who manages whom; somebody may have several managers."""
    seen: set[str] = set()
    found: list[ReportingLinePair] = []
    for row in _rows(table, "reporting_lines"):
        lines = row.line_of("person"), row.line_of("manager")
        line = ReportingLinePair(_address(row, "person"), _address(row, "manager"), lines)
        if line.person and line.person == line.manager:
            row.fault("manager", "Nobody manages themselves.")
        _once(row, "person", f"{line.person} {line.manager}" if line.person and line.manager else "", seen)
        found.append(line)
        row.refuse_unknown()
    return tuple(found)


def read_staff(table: Table) -> tuple[ListedPerson, ...]:
    """People listed by the site, so that they can be named before they have been met in chat."""
    seen: set[str] = set()
    found: list[ListedPerson] = []
    for row in _rows(table, "staff"):
        name = one_line(row.text("name"))
        found.append(ListedPerson(_once(row, "address", _address(row, "address"), seen), name))
        row.refuse_unknown()
    return tuple(found)


def _rows(table: Table, key: str) -> list[Table]:
    """The tables of a list that may be absent."""
    return table.tables(key) if key in table.values else []


def _once(row: Table, key: str, value: str, seen: set[str]) -> str:
    if value and value in seen:
        row.fault(key, f"This “{key}” is there twice.")
    seen.add(value)
    return value


def _past_day(row: Table, key: str, today: date) -> date | None:
    day = row.day(key)
    if type(row.values.get(key)) is date and day is not None and day > today:
        row.fault(key, f"“{key}” is in the future.")
    return day


def _address(row: Table, key: str) -> str:
    text = row.text(key)
    if not text.strip():
        return ""
    try:
        return Address.parse(text).text
    except ValueError:
        row.fault(key, f"“{key}” must read slack:TEAM:USER, teams:TENANT:OBJECT or web:ADDRESS.")
        return ""


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]|24(?=:00)):([0-5]\d)")
_DAY_MINUTES = 24 * 60


def read_week(table: Table) -> tuple[DayHours, ...]:
    """Hours from Monday on; a day that is absent is a day off.

    An end at or before its start means the next day; equal times are 24 hours.
    """
    week = tuple(_day(table, day) for day in WEEKDAYS)
    table.refuse_unknown()
    if not any(day in table.values for day in WEEKDAYS):
        table.fault(None, "At least one day must have hours.")
    return week


def _day(table: Table, day: str) -> DayHours:
    hours: list[tuple[time, time]] = []
    for text in table.texts(day):
        match = _SPAN.fullmatch(text.strip())
        if match is None:
            table.fault(day, f"“{day}” must hold hours such as 09:00-17:00.")
            return ()
        start, end = (int(match[1]), int(match[2])), (int(match[3]) % 24, int(match[4]))
        hours.append((time(*start), time(*end)))
    hours.sort()
    if _overlap(hours):
        table.fault(day, f"The hours of “{day}” overlap.")
    return tuple(hours)


def _overlap(hours: list[tuple[time, time]]) -> bool:
    """Whether hours of one day, in order of their start, run into one another."""
    last = 0
    for start, end in hours:
        starts, ends = _minutes(start), _minutes(end)
        if starts < last:
            return True
        last = ends if ends > starts else ends + _DAY_MINUTES
    return False


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


KEPT_IDS = frozenset({"own", "site"})
"""Words that stand for other clocks on a form."""
_REGION = re.compile(r"[A-Z0-9]{1,6}")


def read_places(table: Table, today: date) -> tuple[Place, ...]:
    """Every place beside the main one, in the order of the file."""
    seen: set[str] = set()
    found = []
    for row in table.tables("places") if "places" in table.values else []:
        id = row.name("id")
        if id in seen or id in KEPT_IDS:
            row.fault("id", "This “id” is there twice, or is one that the desk keeps for itself.")
        seen.add(id)
        zone = _matching(row, "zone", known_zone, "a time zone such as Australia/Perth")
        country = _matching(row, "country", is_country, country_words(str(row.values.get("country"))))
        region = ""
        if "region" in row.values:
            region = _matching(row, "region", _is_region, "a short code in capitals, such as ENG")
        week = read_week(row.table("hours")) if "hours" in row.values else None
        found.append(
            Place(
                PlaceId(id),
                row.text("name"),
                zone if known_zone(zone) else "UTC",
                country,
                region,
                WorkingHours(zone, week) if week is not None and known_zone(zone) else None,
                _days(row),
                read_numbers(row, country, today),
            )
        )
        row.refuse_unknown()
    return tuple(found)


def _is_region(text: str) -> bool:
    return _REGION.fullmatch(text) is not None


def _matching(row: Table, key: str, check: Callable[[str], bool], what: str) -> str:
    text = row.text(key)
    if text.strip() and not check(text):
        row.fault(key, f"“{key}” must be {what}.")
    return text


def _days(row: Table) -> tuple[date, ...]:
    days = row.take("extra_holidays", list, [])
    if not all(isinstance(day, date) and not isinstance(day, datetime) for day in days):
        row.fault("extra_holidays", "“extra_holidays” must be a list of dates, such as 2031-12-31.")
        return ()
    return tuple(sorted(set(days)))
