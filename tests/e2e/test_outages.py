"""When Slack is down, slow, or gone from a workplace: what was acknowledged is delivered later, or told in person."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.slack_app.fake_slack import Reply
from tests.e2e.conftest import Begin
from tests.e2e.deployment import Deployment
from tests.e2e.screens import send
from tests.e2e.slack_side import Modal, SlackPerson
from tests.e2e.story import event
from tests.e2e.workplace import TEAM
from trim_bot.app.clock import clocks
from trim_bot.app.watch.probing import Probing

pytestmark = pytest.mark.anyio

ON_SQLITE = pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
BUSY = Reply(status=503)
LIMITED = Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1800"})
NOT_ALLOWED_NOW = Reply({"ok": False, "error": "account_inactive"})


class RealTime:
    """Real time that can be moved on, so that nothing has to be waited for; the steady clock goes with it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def real_time(monkeypatch: pytest.MonkeyPatch) -> RealTime:
    """Leases and retries go by this. The desk tries nothing by itself: who comes at that moment has to come again."""

    async def nothing(_probing: Probing) -> None:
        return

    monkeypatch.setattr(Probing, "probe", nothing)
    time = RealTime()
    monkeypatch.setattr(clocks, "real_now", time)
    steady = clocks.steady
    monkeypatch.setattr(clocks, "steady", lambda: steady() + time.ahead.total_seconds())
    return time


async def logged(at: Deployment) -> int:
    """An event is logged; returns how many messages the nurse had before."""
    priya, nurse = await at.slack("priya"), await at.slack("nurse")
    before = await nurse.told()
    done = await send(await priya.say("peer", "log"), **event(nurse, mine=True))
    assert done.title == "The event is logged"
    return before


async def until_answered(somebody: SlackPerson) -> Modal:
    """As often as people would ask again: whoever comes while the desk itself asks Slack is told to."""
    for _ in range(3):
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                return await somebody.say("peer", "log")
    return await somebody.say("peer", "log")


@pytest.mark.parametrize("outage", [BUSY, LIMITED, NOT_ALLOWED_NOW, None])
@ON_SQLITE
async def test_what_slack_does_not_take_is_delivered_later(
    at_slack: Deployment, real_time: RealTime, outage: Reply | None
) -> None:
    workplace, nurse = at_slack.workplace, await at_slack.slack("nurse")
    await at_slack.drain()
    workplace.outage = outage or BUSY
    await logged(at_slack)
    if outage is None:
        await workplace.go()
    await at_slack.drain()
    assert await nurse.told() == 0
    real_time.ahead += timedelta(minutes=15)
    await at_slack.drain()
    assert await nurse.told() == 0
    if outage is None:
        await workplace.come()
    workplace.outage = None
    real_time.ahead += timedelta(hours=2)
    await at_slack.drain()
    assert await nurse.told() == 1, "whatever waits for somebody at a moment is one message"
    offer = await nurse.open_newest()
    assert offer.has("offer_yes")
    real_time.ahead += timedelta(hours=2)
    await at_slack.drain()
    assert await nurse.told() == 1


@ON_SQLITE
async def test_somebody_slack_cannot_reach_is_told_in_person(
    at_slack: Deployment, real_time: RealTime
) -> None:
    priya = await at_slack.slack("priya")
    at_slack.workplace.unreachable["UNURSE"] = "user_disabled"
    await logged(at_slack)
    await at_slack.drain()
    contact = await priya.open_newest()
    assert contact.form == "contact" and "Nurse" in contact.text


async def test_a_desk_that_starts_without_slack_hears_it_once_it_is_back(
    begin: Begin, real_time: RealTime
) -> None:
    at = await begin()
    await at.workplace.go()
    await at.restart()
    side, priya = await at.side(), await at.slack("priya")
    answer = await side.post(b"command=/peer&text=log&team_id=" + TEAM.encode() + b"&user_id=UPRIYA")
    assert answer.status_code == 200, "a workspace that was met before is known without asking"
    stranger = await side.post(b"command=/peer&team_id=TOTHER&user_id=UPRIYA")
    assert stranger.status_code in (403, 503)
    ready = await side.http.get("/readyz")
    # Slack may be known to be away by now, or not yet; the desk itself is ready either way.
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert ready.json().get("away", ["slack"]) == ["slack"]
    assert (await side.http.get("/help-now")).status_code == 200
    await at.workplace.come()
    # Whoever comes within the wait after a failure is told to open it again; nobody waits here.
    real_time.ahead += timedelta(minutes=2)
    assert (await until_answered(priya)).form == "log"


async def test_taking_the_app_out_of_a_workspace_loses_nothing(at_slack: Deployment) -> None:
    priya, nurse = await at_slack.slack("priya"), await at_slack.slack("nurse")
    await logged(at_slack)
    await at_slack.drain()
    await (await nurse.open_newest()).press("offer_yes")
    side = await at_slack.side()
    assert (await side.event("app_uninstalled")).status_code == 200
    assert "No longer open to you" in (await priya.say("peer", "cases")).text
    await at_slack.restart()
    priya = await at_slack.slack("priya")
    for _ in range(100):
        # The workspace finds its organisation beside the first requests.
        cases = await priya.say("peer", "cases")
        if cases.has("case"):
            break
    assert "Nurse" in cases.text
