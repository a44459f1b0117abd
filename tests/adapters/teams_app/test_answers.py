"""What Teams is answered: the next page in the reply itself, in time, with nothing lost and nothing left in a chat."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.adapters.slack_app.desk import LOG_FORM, NEXT_FORM, SAVED
from tests.adapters.teams_app.conftest import HASTY, Rig, Start
from tests.adapters.teams_app.person import command, opened, pressed, sent
from trim_bot.app.seam.gestures import Invoke, Press, Submit
from trim_bot.app.seam.views import (
    Alert,
    Answer,
    Button,
    Done,
    FieldErrors,
    Form,
    Message,
    Nothing,
    Text,
    TextInput,
    Tone,
    View,
)
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words import common_answers

pytestmark = pytest.mark.anyio
TYPED = {"form": "log_incident", "t": "tok-log", "k": {"what": "text"}, "what": "a fall"}


async def page(rig: Rig, activity: dict[str, Any]) -> dict[str, Any]:
    """The dialog that an activity is answered with."""
    answer = await rig.post(activity)
    assert answer.status_code == 200
    task = answer.json()["task"]
    assert task["type"] == "continue"
    assert task["value"]["card"]["contentType"] == "application/vnd.microsoft.card.adaptive"
    value: dict[str, Any] = task["value"]
    return value


async def line(rig: Rig, activity: dict[str, Any]) -> str:
    """The line that an activity is answered with, with which the dialog ends."""
    task = (await rig.post(activity)).json()["task"]
    assert task["type"] == "message"
    return str(task["value"])


def button(value: dict[str, Any]) -> dict[str, Any]:
    """What the last button of a dialog sends."""
    return dict(value["card"]["content"]["actions"][-1]["data"])


def standing(value: dict[str, Any]) -> dict[str, Any]:
    """What stands in the fields of a dialog."""
    body = value["card"]["content"]["body"]
    return {part["id"]: part.get("value", "") for part in body if part["type"].startswith("Input.")}


async def test_a_form_is_the_reply(rig: Rig) -> None:
    for activity in (command("peer", rig.url), opened({"action": "open", "t": "x"}, rig.url)):
        value = await page(rig, activity)
        assert value["title"] == "Log an incident"
        assert button(value)["form"] == "log_incident"
        assert button(value)["t"] == "tok-log"


async def test_errors_come_with_everything_typed(rig: Rig) -> None:
    filled = LOG_FORM.filled({"what": "a fall", "told": True})
    rig.desk.answer(FieldErrors(filled, {"place": "Choose one"}))
    value = await page(rig, sent(TYPED, rig.url))
    assert "Choose one" in json.dumps(value)
    assert standing(value) == {"what": "a fall", "place": "", "told": "yes"}


async def test_the_next_step_is_the_next_page(rig: Rig) -> None:
    rig.desk.answer(NEXT_FORM)
    value = await page(rig, sent(TYPED, rig.url))
    assert "Step 2 of 2" in json.dumps(value)
    assert button(value)["t"] == "tok-log-2"


async def test_an_end_in_words_ends_the_dialog(rig: Rig) -> None:
    rig.desk.answer(SAVED)
    for by_command in (False, True):
        said = await line(rig, sent(TYPED, rig.url, by_command=by_command))
        assert said == "Saved\n\nNothing was sent to your manager."


@pytest.mark.parametrize(
    "done",
    [
        Done("saved", "Saved", (Text("Yes."), Button("home", "tok", "Back to the start"))),
        Done("saved", "Saved", (Alert(Tone.HELP, "Ring", ("116 123",)),)),
        Done("saved", "Saved", (Text("x" * 900),)),
    ],
    ids=["a button", "numbers to ring", "much to read"],
)
async def test_an_end_that_holds_more_than_words_keeps_its_page(rig: Rig, done: Done) -> None:
    rig.desk.answer(done)
    shown = json.dumps(await page(rig, sent(TYPED, rig.url)))
    for block in done.blocks:
        assert getattr(block, "label", getattr(block, "text", "")) in shown


async def test_what_is_opened_is_always_a_page(rig: Rig) -> None:
    rig.desk.answer(SAVED)
    assert (await page(rig, command("peer", rig.url)))["title"] == "Saved"
    rig.desk.answer(Message("tok-open", "tok-stop"))
    await page(rig, command("peer", rig.url))


async def test_nothing_to_show_is_said(rig: Rig) -> None:
    rig.desk.answer(Nothing())
    assert await line(rig, sent(TYPED, rig.url)) == words.CLOSE_THIS
    assert await line(rig, command("peer", rig.url)) == words.CLOSE_THIS


async def test_a_case_that_has_moved_on_is_no_longer_open(rig: Rig) -> None:
    rig.desk.answer(common_answers.not_open())
    for activity in (opened({"action": "case", "t": "x"}, rig.url), sent(TYPED, rig.url)):
        assert "No longer open to you" in (await rig.post(activity)).text


async def test_a_slow_commit_can_be_asked_for_again_with_everything(start: Start) -> None:
    rig = await start(HASTY)
    rig.desk.answer(SAVED)
    rig.desk.open.clear()
    for by_command in (False, True):
        value = await page(rig, sent(TYPED, rig.url, by_command=by_command))
        assert value["title"] == words.STILL_SAVING_TITLE
        assert button(value) == TYPED
        assert "a fall" not in json.dumps(value["card"]["content"]["body"])
    await page(rig, sent(button(value), rig.url))
    first, *others = rig.desk.gestures
    assert isinstance(first, Submit)
    assert first.values == {"what": "a fall"}
    assert others == [first] * 2, "the very same gesture, which the desk answers from what it kept"
    rig.desk.open.set()
    await rig.teams.drain()


@pytest.mark.parametrize("card", [False, True], ids=["a dialog", "a card"])
async def test_what_came_before_the_desk_counts_too(
    rig: Rig, card: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Keys and tenant were looked up for a minute, which is all the patience there is.
    clock = iter([0.0, 60.0])
    monkeypatch.setattr("integrations.teams.endpoint.monotonic", lambda: next(clock))
    rig.desk.open.clear()
    activity = pressed({"action": "stop", "t": "tok"}, rig.url) if card else sent(TYPED, rig.url)
    async with asyncio.timeout(20):
        said = (await rig.post(activity)).text
    assert (words.OPENING if card else words.STILL_SAVING_TITLE) in json.dumps(
        json.loads(said), ensure_ascii=False
    )
    rig.desk.open.set()
    await rig.teams.drain()


async def test_a_slow_opening_can_be_asked_for_again(start: Start) -> None:
    rig = await start(HASTY)
    rig.desk.open.clear()
    for activity, gesture in (
        (command("peer", rig.url), Invoke(("peer",))),
        (opened({"words": "peer log"}, rig.url), Invoke(("peer", "log"))),
        (
            opened({"action": "open", "t": "tok", "msteams": {"type": "task/fetch"}}, rig.url),
            Press("open", "tok"),
        ),
    ):
        value = await page(rig, activity)
        assert value["title"] == words.OPENING_TITLE
        assert "msteams" not in button(value), "the dialog is open already"
        await page(rig, sent(button(value), rig.url))
        assert rig.desk.gestures[-2:] == [gesture, gesture]
    rig.desk.open.set()
    await rig.teams.drain()


async def test_when_nothing_was_saved_the_form_stands_as_it_was_filled(rig: Rig) -> None:
    await page(rig, command("peer", rig.url))
    rig.desk.answer(common_answers.try_again("4f2a9c"))
    data = TYPED | {
        "k": {"what": "text", "place": "choice", "told": "toggle"},
        "place": "road",
        "told": "yes",
    }
    for _ in range(2):
        value = await page(rig, sent(data, rig.url))
        assert value["title"] == "Log an incident"
        assert standing(value) == {"what": "a fall", "place": "road", "told": "yes"}
        assert json.dumps(value).count(words.NOTHING_SAVED[:30]) == 1
        assert button(value)["t"] == "tok-log"


async def test_a_form_comes_back_to_nobody_but_whoever_it_was_shown_to(rig: Rig) -> None:
    rig.desk.answer(LOG_FORM.filled({"what": "marker-of-a-draft"}))
    await page(rig, command("peer", rig.url))
    rig.desk.answer(common_answers.try_again("4f2a9c"))
    another = "55555555-eeee-4eee-8eee-555555555555"
    value = await page(rig, sent(TYPED, rig.url, person=another))
    assert button(value) == TYPED, "only what they sent themselves"
    assert "Log an incident" not in json.dumps(value)
    assert "Log an incident" in json.dumps(await page(rig, sent(TYPED, rig.url)))


async def test_a_form_that_was_taken_is_not_kept(rig: Rig) -> None:
    await page(rig, command("peer", rig.url))
    rig.desk.answer(SAVED)
    await line(rig, sent(TYPED, rig.url))
    rig.desk.answer(common_answers.try_again("4f2a9c"))
    assert button(await page(rig, sent(TYPED, rig.url))) == TYPED


async def test_a_form_shown_by_another_process_is_carried_by_a_button(rig: Rig) -> None:
    rig.desk.answer(common_answers.try_again("4f2a9c"))
    value = await page(rig, sent(TYPED, rig.url))
    assert words.NOTHING_SAVED[:30] in json.dumps(value)
    assert button(value) == TYPED


async def test_a_broken_desk_loses_nothing(rig: Rig) -> None:
    rig.desk.answer(RuntimeError("marker-of-an-error"))
    value = await page(rig, sent(TYPED, rig.url))
    assert button(value) == TYPED
    assert "marker" not in str(rig.reports) + json.dumps(value)
    value = await page(rig, sent({"action": "back", "t": "x", "what": "a fall"}, rig.url))
    assert button(value) == {"action": "back", "t": "x", "what": "a fall"}


async def test_a_page_that_does_not_fit_says_that_what_was_sent_is_kept(rig: Rig) -> None:
    blocks = tuple(TextInput(f"f{number}", "A", value="x" * 3000) for number in range(60))
    rig.desk.answer(Form("x", "X", blocks, submit="Save"))
    value = await page(rig, sent(TYPED, rig.url))
    assert value["title"] == words.CANNOT_SHOW_TITLE
    assert "https://desk.example.org/" in json.dumps(value)
    assert rig.reports[0].startswith("teams cannot-show ")


@pytest.mark.parametrize("failed", [False, True], ids=["to mend", "to send again"])
async def test_a_page_that_does_not_fit_says_so_where_nothing_is_kept(rig: Rig, failed: bool) -> None:
    blocks = tuple(TextInput(f"f{number}", "A", value="x" * 3000) for number in range(60))
    long = Form("x", "X", blocks, submit="Save")
    rig.desk.answer(common_answers.try_again("4f2a9c") if failed else FieldErrors(long, {"f1": "Too long"}))
    data = TYPED | {f"f{number}": "x" * 3000 for number in range(60)}
    shown = json.dumps(await page(rig, sent(data, rig.url)))
    assert words.CANNOT_SHOW_UNSAVED in shown
    assert words.CANNOT_SHOW_KEPT not in shown


async def test_three_tries_get_the_same_answer(rig: Rig) -> None:
    rig.desk.answer(SAVED)
    activity = sent(TYPED, rig.url)
    answers = await asyncio.gather(*(rig.post(activity) for _ in range(3)))
    assert len({answer.content for answer in answers}) == 1
    assert len(set(map(repr, rig.desk.gestures))) == 1


@pytest.mark.parametrize("view", [SAVED, LOG_FORM, common_answers.not_open(), Nothing()])
async def test_a_card_in_a_chat_never_gets_what_the_desk_says(rig: Rig, view: View) -> None:
    rig.desk.answer(view)
    answer = (await rig.post(pressed({"action": "stop", "t": "tok"}, rig.url))).json()
    done = isinstance(view, Done) and view.answer is Answer.OK
    assert answer["statusCode"] == 200
    assert answer["type"].endswith("card.adaptive" if done else "activity.message")
    said = json.dumps(answer["value"])
    assert ("That is done" in said) is done
    assert not any(part in said for part in ("Saved", "manager", "incident", "tok"))
    assert rig.desk.gestures == [Press("stop", "tok")]


async def test_a_slow_press_leaves_the_card(start: Start) -> None:
    rig = await start(HASTY)
    rig.desk.open.clear()
    answer = (await rig.post(pressed({"action": "stop", "t": "tok"}, rig.url))).json()
    assert (answer["type"], answer["value"]) == ("application/vnd.microsoft.activity.message", words.OPENING)
    rig.desk.open.set()
    await rig.teams.drain()
    assert rig.desk.gestures == [Press("stop", "tok")], "and it happens all the same"
