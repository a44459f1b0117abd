"""What an example left in the settings is noticed, what is real is not, and the example itself verifies nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from trim_bot.app.site_file.placeholders import (
    listed_placeholders,
    made_up,
    made_up_number,
    old_days,
    placeholders,
    unknown_countries,
)
from trim_bot.app.site_file.reading import SiteFileErrors, default_site, read_site
from trim_bot.diagnosis.sites import old_shipped
from trim_bot.domain.countries import is_country
from trim_bot.domain.ids import ServiceId
from trim_bot.domain.site import CrisisNumber, Service, SignedThreshold
from trim_bot.locale.crisis_numbers import shipped_numbers

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = (DOCS / "site-example.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 29)
REAL = default_site("Northern Line Depot", "northern-line", (CrisisNumber("Samaritans", "116 123", "GB"),))


def test_numbers_that_came_with_the_desk_long_ago_are_said_where_some_are_still_in_use() -> None:
    assert old_shipped(date(2026, 11, 28), date(2027, 11, 28)) == []
    (said,) = old_shipped(date(2026, 11, 28), date(2027, 11, 29))
    assert "more than a year old" in said


def test_the_example_verifies_nothing_and_every_made_up_part_is_said() -> None:
    file = read_site(EXAMPLE, "example", today=TODAY)
    numbers = [*file.draft.numbers, *(one for place in file.draft.places for one in place.numbers)]
    assert [one for one in numbers if one.verified_on] == [] and file.draft.thresholds == ()
    said = " ".join(placeholders(file.draft))
    for part in ("name of the organisation", "slug", *(f"“{one.name}”" for one in file.draft.services)):
        assert part in said
    assert len(listed_placeholders(file)) == 2


@pytest.mark.parametrize(
    "text",
    ["Example Transport", "TODO", "ring tbd", "Jane Doe", "name and role of your clinical lead", "<your name>", "xxx"],
)  # fmt: skip
def test_words_of_an_example_are_found(text: str) -> None:
    assert made_up(text)


@pytest.mark.parametrize(
    "text", ["Talks about money, for example", "Sample Street Clinic", "Dr Jane Dorsey", ""]
)
def test_words_of_people_are_left_alone(text: str) -> None:
    assert not made_up(text)


@pytest.mark.parametrize(
    "text",
    ["+1 555-0142", "(212) 555 0100", "0000", "0000 12", "1234567", "9999 999", "01632 960001", "0808 157 0000"],
)  # fmt: skip
def test_numbers_nobody_has_are_found(text: str) -> None:
    assert made_up_number(text)


def test_no_number_that_comes_with_the_desk_is_taken_for_made_up() -> None:
    found = [
        one for one in shipped_numbers() if made_up_number(one.number) or made_up(one.label + one.source)
    ]
    assert found == []
    assert placeholders(REAL) == []


def test_a_service_and_a_signature_of_an_example_are_told_by_their_place() -> None:
    site = replace(
        REAL,
        services=(Service(ServiceId("eap"), "Line", "Talks", "Ring 01632 960001"),),
        thresholds=(SignedThreshold("trauma_month_v1", 9, 3, "Jane Doe", date(2020, 1, 1)),),
    )
    assert [one.split(" reads")[0] for one in placeholders(site)] == [
        "The service “Line”",
        "The threshold of trauma_month_v1 is signed by a name that",
    ]
    assert ["signed more than five years ago" in one for one in old_days(site, TODAY)] == [True]


@pytest.mark.parametrize(("day", "said"), [(date(2025, 11, 1), 1), (date(2025, 12, 1), 0)])
def test_after_a_year_a_number_is_to_be_rung_again(day: date, said: int) -> None:
    site = replace(REAL, numbers=(replace(REAL.numbers[0], verified_on=day),))
    assert len(old_days(site, TODAY)) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [("UK", "for UK write GB"), ("EN", "for EN write GB"), ("XX", "such as GB."), ("gb", "such as GB.")],
)
def test_a_country_that_is_none_is_a_fault_with_the_right_code(code: str, said: str) -> None:
    with pytest.raises(SiteFileErrors) as caught:
        read_site(EXAMPLE.replace('country = "GB"', f'country = "{code}"'), "example", today=TODAY)
    assert "“country” must be the code of a country in two capital letters, such as GB" in str(caught.value)
    assert said in str(caught.value)
    assert len(unknown_countries(replace(REAL, country=code))) == 1


def test_every_place_with_numbers_is_a_country() -> None:
    assert {one.place for one in shipped_numbers() if not is_country(one.place)} == set()
    assert unknown_countries(REAL) == []


def test_days_in_the_future_are_faults() -> None:
    later = EXAMPLE.replace('number = "999"', 'number = "999"\nverified_on = 2031-01-01')
    with pytest.raises(SiteFileErrors, match="“verified_on” is in the future"):
        read_site(later, "example", today=TODAY)
