"""Writes the app manifest that an administrator uploads to Slack: the least the desk needs."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.ground.drawing import Json
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.command_names import ASK, WORK, Names

SCOPES = ("chat:write", "commands", "im:write", "users:read")
EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
COLOUR = "#1f5f66"


@dataclass(frozen=True, slots=True)
class Way:
    """How an app is installed, and how it is spoken with."""

    installs: bool = False
    """Whether workspaces are added through the desk's own install page."""
    ageing: bool = False
    """Whether tokens age and are renewed; only with the install page."""
    socket: bool = False
    """Whether the desk connects to Slack, so that Slack needs no address of the desk."""


def slack_manifest(url: str, names: Names, way: Way = Way()) -> Json:
    """The manifest for an installation at `url`, the public https address without a path."""
    home = url.rstrip("/")
    endpoint = "" if way.socket else home + PATH
    commands = {f"/{names.work}": WORK, f"/{names.ask}": ASK}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": words.DESK,
            "description": words.ABOUT,
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": words.DESK, "always_online": False},
            "shortcuts": [_shortcut(first) for first in commands.values()],
            "slash_commands": [_command(name, first, endpoint) for name, first in commands.items()],
        },
        "oauth_config": {
            **({"redirect_urls": [home + REDIRECT_PATH]} if way.installs else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": _request_url(endpoint) | {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True} | _request_url(endpoint),
            "org_deploy_enabled": False,
            "socket_mode_enabled": way.socket,
            "token_rotation_enabled": way.ageing,
        },
    }


def _request_url(endpoint: str) -> Json:
    return {"request_url": endpoint} if endpoint else {}


def _shortcut(first: str) -> Json:
    name, description = words.SHORTCUTS.get(first, (words.DESK, words.ABOUT))
    return {"name": name, "type": "global", "callback_id": first, "description": description}


def _command(name: str, first: str, endpoint: str) -> Json:
    description, hint = words.COMMANDS.get(first, (words.ABOUT, ""))
    command: Json = {"command": name, "description": description, "should_escape": False}
    return command | ({"url": endpoint} if endpoint else {}) | ({"usage_hint": hint} if hint else {})
