"""Two organisations with a Slack workspace each: whatever one sends with what is the other's is refused and noted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.slack_app.many_slack import ManySlack, many_running
from tests.e2e.deployment import Stores
from tests.e2e.many import Many, many_workspaces
from tests.e2e.slack_side import buttons, readable
from trim_bot.domain.people import Member, Role
from trim_bot.domain.records import Action

pytestmark = pytest.mark.anyio
CLOSED = "No longer open to you"
A, B = "TA", "TB"


@pytest.fixture
async def many(stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Many]:
    """Both workspaces, with a practitioner who leads in each."""
    async with (
        many_running(ManySlack()) as slack,
        many_workspaces(monkeypatch, stores, tmp_path, slack) as made,
    ):
        for team in (A, B):
            await made.add(team)
            await made.appoint(team, "UPRIYA", Role.PRACTITIONER, Role.LEAD)
        yield made


def first_text(view: dict[str, Any]) -> str:
    return readable(view)


async def logged(many: Many, team: str) -> dict[str, Any]:
    """A hard event logged in a team, with one person there; returns the form it was logged with."""
    form = await many.command(team, "UPRIYA", "/peer", "log")
    named = False
    typed: dict[str, dict[str, Any]] = {}
    for block in form["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        match element["type"]:
            case "multi_users_select" if not named:
                named = True
                typed[block["block_id"]] = {"selected_users": ["UNURSE"]}
            case "radio_buttons" | "static_select" if block["block_id"].startswith("near_"):
                # A day near by would be another one than the date below.
                pass
            case "radio_buttons" | "static_select":
                typed[block["block_id"]] = {"selected_option": element["options"][0]}
            case "datepicker":
                typed[block["block_id"]] = {"selected_date": "2026-11-20"}
            case "timepicker":
                typed[block["block_id"]] = {"selected_time": "10:00"}
            case _:
                pass
    answer = await many.submit(team, "UPRIYA", form, typed)
    assert answer["response_action"] == "update", answer
    return form


async def members(many: Many, team: str) -> int:
    organisation = await many.organisation(team)
    assert many.desktop.running is not None and organisation is not None
    return len(await many.desktop.running.deployment.store.read(organisation, lambda tx: tx.find(Member)))


async def test_tokens_of_another_organisation_open_nothing(many: Many) -> None:
    await logged(many, B)
    due = await many.command(B, "UPRIYA", "/peer", "team")
    of_b = [button for block in due["blocks"] for button in block.get("elements", []) if button.get("value")]
    support = await many.command(B, "UNURSE", "/support", "me")
    of_b += [
        button for block in support["blocks"] for button in block.get("elements", []) if button.get("value")
    ]
    assert of_b, "there are buttons to be stolen"
    before_b, before_a = await many.journal(B), await many.journal(A)
    for button in of_b:
        for user in ("UPRIYA", "UNURSE"):
            seen = await many.press(A, user, button["action_id"], button["value"])
            assert CLOSED in readable(seen)
            assert not any(word in readable(seen) for word in ("Somebody", B, "UNURSE"))
    after = await many.journal(A)
    new = after[len(before_a) :]
    assert {row.action for row in new} >= {Action.REFUSED}
    assert sum(row.action is Action.REFUSED for row in new) >= 2
    assert [row for row in await many.journal(B) if row.seq > before_b[-1].seq] == []


async def test_forms_of_another_organisation_are_refused(many: Many) -> None:
    form = await many.command(B, "UNURSE", "/support")
    assert form["callback_id"] == "support"
    typed = {
        block["block_id"]: {"value": "words that stay"}
        for block in form["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input"
    }
    rows = len(await many.journal(B))
    answer = await many.submit(A, "UNURSE", form, typed)
    assert CLOSED in readable(answer)
    assert "words that stay" not in readable(answer)
    assert len(await many.journal(B)) == rows
    assert (await many.journal(A))[-1].action is Action.REFUSED
    answer = await many.submit(B, "UNURSE", form, typed)
    assert CLOSED not in readable(answer), "it was never used up"


async def test_people_of_another_organisation_cannot_be_named(many: Many) -> None:
    count = await members(many, B)
    await logged(many, A)
    assert await members(many, B) == count, "an account of the same name elsewhere is somebody else"
    assert many.slack.called(B, "users.info") == [] or all(
        given["user"] != "UNURSE" for given in many.slack.called(B, "users.info")
    )


async def test_the_same_button_works_at_home(many: Many) -> None:
    own = await many.command(B, "UNURSE", "/support", "me")
    asks = buttons(own["blocks"], "support")
    assert CLOSED not in readable(await many.press(B, "UNURSE", "support", asks[0].get("value", "")))
