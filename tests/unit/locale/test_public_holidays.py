"""Public holidays of a place, and none for a place nobody knows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.app.seam.ports import Holidays
from trim_bot.locale.public_holidays import PublicHolidays, has_holidays, lacks_region

_HOLIDAYS: Holidays = PublicHolidays()


def test_both_ends_are_included() -> None:
    found = _HOLIDAYS.between("GB", "ENG", date(2026, 12, 25), date(2027, 1, 1))
    # Boxing Day falls on a Saturday in 2026, so Monday is off as well.
    assert found == {date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28), date(2027, 1, 1)}


def test_regions_differ() -> None:
    st_andrew = date(2026, 11, 30)
    assert st_andrew in _HOLIDAYS.between("GB", "SCT", st_andrew, st_andrew)
    assert not _HOLIDAYS.between("GB", "ENG", st_andrew, st_andrew)


@pytest.mark.parametrize(("country", "region"), [("ZZ", ""), ("", ""), ("GB", "XX"), ("not a place", "ENG")])
def test_an_unknown_place_has_none(country: str, region: str) -> None:
    assert _HOLIDAYS.between(country, region, date(2026, 1, 1), date(2026, 12, 31)) == frozenset()


@pytest.mark.parametrize(
    ("country", "region", "known"),
    [("GB", "", True), ("gb", "eng", True), ("GB", "XX", False), ("ZZ", "", False), ("US", "CA", True)],
)
def test_whether_a_place_is_known(country: str, region: str, known: bool) -> None:
    assert has_holidays(country, region) is known


def test_small_letters_are_understood() -> None:
    christmas = date(2026, 12, 25)
    assert _HOLIDAYS.between("gb", "eng", christmas, christmas) == {christmas}


def test_a_year_with_fewer_known_days_still_answers() -> None:
    republic_day = date(2040, 1, 26)
    assert _HOLIDAYS.between("IN", "", republic_day, republic_day) == {republic_day}


@given(
    st.sampled_from(["GB", "IE", "US", "DE", "AU", "JP", "SA", "IN", "BR"]),
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    st.integers(-5, 400),
)
def test_days_stay_within_the_ends(country: str, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    assert all(first <= day <= last for day in _HOLIDAYS.between(country, "", first, last))


@pytest.mark.parametrize("country", ["GB", "DE", "CH", "AU", "ES", "US"])
def test_a_country_whose_holidays_are_regional_wants_a_region(country: str) -> None:
    assert lacks_region(country, "", 2026)
    assert lacks_region(country.lower(), " ", 2026)
    assert not lacks_region(country, "ANY", 2026)


@pytest.mark.parametrize("country", ["IE", "SE", "JP", "ZZ", ""])
def test_one_whose_holidays_are_the_same_everywhere_wants_none(country: str) -> None:
    assert not lacks_region(country, "", 2026)
