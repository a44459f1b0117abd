"""A day agreed in a talk about stress is ahead, and by a year at most."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.asking import taken
from tests.builders import Town
from tests.reading import blocks_of, form_of
from trim_bot.app.seam.views import Choice, DateInput, FieldErrors, Form, Toggle, View

pytestmark = pytest.mark.anyio


async def until_a_day_is_asked(town: Town) -> Form:
    view: View = await town.send("priya", await taken(town), then="stress", reply="")
    view = await town.press("priya", view, "interview")
    while not days_in(form_of(view)):
        view = await town.send("priya", view, **filled(form_of(view)))
    return form_of(view)


def days_in(form: Form) -> list[str]:
    return [one.name for one in blocks_of(form, DateInput)]


def filled(form: Form) -> dict[str, str]:
    choices = {one.name: one.options[0].value for one in form.inputs() if isinstance(one, Choice)}
    return choices | {one.name: "yes" for one in form.inputs() if isinstance(one, Toggle)}


@pytest.mark.parametrize(("ahead", "kept"), [(-1, False), (30, True), (360, True), (400, False)])
async def test_the_day_is_ahead_by_a_year_at_most(town: Town, ahead: int, kept: bool) -> None:
    form = await until_a_day_is_asked(town)
    [name] = days_in(form)
    day = (town.clock.now() + timedelta(days=ahead)).date().isoformat()
    view = await town.send("priya", form, **filled(form), **{name: day})
    assert isinstance(view, FieldErrors) is not kept


async def test_a_day_beside_a_button_at_the_ends_of_time_is_left_out(town: Town) -> None:
    form = await until_a_day_is_asked(town)
    [name] = days_in(form)
    back = await town.press("priya", form, "back", **{name: "0001-01-01"})
    view = await town.send("priya", back, **filled(form_of(back)))
    [field] = blocks_of(view, DateInput)
    assert not field.value
