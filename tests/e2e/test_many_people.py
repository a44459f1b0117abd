"""An event may name any number of people whom nobody has met: it is logged at the first try."""

from __future__ import annotations

import pytest

from tests.e2e.deployment import Deployment
from tests.e2e.screens import send
from tests.e2e.story import event

pytestmark = pytest.mark.anyio
NUMBER = 150


async def test_an_event_of_people_nobody_has_met_is_logged_at_the_first_try(at_slack: Deployment) -> None:
    at = at_slack
    names = [f"new{n}" for n in range(NUMBER)]
    for name in names:
        at.workplace.hire(f"U{name.upper()}", name.title())
    priya = await at.slack("priya")
    form = await priya.say("peer", "log")
    done = await send(form, **event(*[await at.slack(name) for name in names]))
    assert done.title.startswith("The event is logged")
    await at.drain()
    for name in (names[0], names[-1]):
        answer = await (await at.slack(name)).open_newest()
        assert "offer" in answer.form
