"""Commands and shortcuts: acked at once, and the form follows within the life of the trigger."""

from __future__ import annotations

from itertools import count

import pytest

from integrations.ground.outgoing_calls import OutgoingCalls
from tests.adapters.slack_app.conftest import HASTY, Rig, Start
from tests.adapters.slack_app.desk import LOG_FORM, SAVED
from tests.adapters.slack_app.fake_slack import Reply, error
from tests.adapters.slack_app.person import TEAM, USER, command, shortcut
from trim_bot.app.seam.gestures import Actor, Invoke
from trim_bot.app.seam.views import Nothing
from trim_bot.app.words import adapter_words as words
from trim_bot.domain.people import Address, Platform

pytestmark = pytest.mark.anyio


async def test_a_command_opens_the_form_the_desk_returns(rig: Rig) -> None:
    answer = await rig.post(command("/peer", "log"))
    await rig.slack.drain()

    assert (answer.status_code, answer.text) == (200, "")
    assert rig.desk.received == [(Actor(Address(Platform.SLACK, TEAM, USER)), Invoke(("peer", "log")))]
    (opened,) = rig.fake.called("views.open")
    assert opened["trigger_id"] == "1.1.a"
    assert opened["view"]["callback_id"] == "log_incident"
    assert opened["view"]["private_metadata"] == "tok-log"


async def test_the_ack_does_not_wait_for_the_desk(rig: Rig) -> None:
    rig.desk.open.clear()

    answer = await rig.post(command("/support"))

    assert answer.status_code == 200
    rig.desk.open.set()
    await rig.slack.drain()
    assert len(rig.fake.called("views.open")) == 1


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("", ("peer",)),
        ("LOG", ("peer", "log")),
        ("  log   again now  or never", ("peer", "log", "again", "now")),
        ("log @someone", ("peer", "log")),
        ("<@U123|someone> log", ("peer",)),
        ("case 17", ("peer", "case")),
        ("löschen", ("peer",)),
        ("x" * 21, ("peer",)),
    ],
)
async def test_only_the_first_plain_words_are_heard(rig: Rig, typed: str, heard: tuple[str, ...]) -> None:
    await rig.post(command("/peer", typed))
    await rig.slack.drain()
    assert rig.desk.gestures == [Invoke(heard)]


async def slow_command(rig: Rig) -> None:
    """A command whose answer comes after the neutral page."""
    rig.desk.open.clear()
    await rig.post(command("/peer", "log"))
    await rig.fake.until("views.open")
    rig.desk.open.set()
    await rig.slack.drain()


async def test_a_slow_desk_opens_a_neutral_page_that_is_then_replaced(start: Start) -> None:
    rig = await start(HASTY)
    await slow_command(rig)

    (opened,) = rig.fake.called("views.open")
    assert opened["view"]["title"]["text"] == words.OPENING_TITLE
    (updated,) = rig.fake.called("views.update")
    assert (updated["view_id"], updated["view"]["callback_id"]) == ("V1", "log_incident")
    assert updated["hash"].endswith(".h")


async def test_a_slow_desk_with_nothing_to_show_leaves_no_page_waiting(start: Start) -> None:
    rig = await start(HASTY)
    rig.desk.answer(Nothing())

    await slow_command(rig)

    (updated,) = rig.fake.called("views.update")
    assert updated["view"]["title"]["text"] == words.CLOSE_THIS_TITLE


async def test_a_lost_trigger_is_answered_with_a_neutral_line_only(rig: Rig) -> None:
    await rig.post(command("/peer", "log", trigger="expired", url=rig.fake.response_url))
    await rig.slack.drain()

    assert rig.fake.answered == [words.OPEN_AGAIN]
    assert rig.fake.called("chat.postMessage") == []
    assert rig.reports == []


async def test_a_second_equal_request_opens_no_second_page_and_says_nothing(rig: Rig) -> None:
    body = command("/peer", "log", url=rig.fake.response_url)
    first = await rig.post(body)
    second = await rig.post(body, headers={"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})
    await rig.slack.drain()

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert len(rig.desk.received) == 2
    assert rig.fake.answered == []


async def test_a_response_url_elsewhere_is_not_called(rig: Rig) -> None:
    await rig.post(command("/peer", "log", trigger="expired", url="https://slack.com.example.org/x"))
    await rig.slack.drain()
    assert len(rig.reports) == 1


async def test_a_desk_that_breaks_after_the_ack_still_leaves_200_and_a_neutral_page(rig: Rig) -> None:
    rig.desk.answer(RuntimeError("marker-of-an-error"))

    answer = await rig.post(command("/peer", "log"))
    await rig.slack.drain()

    assert answer.status_code == 200
    (opened,) = rig.fake.called("views.open")
    assert opened["view"]["title"]["text"] == words.NOT_NOW_TITLE
    assert len(rig.reports) == 1
    assert "marker" not in rig.reports[0]


async def test_a_refusal_by_slack_is_reported_and_the_person_is_told_to_open_again(rig: Rig) -> None:
    rig.fake.next["views.open"].append(error("invalid_arguments"))

    await rig.post(command("/peer", "log", url=rig.fake.response_url))
    await rig.slack.drain()

    assert rig.fake.answered == [words.OPEN_AGAIN]
    assert rig.reports[0].startswith("slack refused:invalid_arguments ")


async def test_an_update_slack_could_not_take_is_offered_again(start: Start) -> None:
    seconds = count()
    rig = await start(HASTY, ways=OutgoingCalls(lambda: float(next(seconds))))
    rig.desk.answer(LOG_FORM)
    rig.fake.next["views.update"].extend([Reply(status=503), Reply({"ok": False}, 429, {"Retry-After": "1"})])

    await slow_command(rig)

    assert len(rig.fake.called("views.update")) == 3
    assert rig.reports == []


@pytest.mark.parametrize("gone", ["hash_conflict", "not_found"])
async def test_a_page_closed_meanwhile_is_no_fault(start: Start, gone: str) -> None:
    rig = await start(HASTY)
    rig.desk.answer(SAVED)
    rig.fake.next["views.update"].append(error(gone))

    await slow_command(rig)

    assert len(rig.fake.called("views.update")) == 1
    assert rig.reports == []


async def test_a_global_shortcut_does_what_the_bare_command_does(rig: Rig) -> None:
    await rig.interact(shortcut("support"))
    await rig.slack.drain()
    assert rig.desk.gestures == [Invoke(("support",))]
    assert len(rig.fake.called("views.open")) == 1
