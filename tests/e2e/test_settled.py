"""Deployments that begin with a copy of the same settled stores see nothing of one another."""

from __future__ import annotations

import pytest

from tests.e2e.counting import count
from tests.e2e.deployment import Deployment
from tests.e2e.screens import send
from tests.e2e.story import event, slack_cast

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("turn", [1, 2, 3])
async def test_what_one_test_keeps_no_other_finds(at_slack: Deployment, turn: int) -> None:
    assert count(at_slack, "incident") == 0, turn
    settled = count(at_slack, "journal"), count(at_slack, "member")
    cast = await slack_cast(at_slack)
    await send(await cast.priya.say("peer", "log"), **event(cast.nurse, mine=True))
    assert count(at_slack, "incident") == 1
    assert (count(at_slack, "journal"), count(at_slack, "member")) != settled
