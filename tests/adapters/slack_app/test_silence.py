"""Nothing that anybody typed, and no token, reaches any log at any level, whatever goes wrong."""

from __future__ import annotations

import logging

import pytest

from integrations.slack.payloads import FORM, JSON
from tests.adapters.slack_app.conftest import SECRET, Rig, Start, sign
from tests.adapters.slack_app.desk import LOG_FORM, SAVED
from tests.adapters.slack_app.fake_slack import BOT_TOKEN, Reply, error
from tests.adapters.slack_app.person import command, event, interaction, on_screen, press, submission
from trim_bot.app.seam.views import Message
from trim_bot.domain.errors import Undeliverable
from trim_bot.domain.people import Address, Platform

pytestmark = pytest.mark.anyio
MARKER = "marker-of-what-was-typed"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged anywhere, with every logger wide open."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith("slack")]
    for name in ["", "slack_bolt", "slack_sdk", *names]:
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def everything(log: pytest.LogCaptureFixture) -> str:
    return "\n".join(
        f"{record.name} {record.getMessage()} {record.args!r} {record.exc_info!r}" for record in log.records
    )


async def exercise(rig: Rig) -> None:
    """Every kind of request, good and bad, with the marker in each."""
    view = on_screen(
        {
            "type": "modal",
            "callback_id": "f",
            "private_metadata": MARKER,
            "blocks": [
                {
                    "type": "input",
                    "block_id": "a",
                    "element": {"type": "plain_text_input", "initial_value": MARKER},
                }
            ],
        }
    )
    bodies = [
        command("/peer", MARKER),
        interaction(press("open", MARKER)),
        interaction(press("open", MARKER, view=view)),
        interaction(submission(view)),
        interaction({"type": MARKER}),
        interaction(submission(view | {"state": MARKER})),
        command("/peer", MARKER, team="T2"),
    ]
    for body in bodies:
        await rig.post(body)
        wrong = sign(body, secret="rotated") | {"content-type": FORM}
        await rig.http.post("/slack/events", content=body, headers=wrong)
    await rig.post(event("message", text=MARKER, user="U1"), kind=JSON)
    await rig.post(event(MARKER, user="U1"), kind=JSON)
    await rig.slack.drain()


async def test_no_log_at_any_level_holds_a_body(rig: Rig, log: pytest.LogCaptureFixture) -> None:
    for answer in (LOG_FORM, SAVED, RuntimeError(MARKER)):
        rig.desk.answer(answer)
        await exercise(rig)

    assert rig.desk.received
    for secret in (MARKER, SECRET, BOT_TOKEN):
        assert secret not in everything(log)
        assert secret not in "\n".join(rig.reports)


async def test_what_slack_answers_is_not_logged_either(rig: Rig, log: pytest.LogCaptureFixture) -> None:
    rig.fake.next["views.open"].extend(
        [
            error(MARKER),
            Reply({"ok": False, "error": {"why": MARKER}}),
            Reply(status=500),
            Reply({"ok": True}),
        ]
    )
    for number in range(4):
        await rig.post(command("/peer", trigger=f"t{number}"))
    rig.fake.next["chat.postMessage"].append(error(MARKER))
    message = Message(MARKER, MARKER)
    with pytest.raises(Undeliverable):
        await rig.slack.messenger.send(Address(Platform.SLACK, "T000000001", "U1"), message, "")
    await rig.slack.drain()

    assert MARKER not in everything(log)
    assert BOT_TOKEN not in everything(log)


async def test_a_wrong_token_is_not_written_down(start: Start, log: pytest.LogCaptureFixture) -> None:
    rig = await start(token="xoxb-a-wrong-one")
    assert (await rig.post(command("/peer", MARKER))).status_code == 503
    assert "xoxb-a-wrong-one" not in everything(log) + "\n".join(rig.reports)


async def test_no_object_tells_the_token_when_it_is_printed(rig: Rig) -> None:
    assert BOT_TOKEN not in repr(rig.slack)


async def test_their_loggers_stay_silent_with_levels_and_handlers_of_somebody_else(rig: Rig) -> None:
    heard: list[logging.LogRecord] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record)

    names = [name for name in logging.root.manager.loggerDict if name.startswith("slack")]
    assert any(name.startswith("slack_bolt.") for name in names), "Bolt has loggers to be silenced"
    ear = Ear()
    for name in names:
        logging.getLogger(name).addHandler(ear)
    try:
        await exercise(rig)
    finally:
        for name in names:
            logging.getLogger(name).removeHandler(ear)
    assert heard == []
