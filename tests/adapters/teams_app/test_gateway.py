"""Messages in Teams: where they go, what will never arrive, what may arrive later, and to whom no token is given."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from integrations.teams.connector import ConversationRoute
from integrations.teams.gateway import MOVED, NEVER
from integrations.teams.render import message_card
from tests.adapters.teams_app.fake_cloud import PERSON, refusal
from tests.adapters.teams_app.fake_teams import APP_ID, TENANT, Reply
from tests.adapters.teams_app.going_out import Going, at, going_out
from trim_bot.app.seam.views import Message
from trim_bot.app.words.adapter_words import MESSAGE_TEXT
from trim_bot.domain.errors import Trouble, TryLater, Undeliverable, Unsendable
from trim_bot.domain.people import GONE, Address, Platform

pytestmark = pytest.mark.anyio
OPENED = "/v3/conversations"


@pytest.fixture
async def going() -> Any:
    async with going_out() as going:
        yield going


def kept(going: Going, conversation: str = "a:kept") -> str:
    """A route as it is kept with an account."""
    return ConversationRoute(going.cloud.service_url, conversation).text


def sends(going: Going) -> list[str]:
    """The paths of what was sent, oldest first."""
    return [call.path for call in going.cloud.asked("/activities")]


async def test_a_message_is_one_card_with_a_line_for_the_lock_screen(going: Going) -> None:
    message = Message("tok-open", "tok-stop")
    handle = await going.out.messenger.send(at(), message, kept(going))
    [call] = going.cloud.calls
    assert call.path == "/amer/v3/conversations/a:kept/activities"
    assert call.body == {
        "type": "message",
        "summary": MESSAGE_TEXT,
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": message_card(message)}
        ],
    }
    assert handle == "activity-1", "an id of Teams, and nothing that tells who or where"


@pytest.mark.parametrize("route", ["", "{}", "not json", '{"service_url": 7, "conversation": []}', "[]"])
async def test_without_a_route_a_conversation_is_opened_first(going: Going, route: str) -> None:
    await going.send(route=route)
    opened, sent = going.cloud.calls
    assert opened.path == "/teams/v3/conversations"
    assert opened.body == {
        "bot": {"id": APP_ID},
        "members": [{"id": PERSON}],
        "isGroup": False,
        "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }
    assert sent.path == f"/teams/v3/conversations/a:{PERSON[:8]}/activities"


@pytest.mark.parametrize("code", [*sorted(MOVED), "NotFound", "SomethingElse"])
async def test_a_conversation_that_is_no_more_is_opened_anew(going: Going, code: str) -> None:
    going.cloud.next["activities"].append(refusal(404, code))
    # The stand-in opens conversations where the kept route was as well.
    await going.send(route=kept(going))
    assert sends(going) == [
        "/amer/v3/conversations/a:kept/activities",
        f"/amer/v3/conversations/a:{PERSON[:8]}/activities",
    ]


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize("code", sorted(NEVER))
async def test_some_people_cannot_be_written_to(going: Going, status: int, code: str) -> None:
    going.cloud.next["conversations"].append(refusal(status, code))
    with pytest.raises(Undeliverable):
        await going.send()
    going.cloud.next["activities"].append(refusal(status, code))
    with pytest.raises(Undeliverable):
        await going.send()


async def test_who_took_the_app_away_is_not_written_to(going: Going) -> None:
    with pytest.raises(Undeliverable):
        await going.send(route=GONE)
    assert going.cloud.calls == [] == going.cloud.logins, "no conversation is opened with them anew"


async def test_an_inner_code_is_read_too(going: Going) -> None:
    body = {"error": {"code": "Forbidden", "message": "", "subCode": "MessageWritesBlocked"}}
    going.cloud.next["conversations"].append(Reply(403, body))
    with pytest.raises(Undeliverable):
        await going.send()


async def test_somebody_without_the_app_cannot_be_written_to(going: Going) -> None:
    going.cloud.not_installed.add(PERSON)
    with pytest.raises(Undeliverable):
        await going.send()
    assert sends(going) == []


LATER = [
    (Reply(429, {}, {"Retry-After": "30"}), 30.0, Trouble.ASKED_TO_WAIT),
    (Reply(429, {}, {"Retry-After": "soon"}), 5.0, Trouble.ASKED_TO_WAIT),
    (Reply(429, {}, {"Retry-After": "-3"}), 5.0, Trouble.ASKED_TO_WAIT),
    (Reply(429, {}, {"Retry-After": "9" * 400}), 5.0, Trouble.ASKED_TO_WAIT),
    (Reply(429, {}, {"Retry-After": "9" * 9}), 3600.0, Trouble.ASKED_TO_WAIT),
    (
        Reply(
            503,
            {},
            {"Retry-After": "Wed, 25 Nov 2026 10:00:42 GMT", "Date": "Wed, 25 Nov 2026 10:00:00 GMT"},
        ),
        42.0,
        Trouble.FAILING,
    ),
    (Reply(412, {}), None, Trouble.FAILING),
    (Reply(502, "<html>bad gateway</html>"), None, Trouble.FAILING),
    (Reply(503, {}), None, Trouble.FAILING),
    (Reply(504, {}), None, Trouble.FAILING),
    (Reply(500, {}), None, Trouble.FAILING),
    (Reply(403, {"error": {"code": "InvalidBotApiHost"}}), None, Trouble.NOT_TAKEN),
    (Reply(403, "<html>forbidden by a proxy</html>"), None, Trouble.FAILING),
    (Reply(407, {}), None, Trouble.FAILING),
    (Reply(408, {}), None, Trouble.FAILING),
    (Reply(302, {}, {"Location": "/teams/v3/conversations"}), None, Trouble.FAILING),
]


@pytest.mark.parametrize(("reply", "after", "trouble"), LATER, ids=range(len(LATER)))
async def test_a_message_may_go_later(
    going: Going, reply: Reply, after: float | None, trouble: Trouble
) -> None:
    for step in ("conversations", "activities"):
        going.cloud.next[step].append(reply)
        before = len(going.cloud.calls)
        with pytest.raises(TryLater) as raised:
            await going.send()
        assert (raised.value.after_seconds, raised.value.trouble) == (after, trouble)
        assert raised.value.workspace == f"teams:{TENANT}"
        assert len(going.cloud.calls) - before == (1 if step == "conversations" else 2), "one try"
        going.time.now += after or 0.0


NUMBERED = {"errorCode": 209, "message": "said in words that are never shown"}
WITHIN = {"errorCode": None, "message": json.dumps({"subCode": "messageWritesBlocked", "details": "x"})}
BLOCKED = {
    "by number": (Reply(403, NUMBERED), ""),
    "by number within": (Reply(403, {"error": NUMBERED}), ""),
    "in a text": (Reply(403, WITHIN), ""),
    "in another case": (Reply(403, {"error": {"code": "CONVERSATIONBLOCKEDBYUSER"}}), ""),
    "in the error itself": (Reply(403, {"error": "MessageWritesBlocked"}), ""),
    "an empty answer": (Reply(403, ""), "403:no-code"),
    "an empty object": (Reply(403, {}), "403:no-code"),
    "a list": (Reply(404, []), "404:no-code"),
    "a code that is a list": (Reply(403, {"error": {"code": ["BotNotInConversationRoster"]}}), "403:no-code"),
    "a sentence": (Reply(403, {"error": "no words of it"}), "403:no-code"),
    "a code nobody knows": (Reply(403, {"error": {"code": "SomethingNewIn2027"}}), "403:SomethingNewIn2027"),
    "gone": (Reply(410, {}), "410:no-code"),
}


@pytest.mark.parametrize("shape", BLOCKED)
async def test_a_refusal_in_whatever_shape_is_this_person_s_and_an_unknown_one_is_told(
    going: Going, shape: str
) -> None:
    reply, told = BLOCKED[shape]
    for step in ("conversations", "activities"):
        going.reports.clear()
        going.cloud.next[step].append(reply)
        with pytest.raises(Undeliverable):
            await going.send()
        lines = [line.split()[:2] for line in going.reports]
        assert lines == ([["teams", f"refused:{told}"]] if told else [])
    assert await going.send(), "nobody else waits for it"


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_what_cannot_be_read_is_a_fault_of_ours(going: Going, status: int) -> None:
    going.cloud.next["activities"].append(Reply(status, {"error": {"code": "BadArgument"}}))
    with pytest.raises(Unsendable):
        await going.send(route=kept(going))
    assert going.reports[0] == f"teams refused:{status}:BadArgument"


async def test_a_message_that_was_taken_is_sent_whatever_the_answer_looks_like(going: Going) -> None:
    bodies: list[Any] = [
        "<html>created</html>",
        [],
        {"id": 7},
        {"id": "x" * 400},
        {"id": "a\nb"},
        "x" * (5 * 1024 * 1024),
    ]
    for body in bodies:
        going.cloud.next["activities"].append(Reply(201, body))
        assert await going.send(route=kept(going)) == "sent"


ENDLESS = {"id": "a:kept", "more": "x" * (5 * 1024 * 1024)}


@pytest.mark.parametrize("body", [{}, [], "", {"id": ""}, {"id": None}, {"id": "x" * 600}, "<html>", ENDLESS])
async def test_a_conversation_without_a_name_is_asked_for_later(going: Going, body: Any) -> None:
    going.cloud.next["conversations"].append(Reply(201, body))
    with pytest.raises(TryLater):
        await going.send()
    assert sends(going) == []


async def test_nobody_is_written_to_elsewhere(going: Going) -> None:
    for address in (
        at(tenant="66666666-another"),
        at(person="../activities"),
        at(person=""),
        Address(Platform.SLACK, TENANT, PERSON),
    ):
        with pytest.raises(Undeliverable):
            await going.out.messenger.send(address, Message("o", "s"), kept(going))
    assert going.cloud.calls == [] == going.cloud.logins


async def test_no_token_goes_to_a_service_that_is_not_listed(going: Going) -> None:
    async with going_out() as foreign:
        for url in (foreign.cloud.service_url, f"http://{going.cloud.host}@{foreign.cloud.host}/amer/"):
            await going.send(route=ConversationRoute(url, "a:kept").text)
            assert sends(going)[-1].startswith("/teams/"), "it went by the desk's own way instead"
        assert foreign.cloud.calls == []


async def test_a_redirect_elsewhere_is_not_followed_and_given_no_token(going: Going) -> None:
    async with going_out() as foreign:
        for status in (301, 302, 307, 308):
            location = f"{foreign.cloud.service_url}v3/conversations/a:kept/activities"
            going.cloud.next["activities"].append(Reply(status, {}, {"Location": location}))
            with pytest.raises(TryLater):
                await going.send(route=kept(going))
        assert foreign.cloud.calls == []


async def test_a_service_that_was_struck_off_gets_no_token(going: Going) -> None:
    """Asked right before sending, of the address that is really used, whatever was checked earlier."""
    going.out.connector._api._may_have_token = lambda url: False
    with pytest.raises(TryLater):
        await going.send(route=kept(going))
    assert going.cloud.calls == []


async def test_while_teams_is_gone_everything_may_go_later(going: Going) -> None:
    going.cloud.outage = Reply(503, "<html>down</html>")
    with pytest.raises(TryLater):
        await going.send(route=kept(going))
    going.cloud.outage = None
    assert await going.send(route=kept(going))
    assert len(sends(going)) == 2


async def test_while_nothing_listens_everything_may_go_later() -> None:
    async with going_out(lambda app: replace(app, service_hosts=("127.0.0.1:9",))) as going:
        with pytest.raises(TryLater):
            await going.send()


async def test_a_reply_to_somebody_who_waits_is_tried_a_few_times(going: Going) -> None:
    route = ConversationRoute(going.cloud.service_url, "a:kept")
    going.cloud.next["activities"].extend([Reply(502, {}), Reply(412, {})])
    assert await going.out.connector.reply(route, TENANT, {"type": "message"})
    assert len(sends(going)) == 3

    going.cloud.next["activities"].extend([Reply(502, {})] * 2 + [Reply(500, {})] * 2)
    with pytest.raises(TryLater):
        await going.out.connector.reply(route, TENANT, {"type": "message"})
    assert len(sends(going)) == 3 + 3, "what may have been done is not done again"

    going.time.now += 60
    going.cloud.next["activities"].append(Reply(429, {}, {"Retry-After": "60"}))
    with pytest.raises(TryLater):
        await going.out.connector.reply(route, TENANT, {"type": "message"})
    assert len(sends(going)) == 7, "nobody waits for so long"


async def test_a_token_that_is_not_taken_is_asked_for_anew_once(going: Going) -> None:
    going.cloud.next["activities"].append(Reply(401, {}))
    assert await going.send(route=kept(going))
    assert (len(going.cloud.logins), len(sends(going))) == (2, 2)
    going.cloud.next["activities"].extend([Reply(401, {})] * 2)
    with pytest.raises(TryLater) as raised:
        await going.send(route=kept(going))
    assert (raised.value.trouble, raised.value.after_seconds) == (Trouble.NOT_TAKEN, 30.0)
