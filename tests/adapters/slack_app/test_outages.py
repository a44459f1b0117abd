"""Slack away in every shape: nobody is given up, nobody is asked in vain, and its end is noticed by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from tests.adapters.outages import WISH_SECONDS, ImpatientCalls, Shape
from tests.adapters.slack_app.conftest import PATIENT, Rig, Start
from tests.adapters.slack_app.fake_slack import Page, Reply, error, running
from tests.adapters.slack_app.person import TEAM, command
from trim_bot.app.seam.views import Message
from trim_bot.app.words import adapter_words as words
from trim_bot.domain.errors import NotThere, Trouble, TryLater, Undeliverable, Unsendable
from trim_bot.domain.people import Address, Platform, Profile

pytestmark = pytest.mark.anyio
MESSAGE = Message("tok-open", "tok-stop")
TROUBLE = {
    Shape.REFUSED: (Trouble.FAILING, 3, 2.0),
    Shape.FAILING: (Trouble.FAILING, 3, 2.0),
    Shape.GATEWAY: (Trouble.FAILING, 3, 2.0),
    Shape.BUSY: (Trouble.ASKED_TO_WAIT, 1, 5.0),
    Shape.BUSY_UNTIL: (Trouble.ASKED_TO_WAIT, 1, WISH_SECONDS),
    Shape.HANGING: (Trouble.SLOW, 2, 2.0),
    Shape.REVOKED: (Trouble.NOT_TAKEN, 1, 30.0),
}
"""What each is called, how many calls it takes to notice, and when the first one tries again."""


@dataclass
class Time:
    """Seconds that go by when a test says so."""

    now: float = 0.0
    ways: ImpatientCalls = field(init=False)

    def __post_init__(self) -> None:
        self.ways = ImpatientCalls(lambda: self.now, longest=30.0)


def at(user: str = "U7") -> Address:
    return Address(Platform.SLACK, TEAM, user)


async def begun(start: Start) -> tuple[Rig, Time]:
    """A desk that knows its workspace, and time that stands still."""
    time = Time()
    rig: Rig = await start(PATIENT, ways=time.ways)
    time.ways.stand_ins = (rig.fake,)
    await rig.slack.messenger.send(at(), MESSAGE, "")
    rig.fake.calls.clear()
    return rig, time


async def later(rig: Rig) -> TryLater:
    with pytest.raises(TryLater) as raised:
        await rig.slack.messenger.send(at(), MESSAGE, "")
    return raised.value


@pytest.mark.parametrize("shape", list(Shape))
async def test_slack_is_asked_no_more_than_it_takes_to_see_that_it_is_away(
    start: Start, shape: Shape
) -> None:
    rig, time = await begun(start)
    trouble, notices, wait = TROUBLE[shape]
    rig.fake.shape = shape
    for _ in range(10):
        why = await later(rig)
        assert (why.trouble, why.workspace) == (trouble, f"slack:{TEAM}")
    assert rig.fake.hit == notices
    assert why.after_seconds == (None if wait is None else pytest.approx(wait))
    [away] = rig.slack.away()
    assert (away.workspace, away.trouble) == (f"slack:{TEAM}", trouble)

    for _ in range(50):
        time.now += 60
        await later(rig)
    assert rig.fake.hit <= notices + 50, "one tries in each wait, also on the second day"

    rig.fake.come_back()
    time.now += WISH_SECONDS
    assert await rig.slack.messenger.send(at(), MESSAGE, ""), "its end is noticed within a wait, by itself"
    assert rig.slack.away() == ()
    assert len(rig.fake.called("chat.postMessage")) == 1, "and nothing was sent twice"


@pytest.mark.parametrize("shape", list(Shape))
async def test_whoever_sits_in_front_of_a_page_hears_at_once_while_slack_is_away(
    start: Start, shape: Shape
) -> None:
    rig, time = await begun(start)
    rig.fake.shape = shape
    for _ in range(3):
        await later(rig)
    hit = rig.fake.hit
    assert (await rig.post(command("/peer", "log", url=rig.fake.response_url))).status_code == 200
    await rig.slack.drain()
    assert rig.fake.hit == hit, "no call went out that could have hung"
    assert rig.fake.answered == [words.OPEN_AGAIN]
    rig.fake.come_back()
    time.now += WISH_SECONDS
    await rig.post(command("/peer", "log", trigger="t2"))
    await rig.slack.drain()
    assert len(rig.fake.called("views.open")) == 1


@pytest.mark.parametrize("shape", list(Shape))
async def test_somebody_new_has_the_name_slack_s_own_request_gave_until_it_can_be_asked(
    start: Start, shape: Shape
) -> None:
    rig, time = await begun(start)
    rig.fake.shape = shape
    body = command("/peer", "log")
    assert (await rig.post(body)).status_code == 200
    await rig.slack.drain()
    actor, _ = rig.desk.received[-1]
    for _ in range(4):
        told = await rig.slack.directory.look_up(actor.address)
        assert told == Profile(actor.address, "someone", handle="someone")
    with pytest.raises(TryLater):
        await rig.slack.directory.look_up(at("UNOBODY"))
    rig.fake.come_back()
    time.now += WISH_SECONDS
    rig.fake.users[actor.address.user] = {"name": "someone", "profile": {"real_name": "Sam Smith"}}
    told = await rig.slack.directory.look_up(actor.address)
    assert (told.name, told.handle) == ("Sam Smith", "someone")
    await rig.slack.drain()


async def test_a_name_that_slack_does_not_know_is_not_taken_from_the_request(rig: Rig) -> None:
    await rig.post(command("/peer", "log"))
    await rig.slack.drain()
    with pytest.raises(NotThere):
        await rig.slack.directory.look_up(rig.desk.received[-1][0].address)


ONE_PERSON = ["messages_tab_disabled", "cannot_dm_bot", "is_archived", "restricted_action", "user_disabled"]


@pytest.mark.parametrize("code", [*ONE_PERSON, "restricted_action_thread_locked", "something_new_in_2027"])
async def test_a_refusal_is_this_person_s_and_an_unknown_one_is_told(start: Start, code: str) -> None:
    rig, _ = await begun(start)
    rig.fake.next["chat.postMessage"].append(error(code))
    with pytest.raises(Undeliverable):
        await rig.slack.messenger.send(at(), MESSAGE, "")
    lines = [line.split()[:2] for line in rig.reports]
    assert lines == ([] if code in ONE_PERSON else [["slack", f"refused:{code}"]])
    assert await rig.slack.messenger.send(at("U8"), MESSAGE, ""), "nobody else waits for it"


async def test_what_slack_cannot_read_is_a_fault_of_ours_and_a_missing_right_is_the_app_s(
    start: Start,
) -> None:
    rig, _ = await begun(start)
    rig.fake.next["chat.postMessage"].extend([error("invalid_blocks"), error("missing_scope")])
    with pytest.raises(Unsendable):
        await rig.slack.messenger.send(at(), MESSAGE, "")
    assert (await later(rig)).trouble is Trouble.NOT_TAKEN
    assert [line.split()[1] for line in rig.reports] == ["refused:invalid_blocks", "refused:missing_scope"]
    assert await rig.slack.messenger.send(at(), MESSAGE, ""), "a right that one method lacks stops no other"


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize("page", ["blocked", "[]", "7", "{"])
@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/json"])
async def test_a_page_of_something_in_between_is_no_answer_of_slack_s(
    start: Start, kind: str, page: str, status: int
) -> None:
    rig, _ = await begun(start)
    rig.fake.next["conversations.open"].append(Page(page, kind, status))
    assert (await later(rig)).trouble is Trouble.FAILING


async def test_a_redirect_is_not_followed_and_nothing_goes_elsewhere(start: Start) -> None:
    rig, time = await begun(start)
    async with running() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            to = {"Location": f"{elsewhere.api_url}conversations.open"}
            rig.fake.next["conversations.open"].append(Reply(None, status, to))
            assert (await later(rig)).trouble is Trouble.FAILING
            time.now += 100
        assert elsewhere.calls == []
    await rig.slack.messenger.send(at(), MESSAGE, "")


async def test_what_slack_s_clock_says_is_heard(start: Start) -> None:
    rig, _ = await begun(start)
    assert rig.heard, "from every answer"
    said = "Wed, 25 Nov 2026 10:00:00 GMT"
    rig.fake.next["conversations.open"].append(Reply({"ok": False, "error": "x"}, 200, {"Date": said}))
    with pytest.raises(Undeliverable):
        await rig.slack.messenger.send(at(), MESSAGE, "")
    assert rig.heard[-1] == datetime(2026, 11, 25, 10, tzinfo=UTC)
    count = len(rig.heard)
    for nonsense in ("soon", "Wed, 99 Nov 2026 10:00:00 GMT", "x" * 500):
        rig.fake.next["conversations.open"].append(
            Reply({"ok": False, "error": "x"}, 200, {"Date": nonsense})
        )
        with pytest.raises(Undeliverable):
            await rig.slack.messenger.send(at(), MESSAGE, "")
    assert len(rig.heard) == count
