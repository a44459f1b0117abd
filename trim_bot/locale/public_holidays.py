"""Public holidays of a place, computed on this machine."""

from __future__ import annotations

import warnings
from datetime import date
from functools import lru_cache

import holidays


class PublicHolidays:
    """The `Holidays` port. An unknown country or region has none, so that reminders still go out."""

    def between(self, country: str, region: str, first: date, last: date) -> frozenset[date]:
        """The public holidays from `first` to `last`, both included, days off in lieu among them.

        `country` is an ISO 3166 code, `region` a subdivision of it such as `ENG` or empty.
        """
        days = (day for year in range(first.year, last.year + 1) for day in _of_year(country, region, year))
        return frozenset(day for day in days if first <= day <= last)


def has_holidays(country: str, region: str) -> bool:
    """Whether public holidays of this place are known, so that a mistyped region can be pointed out."""
    regions = holidays.list_supported_countries(include_aliases=True).get(country.strip().upper())
    return regions is not None and (not region.strip() or region.strip().upper() in regions)


def lacks_region(country: str, region: str, year: int) -> bool:
    """Whether a country has public holidays by region and none of its regions is named."""
    code = country.strip().upper()
    regions = holidays.list_supported_countries(include_aliases=True).get(code, [])
    if region.strip() or not regions:
        return False
    whole = _of_year(code, "", year)
    return any(_of_year(code, one, year) != whole for one in regions)


@lru_cache(maxsize=512)
def _of_year(country: str, region: str, year: int) -> frozenset[date]:
    try:
        with warnings.catch_warnings():
            # It says so when it lacks the movable days of a far year; the others still count.
            warnings.simplefilter("ignore")
            found = holidays.country_holidays(
                country.strip().upper(), subdiv=region.strip().upper() or None, years=year
            )
    except NotImplementedError:  # The library's word for a place it does not know.
        return frozenset()
    return frozenset(found)
