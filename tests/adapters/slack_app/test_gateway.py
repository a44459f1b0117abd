"""Messages and look-ups: what is said once, what will never arrive, and what may arrive later."""

from __future__ import annotations

import json

import pytest

from integrations.ground.outgoing_calls import OutgoingCalls
from integrations.slack.gateway import NEVER
from tests.adapters.slack_app.conftest import Rig, Start
from tests.adapters.slack_app.fake_slack import Reply, error
from tests.adapters.slack_app.person import TEAM
from trim_bot.app.seam.views import Message
from trim_bot.app.words.adapter_words import MESSAGE_TEXT
from trim_bot.domain.errors import NotThere, PlaceUnknown, Trouble, TryLater, Undeliverable
from trim_bot.domain.people import Address, Platform, Profile

pytestmark = pytest.mark.anyio
MESSAGE = Message("tok-open", "tok-stop")


def at(user: str = "U7", team: str = TEAM) -> Address:
    return Address(Platform.SLACK, team, user)


async def test_a_message_is_the_fixed_text_and_two_buttons(rig: Rig) -> None:
    sent = await rig.slack.messenger.send(at(), Message("tok-open", "tok-stop"), "")

    assert sent == "D7:1700000000.000100"
    assert rig.fake.called("conversations.open") == [{"users": "U7"}]
    (posted,) = rig.fake.called("chat.postMessage")
    assert posted["text"] == MESSAGE_TEXT
    assert posted["blocks"][0]["text"]["text"] == MESSAGE_TEXT
    buttons = [(button["action_id"], button["value"]) for button in posted["blocks"][1]["elements"]]
    assert buttons == [("open", "tok-open"), ("stop", "tok-stop")]
    assert (posted["unfurl_links"], posted["unfurl_media"]) == (False, False)
    assert posted.keys() == {"channel", "text", "blocks", "unfurl_links", "unfurl_media"}


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
@pytest.mark.parametrize("code", sorted(NEVER))
async def test_some_people_cannot_be_written_to(rig: Rig, method: str, code: str) -> None:
    rig.fake.next[method].append(error(code))
    with pytest.raises(Undeliverable):
        await rig.slack.messenger.send(at(), MESSAGE, "")


@pytest.mark.parametrize(
    ("reply", "after"),
    [
        (Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "30"}), 30),
        (Reply(None, 429, {"Retry-After": "7"}), 7),
        (Reply({"ok": False, "error": "ratelimited"}, 429), 5),
        (Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "soon"}), 5),
        (Reply(status=503), None),
        (Reply({"ok": False, "error": "internal_error"}), None),
        (error("token_revoked"), 30),
        (error("missing_scope"), None),
        (Reply({"ok": True}), None),
    ],
)
async def test_a_message_may_go_later(rig: Rig, reply: Reply, after: float | None) -> None:
    rig.fake.next["conversations.open"].append(reply)
    with pytest.raises(TryLater) as raised:
        await rig.slack.messenger.send(at(), MESSAGE, "")
    assert raised.value.after_seconds == (None if after is None else pytest.approx(after))
    assert rig.fake.called("chat.postMessage") == []


async def test_a_message_is_tried_once_only(rig: Rig) -> None:
    rig.fake.next["chat.postMessage"].extend([Reply(status=500), Reply(status=500)])
    with pytest.raises(TryLater):
        await rig.slack.messenger.send(at(), MESSAGE, "")
    assert len(rig.fake.called("chat.postMessage")) == 1


async def test_nobody_is_written_to_in_another_workspace(rig: Rig) -> None:
    with pytest.raises(Undeliverable):
        await rig.slack.messenger.send(at(team="T2"), MESSAGE, "")
    with pytest.raises(NotThere):
        await rig.slack.directory.look_up(at(team="T2"))


async def test_while_slack_is_down_everything_may_go_later(start: Start) -> None:
    rig = await start()
    rig.fake.next["auth.test"].extend([Reply(status=503), Reply(status=503)])
    with pytest.raises(TryLater):
        await rig.slack.messenger.send(at(), MESSAGE, "")
    with pytest.raises(TryLater):
        await rig.slack.directory.look_up(at())
    assert await rig.slack.one.team() == TEAM


USER = {
    "id": "U7",
    "team_id": TEAM,
    "name": "login",
    "deleted": False,
    "is_bot": False,
    "tz": "Europe/London",
    "locale": "cy-GB",
    "profile": {"real_name": "Sample Member", "display_name": "Sam", "title": " Nurse,  Ward 7"},
}


async def test_a_look_up_tells_name_zone_and_language(rig: Rig) -> None:
    rig.fake.users["U7"] = USER
    profile = await rig.slack.directory.look_up(at())
    assert profile == Profile(
        at(), "Sample Member", "Europe/London", "cy", handle="login", place="Nurse, Ward 7"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"deleted": True},
        {"is_bot": True},
        {"is_stranger": True},
        {"is_restricted": True},
        {"is_restricted": True, "is_ultra_restricted": True},
        {"team_id": "T2"},
        {"team_id": "T2", "is_stranger": False},
        {"team_id": "T2", "enterprise_user": {"enterprise_id": "E2", "teams": ["T2", "T3"]}},
        {"team_id": "T2", "enterprise_user": {"teams": TEAM}},
        {"team_id": "T2", "enterprise_user": {"teams": [TEAM]}, "is_stranger": True},
        {"team_id": "T2", "enterprise_user": {"teams": [TEAM]}, "is_restricted": True},
        {"team_id": "T2", "enterprise_user": {"teams": [TEAM]}, "is_ultra_restricted": True},
    ],
    ids=json.dumps,
)
async def test_some_accounts_are_nobody_to_offer_support_to(rig: Rig, change: dict[str, object]) -> None:
    rig.fake.users["U7"] = USER | change
    assert (await rig.slack.directory.look_up(at())).left


@pytest.mark.parametrize(
    "change",
    [
        {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T2", TEAM]}},
        {"team_id": "E1", "enterprise_user": {"enterprise_id": "E1", "teams": [TEAM]}},
    ],
    ids=json.dumps,
)
async def test_a_colleague_whose_home_is_another_workspace_of_the_enterprise_is_one_of_us(
    rig: Rig, change: dict[str, object]
) -> None:
    rig.fake.users["U7"] = USER | change
    profile = await rig.slack.directory.look_up(at())
    assert (profile.address, profile.left) == (at(), False)


async def test_slack_s_own_helper_is_nobody(rig: Rig) -> None:
    rig.fake.users["USLACKBOT"] = USER
    assert (await rig.slack.directory.look_up(at("USLACKBOT"))).left


async def test_an_unknown_account_is_not_there(rig: Rig) -> None:
    with pytest.raises(NotThere):
        await rig.slack.directory.look_up(at())


async def test_strange_answers_are_read_as_unknown(rig: Rig) -> None:
    rig.fake.users["U7"] = {"profile": 3, "tz": None, "name": 7}
    assert await rig.slack.directory.look_up(at()) == Profile(at(), "")


async def test_the_list_comes_a_page_at_a_time(rig: Rig) -> None:
    further = {"response_metadata": {"next_cursor": "dXNlcjpVOA=="}}
    rig.fake.next["users.list"].append(
        Reply({"ok": True, "members": [USER | {"id": "U7"}, {"id": 7}, 7]} | further)
    )
    rig.fake.next["users.list"].append(Reply({"ok": True, "members": [USER | {"id": "U8"}]}))
    first = await rig.slack.directory.page(TEAM)
    assert [one.address for one in first.profiles] == [at()]
    last = await rig.slack.directory.page(TEAM, first.further)
    assert ([one.address for one in last.profiles], last.further) == ([at("U8")], "")
    assert [asked.get("cursor", "") for asked in rig.fake.called("users.list")] == ["", first.further]


async def test_while_slack_asks_to_wait_with_the_list_messages_still_go_out(start: Start) -> None:
    """Slack counts each method by itself, and so its breaker is one of its own."""
    ways = OutgoingCalls()
    rig: Rig = await start(ways=ways)
    rig.fake.next["users.list"].append(
        Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "40"})
    )
    with pytest.raises(TryLater) as raised:
        await rig.slack.directory.page(TEAM)
    assert raised.value.after_seconds == pytest.approx(40)
    assert raised.value.trouble is Trouble.ASKED_TO_WAIT
    assert ways.away() == (), "the workspace is there for everything else"
    assert await rig.slack.messenger.send(at(), MESSAGE, "")
    with pytest.raises(TryLater):
        await rig.slack.directory.page(TEAM)
    assert len(rig.fake.called("users.list")) == 1, "nor is it asked again before its time"


@pytest.mark.parametrize(
    ("reply", "means"),
    [
        (error("invalid_cursor"), PlaceUnknown),
        (error("missing_scope"), TryLater),
        (Reply({"ok": True}), TryLater),
        (Reply({"ok": True, "members": "all"}), TryLater),
    ],
)
async def test_an_answer_that_is_no_page_is_no_end_of_the_list(
    rig: Rig, reply: Reply, means: type[Exception]
) -> None:
    rig.fake.next["users.list"].append(reply)
    with pytest.raises(means):
        await rig.slack.directory.page(TEAM, "dXNlcjpVOA==")


async def test_a_list_that_slack_does_not_give_says_that_the_workspace_is_away_once(start: Start) -> None:
    ways = OutgoingCalls()
    rig: Rig = await start(ways=ways)
    for method in ("users.list", "conversations.open"):
        rig.fake.next[method].extend([Reply(status=503)] * 3)
    for _ in range(3):
        with pytest.raises(TryLater):
            await rig.slack.directory.page(TEAM)
        with pytest.raises(TryLater):
            await rig.slack.messenger.send(at(), MESSAGE, "")
    [away] = ways.away()
    assert (away.workspace, away.trouble) == (f"slack:{TEAM}", Trouble.FAILING)
