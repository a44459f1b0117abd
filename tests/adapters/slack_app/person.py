"""Plays Slack's client: what it sends when somebody types a command, presses a button or sends a modal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

TEAM = "T000000001"
USER = "U000000001"
FORM = "application/x-www-form-urlencoded"


def command(
    name: str,
    text: str = "",
    *,
    trigger: str = "1.1.a",
    url: str = "",
    team: str = TEAM,
    user: str = USER,
    called: str = "someone",
) -> bytes:
    """The body of a slash command."""
    fields = {
        "token": "x",
        "team_id": team,
        "team_domain": "acme",
        "channel_id": "C1",
        "user_id": user,
        "user_name": called,
        "command": name,
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger,
    }
    return urlencode(fields).encode()


def interaction(payload: dict[str, Any]) -> bytes:
    """The body of anything interactive."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def _base(kind: str, trigger: str, team: str, user: str) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": team, "domain": "acme"},
        "user": {"id": user, "username": "someone", "team_id": team},
        "api_app_id": "A1",
        "token": "x",
        "trigger_id": trigger,
    }


def press(
    action: str,
    value: str | None = None,
    *,
    view: dict[str, Any] | None = None,
    trigger: str = "1.1.a",
    url: str = "",
    team: str = TEAM,
    user: str = USER,
) -> dict[str, Any]:
    """A press of a button: in a modal or the Home tab when a view is given, in a message otherwise."""
    button = {"type": "button", "action_id": action, "block_id": "b", "action_ts": "1"}
    if value is not None:
        button["value"] = value
    payload = _base("block_actions", trigger, team, user) | {"actions": [button]}
    if view is not None:
        return payload | {"view": view, "container": {"type": "view", "view_id": view["id"]}}
    return payload | {"container": {"type": "message"}, "channel": {"id": "D1"}, "response_url": url}


def submission(view: dict[str, Any], *, team: str = TEAM, user: str = USER) -> dict[str, Any]:
    """Sending a modal."""
    return _base("view_submission", "1.1.a", team, user) | {"view": view, "response_urls": []}


def shortcut(callback: str, *, trigger: str = "1.1.a") -> dict[str, Any]:
    """A global shortcut."""
    return _base("shortcut", trigger, TEAM, USER) | {"callback_id": callback, "action_ts": "1"}


def event(kind: str, *, team: str = TEAM, **more: Any) -> bytes:
    """An event; JSON, unlike the rest."""
    outer = {"type": "event_callback", "team_id": team, "api_app_id": "A1", "event_id": "Ev1"}
    return json.dumps(outer | {"event": {"type": kind, **more}}).encode()


def on_screen(
    drawn: dict[str, Any], typed: Mapping[str, Mapping[str, Any]] | None = None, *, id: str = "V1"
) -> dict[str, Any]:
    """A drawn view as Slack reports it, with the state its inputs start in or what was typed, by block_id."""
    values = {
        block["block_id"]: {"v": _state(block["element"])}
        for block in drawn["blocks"]
        if block["type"] == "input"
    }
    for name, change in (typed or {}).items():
        values[name] = {"v": {**values[name]["v"], **change}}
    return drawn | {"id": id, "hash": "156.a", "team_id": TEAM, "state": {"values": values}}


def _state(element: dict[str, Any]) -> dict[str, Any]:
    kind = element["type"]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": element.get("initial_value")}
        case "datepicker":
            return {"type": kind, "selected_date": element.get("initial_date")}
        case "timepicker":
            return {"type": kind, "selected_time": element.get("initial_time")}
        case "radio_buttons" | "static_select":
            return {"type": kind, "selected_option": element.get("initial_option")}
        case "checkboxes" | "multi_static_select":
            return {"type": kind, "selected_options": element.get("initial_options", [])}
        case "users_select":
            return {"type": kind, "selected_user": element.get("initial_user")}
        case "multi_users_select":
            return {"type": kind, "selected_users": element.get("initial_users", [])}
        case _:
            raise AssertionError(kind)
