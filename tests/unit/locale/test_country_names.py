"""Countries have names in the reader's language."""

import pytest

from trim_bot.locale.crisis_numbers import NamedCountry, countries, country_name


def test_names_in_a_language() -> None:
    assert country_name("GB") == "United Kingdom"
    assert country_name("de", "fr") == "Allemagne"
    assert country_name("DE", "de-AT") == "Deutschland"


@pytest.mark.parametrize("language", ["", "xx", "not a language"])
def test_an_unknown_language_falls_back_to_english(language: str) -> None:
    assert country_name("DE", language) == "Germany"


@pytest.mark.parametrize("code", ["", "ZZ", "EU", "nowhere"])
def test_an_unknown_country_is_its_code(code: str) -> None:
    assert country_name(code) == code


def test_all_countries_are_listed_by_name() -> None:
    listed = countries()
    assert NamedCountry("IE", "Ireland") in listed
    assert len(listed) > 240
    names = [one.name for one in listed]
    assert names.index("Zimbabwe") > names.index("Åland Islands") > names.index("Afghanistan")


def test_an_accent_moves_no_country_to_the_end() -> None:
    names = [one.name for one in countries("fr")]
    assert (
        names.index("Espagne") < names.index("Estonie") < names.index("États-Unis") < names.index("Finlande")
    )
    assert names[-1] == "Zimbabwe"
