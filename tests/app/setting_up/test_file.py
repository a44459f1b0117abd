"""A file is looked at before it is put into force, and what is exported changes nothing when it is taken in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.app.setting_up.test_settings import group, save, settings, site
from tests.app.setting_up.test_settings import settled as settled
from tests.builders import Town
from tests.reading import done_of, form_of, name_of, words_of
from trim_bot.app.seam import mending
from trim_bot.app.seam.views import FieldErrors, Form, View
from trim_bot.app.setting_up.settings_shape import SettingGroup
from trim_bot.domain.site import AskedThreshold, CrisisNumber, SignedThreshold
from trim_bot.locale.crisis_numbers import LOCAL_EMERGENCY

pytestmark = pytest.mark.anyio
EXAMPLE = (Path(__file__).parents[3] / "docs" / "site-example.toml").read_text()


async def exported(town: Town) -> str:
    view = await town.press("adam", await settings(town), "site_file")
    (file,) = done_of(view).files
    return file.text


async def take_in(town: Town, text: str) -> View:
    return await town.send("adam", await town.press("adam", await settings(town), "site_import"), file=text)


async def test_what_is_exported_changes_nothing(settled: Town) -> None:
    signed = SignedThreshold("trauma_first_v1", 9, 3, "Ingrid", date(2026, 9, 1), signed_here=True)
    await settled.settle(thresholds=(signed,))
    before = await site(settled)
    looked = await take_in(settled, await exported(settled))
    assert "Nothing. All of it is in force already." in words_of(looked)
    assert name_of(await settled.send("adam", looked, file=await exported(settled))) == "settings"
    assert replace(await site(settled), asked_thresholds=None) == before
    assert await exported(settled) == await exported(settled)


async def test_a_file_is_shown_before_it_counts(settled: Town) -> None:
    text = EXAMPLE.replace('slug = "example-transport"', 'slug = "acme"')
    before = await site(settled)
    looked = form_of(await take_in(settled, text))
    words = words_of(looked)
    assert "Name of your organisation: Acme, then Example Transport" in words
    assert "Numbers to ring: Samaritans comes" in words
    assert "reporting lines (1) and people (3)" in words
    assert await site(settled) == before
    assert name_of(await settled.send("adam", looked, file=text)) == "settings"
    after = await site(settled)
    assert (after.name, len(after.numbers), len(after.places)) == ("Example Transport", 3, 1)


async def test_another_file_than_the_one_looked_at_is_looked_at_first(settled: Town) -> None:
    text = await exported(settled)
    looked = form_of(await take_in(settled, text))
    again = await settled.send("adam", looked, file=text.replace("erase_days = 30", "erase_days = 9"))
    assert isinstance(again, FieldErrors) and again.errors == {"file": mending.LOOK_AGAIN}
    assert (await site(settled)).erase_days == 30


async def test_what_changed_meanwhile_is_looked_at_again(settled: Town) -> None:
    text = (await exported(settled)).replace("erase_days = 30", "erase_days = 9")
    looked = form_of(await take_in(settled, text))
    await settled.settle(keep_closed_days=90)
    again = await settled.send("adam", looked, file=text)
    assert isinstance(again, FieldErrors) and again.errors == {"file": mending.LOOK_AGAIN}
    assert (await site(settled)).keep_closed_days == 90
    assert "90, then 180" in words_of(await take_in(settled, text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "Line 1: This is not valid TOML"),
        ('name = "A"', "“slug” is missing."),
        (EXAMPLE.replace("erase_days = 30", "erase_days = 900"), "must be from 1 to 90"),
        (EXAMPLE, "short name in addresses"),
    ],
)
async def test_every_fault_is_said_with_its_line(settled: Town, text: str, says: str) -> None:
    before = await site(settled)
    answer = await take_in(settled, text)
    if isinstance(answer, Form):
        answer = await settled.send("adam", answer, file=text)
    assert isinstance(answer, FieldErrors) and says in answer.errors["file"]
    assert await site(settled) == before


async def test_a_file_signs_nothing_and_takes_no_signature(settled: Town) -> None:
    signed = SignedThreshold("trauma_first_v1", 9, 3, "Ingrid", date(2026, 9, 1), signed_here=True)
    await settled.settle(thresholds=(signed,))
    text = (await exported(settled)).replace("floor = 9", "floor = 1").replace('"Ingrid"', '"Somebody else"')
    looked = await take_in(settled, text)
    await settled.send("adam", looked, file=text)
    now = await site(settled)
    assert now.thresholds == (signed,)
    assert [one.floor for one in now.asked_thresholds or ()] == [1]


async def test_a_floor_from_before_goes_out_and_comes_back_and_no_other_does(settled: Town) -> None:
    await settled.settle(asked_thresholds=(AskedThreshold("trauma_first_v1", 0, 3),))
    before, text = await site(settled), await exported(settled)
    looked = await take_in(settled, text)
    assert "Nothing. All of it is in force already." in words_of(looked)
    assert name_of(await settled.send("adam", looked, file=text)) == "settings"
    assert await site(settled) == before
    await settled.settle(asked_thresholds=(AskedThreshold("trauma_first_v1", 5, 3),))
    answer = await take_in(settled, text)
    assert isinstance(answer, FieldErrors) and "from 1 to 999" in answer.errors["file"]


async def test_where_no_number_is_known_the_settings_go_out_and_come_back(settled: Town) -> None:
    await settled.settle(country="AQ", region="", numbers=(LOCAL_EMERGENCY,))
    before, text = await site(settled), await exported(settled)
    looked = await take_in(settled, text)
    assert "Nothing. All of it is in force already." in words_of(looked)
    assert name_of(await settled.send("adam", looked, file=text)) == "settings"
    assert replace(await site(settled), asked_thresholds=None) == before
    assert (
        name_of(await save(settled, await group(settled, SettingGroup.KEEPING), erase_days="20"))
        == "settings"
    )


async def test_a_site_moves_to_a_country_whose_numbers_nobody_knows(settled: Town) -> None:
    await settled.settle(numbers=(CrisisNumber("Own line", "116 123", "GB", "Its page"),))
    form = await group(settled, SettingGroup.PLACE)
    assert name_of(await save(settled, form, country="AQ", region="")) == "settings"
    assert [one.place for one in (await site(settled)).numbers] == ["GB", ""]
