"""While the journal is not whole, whoever supports somebody can still call for safety, and those called are told."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.e2e.browser_side import Page
from tests.e2e.conftest import Begin
from tests.e2e.deployment import Deployment
from tests.e2e.screens import send
from tests.e2e.story import logged_and_accepted, reminded_on_day_three, web_cast

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("stores", ["sqlite"], indirect=True)]
CALLED = ("lena", "dora", "peter")
"""Lead, deputy and whoever covers."""
CLOSED = "This cannot open now"


def _change_a_row(at: Deployment) -> None:
    """What somebody does who has the data and no key: an early row of the journal says something else."""
    with closing(sqlite3.connect(at.stores.data.removeprefix("sqlite:///"))) as data, data:
        changed = data.execute("UPDATE journal SET actor = 'other' WHERE organisation <> '' AND seq = 1")
        assert changed.rowcount == 1


def _label(plan: Page, value: str) -> str:
    return plan.html.rsplit(f'value="{value}"', 1)[1].split(">", 1)[1]


async def test_a_call_for_safety_reaches_lead_deputy_and_cover(begin: Begin) -> None:
    at = await begin("web")
    cast = await web_cast(at)
    await logged_and_accepted(cast)
    await reminded_on_day_three(cast)
    plan = await (await (await at.web("lena")).say("peer", "team")).press("assign")
    [peter] = [one for one in plan.choices("cover") if _label(plan, one).startswith("Peter")]
    await send(plan, cover=peter)
    await at.stop()
    _change_a_row(at)
    await at.start()

    priya, nurse = await at.web("priya"), await at.web("nurse")
    for page in ("cases", "due"):
        closed = await priya.say("peer", page)
        assert closed.title == CLOSED and "quote" in closed.text and "Nurse" not in closed.text
    other = await nurse.say("support", "me")
    assert other.title == CLOSED and "quote" not in other.text and not other.has("concern")
    before = {name: await (await at.web(name)).told() for name in CALLED}
    concern = await closed.press("concern")
    assert concern.title == "Safety concern" and "Nurse" not in concern.text
    called = await concern.press("safety_call")
    assert called.title == "Stay with them, get help" and "Lena" in called.text
    await at.drain()
    for name in CALLED:
        one = await at.web(name)
        assert await one.told() > before[name], name
        waiting = await one.open_newest()
        call = await waiting.press("open") if waiting.has("open") else waiting
        assert "worried about someone's safety" in call.text and "Nurse" not in call.text
    assert (await call.press("safety_have")).title == "You have it"
    asked = await send(await nurse.say("support"), name="unnamed", text="It is a lot", contact="Room 4")
    assert asked.title == "We have your request"
