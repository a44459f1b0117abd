"""Every setting of the file is changed in the browser, checked by its reader, and never overwritten unseen."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.app.beginnings import refused
from tests.app.setting_up.test_checklist import set_up
from tests.builders import Town
from tests.fakes import FakeStore
from tests.reading import buttons, fields_of, form_of, name_of, rows_of, words_of
from trim_bot.app.seam import mending
from trim_bot.app.seam.gestures import Press, Value
from trim_bot.app.seam.views import FieldErrors, Form, View
from trim_bot.app.setting_up.settings_screens import GROUP_NAMES, LIST_NAMES
from trim_bot.app.setting_up.settings_shape import COLUMNS, FIELDS, SettingGroup, SettingList
from trim_bot.app.site_file.reading import default_site
from trim_bot.app.site_file.writing import WHOLE_NUMBERS, values_of
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import AskedThreshold, CrisisNumber, SignedThreshold, Site
from trim_bot.locale.crisis_numbers import LOCAL_EMERGENCY

pytestmark = pytest.mark.anyio
NUMBER = CrisisNumber("Emergency", "999", "GB", "sample")
SHIPPED = {
    "GB": (NUMBER,),
    "IE": (replace(NUMBER, number="112", place="IE"),),
    "AQ": (LOCAL_EMERGENCY,),
}


@pytest.fixture
async def settled(town: Town) -> Town:
    """The town with settings that a file could have, and numbers that come with the desk."""
    town.desk.outside = replace(town.desk.outside, shipped_numbers=SHIPPED.__getitem__)
    await town.settle(numbers=(NUMBER,), services=())
    return town


async def site(town: Town) -> Site:
    return (await town.all(Site))[0]


async def settings(town: Town, name: str = "adam") -> View:
    return await town.desk.receive(town.actor(name), Press("settings", ""))


async def group(town: Town, which: SettingGroup) -> Form:
    view = await settings(town)
    labels = [one.label for one in buttons(view, "setting_group")]
    return form_of(
        await town.press("adam", view, "setting_group", labels.index(f"Change: {GROUP_NAMES[which]}"))
    )


async def rows(town: Town, which: SettingList) -> View:
    view = await settings(town)
    labels = [one.label.rpartition(":")[0] for one in buttons(view, "setting_list")]
    return await town.press("adam", view, "setting_list", labels.index(LIST_NAMES[which]))


async def row(town: Town, which: SettingList, label: str) -> Form:
    view = await rows(town, which)
    labels = [one.label for one in buttons(view, "setting_row")]
    return form_of(await town.press("adam", view, "setting_row", labels.index(label)))


def as_it_is(form: Form) -> dict[str, Value]:
    """What stands in the fields of a form."""
    return {name: cast(Value, getattr(one, "value")) for name, one in fields_of(form).items()}  # noqa: B009


async def save(town: Town, form: Form, **values: Value) -> View:
    return await town.send("adam", form, **(as_it_is(form) | values))


def test_every_key_of_the_file_has_a_field_or_a_list() -> None:
    keys = {one.key.partition(".")[0] for fields in FIELDS.values() for one in fields}
    every = set(
        values_of(replace(default_site("A", "a"), steady_days=(1,), extra_holidays=(date(2026, 1, 1),)))
    )
    # The short name ends sessions, and reporting lines cannot be read back: those two are for whoever runs the desk.
    assert every - keys - {rows.value for rows in SettingList} == {"slug", "reporting_lines_stay"}
    assert set(WHOLE_NUMBERS) <= keys


@pytest.mark.parametrize("which", SettingGroup)
async def test_a_form_sent_as_it_is_changes_nothing(settled: Town, which: SettingGroup) -> None:
    before = await site(settled)
    assert name_of(await save(settled, await group(settled, which))) == "settings"
    after = await site(settled)
    assert replace(after, asked_thresholds=None) == replace(before, asked_thresholds=None)


async def test_one_setting_of_each_kind(settled: Town) -> None:
    await save(
        settled, await group(settled, SettingGroup.PLACE), name=" Northern Ferries ", languages="en, cy"
    )
    hours = {"hours_monday": "9 am to 12:30, 13:30-17:00", "hours_friday": ""}
    days = {"extra_holidays": "24 December 2026, 2026-12-31"}
    await save(settled, await group(settled, SettingGroup.HOURS), **hours, **days)
    times: dict[str, Value] = {
        "rung_working_days": "٣",
        "steady_at": "10:15",
        "steady_days": ("monday", "friday"),
    }
    await save(settled, await group(settled, SettingGroup.TIMES), **times, month_anchor="first_interview")
    await save(settled, await group(settled, SettingGroup.NOTICE), notice="generic-1")
    now = await site(settled)
    assert (now.name, now.languages, now.notice) == ("Northern Ferries", ("en", "cy"), "generic-1")
    assert (
        now.hours.week[0] == ((time(9), time(12, 30)), (time(13, 30), time(17))) and now.hours.week[4] == ()
    )
    assert now.extra_holidays == (date(2026, 12, 24), date(2026, 12, 31))
    assert (now.rung_working_days, now.steady_at, now.steady_days) == (3, time(10, 15), (0, 4))
    assert now.month_anchor == "first_interview"


@pytest.mark.parametrize(
    ("which", "field", "typed"),
    [
        (SettingGroup.PLACE, "country", "UK"),
        (SettingGroup.PLACE, "languages", "english"),
        (SettingGroup.PLACE, "languages", ","),
        (SettingGroup.HOURS, "hours_monday", "all day"),
        (SettingGroup.HOURS, "hours_monday", "09:00-17:00, 12:00-13:00"),
        (SettingGroup.HOURS, "extra_holidays", "some day"),
        (SettingGroup.TIMES, "rung_working_days", "11"),
        (SettingGroup.TIMES, "rung_working_days", "two"),
        (SettingGroup.KEEPING, "erase_days", "0"),
        (SettingGroup.WORDS, "ask_command", "peer"),
    ],
)
async def test_the_reader_of_the_file_refuses_at_the_field(
    settled: Town, which: SettingGroup, field: str, typed: str
) -> None:
    before = await site(settled)
    answer = await save(settled, await group(settled, which), **{field: typed})
    assert isinstance(answer, FieldErrors) and set(answer.errors) == {field}
    assert as_it_is(answer.form)[field] == typed
    assert await site(settled) == before


async def test_two_editors_do_not_overwrite_each_other(settled: Town) -> None:
    one, other = await group(settled, SettingGroup.KEEPING), await group(settled, SettingGroup.KEEPING)
    await save(settled, one, erase_days="20")
    answer = await save(settled, other, erase_days="10")
    assert isinstance(answer, FieldErrors) and mending.SETTING_SAVED_MEANWHILE in answer.errors.values()
    assert (await site(settled)).erase_days == 20
    assert name_of(await save(settled, answer.form)) == "settings"
    assert (await site(settled)).erase_days == 10


async def test_editors_of_two_groups_do_not_disturb_each_other(settled: Town) -> None:
    keeping, words = await group(settled, SettingGroup.KEEPING), await group(settled, SettingGroup.WORDS)
    await save(settled, keeping, erase_days="20")
    await save(settled, words, ask_command="care")
    now = await site(settled)
    assert (now.erase_days, now.ask_command) == (20, "care")


@pytest.mark.parametrize("name", ["cora", "lena", "priya", "nurse"])
async def test_nobody_else_reads_or_changes_settings(settled: Town, name: str) -> None:
    assert refused(await settings(settled, name))
    form = await group(settled, SettingGroup.KEEPING)
    assert refused(await settled.send(name, form, **(as_it_is(form) | {"erase_days": "1"})))


async def test_a_change_is_journalled_with_the_group(settled: Town) -> None:
    await save(settled, await group(settled, SettingGroup.KEEPING), erase_days="20")
    journal = cast(FakeStore, settled.store).states[OrganisationId(settled.organisation.id)].journal
    assert journal[-1].what == "setting_group keeping"


async def test_what_was_signed_stays_whatever_is_changed(settled: Town) -> None:
    signed = SignedThreshold("trauma_first_v1", 9, 3, "Ingrid", date(2026, 9, 1), signed_here=True)
    await settled.settle(thresholds=(signed,))
    await save(settled, await row(settled, SettingList.THRESHOLDS, "Change: trauma_first_v1"), floor="5")
    now = await site(settled)
    assert now.thresholds == (signed,)
    assert [one.floor for one in now.asked_thresholds or ()] == [5]


async def test_moving_to_another_country_brings_its_numbers_and_keeps_ones_own(settled: Town) -> None:
    await save(settled, await group(settled, SettingGroup.PLACE), country="IE", region="")
    assert (await site(settled)).numbers == SHIPPED["IE"]
    own = replace(NUMBER, label="Our own", place="IE")
    await settled.settle(numbers=(own,))
    await save(settled, await group(settled, SettingGroup.PLACE), country="GB")
    assert (await site(settled)).numbers == (own, NUMBER)


async def test_moving_away_and_back_leaves_each_number_with_its_country_and_none_twice(settled: Town) -> None:
    rung = replace(NUMBER, verified_on=date(2026, 11, 1))
    await settled.settle(numbers=(rung,))
    for country in ("IE", "GB"):
        await save(settled, await group(settled, SettingGroup.PLACE), country=country, region="")
        assert (await site(settled)).numbers == (rung, *SHIPPED["IE"])


async def test_a_row_is_added_changed_put_first_and_taken_out(settled: Town) -> None:
    numbers = SettingList.NUMBERS
    added = await save(
        settled,
        await row(settled, numbers, "Add one"),
        label="Samaritans",
        number="116 123",
        source="Its page",
    )
    assert name_of(added) == "setting_list"
    await save(settled, await row(settled, numbers, "Change: Samaritans"), number="116 124")
    assert [one.number for one in (await site(settled)).numbers] == ["999", "116 124"]
    await settled.press("adam", await row(settled, numbers, "Change: Samaritans"), "row_first")
    assert [one.label for one in (await site(settled)).numbers] == ["Samaritans", "Emergency"]
    await settled.press("adam", await row(settled, numbers, "Change: Emergency"), "row_out")
    assert [one.label for one in (await site(settled)).numbers] == ["Samaritans"]


async def test_the_last_number_is_not_taken_out(settled: Town) -> None:
    answer = await settled.press(
        "adam", await row(settled, SettingList.NUMBERS, "Change: Emergency"), "row_out"
    )
    assert mending.LAST_NUMBER in words_of(answer)
    assert (await site(settled)).numbers == (NUMBER,)


async def test_a_number_is_dated_when_it_was_rung(settled: Town) -> None:
    view = await rows(settled, SettingList.NUMBERS)
    after = await settled.press("adam", view, "rang")
    assert (await site(settled)).numbers[0].verified_on == date(2026, 11, 23)
    assert not buttons(after, "rang")
    assert "Rung" not in words_of(after).splitlines()


async def test_a_day_in_the_future_is_refused(settled: Town) -> None:
    form = await row(settled, SettingList.NUMBERS, "Change: Emergency")
    answer = await save(settled, form, verified_on=(date(2026, 11, 26)).isoformat())
    assert isinstance(answer, FieldErrors) and set(answer.errors) == {"verified_on"}


async def test_a_row_that_moved_meanwhile_is_not_hit_by_mistake(settled: Town) -> None:
    await settled.settle(numbers=(NUMBER, replace(NUMBER, label="Other")))
    form = await row(settled, SettingList.NUMBERS, "Change: Emergency")
    await settled.settle(numbers=(replace(NUMBER, label="Other"), NUMBER))
    answer = await settled.press("adam", form, "row_out")
    assert mending.CHANGED_MEANWHILE in words_of(answer)
    assert len((await site(settled)).numbers) == 2
    assert isinstance(await save(settled, form, number="1"), FieldErrors)


async def test_a_row_that_is_saved_again_is_still_the_row_that_was_opened(settled: Town) -> None:
    first, second, third = (replace(NUMBER, label=one) for one in ("Alpha", "Beta", "Gamma"))
    await settled.settle(numbers=(first, second, third))
    form = await row(settled, SettingList.NUMBERS, "Change: Beta")
    await settled.settle(numbers=(second, third))
    refused = await save(settled, form, number="0800 1")
    assert isinstance(refused, FieldErrors)
    assert mending.SETTING_SAVED_MEANWHILE in refused.errors.values()
    await save(settled, refused.form, number="0800 1")
    assert [one.label for one in (await site(settled)).numbers] == ["Beta", "Gamma"]
    assert [one.number for one in (await site(settled)).numbers] == ["0800 1", NUMBER.number]
    # Changed by somebody else since it was opened, it is not that row any more.
    form = await row(settled, SettingList.NUMBERS, "Change: Gamma")
    await settled.settle(numbers=(second, replace(third, number="0800 2")))
    for _ in range(2):
        assert not isinstance(await save(settled, form, number="0800 3"), Form)
    assert [one.number for one in (await site(settled)).numbers] == [NUMBER.number, "0800 2"]


def test_no_sentence_for_mending_is_overwritten_by_another() -> None:
    named = [
        target.id
        for one in ast.parse(Path(mending.__file__).read_text("utf-8")).body
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    ]
    assert sorted(named) == sorted(set(named))


async def test_an_id_is_made_of_the_name_and_then_stays(settled: Town) -> None:
    services = SettingList.SERVICES
    for _ in range(2):
        await save(
            settled,
            await row(settled, services, "Add one"),
            name="Santé au travail",
            what="A nurse",
            how="Ring",
        )
    assert [one.id for one in (await site(settled)).services] == ["sante_au_travail", "sante_au_travail_2"]
    await save(settled, await row(settled, services, "Change: Santé au travail"), name="Another name")
    assert [one.id for one in (await site(settled)).services] == ["sante_au_travail", "sante_au_travail_2"]


async def test_a_place_has_hours_and_numbers_of_its_own(settled: Town) -> None:
    places = SettingList.PLACES
    await save(
        settled,
        await row(settled, places, "Add one"),
        name="Dublin",
        zone="Europe/Dublin",
        country="IE",
        hours_monday="",
    )
    await save(settled, await row(settled, places, "Change: Dublin"), hours_monday="08:00-16:00")
    view = await settled.press("adam", await row(settled, places, "Change: Dublin"), "setting_list")
    form = form_of(await settled.press("adam", view, "setting_row", -1))
    view = await save(settled, form, label="Samaritans", number="116 123", source="Its page")
    assert name_of(view) == "setting_list"
    (place,) = (await site(settled)).places
    assert (place.id, place.zone, place.country) == ("dublin", "Europe/Dublin", "IE")
    assert place.hours is not None and place.hours.week[0] == ((time(8), time(16)),)
    assert [(one.label, one.place) for one in place.numbers] == [("Samaritans", "IE")]
    await save(settled, await row(settled, places, "Change: Dublin"), country="FR")
    (place,) = (await site(settled)).places
    assert (place.country, [one.place for one in place.numbers]) == ("FR", ["IE"])


async def test_what_is_not_changed_here_is_shown_with_the_way_to_change_it(settled: Town) -> None:
    words = words_of(await settings(settled))
    assert "Short name in addresses\nacme" in words
    assert "ends every sign-in" in words and "trim-bot site apply" in words and "who manages whom" in words


async def test_a_threshold_from_before_keeps_no_form_shut_until_it_is_changed_itself(settled: Town) -> None:
    thresholds = (AskedThreshold("trauma_first_v1", 0, 3),)
    await settled.settle(asked_thresholds=thresholds)
    await save(settled, await group(settled, SettingGroup.KEEPING), erase_days="20")
    assert ((await site(settled)).erase_days, (await site(settled)).asked_thresholds) == (20, thresholds)
    await settled.settle(asked_thresholds=(AskedThreshold("trauma_first_v1", 5, 3),))
    form = await row(settled, SettingList.THRESHOLDS, "Change: trauma_first_v1")
    answer = await save(settled, form, floor="0")
    assert isinstance(answer, FieldErrors) and set(answer.errors) == {"floor"}


async def test_a_fault_elsewhere_says_which_list_it_is_about(settled: Town) -> None:
    await settled.settle(asked_thresholds=(AskedThreshold("gone_v1", 5, 3),))
    answer = await save(settled, await group(settled, SettingGroup.KEEPING), erase_days="20")
    assert isinstance(answer, FieldErrors)
    (said,) = answer.errors.values()
    assert said.startswith("Thresholds: ")


async def test_a_long_list_comes_a_part_at_a_time(settled: Town) -> None:
    await settled.settle(numbers=tuple(replace(NUMBER, label=f"Line {n}") for n in range(40)))
    view = await rows(settled, SettingList.NUMBERS)
    assert len(buttons(view, "rang")) == 15
    later = await settled.press("adam", view, "setting_list")
    assert "Change: Line 15" in [one.label for one in buttons(later, "setting_row")]


async def test_the_list_of_set_up_leads_to_each_form(settled: Town) -> None:
    view = await set_up(settled)
    assert len(buttons(view, "setting_group")) == 2 and len(buttons(view, "setting_list")) == 3
    for action in ("setting_group", "setting_list"):
        for n in range(len(buttons(view, action))):
            assert not refused(await settled.press("adam", view, action, n))


async def test_what_is_in_force_is_told(settled: Town) -> None:
    told = dict(rows_of(await settings(settled)))
    assert told["Country"] == "GB" and told["Monday"] == "09:00-17:00"
    assert all(COLUMNS[rows] for rows in SettingList) and timedelta(0) == timedelta()
