"""What comes in from Teams: refused without a word where anything is wrong, read strictly where it is not."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.ground.untrusted_input import MOST_BYTES, Malformed
from integrations.teams.activities import gesture_of, read_activity, read_json
from integrations.teams.connector import ConversationRoute
from tests.adapters.teams_app.conftest import Rig
from tests.adapters.teams_app.fake_teams import TENANT
from tests.adapters.teams_app.person import (
    PERSON,
    activity,
    command,
    installed,
    invoke,
    joined,
    opened,
    pressed,
    sent,
    typed,
)
from tests.adapters.teams_app.test_tokens import BAD
from trim_bot.app.seam.gestures import Invoke, Press, Submit, Values
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.people import Address

pytestmark = pytest.mark.anyio
ADDRESS = f"teams:{TENANT}:{PERSON}"
REPORT = re.compile(r"teams [a-z-]+( [A-Za-z]+( store away)? at [a-z_]+\.py:[0-9]+)?")


def route(rig: Rig) -> str:
    """The route of somebody's own chat with the app, as it is kept."""
    return ConversationRoute(rig.url, f"a:{PERSON}").text


async def refused(rig: Rig, status: int, why: str, *args: Any, **more: Any) -> None:
    """Whatever is posted gets this status, nothing else, and leaves one line."""
    rig.reports.clear()
    answer = await rig.post(*args, **more)
    assert (answer.status_code, answer.content) == (status, b"")
    assert [line.split()[1] for line in rig.reports] == [why]
    assert REPORT.fullmatch(rig.reports[0])
    await rig.teams.drain()
    assert (rig.desk.received, rig.presence.told, rig.said) == ([], [], [])


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_token_opens_nothing(rig: Rig, kind: str) -> None:
    make, fault = BAD[kind]
    headers = {"authorization": f"Bearer {make(rig.fake)}", "content-type": "application/json"}
    await refused(rig, 401, fault.value, command("peer", rig.url), headers=headers)


async def test_two_tokens_are_none(rig: Rig) -> None:
    rig.reports.clear()
    headers = [("authorization", rig.fake.headers()["authorization"])] * 2
    answer = await rig.http.post("/api/messages", content=b"{}", headers=headers)
    assert answer.status_code == 401


async def test_the_token_is_checked_before_anything_is_read(rig: Rig) -> None:
    for body in (b"", b"{", b"[" * 100_000, b"\xff"):
        await refused(rig, 401, "no-token", None, headers={"content-type": "text/plain"}, body=body)


async def test_a_foreign_service_address_is_refused(rig: Rig) -> None:
    foreign = "https://example.org/"
    headers = rig.fake.headers(serviceurl=foreign)
    await refused(rig, 401, "foreign-service-url", command("peer", foreign), headers=headers)
    await refused(rig, 401, "other-service-url", command("peer", foreign))
    await refused(rig, 401, "no-service-url", activity("message", rig.url, serviceUrl=None))


async def test_another_tenant_is_refused_without_a_hint(rig: Rig) -> None:
    other = "99999999-dddd-4ddd-8ddd-999999999999"
    for make in (installed, joined):
        await refused(rig, 403, "other-tenant", make(rig.url, tenant=other))
    await refused(rig, 403, "other-tenant", command("peer", rig.url, tenant=other))
    await refused(rig, 403, "other-tenant", typed("peer", rig.url, tenant=other))
    await refused(rig, 403, "other-tenant", invoke("x/y", {}, rig.url, tenant=other))


async def test_places_that_name_different_tenants_are_refused(rig: Rig) -> None:
    other = {"tenant": {"id": "99999999-dddd-4ddd-8ddd-999999999999"}}
    await refused(rig, 403, "other-tenant", typed("peer", rig.url, channelData=other))
    await refused(rig, 403, "other-tenant", activity("typing", rig.url, channelData=other))
    guest = {"id": "29:x", "aadObjectId": PERSON, "tenantId": "99999999-dddd-4ddd-8ddd-999999999999"}
    await refused(rig, 403, "other-tenant", command("peer", rig.url, **{"from": guest}))


async def test_no_tenant_is_refused(rig: Rig) -> None:
    nowhere = {"conversationType": "personal", "id": "a:1"}
    await refused(rig, 403, "other-tenant", typed("peer", rig.url, channelData=None, conversation=nowhere))


async def test_one_place_that_names_the_tenant_is_enough(rig: Rig) -> None:
    answer = await rig.post(command("peer", rig.url, conversation=None))
    assert answer.status_code == 200
    loud = {"tenant": {"id": TENANT.upper()}}
    assert (await rig.post(command("peer", rig.url, channelData=loud))).status_code == 200
    assert {actor.address.text for actor, _ in rig.desk.received} == {ADDRESS}


async def test_too_long_a_body_is_refused_before_anything_else(rig: Rig) -> None:
    await refused(rig, 413, "too-long", None, body=b"x" * (MOST_BYTES + 1))
    rig.reports.clear()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * (MOST_BYTES // 10)

    answer = await rig.http.post("/api/messages", content=pieces(), headers=rig.fake.headers())
    assert answer.status_code == 413


async def test_a_length_of_endless_digits_is_too_long(rig: Rig) -> None:
    headers = rig.fake.headers() | {"Content-Length": "9" * 5000}
    answer = await rig.post({}, headers=headers, body=b"{}")
    assert answer.status_code == 413


async def test_a_change_of_members_that_names_nobody_is_left_alone(rig: Rig) -> None:
    for change in ("membersAdded", "membersRemoved"):
        activity = joined(rig.url, change, **{change: [{}]}, recipient=None)
        assert (await rig.post(activity)).status_code == 200
    await rig.teams.drain()
    assert rig.presence.told == []


async def test_another_kind_of_body_is_refused(rig: Rig) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        headers = rig.fake.headers() | {"content-type": kind}
        await refused(rig, 415, "wrong-kind", command("peer", rig.url), headers=headers)
    headers = rig.fake.headers() | {"content-type": "application/json; charset=utf-8"}
    assert (await rig.post(command("peer", rig.url), headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b'"\\ud800"'],
    ids=["empty", "cut", "list", "number", "bytes", "deep", "deeper", "surrogate"],
)
async def test_what_is_no_object_is_refused(rig: Rig, body: bytes) -> None:
    await refused(rig, 400, "malformed", None, body=body)


def malformed(url: str) -> list[dict[str, Any]]:
    """Activities with something in them that Teams does not send."""
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    return [
        activity("", url),
        activity("invoke", url, type=["invoke"]),
        activity("message", url, text=["x"]),
        activity("message", url, text="x" * 100_001),
        activity("message", url, conversation="x"),
        invoke(["x"], {}, url),  # type: ignore[arg-type]  # a name that is none
        invoke("task/fetch", "x", url),
        invoke("task/fetch", {"data": "x"}, url),
        invoke("task/fetch", {}, url),
        invoke("task/submit", {"data": {"t": "x"}}, url),
        invoke("task/submit", {"data": {"form": "a", "action": "b", "t": "x"}}, url),
        invoke("adaptiveCard/action", {"action": "x"}, url),
        invoke("composeExtension/fetchTask", {"commandId": "nonsense"}, url),
        invoke("composeExtension/fetchTask", {"commandId": 7}, url),
        command("peer", url, **{"from": {"id": "29:x"}}),
        command("peer", url, **{"from": {"id": "29:x", "aadObjectId": "<b>"}}),
        command("peer", url, channelData={"tenant": {"id": "no id!"}}),
        sent({"form": "f", "t": 7}, url),
        sent({"form": "f", "t": "x" * 5000}, url),
        sent({"form": "f" * 300, "t": "x"}, url),
        sent({"form": ["f"], "t": "x"}, url),
        sent({"form": "f", "t": "x", "field": {"a": "b"}}, url),
        sent({"form": "f", "t": "x", "field": deep}, url),
        sent({"form": "f", "t": "x", "field": "x" * 12_001}, url),
        sent({"form": "f", "t": "x", "k": {"field": "strange"}}, url),
        sent({"form": "f", "t": "x", "k": ["field"]}, url),
        sent({"form": "f", "t": "x"} | {f"f{n}": "" for n in range(200)}, url),
        sent({"words": "not a Name"}, url),
        sent({"words": "a b c d e f g"}, url),
        pressed({"form": "f", "t": "x"}, url),
        pressed({"words": "peer"}, url),
        activity("conversationUpdate", url, membersAdded=[7]),
        activity("conversationUpdate", url, membersAdded={"id": "x"}),
        installed(url, conversation={"conversationType": "personal", "id": "a" * 600, "tenantId": TENANT}),
        installed(url, action=["add"]),
    ]


async def test_each_wrong_shape_is_refused(rig: Rig) -> None:
    for number, one in enumerate(malformed(rig.url)):
        rig.reports.clear()
        answer = await rig.post(one)
        assert (number, answer.status_code, answer.content) == (number, 400, b"")
        assert [line.split()[1] for line in rig.reports] == ["malformed"]
    await rig.teams.drain()
    assert (rig.desk.received, rig.presence.told, rig.said) == ([], [], [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "type",
    "name",
    "value",
    "from",
    "conversation",
    "channelData",
    "text",
    "membersAdded",
    "action",
    "id",
)
KINDS = ("message", "invoke", "installationUpdate", "conversationUpdate", "typing")


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4), st.booleans())
def test_anything_is_read_or_refused(kind: str, changes: dict[str, Any], submits: bool) -> None:
    whole = activity(kind, "https://x/", name="task/submit" if submits else "task/fetch")
    whole |= changes
    try:
        arrival = read_activity(read_json(json.dumps(whole).encode()))
        gesture_of(arrival)
    except Malformed:
        return


async def test_a_command_opens_from_any_chat_and_tells_no_route(rig: Rig) -> None:
    for id in ("peer", "support"):
        answer = await rig.post(command(id, rig.url))
        assert answer.json()["task"]["type"] == "continue"
    await rig.teams.drain()
    assert rig.desk.gestures == [Invoke(("peer",)), Invoke(("support",))]
    assert rig.presence.told == []


async def test_buttons_and_forms_become_gestures(rig: Rig) -> None:
    data = {"k": {"a": "text", "b": "toggle", "c": "choices"}, "a": "x", "b": "yes", "c": "1,2"}
    values: Values = {"a": "x", "b": True, "c": ("1", "2")}
    assert (await rig.post(opened({"words": "peer log"}, rig.url))).status_code == 200
    assert (await rig.post(opened({"action": "open", "t": "tok"}, rig.url))).status_code == 200
    for by_command in (False, True):
        form = data | {"form": "log", "t": "tok"}
        assert (await rig.post(sent(form, rig.url, by_command=by_command))).status_code == 200
    assert (await rig.post(sent(data | {"action": "back", "t": "tok"}, rig.url))).status_code == 200
    assert rig.desk.gestures == [
        Invoke(("peer", "log")),
        Press("open", "tok"),
        Submit("log", "tok", values),
        Submit("log", "tok", values),
        Press("back", "tok", values),
    ]


async def test_whoever_uses_their_own_chat_tells_where_it_is(rig: Rig) -> None:
    await rig.post(opened({"action": "open", "t": "tok"}, rig.url))
    await rig.teams.drain()
    assert rig.presence.told == [("seen", ADDRESS, route(rig))]
    group = {"conversationType": "channel", "id": "19:x@thread.tacv2", "isGroup": True, "tenantId": TENANT}
    await rig.post(opened({"action": "open", "t": "tok"}, rig.url, conversation=group))
    await rig.teams.drain()
    assert len(rig.presence.told) == 1


async def test_installation_and_removal_are_told(rig: Rig) -> None:
    for one in (installed(rig.url), joined(rig.url), installed(rig.url, "add-upgrade")):
        assert (await rig.post(one)).status_code == 200
    for one in (installed(rig.url, "remove"), joined(rig.url, "membersRemoved")):
        assert (await rig.post(one)).status_code == 200
    came, went = ("arrived", ADDRESS, route(rig)), ("gone", ADDRESS, "")
    assert rig.presence.told == [came] * 3 + [went] * 2


async def test_what_is_nobodys_own_matter_is_left_alone(rig: Rig) -> None:
    team = {"conversationType": "channel", "id": "19:x@thread.tacv2", "isGroup": True, "tenantId": TENANT}
    others = [{"id": "29:somebody"}]
    app: dict[str, Any] = {"from": {"id": "29:x"}}
    for one in (
        installed(rig.url, conversation=team),
        joined(rig.url, conversation=team),
        installed(rig.url, "strange"),
        activity("conversationUpdate", rig.url, membersAdded=others),
        activity("conversationUpdate", rig.url),
        typed("peer log", rig.url, conversation=team),
        typed("", rig.url),
        activity("message", rig.url, value={"form": "f", "t": "x"}),
        activity("typing", rig.url),
        activity("messageReaction", rig.url),
        activity("event", rig.url, name="x"),
        activity("installationUpdate", rig.url, action="add", **app),
    ):
        answer = await rig.post(one)
        assert (answer.status_code, answer.content) == (200, b"")
    await rig.teams.drain()
    assert (rig.desk.received, rig.presence.told, rig.said, rig.reports) == ([], [], [], [])


@pytest.mark.parametrize(
    "name", ["", "nonsense", "task/other", "composeExtension/query", "signin/verifyState"]
)
async def test_an_unknown_invoke_is_never_an_empty_yes(rig: Rig, name: str) -> None:
    await refused(rig, 501, "unknown-invoke", invoke(name, {}, rig.url))


async def test_while_keys_or_store_are_gone_the_answer_is_later(rig: Rig) -> None:
    rig.fake.keys_gone = True
    await refused(rig, 503, "keys-unavailable", command("peer", rig.url))


async def test_nothing_is_said_to_be_kept_that_is_not(rig: Rig) -> None:
    rig.failures.append(StoreUnavailable())
    await refused(rig, 503, "nothing-saved", installed(rig.url))
    rig.presence.failures.append(StoreUnavailable())
    await refused(rig, 503, "nothing-saved", installed(rig.url))
    assert (await rig.post(installed(rig.url))).status_code == 200


async def test_only_posting_is_heard(rig: Rig) -> None:
    assert (await rig.http.get("/api/messages")).status_code == 405


async def test_what_an_activity_tells_of_a_person_is_known_to_the_directory(rig: Rig) -> None:
    rig.fake.consent = False
    client = {"type": "clientInfo", "timezone": "Europe/London", "locale": "en-GB"}
    await rig.post(command("peer", rig.url, entities=[client]))
    found = await rig.teams.directory.look_up(Address.parse(ADDRESS))
    assert (found.name, found.zone, found.language) == ("Someone", "Europe/London", "en")
    for strange in ("Nowhere/Atall", 7, None, ["x"]):
        await rig.post(command("peer", rig.url, localTimezone=strange))
        found = await rig.teams.directory.look_up(Address.parse(ADDRESS))
        assert found.zone == ""
