"""Requests that Slack never sent: refused with a status, and nothing of them kept but an opaque id."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.adapters.slack_app import person as wire
from tests.e2e.canary import MARK, EveryRecord, found_in
from tests.e2e.deployment import Deployment
from tests.e2e.slack_side import signed

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("stores", ["sqlite"], indirect=True)]

# Made when it is sent: what is signed long before, while the tests are collected, ages meanwhile.
Headers = Callable[[], dict[str, str]]
COMMAND = wire.command("/peer", MARK, user="UPRIYA")
FORM, JSON = {"content-type": wire.FORM}, {"content-type": "application/json"}
OURS = re.compile(r"trim_bot slack [a-z-]+ [0-9a-f]{6}\b")


def view(**more: object) -> dict[str, object]:
    """A modal full of the planted word."""
    return {"type": "modal", "id": MARK, "callback_id": "log", "private_metadata": MARK} | more


def as_form(payload: Any) -> bytes:
    """The body of an interaction."""
    return wire.interaction(payload)


REQUESTS: dict[str, tuple[bytes, Headers | None, int]] = {
    "unsigned": (COMMAND, lambda: FORM, 401),
    "signed with another secret": (COMMAND, lambda: signed(COMMAND, secret="another"), 401),
    "signed for another body": (COMMAND + b"&more=1", lambda: signed(COMMAND), 401),
    "ten minutes old": (COMMAND, lambda: signed(COMMAND, age=600), 401),
    "ten minutes early": (COMMAND, lambda: signed(COMMAND, age=-600), 401),
    "oversized": (MARK.encode() * 50_000, None, 413),
    "of another kind": (COMMAND, lambda: signed(COMMAND) | {"content-type": "text/plain"}, 415),
    "no JSON in it": (b"payload=" + MARK.encode(), None, 400),
    "JSON of another shape": (as_form([MARK]), None, 400),
    "deep as a well": (b"payload=" + b"[" * 100_000, None, 400),
    "an unknown type": (as_form({"type": MARK}), None, 400),
    "an unknown command": (wire.command(f"/{MARK}", user="UPRIYA"), None, 400),
    "fields that are no fields": (as_form(wire.submission(view(state=MARK), user="UPRIYA")), None, 400),
    "a user that is no id": (wire.command("/peer", MARK, user=f"<{MARK}>"), None, 400),
    "another workspace": (wire.command("/peer", MARK, team="TOTHER"), None, 403),
}


@pytest.fixture
def records() -> Iterator[EveryRecord]:
    """Everything that is logged while the requests come."""
    keeper = EveryRecord()
    yield keeper
    keeper.close_all()


async def test_each_is_refused_and_forgotten(
    at_slack: Deployment, records: EveryRecord, capfd: pytest.CaptureFixture[str]
) -> None:
    side = await at_slack.side()
    await (await at_slack.slack("priya")).say("peer", "help")
    records.open_all()
    calls = len(at_slack.workplace.calls)
    for name, (body, headers, status) in REQUESTS.items():
        records.lines.clear()
        answer = await side.http.post(
            "/slack/events", content=body, headers=headers() if headers else signed(body)
        )
        assert (name, answer.status_code) == (name, status)
        assert answer.content == b"", name
        ours = [line for line in records.lines if line.startswith("trim_bot ")]
        assert len(ours) == 1 and OURS.match(ours[0]), (name, ours)
        assert found_in([MARK, "UPRIYA"], "\n".join(records.lines).encode()) == [], name
    assert len(at_slack.workplace.calls) == calls, "Slack was not asked about any of them"
    said = capfd.readouterr()
    assert found_in([MARK, "UPRIYA"], (said.out + said.err).encode()) == []
    ready = await side.http.get("/readyz")
    assert ready.status_code == 200


async def test_forms_of_no_page_of_ours_are_refused(at_browser: Deployment) -> None:
    priya, stranger = await at_browser.web("priya"), await at_browser.stranger()
    form = await priya.say("peer", "log")

    async def sent(who: httpx.AsyncClient, body: bytes, kind: str = wire.FORM) -> int:
        return (await who.post("/f/log", content=body, headers={"content-type": kind})).status_code

    assert await sent(priya.http, b"kind=other&t=" + form.token.encode()) == 403
    assert await sent(stranger.http, form.body()) == 403
    assert await sent((await at_browser.web("peter")).http, form.body()) == 403
    assert await sent(priya.http, b"a=" + b"x" * 300_000) == 413
    assert await sent(priya.http, b"a=%ff%fe") == 400
    assert await sent(priya.http, json.dumps({"csrf": "x"}).encode(), "application/json") == 415


async def test_the_practice_clock_takes_times_only(at_slack: Deployment) -> None:
    http = await at_slack.client()
    for body, status in (({"to": "soon"}, 400), ({"to": "2026-11-23T10:00"}, 400), ({}, 400)):
        assert (await http.post("/practice/clock", json=body)).status_code == status
    backwards = await http.post("/practice/clock", json={"to": "2026-11-22T10:00:00+00:00"})
    assert backwards.status_code == 409
