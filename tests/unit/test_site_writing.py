"""What is exported reads back to the same settings, whatever is in them."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.app.site_file.reading import (
    SettingFaults,
    SiteFileErrors,
    default_site,
    read_settings,
    read_site,
)
from trim_bot.app.site_file.signatures import floors_of, put_into_force
from trim_bot.app.site_file.writing import file_of, values_of
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.clean_text import cleaned, one_line
from trim_bot.domain.ids import KindId, PlaceId, ServiceId
from trim_bot.domain.site import (
    AskedThreshold,
    CrisisNumber,
    Kind,
    OutsideWay,
    Place,
    Service,
    SignedThreshold,
    Site,
)
from trim_bot.locale.crisis_numbers import LOCAL_EMERGENCY, numbers_for

TODAY = date(2026, 11, 22)
EXAMPLE = Path(__file__).parents[2] / "docs" / "site-example.toml"
CLEAR = (
    st.text(min_size=1, max_size=30)
    .map(cleaned)
    .filter(lambda text: text == one_line(text) and bool(text.strip()))
)
IDS = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
DAYS = st.dates(date(2000, 1, 1), TODAY)
SPAN = st.tuples(st.times(), st.times()).map(
    lambda two: tuple(at.replace(second=0, microsecond=0) for at in two)
)
WEEKS = st.lists(SPAN, min_size=7, max_size=7).map(lambda spans: tuple(((one[0], one[1]),) for one in spans))
HOURS = st.builds(WorkingHours, st.just("Europe/Dublin"), WEEKS)
NUMBERS = st.lists(
    st.builds(CrisisNumber, CLEAR, CLEAR, st.sampled_from(["IE", "GB"]), CLEAR, st.none() | DAYS)
    | st.just(LOCAL_EMERGENCY),
    max_size=3,
).map(tuple)


def unique(rows: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    """A few rows, no two with the same id."""
    return st.lists(rows, max_size=3, unique_by=lambda row: getattr(row, "id")).map(tuple)  # noqa: B009


PLACES = st.builds(
    Place, IDS.filter(lambda id: id not in ("own", "site")).map(PlaceId), CLEAR, st.just("Europe/Dublin"),
    st.sampled_from(["IE", "GB"]), st.sampled_from(["", "ENG"]), st.none() | HOURS,
    st.lists(DAYS, max_size=3, unique=True).map(lambda days: tuple(sorted(days))), NUMBERS,
)  # fmt: skip
SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "name": CLEAR,
    "hours": HOURS,
    "region": st.sampled_from(["", "ENG"]),
    "extra_holidays": st.lists(DAYS, max_size=3, unique=True).map(lambda days: tuple(sorted(days))),
    "numbers": NUMBERS,
    "services": unique(st.builds(Service, IDS.map(ServiceId), CLEAR, CLEAR, CLEAR)),
    "outside": st.lists(st.builds(OutsideWay, CLEAR, CLEAR), max_size=3).map(tuple),
    "kinds": st.lists(
        st.builds(Kind, IDS.map(KindId), CLEAR, st.booleans()), min_size=1, max_size=3, unique_by=lambda kind: kind.id
    ).map(tuple),
    "notice": st.sampled_from(["uk-1", "ie-1", "generic-1"]),
    "month_anchor": st.sampled_from(["exposure_end", "first_interview"]),
    "month_window_days": st.integers(1, 14),
    "keep_closed_days": st.integers(30, 3653),
    "rung_working_days": st.integers(1, 10),
    "contact_working_days": st.integers(1, 5),
    "reopen_days": st.integers(1, 30),
    "most_open_cases": st.integers(1, 50),
    "most_told": st.integers(1, 20),
    "least_practitioners": st.integers(1, 100),
    "least_leads": st.integers(1, 20),
    "answer_working_days": st.integers(1, 10),
    "training_valid_days": st.integers(30, 1826),
    "erase_days": st.integers(1, 90),
    "work_command": st.sampled_from(["peer", "colleague"]),
    "ask_command": st.sampled_from(["support", "ask"]),
    "places": unique(PLACES),
    "steady_at": st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    "steady_days": st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
    "languages": st.sampled_from([("en",), ("en", "cy"), ("fr",)]),
    "languages_checked": st.sampled_from([(), ("fr",)]),
    "plan_first": st.booleans(),
    "asked_thresholds": st.lists(
        st.builds(AskedThreshold, IDS, st.integers(0, 999), st.integers(1, 999)),
        max_size=3, unique_by=lambda one: one.questionnaire,
    ).map(tuple),
}  # fmt: skip
VARIED = frozenset(SETTINGS)
SITES = st.builds(
    Site, id=st.just("site"), key_id=st.just(""), slug=st.just("acme"), zone=st.just("Europe/Dublin"),
    country=st.just("IE"), **SETTINGS,
)  # fmt: skip


@given(SITES)
def test_what_is_exported_reads_back_to_the_same(site: Site) -> None:
    read = read_site(file_of(site), "site.toml", today=TODAY, floors=floors_of(site))
    assert read.draft == site
    assert read.lines_stay and not read.reporting_lines


@given(SITES)
def test_what_a_form_holds_is_read_as_a_file_is(site: Site) -> None:
    assert read_settings(values_of(site), today=TODAY, floors=floors_of(site)).draft == site


def test_every_setting_goes_round() -> None:
    """A setting that no drawn site has another value for would go round untried."""
    untried = {one.name for one in fields(Site)} - VARIED
    # What is kept beside the settings, or signed on a page of its own and never by a file; a zone goes with its hours.
    assert untried == {"id", "key_id", "slug", "zone", "country", "thresholds", "questionnaires"}


@pytest.mark.parametrize("country", ["IE", "AQ", "XK"])
def test_the_numbers_that_come_with_a_country_go_round(country: str) -> None:
    site = replace(default_site("Acme", "acme", numbers_for(country)), country=country, region="")
    assert read_site(file_of(site), "site.toml", today=TODAY).draft.numbers == site.numbers


def test_a_floor_of_nought_is_one_that_is_in_force_or_a_fault() -> None:
    site = replace(default_site("Acme", "acme"), asked_thresholds=(AskedThreshold("trauma_month_v1", 0, 3),))
    with pytest.raises(SiteFileErrors, match="from 1 to 999"):
        read_site(file_of(site), "site.toml", today=TODAY)
    with pytest.raises(SettingFaults, match="from 1 to 999"):
        read_settings(values_of(site), today=TODAY)
    (found,) = read_site(file_of(site), "site.toml", today=TODAY, floors=None).zero_floors
    assert found[0] == "trauma_month_v1" and file_of(site).splitlines()[found[1] - 1] == "floor = 0"


def test_export_and_import_change_nothing_that_is_signed() -> None:
    signed = SignedThreshold("trauma_month_v1", 6, 3, "Dr Ingrid Solberg", date(2026, 9, 1), signed_here=True)
    asked = (AskedThreshold("trauma_month_v1", 6, 3), AskedThreshold("trauma_first_v1", 9, 3))
    held = replace(default_site("Acme", "acme"), thresholds=(signed,), asked_thresholds=asked)
    assert put_into_force(read_site(file_of(held), "site.toml", today=TODAY).draft, held) == held


def test_the_example_goes_round() -> None:
    site = read_site(EXAMPLE.read_text(), "site.toml", today=TODAY).draft
    assert read_site(file_of(site), "site.toml", today=TODAY).draft == site


def test_a_fault_of_a_form_is_at_its_place() -> None:
    values = values_of(
        replace(default_site("Acme", "acme"), numbers=(CrisisNumber("A", "1", "GB", "s"),) * 2)
    )
    numbers = values["numbers"]
    assert isinstance(numbers, list)
    numbers[1]["verified_on"] = date(2027, 1, 1)
    values["erase_days"] = 91
    with pytest.raises(SettingFaults) as refused:
        read_settings(values, today=TODAY)
    assert {place for place, _ in refused.value.faults} == {("erase_days",), ("numbers", 1, "verified_on")}


def test_lines_that_stay_and_lines_in_the_file_contradict_each_other() -> None:
    text = file_of(default_site("Acme", "acme"))
    lines = '[[reporting_lines]]\nperson = "web:a@b.org"\nmanager = "web:c@d.org"\n'
    with pytest.raises(SiteFileErrors, match="Either the lines stay"):
        read_site(text + lines, "site.toml", today=TODAY)
