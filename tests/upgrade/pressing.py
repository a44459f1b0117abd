"""Presses buttons of messages that were sent long ago, in either chat, and tells what opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.e2e.deployment import Deployment
from tests.e2e.screens import Screen
from tests.e2e.slack_side import Modal
from tests.e2e.teams_side import Dialog, presses


@dataclass(frozen=True, slots=True)
class Opened:
    """What a press led to."""

    title: str
    form: str
    actions: list[str]


async def messages_of(at: Deployment, chat: str, name: str) -> list[Any]:
    """The messages in somebody's chat: blocks in Slack, cards in Teams."""
    if chat == "slack":
        return [message["blocks"] for message in at.workplace.messages(f"U{name.upper()}")]
    return (await at.teams(name)).messages()


async def opened(at: Deployment, chat: str, name: str, content: Any) -> Opened:
    """Press *Open*."""
    screen: Screen
    if chat == "slack":
        screen = await (await at.slack(name)).press_in(content, "open")
    else:
        screen = await (await at.teams(name)).press_in(content, "open")
    return Opened(screen.title, screen.form, actions_of(screen))


def actions_of(screen: Screen) -> list[str]:
    """The names of the buttons that can be pressed."""
    match screen:
        case Modal():
            rows = [block["elements"] for block in screen.shown["blocks"] if block["type"] == "actions"]
            found = {button["action_id"] for row in rows for button in row if "value" in button}
        case Dialog():
            found = {str(one["data"]["action"]) for one in presses(screen.card) if "action" in one["data"]}
        case _:
            raise AssertionError(type(screen))
    return sorted(found)
