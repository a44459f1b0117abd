"""Reads the places of a site file: other clocks, holidays, hours and numbers than those of the main one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from checked_toml.tables import Table
from trim_bot.app.site_file.entries import is_country, read_numbers, read_week
from trim_bot.domain.calendar import WorkingHours, known_zone
from trim_bot.domain.site import Place

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
        country = _matching(row, "country", is_country, "two capital letters, such as GB")
        region = ""
        if "region" in row.values:
            region = _matching(row, "region", _is_region, "a short code in capitals, such as ENG")
        week = read_week(row.table("hours")) if "hours" in row.values else None
        found.append(
            Place(
                id,
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
