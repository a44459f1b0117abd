"""Numbers for help: where each comes from, and that a place in doubt is told the truth."""

import tomllib
from importlib.resources import files

import pytest

from trim_bot.locale.crisis_numbers import LOCAL_EMERGENCY, countries, numbers_for, shipped_numbers

_CODES = {country.code for country in countries()}


def test_many_countries_have_an_emergency_number() -> None:
    emergency = {
        number.place
        for number in shipped_numbers()
        if number.label in ("Emergency services", "Ambulance", "Police")
    }
    assert len(emergency) >= 180
    assert emergency <= _CODES


def test_each_says_its_source_and_none_claims_to_be_verified() -> None:
    for number in shipped_numbers():
        assert number.place in _CODES
        assert number.source.strip()
        assert number.verified_on is None


def test_no_country_is_listed_twice() -> None:
    text = (files("trim_bot.locale") / "crisis_numbers.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    places = [place for row in data["one_number"] for place in row["places"]]
    places += data["separate"]["places"]
    assert len(places) == len(set(places))
    assert set(data["lines"]["places"]) <= set(places)


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        (
            "GB",
            [
                "999 or 112",
                "116 123",
                "text SHOUT to 85258",
                "111, option 2",
                "0800 83 85 87",
                "0808 808 8000",
            ],
        ),
        ("IE", ["112 or 999", "116 123"]),
        ("US", ["911", "988, or text 988"]),
        ("CA", ["911", "988, or text 988"]),
        ("AU", ["000", "13 11 14"]),
        ("NZ", ["111", "1737, or text 1737"]),
        ("no", ["113", "112", "116 123"]),
    ],
)
def test_numbers_of_a_country(country: str, expected: list[str]) -> None:
    assert [number.number for number in numbers_for(country)] == expected


@pytest.mark.parametrize("country", ["", "ZZ", "KP", "England"])
def test_a_place_in_doubt_is_never_given_a_guess(country: str) -> None:
    assert numbers_for(country) == (LOCAL_EMERGENCY,)
    assert LOCAL_EMERGENCY.number == "your local emergency number"


def test_the_european_number_is_given_throughout_the_union() -> None:
    union = {
        *(
            "AT",
            "BE",
            "BG",
            "CY",
            "CZ",
            "DE",
            "DK",
            "EE",
            "ES",
            "FI",
            "FR",
            "GR",
            "HR",
            "HU",
            "IE",
            "IT",
            "LT",
        ),
        *("LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
    assert len(union) == 27
    assert all("112" in numbers_for(country)[0].number for country in union)


@pytest.mark.parametrize(
    "country", ["PT", "FI", "IT", "JP", "ZA", "MX", "HK", "TW", "CZ", "HU", "RO", "GR", "GB", "IE", "US"]
)
def test_somebody_to_talk_to_is_named_beside_the_emergency_number(country: str) -> None:
    emergency = ("Emergency services", "Ambulance", "Police")
    assert [number for number in numbers_for(country) if number.label not in emergency]
