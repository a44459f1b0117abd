"""Writes the app manifest that an administrator uploads to Slack: the least the desk needs."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.slack.wire import Json
from trim_bot.app.screens import adapter_words as words

SCOPES = ("chat:write", "commands", "im:write", "users:read")
EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
PATH = "/slack/events"
COLOUR = "#1f5f66"


def slack_manifest(url: str, commands: Mapping[str, str]) -> Json:
    """The manifest for an installation at `url`, the public https address without a path.

    `commands` maps slash commands to the first word of the desk: `{"/peer": "peer", "/support": "support"}`.
    """
    endpoint = url.rstrip("/") + PATH
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
            "shortcuts": [_shortcut(first) for first in dict.fromkeys(commands.values())],
            "slash_commands": [_command(name, first, endpoint) for name, first in commands.items()],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"request_url": endpoint, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": endpoint},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def _shortcut(first: str) -> Json:
    name, description = words.SHORTCUTS.get(first, (words.DESK, words.ABOUT))
    return {"name": name, "type": "global", "callback_id": first, "description": description}


def _command(name: str, first: str, endpoint: str) -> Json:
    description, hint = words.COMMANDS.get(first, (words.ABOUT, ""))
    command: Json = {"command": name, "url": endpoint, "description": description, "should_escape": False}
    return command | ({"usage_hint": hint} if hint else {})
