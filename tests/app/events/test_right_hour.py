"""A time on a form is read by the clock that the form names, wherever whoever types it lives."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from tests.app.beginnings import open_case_for
from tests.builders import Town, log_values
from tests.reading import blocks_of, field_of, form_of
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.views import Choice, FieldErrors, Form, TimeInput
from trim_bot.app.words.times import zone_words
from trim_bot.domain.cases import CheckIn
from trim_bot.domain.ids import PlaceId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Member
from trim_bot.domain.site import Place, Site
from trim_bot.domain.zones import at_local

pytestmark = pytest.mark.anyio
PERTH = Place(PlaceId("perth"), "Perth yard", "Australia/Perth", "AU", "WA")


async def lives_in(town: Town, name: str, zone: str) -> None:
    member = await town.write(lambda tx: tx.get(Member, town.ids[name]))
    assert member is not None
    await town.write(lambda tx: tx.save(replace(member, zone=zone)))


async def with_places(town: Town, *places: Place) -> None:
    site = await town.write(lambda tx: tx.get(Site, "site"))
    assert site is not None
    await town.write(lambda tx: tx.save(replace(site, places=places)))


async def logged(town: Town) -> Incident:
    [incident] = await town.all(Incident)
    return incident


def clocks_of(form: Form) -> list[tuple[str, str]]:
    choice = field_of(form, "clock", Choice)
    return [(option.value, option.label) for option in choice.options]


async def test_a_practitioner_in_perth_logs_a_london_event_by_london_time(town: Town) -> None:
    await lives_in(town, "priya", "Australia/Perth")
    form = form_of(await town.say("priya", "peer", "log"))
    [asked] = blocks_of(form, TimeInput)
    assert asked.label == "Time it ended (London time)"
    assert clocks_of(form) == [("own", "Perth time")]
    await town.send("priya", form, **log_values(town.actor("nurse"), on=date(2026, 11, 22), at=time(9, 0)))
    assert (await logged(town)).ended_at == datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("clock", "hour"), [("own", 1), ("perth", 1), ("ireland", 9), ("", 9)])
async def test_another_clock_can_be_chosen_and_stays_with_the_event(
    town: Town, clock: str, hour: int
) -> None:
    await with_places(town, replace(PERTH, id=PlaceId("ireland"), zone="Europe/Dublin"))
    if clock == "perth":
        await with_places(town, PERTH)
    if clock == "own":
        await lives_in(town, "priya", "Australia/Perth")
    form = await town.say("priya", "peer", "log")
    values = log_values(town.actor("nurse"), on=date(2026, 11, 22), at=time(9, 0), clock=clock)
    await town.send("priya", form, **values)
    incident = await logged(town)
    assert incident.ended_at == datetime(2026, 11, 22, hour, 0, tzinfo=UTC)
    page = await town.desk.receive(town.actor("priya"), Press("logged", ""))
    shown = form_of(await town.press("priya", page, "incident"))
    [asked] = blocks_of(shown, TimeInput)
    assert asked.value == "09:00"
    assert asked.label == f"Time it ended ({zone_words(incident.zone)})"


async def test_a_time_is_agreed_by_the_clock_of_the_site(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await lives_in(town, "priya", "Australia/Perth")
    page = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    form = form_of(await town.press("priya", page, "move"))
    [asked] = blocks_of(form, TimeInput)
    assert asked.label == "Time (London time)"
    await town.send("priya", form, day="2026-12-01", at="09:00", tell=False)
    agreed = await town.write(lambda tx: [one.agreed_at for one in tx.find(CheckIn, case_id=case.id)])
    assert datetime(2026, 12, 1, 9, 0, tzinfo=UTC) in agreed


def test_every_form_that_asks_for_a_time_names_the_clock() -> None:
    asked = 0
    for name, view in catalogue().items():
        form = view.form if isinstance(view, FieldErrors) else view
        for block in form.blocks if isinstance(form, Form) else ():
            if isinstance(block, TimeInput):
                asked += 1
                theirs = block.hint == "In each one's zone."
                assert theirs or re.search(r"\((.+ time|UTC|GMT.*)\)$", block.label), name
    assert asked >= 5


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/London", "London time"),
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
        ("Etc/GMT+5", "GMT+5"),
    ],
)
def test_a_zone_is_called_by_its_place(zone: str, words: str) -> None:
    assert zone_words(zone) == words


async def test_in_a_repeated_hour_a_not_before_takes_the_later_reading(town: Town) -> None:
    """01:30 on the day the clocks go back comes twice; the seventy-two hours count from the second."""
    assert at_local(date(2026, 10, 25), time(1, 30), "Europe/London") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), on=date(2026, 10, 25), at=time(1, 30)))
    assert (await logged(town)).ended_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


async def test_in_a_skipped_hour_the_first_moment_after_it_is_meant(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), on=date(2026, 3, 29), at=time(1, 30)))
    assert (await logged(town)).ended_at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
