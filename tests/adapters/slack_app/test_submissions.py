"""Sent forms: the ack carries what to mend, the next step or the end, and a late answer still arrives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from integrations.slack.render import render_view
from tests.adapters.slack_app.conftest import HASTY, Rig, Start
from tests.adapters.slack_app.desk import LOG_FORM, NEXT_FORM, SAVED
from tests.adapters.slack_app.person import on_screen, submission
from trim_bot.app.seam.gestures import Submit, Values
from trim_bot.app.seam.views import Done, FieldErrors, Form, Nothing, TextInput, View
from trim_bot.app.words import adapter_words as words

pytestmark = pytest.mark.anyio


def screen(form: View = LOG_FORM, typed: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    drawn = render_view(form)
    assert drawn is not None
    return on_screen(drawn, typed)


async def test_what_was_typed_reaches_the_desk_by_field(rig: Rig) -> None:
    typed: dict[str, dict[str, Any]] = {
        "what": {"value": "a fall"},
        "place": {"selected_option": {"value": "bay"}},
        "told": {"selected_options": [{"value": "yes"}]},
    }
    await rig.interact(submission(screen(typed=typed)))
    values: Values = {"what": "a fall", "place": "bay", "told": True}
    assert rig.desk.gestures == [Submit("log_incident", "tok-log", values)]


async def test_errors_stand_beside_their_fields(rig: Rig) -> None:
    rig.desk.answer(FieldErrors(LOG_FORM, {"what": "Say in a few words what happened"}))
    answer = await rig.interact(submission(screen()))
    assert answer.json() == {
        "response_action": "errors",
        "errors": {"what": "Say in a few words what happened"},
    }


async def test_errors_name_the_block_that_is_on_the_screen(rig: Rig) -> None:
    rig.desk.answer(FieldErrors(NEXT_FORM, {"who": "Choose somebody"}))
    answer = await rig.interact(submission(screen(NEXT_FORM)))
    assert answer.json()["errors"] == {"who~2.3": "Choose somebody"}


async def test_errors_of_fields_that_are_not_on_the_screen_draw_the_form_anew(rig: Rig) -> None:
    rig.desk.answer(FieldErrors(NEXT_FORM, {"when": "Give a day"}))
    answer = await rig.interact(submission(screen()))
    action = answer.json()
    assert action["response_action"] == "update"
    assert "Give a day" in str(action["view"]["blocks"])


async def test_the_next_step_replaces_the_form_and_hides_no_draft(rig: Rig) -> None:
    rig.desk.answer(NEXT_FORM)
    action = (await rig.interact(submission(screen()))).json()
    assert action["response_action"] == "update"
    names = [block["block_id"] for block in action["view"]["blocks"] if block["type"] == "input"]
    assert names == ["who~2.3"]
    assert action["view"]["blocks"][0]["elements"][0]["text"] == "Step 2 of 2"


async def test_the_end_is_a_page_without_submit(rig: Rig) -> None:
    rig.desk.answer(SAVED)
    action = (await rig.interact(submission(screen()))).json()
    assert action["response_action"] == "update"
    assert "submit" not in action["view"]
    assert action["view"]["close"]["text"] == "Close"


async def test_nothing_closes_the_form(rig: Rig) -> None:
    rig.desk.answer(Nothing())
    assert (await rig.interact(submission(screen()))).json() == {"response_action": "clear"}


async def test_a_slow_commit_says_still_saving_and_the_answer_follows(start: Start) -> None:
    rig = await start(HASTY)
    rig.desk.answer(SAVED)
    rig.desk.open.clear()

    action = (await rig.interact(submission(screen()))).json()
    assert action["view"]["title"]["text"] == words.STILL_SAVING_TITLE
    rig.desk.open.set()
    await rig.slack.drain()

    (updated,) = rig.fake.called("views.update")
    assert (updated["view_id"], updated["view"]["title"]["text"]) == ("V1", "Saved")
    assert "hash" not in updated, "the neutral page changed it"


async def test_late_errors_come_with_everything_typed(start: Start) -> None:
    rig = await start(HASTY)
    filled = LOG_FORM.filled({"what": "a fall", "told": True})
    rig.desk.answer(FieldErrors(filled, {"place": "Choose one"}))
    rig.desk.open.clear()

    await rig.interact(submission(screen()))
    rig.desk.open.set()
    await rig.slack.drain()

    blocks = rig.fake.called("views.update")[0]["view"]["blocks"]
    assert blocks[0]["text"]["text"] == "Please note: Where: Choose one"
    elements = {block["block_id"]: block["element"] for block in blocks if block["type"] == "input"}
    assert elements["what"]["initial_value"] == "a fall"
    assert len(elements["told"]["initial_options"]) == 1


async def test_a_broken_desk_keeps_what_was_typed_on_the_screen(rig: Rig) -> None:
    rig.desk.answer(RuntimeError("marker-of-an-error"))
    answer = await rig.interact(submission(screen()))
    assert answer.status_code == 200
    assert answer.json() == {"response_action": "errors", "errors": {"what": words.SEND_AGAIN}}
    assert "marker" not in str(rig.reports)


async def test_a_form_that_does_not_fit_says_that_it_was_kept(rig: Rig) -> None:
    rig.desk.answer(Form("x", "X", (TextInput("a", "A", value="x" * 3001),), submit="Save"))
    action = (await rig.interact(submission(screen()))).json()
    assert action["view"]["title"]["text"] == words.CANNOT_SHOW_TITLE
    assert rig.reports[0].startswith("slack cannot-show ")


@pytest.mark.parametrize("kept", [True, False])
async def test_a_page_that_does_not_fit_leads_to_the_browser_and_says_what_is_kept(
    rig: Rig, kept: bool
) -> None:
    long = Form("x", "X", (TextInput("a", "A", value="x" * 3001),), submit="Save")
    rig.desk.answer(long if kept else FieldErrors(long, {"b": "Choose one"}))
    shown = json.dumps((await rig.interact(submission(screen()))).json(), ensure_ascii=False)
    assert "https://desk.example.org/" in shown
    assert (words.CANNOT_SHOW_KEPT in shown, words.CANNOT_SHOW_UNSAVED in shown) == (kept, not kept)


async def test_a_retry_gets_the_same_body(rig: Rig) -> None:
    rig.desk.answer(Done("saved", "Saved"))
    payload = submission(screen())
    first = await rig.interact(payload)
    second = await rig.interact(payload, headers={"X-Slack-Retry-Num": "1"})
    assert first.content == second.content
