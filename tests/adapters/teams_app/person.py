"""Plays Teams' client and the Bot Connector behind it: the activities that what somebody does leads to."""

from __future__ import annotations

import itertools
from typing import Any

from tests.adapters.teams_app.fake_teams import APP_ID, TENANT

PERSON = "33333333-cccc-4ccc-8ccc-333333333333"
_numbers = itertools.count(1)


def activity(
    kind: str, service_url: str, *, person: str = PERSON, tenant: str = TENANT, **more: Any
) -> dict[str, Any]:
    """One activity in the chat that somebody has with the app; a member of None is left out."""
    usual = {
        "type": kind,
        "id": f"{next(_numbers)}",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": f"29:{person}", "name": "Someone", "aadObjectId": person},
        "recipient": {"id": f"28:{APP_ID}", "name": "Peer Support"},
        "conversation": {"conversationType": "personal", "id": f"a:{person}", "tenantId": tenant},
        "channelData": {"tenant": {"id": tenant}},
        "locale": "en-GB",
    }
    return {name: value for name, value in (usual | more).items() if value is not None}


def invoke(name: str, value: Any, service_url: str, **more: Any) -> dict[str, Any]:
    """An activity that is answered in the reply itself."""
    return activity("invoke", service_url, name=name, value=value, **more)


def command(id: str, service_url: str, **more: Any) -> dict[str, Any]:
    """A command of the message extension, in whatever chat somebody is writing in."""
    value = {"commandId": id, "commandContext": "compose", "context": {"theme": "default"}}
    elsewhere = {"conversation": {"conversationType": "groupChat", "id": "19:x@thread.v2", "isGroup": True}}
    return invoke("composeExtension/fetchTask", value, service_url, **(elsewhere | more))


def opened(data: dict[str, Any], service_url: str, **more: Any) -> dict[str, Any]:
    """A button of a card in the chat that asks for a dialog."""
    return invoke("task/fetch", {"data": data, "context": {"theme": "default"}}, service_url, **more)


def sent(data: dict[str, Any], service_url: str, *, by_command: bool = False, **more: Any) -> dict[str, Any]:
    """A button in a dialog, with what stood in the fields."""
    if not by_command:
        return invoke("task/submit", {"data": data, "context": {"theme": "default"}}, service_url, **more)
    value = {"commandId": "peer", "commandContext": "compose", "data": data}
    return invoke("composeExtension/submitAction", value, service_url, **more)


def pressed(data: dict[str, Any], service_url: str, **more: Any) -> dict[str, Any]:
    """A button of a card in the chat whose answer takes the card's place."""
    action = {"type": "Action.Execute", "verb": data.get("action", ""), "data": data}
    return invoke("adaptiveCard/action", {"action": action, "trigger": "manual"}, service_url, **more)


def typed(text: str, service_url: str, **more: Any) -> dict[str, Any]:
    """Words typed to the app."""
    return activity("message", service_url, text=text, textFormat="plain", **more)


def installed(service_url: str, action: Any = "add", **more: Any) -> dict[str, Any]:
    """The app came to somebody, or went."""
    return activity("installationUpdate", service_url, action=action, **more)


def joined(service_url: str, change: str = "membersAdded", **more: Any) -> dict[str, Any]:
    """The conversation with the app began, or ended."""
    changed: dict[str, Any] = {change: [{"id": f"28:{APP_ID}"}]}
    return activity("conversationUpdate", service_url, **(changed | more))
