"""What was acknowledged outlives a process that ends at once, and nobody is told twice but who was being told."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import hires
from tests.e2e.deployment import Stores, environment
from tests.e2e.screens import send
from tests.e2e.served import Served
from tests.e2e.settling import settle
from tests.e2e.story import event, logged_and_accepted, slack_cast
from tests.e2e.workplace import Workplace
from trim_bot.app.clock.sending import AT_ONCE
from trim_bot.settings.environment import load_settings

pytestmark = pytest.mark.anyio

CROWD = 50
KILLED_AT = 20


@pytest.fixture
async def served(
    workplace: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    """A settled deployment on SQLite in a process of its own."""
    monkeypatch.chdir(tmp_path)
    stores = Stores.files(tmp_path)
    for name, value in environment(tmp_path, stores, workplace.api_url).items():
        monkeypatch.setenv(name, value)
    await settle(load_settings(), hires("slack"))
    made = Served(workplace, stores, tmp_path)
    await made.start()
    try:
        yield made
        assert b"Traceback" not in made.log
    finally:
        await made.kill()


async def test_a_yes_that_was_answered_is_still_there(served: Served) -> None:
    await logged_and_accepted(await slack_cast(served))
    await served.kill()
    await served.start()
    cast = await slack_cast(served)
    assert "Nurse" in (await cast.priya.say("peer", "cases")).text
    assert "Your colleague is Priya" in (await cast.nurse.say("support", "me")).text


async def test_a_form_that_was_answered_has_one_effect_though_it_is_sent_again(served: Served) -> None:
    nurse = await served.slack("nurse")
    form = await nurse.say("support")
    form.fill(name="named", text="Too much at once")
    body = form.body()
    first = await nurse.side.post(body)
    assert "We have your request" in first.text
    await served.kill()
    await served.start()
    nurse = await served.slack("nurse")
    again = await nurse.side.post(body, x_slack_retry_num="1", x_slack_retry_reason="http_timeout")
    assert again.status_code == 200 and "We have your request" in again.text
    mine = await nurse.say("support", "me")
    assert mine.text.count("You asked on") == 1


async def test_a_crash_in_the_middle_of_fifty_messages_loses_none(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    workplace = served.workplace
    crowd = [f"UPERSON{number:02}" for number in range(CROWD)]
    for number, user in enumerate(crowd):
        workplace.hire(user, f"Person {number}")
    priya = await served.slack("priya")
    form = await priya.say("peer", "log")
    filled = event() | {"direct": crowd}
    workplace.hold, workplace.hold_from = asyncio.Event(), KILLED_AT
    assert (await send(form, **filled)).title == "The event is logged"
    draining = asyncio.create_task(served.drain())
    await workplace.wait(lambda: True if len(posted(workplace)) >= KILLED_AT else None)
    await served.kill()
    with pytest.raises((httpx.HTTPError, asyncio.CancelledError)):
        await draining
    workplace.hold.set()
    workplace.hold = None
    # Those that were on their way when it ended have reached Slack too, and no more than those.
    assert KILLED_AT <= len(posted(workplace)) < KILLED_AT + AT_ONCE
    a_minute_goes_by(served.folder / "data.sqlite")
    await served.start()
    await served.drain()
    times = Counter(user for user in crowd for _ in workplace.messages(user))
    assert set(times) == set(crowd), "everybody was told"
    twice = sum(times.values()) - len(times)
    with capsys.disabled():
        print(f" [{CROWD} people, killed at message {KILLED_AT}: 0 lost, {twice} told twice]", end="")
    assert twice <= AT_ONCE, "only the messages that were on their way may come twice"


def posted(workplace: Workplace) -> list[object]:
    """Every message that reached Slack."""
    return list(workplace.called("chat.postMessage"))


def a_minute_goes_by(data: Path) -> None:
    """The leases of the process that is gone run out, without anybody waiting for it."""
    with sqlite3.connect(data) as connection:
        for table in ("outgoing", "step"):
            connection.execute(f"UPDATE {table} SET lease_until = NULL")  # noqa: S608
    connection.close()
