"""Events: the Home tab is the same for everybody, and a removed app is told to the desk before the ack."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.slack.payloads import JSON
from tests.adapters.slack_app.conftest import Rig
from tests.adapters.slack_app.fake_slack import error
from tests.adapters.slack_app.person import TEAM, event

pytestmark = pytest.mark.anyio


async def test_home_is_drawn_the_same_for_two_people(rig: Rig) -> None:
    for user in ("U1", "U2"):
        answer = await rig.post(event("app_home_opened", user=user, tab="home", channel="D1"), kind=JSON)
        assert answer.status_code == 200
    await rig.slack.drain()
    first, second = rig.fake.called("views.publish")
    assert (first["user_id"], second["user_id"]) == ("U1", "U2")
    assert first["view"] == second["view"]
    assert first["view"]["type"] == "home"


async def test_the_messages_tab_needs_no_home(rig: Rig) -> None:
    assert (await rig.post(event("app_home_opened", user="U1", tab="messages"), kind=JSON)).status_code == 200
    await rig.slack.drain()
    assert rig.fake.called("views.publish") == []


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_a_removed_app_is_told(rig: Rig, kind: str) -> None:
    more: dict[str, Any] = {"tokens": {"oauth": [], "bot": ["UBOT"]}} if kind == "tokens_revoked" else {}
    assert (await rig.post(event(kind, **more), kind=JSON)).status_code == 200
    assert rig.removed == [TEAM]


async def test_a_person_s_own_token_is_none_of_ours(rig: Rig) -> None:
    body = event("tokens_revoked", tokens={"oauth": ["U1"], "bot": []})
    assert (await rig.post(body, kind=JSON)).status_code == 200
    assert rig.removed == []


async def test_a_removal_that_could_not_be_written_down_is_not_acked(rig: Rig) -> None:
    rig.fail_removal.append(RuntimeError("marker-of-an-error"))
    assert (await rig.post(event("app_uninstalled"), kind=JSON)).status_code == 500
    assert "marker" not in str(rig.reports)
    assert (await rig.post(event("app_uninstalled"), kind=JSON)).status_code == 200
    assert rig.removed == [TEAM]


async def test_other_events_are_acked_and_nothing_happens(rig: Rig) -> None:
    body = event("message", text="something somebody wrote", user="U1", channel="D1")
    assert (await rig.post(body, kind=JSON)).status_code == 200
    assert rig.desk.received == []


async def test_a_home_slack_refuses_is_reported(rig: Rig) -> None:
    rig.fake.next["views.publish"].append(error("not_enabled"))
    await rig.post(event("app_home_opened", user="U1", tab="home"), kind=JSON)
    await rig.slack.drain()
    assert rig.reports[0].startswith("slack refused:not_enabled ")
