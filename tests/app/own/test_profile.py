"""One's own profile: hours of every shape, and being away without anything going silent."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.app.asking import its_step, taken, the_request
from tests.app.own.test_own_record import in_talks
from tests.builders import MONDAY, Town
from tests.reading import buttons, fields_of, form_of, values_of, words_of
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.views import Choice, Done, FieldErrors, Form, View
from trim_bot.domain.people import Availability, Member, Reach, Role
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind

pytestmark = pytest.mark.anyio


async def fill(town: Town, who: str, /, **changes: Value) -> View:
    """Send the profile as it stands, with some changes."""
    form = form_of(await town.say(who, "peer", "profile"))
    values: dict[str, Value] = values_of(form)
    return await town.send(who, form, **(values | changes))


async def shown_to(town: Town, name: str) -> dict[str, Value]:
    return values_of(await town.say(name, "peer", "profile"))


async def member(town: Town, name: str) -> Member:
    found = await town.write(lambda tx: tx.get(Member, town.ids[name]))
    assert found is not None
    return found


async def open_check_in(town: Town) -> Step:
    [step] = await town.all(Step, kind=StepKind.CHECK_IN, state=OPEN_STATES)
    return step


async def test_saving_it_untouched_changes_nothing(town: Town) -> None:
    for name in ("nurse", "priya"):
        before = await member(town, name)
        done = await fill(town, name)
        assert isinstance(done, Done)
        assert await member(town, name) == before


async def test_everything_typed_is_kept_and_shown_again(town: Town) -> None:
    await fill(
        town,
        "nurse",
        phone="01234 567",
        reach="phone",
        best_time="mornings",
        hours="22:00-06:00",
        days=("4", "5"),
        zone="Europe/Paris",
    )
    kept = await member(town, "nurse")
    assert (kept.phone, kept.reach, kept.best_time, kept.zone) == (
        "01234 567",
        Reach.PHONE,
        "mornings",
        "Europe/Paris",
    )
    assert kept.hours is not None
    night = ((time(22), time(6)),)
    assert kept.hours.week == ((), (), (), (), night, night, ())
    assert kept.hours.zone == "Europe/Paris"
    await fill(town, "nurse")
    assert await member(town, "nurse") == kept
    await fill(town, "nurse", hours="", zone="")
    assert (await member(town, "nurse")).hours is None


async def test_the_revision_changes_with_what_is_prefilled(town: Town) -> None:
    before = form_of(await town.say("nurse", "peer", "profile")).revision
    await fill(town, "nurse", phone="01234")
    assert form_of(await town.say("nurse", "peer", "profile")).revision != before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("hours", "nine to five"),
        ("hours", "25:00-26:00"),
        ("away_until", "2026-11-22"),
        ("away_until", "2030-01-01"),
        ("availability", "asleep"),
    ],
)
async def test_what_cannot_be_read_is_said_at_its_field(town: Town, field: str, value: str) -> None:
    before = await member(town, "priya")
    view = await fill(town, "priya", **{field: value})
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {field}
    assert await member(town, "priya") == before


async def test_hours_without_a_day_are_asked_about(town: Town) -> None:
    view = await fill(town, "priya", hours="09:00-17:00", days=())
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {"days"}


async def test_only_those_who_serve_are_asked_about_room(town: Town) -> None:
    names = {field.name for field in form_of(await town.say("nurse", "peer", "profile")).inputs()}
    assert "availability" not in names
    assert "away_until" in names
    serves = {field.name for field in form_of(await town.say("priya", "peer", "profile")).inputs()}
    assert "availability" in serves


async def test_a_language_is_asked_for_where_there_are_several(town: Town) -> None:
    await town.settle(languages=("en", "cy"))
    await fill(town, "nurse", language="cy")
    assert (await member(town, "nurse")).language == "cy"


async def test_away_without_an_end_gives_what_waits_to_cover(town: Town) -> None:
    await in_talks(town)
    await fill(town, "priya", availability="away")
    assert (await member(town, "priya")).availability is Availability.AWAY
    step = await open_check_in(town)
    assert step.rung is Rung.COVER
    assert step.holder not in (None, town.ids["priya"])


async def test_away_until_a_day_ends_by_itself_the_day_after(town: Town) -> None:
    await in_talks(town)
    await fill(town, "priya", availability="away", away_until="2026-11-25")
    kept = await member(town, "priya")
    assert (kept.availability, kept.away_until) == (
        Availability.ROOM,
        datetime(2026, 11, 26, tzinfo=UTC),
    )
    shown = values_of(await town.say("priya", "peer", "profile"))
    assert (shown["availability"], shown["away_until"]) == ("away", "2026-11-25")
    town.clock.move(timedelta(days=3))
    shown = values_of(await town.say("priya", "peer", "profile"))
    assert (shown["availability"], shown["away_until"]) == ("room", "")


async def test_what_opens_after_the_return_stays_and_what_opens_before_moves(town: Town) -> None:
    await in_talks(town)
    due = (await open_check_in(town)).opens_at
    before = (due - timedelta(days=2)).date().isoformat()
    await fill(town, "priya", availability="away", away_until=before)
    assert (await open_check_in(town)).holder == town.ids["priya"]
    await fill(town, "priya", availability="room", away_until="")
    await fill(town, "priya", availability="away", away_until=due.date().isoformat())
    assert (await open_check_in(town)).holder != town.ids["priya"]


async def test_a_last_day_without_being_away_is_asked_about(town: Town) -> None:
    view = await fill(town, "priya", availability="room", away_until="2026-11-25")
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {"away_until"}


async def test_a_taken_request_goes_back_to_the_pool(town: Town) -> None:
    view = await taken(town)
    assert isinstance(view, Form)
    await fill(town, "priya", availability="away")
    assert (await the_request(town)).state is RequestState.WAITING
    assert (await its_step(town)).rung is Rung.POOL


async def test_back_again_new_requests_wait_for_them(town: Town) -> None:
    await fill(town, "priya", availability="away")
    await taken(town, by="paul")
    await fill(town, "priya", availability="room")
    await taken_by_other(town)
    assert await town.waiting("priya") == 1
    assert town.clock.now() == MONDAY


async def taken_by_other(town: Town) -> None:
    form = form_of(await town.say("driver", "support"))
    await town.send("driver", form, name="unnamed", text="", contact="")
    await town.clockwork.drain()


async def test_a_zone_is_chosen_by_its_city_those_of_the_site_first(town: Town) -> None:
    form = form_of(await town.say("nurse", "peer", "profile"))
    zone = fields_of(form)["zone"]
    assert isinstance(zone, Choice)
    assert [one.label for one in zone.options[:2]] == ["The site's: London, Europe", "London, Europe"]
    found = await town.send("nurse", form, **(values_of(form) | {"find.zone": "new york"}))
    shown = fields_of(found)["zone"]
    assert isinstance(shown, Choice)
    assert "America/New_York" in [one.value for one in shown.options]
    done = await town.send(
        "nurse", found, **(values_of(found) | {"find.zone": "", "zone": "America/New_York"})
    )
    assert isinstance(done, Done)
    assert (await member(town, "nurse")).zone == "America/New_York"
    again = await fill(town, "nurse", zone="site")
    assert isinstance(again, Done)
    assert (await member(town, "nurse")).zone == ""


@pytest.mark.parametrize("typed", ["Somewhere", "europe/london", "../etc/passwd", "US/Eastern"])
async def test_a_zone_that_is_typed_raw_is_not_taken(town: Town, typed: str) -> None:
    view = await fill(town, "nurse", zone=typed)
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {"zone"}


async def test_whoever_has_no_training_in_date_is_not_offered_what_they_would_be_refused(town: Town) -> None:
    await town.add("una", Role.PRACTITIONER, trained=False)
    for words in (("home",), ("peer", "cases")):
        view = await town.say("una", *words)
        assert buttons(view, "log") == []
        assert "no training on record" in words_of(view)
        assert len(buttons(await town.say("priya", *words), "log")) == 1
