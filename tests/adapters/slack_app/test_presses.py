"""Buttons: in a message and on the Home tab they open a page, inside a modal they replace it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from integrations.slack.render import render_home, render_message, render_view
from integrations.slack.wire import LINK_ACTION
from tests.adapters.slack_app.conftest import HOME, Rig
from tests.adapters.slack_app.desk import LOG_FORM, NEXT_FORM
from tests.adapters.slack_app.person import USER, on_screen, press, shortcut
from trim_bot.app.seam.gestures import Press, Values
from trim_bot.app.seam.views import FieldErrors, Message, Nothing
from trim_bot.app.words import adapter_words as words

pytestmark = pytest.mark.anyio


def modal(typed: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    drawn = render_view(LOG_FORM)
    assert drawn is not None
    return on_screen(drawn, typed)


def elements(blocks: Any) -> list[dict[str, Any]]:
    """The buttons that stand last, as Slack would read them."""
    found: list[dict[str, Any]] = blocks[-1]["elements"]
    return found


@pytest.mark.parametrize("which", [0, 1])
async def test_both_buttons_of_a_message_open_a_page(rig: Rig, which: int) -> None:
    posted = render_message(Message("tok-open", "tok-stop"))
    button = elements(posted.blocks)[which]
    answer = await rig.interact(press(button["action_id"], button["value"]))
    await rig.slack.drain()

    assert answer.status_code == 200
    expected = [Press("open", "tok-open"), Press("stop", "tok-stop")]
    assert rig.desk.gestures == [expected[which]]
    assert len(rig.fake.called("views.open")) == 1
    assert rig.fake.called("views.update") == []


async def test_a_home_button_has_an_empty_token_and_opens_a_page(rig: Rig) -> None:
    home = render_home(HOME)
    button = elements(home["blocks"])[0]
    await rig.interact(press(button["action_id"], button.get("value"), view=home | {"id": "VH", "hash": "1"}))
    await rig.slack.drain()
    assert rig.desk.gestures == [Press("ask", "")]
    assert len(rig.fake.called("views.open")) == 1


async def test_a_press_inside_a_modal_replaces_it_and_loses_nothing(rig: Rig) -> None:
    rig.desk.answer(NEXT_FORM)
    typed: dict[str, dict[str, Any]] = {
        "what": {"value": "half a sen"},
        "told": {"selected_options": [{"value": "yes"}]},
    }
    answer = await rig.interact(press("help", "tok-help", view=modal(typed)))
    await rig.slack.drain()

    assert answer.content == b""
    values: Values = {"what": "half a sen", "place": "", "told": True}
    assert rig.desk.gestures == [Press("help", "tok-help", values)]
    (updated,) = rig.fake.called("views.update")
    assert (updated["view_id"], updated["hash"]) == ("V1", "156.a")
    assert rig.fake.called("views.open") == []


async def test_nothing_leaves_the_modal_as_it_is(rig: Rig) -> None:
    rig.desk.answer(Nothing())
    await rig.interact(press("help", "tok-help", view=modal()))
    await rig.slack.drain()
    assert rig.fake.called("views.update") == []


async def test_errors_after_a_press_stand_above_the_form(rig: Rig) -> None:
    rig.desk.answer(FieldErrors(LOG_FORM, {"what": "Fill this in", "other": "Please look again"}))
    await rig.interact(press("back", "tok", view=modal()))
    await rig.slack.drain()
    blocks = rig.fake.called("views.update")[0]["view"]["blocks"]
    assert [block["text"]["text"] for block in blocks[:2]] == [
        "Please note: What happened, in a few words: Fill this in",
        "Please note: Please look again",
    ]


async def test_a_lost_trigger_of_a_message_says_open_again(rig: Rig) -> None:
    await rig.interact(press("open", "tok", trigger="expired", url=rig.fake.response_url))
    await rig.slack.drain()
    assert rig.fake.answered == [words.OPEN_AGAIN]


async def test_a_shortcut_that_did_not_open_in_time_says_so_where_slack_keeps_nothing(rig: Rig) -> None:
    await rig.interact(shortcut("support", trigger="expired"))
    await rig.slack.drain()
    (line,) = rig.fake.called("chat.postEphemeral")
    assert (line["channel"], line["user"], line["text"]) == (f"D{USER[1:]}", USER, words.OPEN_AGAIN)
    buttons = [
        one for block in line["blocks"] for one in block.get("elements", ()) if one["type"] == "button"
    ]
    assert [(one["action_id"], one.get("value", "")) for one in buttons[:1]] == [("home", "")]
    assert rig.fake.called("chat.postMessage") == []
    assert rig.reports == []
    await rig.interact(press("home", "", url=rig.fake.response_url))
    await rig.slack.drain()
    assert rig.desk.gestures[-1] == Press("home", "", {})
    assert len(rig.fake.called("views.open")) == 2


async def test_a_shortcut_at_a_message_is_answered_where_it_was_used(rig: Rig) -> None:
    payload = shortcut("peer", trigger="expired") | {
        "type": "message_action",
        "response_url": rig.fake.response_url,
    }
    await rig.interact(payload)
    await rig.slack.drain()
    assert rig.fake.answered == [words.OPEN_AGAIN]


async def test_a_way_to_a_page_needs_no_answer(rig: Rig) -> None:
    answer = await rig.interact(press(LINK_ACTION))
    await rig.slack.drain()
    assert answer.status_code == 200
    assert rig.desk.received == []
    assert [call.method for call in rig.fake.calls] == ["auth.test"]
