"""Two tabs on one interview: whoever saves second is told what the first saved, and nothing is overwritten unasked."""

from __future__ import annotations

import pytest

from tests.app.desk.test_journey import fill, logged_and_accepted, start_first
from tests.builders import Town
from tests.reading import form_of
from trim_bot.app.seam import mending
from trim_bot.app.seam.gestures import Press, Value
from trim_bot.app.seam.views import Choice, Done, FieldErrors, Form, TextInput
from trim_bot.domain.cases import Interview, InterviewState

pytestmark = pytest.mark.anyio


def answers(form: Form, scored: str, note: str) -> dict[str, Value]:
    """One answer to every question, and a note."""
    found: dict[str, Value] = {}
    for one in form.inputs():
        if isinstance(one, Choice):
            found[one.name] = scored
        elif isinstance(one, TextInput):
            found[one.name] = note
    return found


async def two_tabs(town: Town) -> tuple[Form, Form]:
    """The first step of one interview, opened twice by whoever holds it."""
    await logged_and_accepted(town)
    first = await start_first(town)
    second = form_of(await town.desk.receive(town.actor("priya"), Press(first.name, first.token)))
    return first, second


async def kept(town: Town) -> Interview:
    """The one draft."""
    [draft] = await town.all(Interview)
    return draft


async def test_the_second_save_shows_both_and_asks(town: Town) -> None:
    first, second = await two_tabs(town)
    await town.send("priya", first, **answers(first, "2", "Said in the first tab"))
    before = await kept(town)
    refused = await town.send("priya", second, **answers(second, "0", "Said in the second tab"))
    assert isinstance(refused, FieldErrors)
    named = {one.name: one for one in refused.form.inputs()}
    choice = next(one for one in named.values() if isinstance(one, Choice))
    assert choice.value == "0", "what was typed stands in the form"
    label = next(option.label for option in choice.options if option.value == "2")
    assert label in refused.errors[choice.name], "and what was saved beside it"
    assert "Said in the first tab" in refused.errors["note"]
    assert await kept(town) == before
    on = await town.send("priya", refused.form, **answers(second, "0", "Said in the second tab"))
    assert form_of(on).step == (2, 5)
    assert (await kept(town)).answers[choice.name.removeprefix("q_")] == "0"


async def test_the_same_answers_twice_are_no_question(town: Town) -> None:
    first, second = await two_tabs(town)
    for form in (first, second):
        on = await town.send("priya", form, **answers(form, "1", "The same"))
        assert form_of(on).step == (2, 5)


async def test_going_back_overwrites_nothing_either(town: Town) -> None:
    first, second = await two_tabs(town)
    values = answers(first, "1", "")
    one = form_of(await town.send("priya", first, **values))
    two = form_of(await town.send("priya", second, **values))
    await town.send("priya", one, **answers(one, "2", "First"))
    before = await kept(town)
    assert two.back is not None
    back = Press(two.back.action, two.back.token, answers(two, "0", "Second"))
    view = await town.desk.receive(town.actor("priya"), back)
    assert isinstance(view, Done) and view.name == "mend"
    assert await kept(town) == before


async def test_the_last_step_scores_nothing_that_was_saved_meanwhile_unseen(town: Town) -> None:
    first, second = await two_tabs(town)
    ending = form_of(await fill(town, "priya", first))
    assert ending.name == "ending"
    changed = await town.send("priya", second, **answers(second, "0", "Said in the second tab"))
    assert isinstance(changed, FieldErrors)
    await town.send("priya", changed.form, **answers(second, "0", "Said in the second tab"))
    asks = await town.send("priya", ending, note="Typed in the first", overrides=())
    assert isinstance(asks, FieldErrors) and asks.errors["overrides"] == mending.TALK_SAVED_MEANWHILE
    note = next(one for one in asks.form.inputs() if one.name == "note")
    assert note.value == "Typed in the first" and (await kept(town)).state is InterviewState.DRAFT
    done = await town.send("priya", asks.form, note="Typed in the first", overrides=())
    assert form_of(done).name == "result"


async def test_looking_at_a_step_keeps_nothing(town: Town) -> None:
    await two_tabs(town)
    assert await town.all(Interview) == []
