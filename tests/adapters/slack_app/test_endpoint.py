"""What is refused before anybody looks at it: size, signature, age, kind, shape and team."""

from __future__ import annotations

import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from integrations.ground.untrusted_input import Malformed
from integrations.slack.endpoint import is_signed
from integrations.slack.payloads import FORM, JSON, read_arrival
from tests.adapters.slack_app.conftest import Rig, Start, sign
from tests.adapters.slack_app.fake_slack import Reply
from tests.adapters.slack_app.person import (
    TEAM,
    USER,
    command,
    event,
    interaction,
    press,
    shortcut,
    submission,
)
from trim_bot.app.seam.gestures import Submit
from trim_bot.domain.people import Address, Platform

pytestmark = pytest.mark.anyio
VIEW = {"id": "V1", "hash": "1", "type": "modal", "callback_id": "f", "private_metadata": "t", "blocks": []}


async def test_an_unsigned_request_is_401_and_reported_with_an_opaque_id_only(rig: Rig) -> None:
    body = command("/peer", "marker-words")
    for headers in (
        {},
        sign(body, secret="another-secret"),
        sign(body + b"x"),
        sign(body) | {"x-slack-signature": "v0="},
        sign(body) | {"x-slack-request-timestamp": "soon"},
    ):
        answer = await rig.http.post("/slack/events", content=body, headers=headers | {"content-type": FORM})
        assert answer.status_code == 401
    assert rig.desk.received == []
    assert rig.fake.calls == []
    assert all(report.split()[:2] == ["slack", "unsigned"] and len(report) < 40 for report in rig.reports)


async def test_while_a_secret_is_replaced_both_are_taken_and_no_other(start: Start) -> None:
    rig = await start(secrets=["new-secret", "old-secret"])
    body = command("/peer", "help")
    for secret, status in (
        ("new-secret", 200),
        ("old-secret", 200),
        ("new-secret,old-secret", 401),
        ("", 401),
        ("another-secret", 401),
    ):
        headers = sign(body, secret=secret) | {"content-type": FORM}
        answer = await rig.http.post("/slack/events", content=body, headers=headers)
        assert answer.status_code == status, secret
    stale = sign(body, age=310, secret="old-secret") | {"content-type": FORM}
    assert (await rig.http.post("/slack/events", content=body, headers=stale)).status_code == 401


def test_every_secret_is_compared_whichever_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []
    usual = hmac.compare_digest

    def counting(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return usual(one, other)

    monkeypatch.setattr("integrations.slack.endpoint.hmac.compare_digest", counting)
    headers = sign(b"x", secret="new-secret")
    stamp, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
    assert is_signed([b"new-secret", b"old-secret"], stamp, signature, b"x", float(stamp))
    assert len(compared) == 2
    assert not is_signed([], stamp, signature, b"x", float(stamp))


@pytest.mark.parametrize(("age", "status"), [(0, 200), (290, 200), (310, 401), (-290, 200), (-310, 401)])
async def test_only_the_last_five_minutes_count(rig: Rig, age: int, status: int) -> None:
    assert (await rig.post(command("/peer"), age=age)).status_code == status


async def test_a_body_that_is_too_long_is_413(rig: Rig) -> None:
    body = b"payload=" + b"x" * (512 * 1024)
    assert (await rig.post(body)).status_code == 413

    async def in_pieces() -> Any:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    headers = sign(body) | {"content-type": FORM}
    assert (await rig.http.post("/slack/events", content=in_pieces(), headers=headers)).status_code == 413


async def test_a_body_in_pieces_is_read_whole_and_one_that_breaks_off_is_not_read(rig: Rig) -> None:
    body = command("/peer", "help")
    headers = sign(body) | {"content-type": FORM}

    async def in_pieces() -> Any:
        for start in range(0, len(body), 7):
            yield body[start : start + 7]

    assert (await rig.http.post("/slack/events", content=in_pieces(), headers=headers)).status_code == 200
    await rig.slack.drain()
    assert len(rig.desk.received) == 1
    messages = iter([{"type": "http.request", "body": body, "more_body": True}, {"type": "http.disconnect"}])

    async def breaks_off() -> Any:
        return next(messages)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert rig.slack.endpoint is not None
    answer = await rig.slack.endpoint(Request({"type": "http", "headers": raw}, breaks_off))
    assert answer.status_code == 413
    assert len(rig.desk.received) == 1


async def test_a_length_of_endless_digits_is_413(rig: Rig) -> None:
    headers = sign(b"{}") | {"content-type": FORM, "content-length": "9" * 5000}
    assert (await rig.http.post("/slack/events", content=b"{}", headers=headers)).status_code == 413


async def test_another_kind_of_body_is_415(rig: Rig) -> None:
    assert (await rig.post(command("/peer"), kind="text/plain")).status_code == 415


async def test_a_kind_may_name_its_letters(rig: Rig) -> None:
    assert (await rig.post(command("/peer"), kind=f"{FORM}; charset=utf-8")).status_code == 200


LONG = "x" * 12_001
MALFORMED: list[bytes] = [
    b"",
    b"payload=",
    b"payload=[]",
    b"payload=%FF%FE",
    urlencode({"payload": "[" * 100_000}).encode(),
    interaction({}),
    interaction({"type": 7}),
    interaction({"type": "dialog_submission"}),
    command("/other"),
    command("/peer", LONG),
    command("/peer", user="U1:x"),
    command("/peer", team=""),
    interaction(press("")),
    interaction(press("open", "x" * 2001)),
    interaction(press("open") | {"actions": []}),
    interaction(press("open") | {"actions": "open"}),
    interaction(press("open") | {"user": "U1"}),
    interaction(press("open") | {"team": "T1"}),
    interaction(shortcut("unknown")),
    interaction(submission(VIEW | {"callback_id": ""})),
    interaction(submission(VIEW | {"private_metadata": "x" * 3001})),
    interaction(submission(VIEW | {"state": {"values": {"a": {"v": {"type": "strange"}}}}})),
    interaction(
        submission(VIEW | {"state": {"values": {"a": {"v": {"type": "plain_text_input", "value": 3}}}}})
    ),
    interaction(
        submission(
            VIEW | {"state": {"values": {"\ud800": {"v": {"type": "plain_text_input", "value": "a"}}}}}
        )
    ),
    interaction(
        submission(
            VIEW | {"state": {"values": {"a": {"v": {"type": "users_select", "selected_user": "U:1"}}}}}
        )
    ),
    interaction(submission(VIEW | {"state": {"values": {str(n): {} for n in range(101)}}})),
    interaction(submission(VIEW | {"blocks": {"a": 1}})),
]


async def test_half_an_emoji_costs_nobody_the_rest_of_what_they_typed(rig: Rig) -> None:
    state = {"values": {"a": {"v": {"type": "plain_text_input", "value": "a\ud83d b\0\u202ec"}}}}
    assert (await rig.interact(submission(VIEW | {"state": state}))).status_code == 200
    [sent] = rig.desk.gestures
    assert isinstance(sent, Submit) and sent.values == {"a": "a bc"}


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
async def test_a_signed_body_that_slack_never_sends_is_400(rig: Rig, body: bytes) -> None:
    answer = await rig.post(body)
    assert (answer.status_code, answer.content) == (400, b"")
    assert rig.desk.received == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"{}", b'{"type": "event_callback"}', event("")])
async def test_a_signed_event_that_slack_never_sends_is_400(rig: Rig, body: bytes) -> None:
    assert (await rig.post(body, kind=JSON)).status_code == 400


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
GOOD = [
    press("open", "t", view=VIEW),
    submission(VIEW),
    shortcut("peer"),
    json.loads(event("app_home_opened")),
]


@given(st.sampled_from(GOOD), st.data())
def test_a_payload_with_anything_in_any_place_is_read_or_refused(
    good: dict[str, Any], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(good)))
    bent = good | {key: data.draw(ANYTHING)}
    if isinstance(good[key], dict) and good[key]:
        inner = data.draw(st.sampled_from(sorted(good[key])))
        bent = data.draw(st.sampled_from([bent, good | {key: good[key] | {inner: data.draw(ANYTHING)}}]))
    try:
        read_arrival(json.dumps(bent).encode(), JSON)
    except Malformed as refused:
        assert str(refused) == "This request cannot be read"  # noqa: PT017 - both ends are fine


async def test_another_team_is_refused(rig: Rig) -> None:
    assert (await rig.post(command("/peer", team="T2"))).status_code == 403
    assert (await rig.interact(press("open", "t", team="T2"))).status_code == 403
    assert rig.desk.received == []


async def test_somebody_of_another_workspace_is_refused(rig: Rig) -> None:
    payload = press("open", "t")
    payload["user"]["team_id"] = "T2"
    assert (await rig.interact(payload)).status_code == 403


@pytest.mark.parametrize("home", ["T2", "E1", TEAM])
async def test_within_an_enterprise_a_command_and_a_press_come_from_the_same_person(
    rig: Rig, home: str
) -> None:
    sent = [press("open", "t"), press("open", "t", view=VIEW), submission(VIEW), shortcut("peer")]
    assert (await rig.post(command("/peer"))).status_code == 200
    for payload in sent:
        payload["enterprise"] = {"id": "E1", "name": "acme"}
        payload["user"]["team_id"] = home
        assert (await rig.interact(payload)).status_code == 200
    await rig.slack.drain()
    people = [actor.address for actor, _ in rig.desk.received]
    assert people == [Address(Platform.SLACK, TEAM, USER)] * 5


async def test_within_an_enterprise_another_workspace_is_still_refused(rig: Rig) -> None:
    for team, home in (("T2", TEAM), ("T2", "T2"), (None, "T2"), (None, "E1")):
        payload = press("open", "t") | {"enterprise": {"id": "E1"}}
        payload["team"] = {"id": team} if team else None
        payload["user"]["team_id"] = home
        assert (await rig.interact(payload)).status_code == 403
    assert rig.desk.received == []


async def test_the_team_is_asked_for_once_and_again_only_after_slack_was_down(start: Start) -> None:
    rig = await start()
    rig.fake.next["auth.test"].append(Reply(status=503))

    assert (await rig.post(command("/peer"))).status_code == 503
    assert (await rig.post(command("/peer"))).status_code == 200
    assert (await rig.post(command("/peer"))).status_code == 200
    assert len(rig.fake.called("auth.test")) == 2
    assert await rig.slack.one.team() == "T000000001"


async def test_while_slack_is_down_the_team_connected_before_is_heard_without_asking(start: Start) -> None:
    rig = await start()
    rig.fake.next["auth.test"].append(Reply(status=503))
    rig.slack.one.expect("T000000001")

    assert (await rig.post(command("/peer"))).status_code == 200
    assert (await rig.interact(submission(VIEW))).status_code == 200
    assert rig.fake.called("auth.test") == []
    assert (await rig.post(command("/peer", team="T2"))).status_code == 503
    assert len(rig.desk.received) == 2


async def test_once_slack_answers_only_the_team_of_the_token_is_heard(start: Start) -> None:
    rig = await start()
    rig.slack.one.expect("T2")
    assert (await rig.post(command("/peer", team="T2"))).status_code == 200
    assert (await rig.post(command("/peer"))).status_code == 200
    assert (await rig.post(command("/peer", team="T2"))).status_code == 403


async def test_slack_may_check_the_address(rig: Rig) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    assert (await rig.post(challenge, kind=JSON)).json() == {"challenge": "abc"}
    assert (await rig.post(b"ssl_check=1&token=x")).status_code == 200
    assert (await rig.http.post("/slack/events", content=b"ssl_check=1&token=x")).status_code == 401
