"""Writes the app manifest that an administrator uploads, the least the desk needs, and checks it by Slack's rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from integrations.ground.drawing import Json
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import ASK, WORK, Names

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


COMMAND = re.compile(r"/[a-z0-9][a-z0-9_-]{0,30}")
COLOUR_FORM = re.compile(r"#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}")
BOT_NAME = re.compile(r"[A-Za-z0-9 ._-]{1,80}")
KNOWN = {"_metadata", "display_information", "features", "oauth_config", "settings"}
MOST_COMMANDS = 50
MOST_SHORTCUTS = 10


def check_manifest(manifest: Mapping[str, object]) -> list[str]:
    """Every fault, each as `path: what is wrong`; an empty list for a good manifest."""
    return [
        *(f"{key}: unknown" for key in sorted(manifest.keys() - KNOWN)),
        *_display(_object(manifest, "display_information")),
        *_features(_object(manifest, "features"), socket=_by_socket(manifest)),
        *_rights(_object(manifest, "oauth_config")),
        *_settings(manifest),
    ]


def _display(display: Mapping[str, object]) -> list[str]:
    faults = [
        *_text(display, "name", "display_information", 35, required=True),
        *_text(display, "description", "display_information", 140),
        *_text(display, "long_description", "display_information", 4000, least=175),
    ]
    colour = display.get("background_color", "#000")
    if not isinstance(colour, str) or not COLOUR_FORM.fullmatch(colour):
        faults.append("display_information.background_color: not a colour like #1f5f66")
    return faults


def _features(features: Mapping[str, object], *, socket: bool) -> list[str]:
    faults: list[str] = []
    name = _object(features, "bot_user").get("display_name")
    if not isinstance(name, str) or not BOT_NAME.fullmatch(name):
        faults.append("features.bot_user.display_name: 1 to 80 letters, digits, spaces, dots or dashes")
    home = _object(features, "app_home")
    faults += [f"features.app_home.{key}: not yes or no" for key in home if not isinstance(home[key], bool)]
    if home.get("home_tab_enabled") is not True:
        faults.append("features.app_home.home_tab_enabled: the desk draws a Home tab")
    return [*faults, *_commands(features, socket=socket), *_shortcuts(features)]


def _commands(features: Mapping[str, object], *, socket: bool) -> list[str]:
    commands = _list(features, "slash_commands")
    faults = [] if 1 <= len(commands) <= MOST_COMMANDS else ["features.slash_commands: 1 to 50 are allowed"]
    names: list[object] = []
    for number, command in enumerate(commands):
        path = f"features.slash_commands[{number}]"
        if not isinstance(command, Mapping):
            faults.append(f"{path}: not an object")
            continue
        name = command.get("command")
        names.append(name)
        if not isinstance(name, str) or not COMMAND.fullmatch(name):
            faults.append(f"{path}.command: a slash and up to 31 lower-case letters, digits, dashes")
        faults += _text(command, "description", path, 2000, required=True)
        faults += _text(command, "usage_hint", path, 1000)
        faults += [] if socket and "url" not in command else _https(command, "url", path)
    if len({str(name) for name in names}) < len(names):
        faults.append("features.slash_commands: the same command twice")
    return faults


def _shortcuts(features: Mapping[str, object]) -> list[str]:
    shortcuts = _list(features, "shortcuts")
    faults = [] if len(shortcuts) <= MOST_SHORTCUTS else ["features.shortcuts: at most 10 are allowed"]
    for number, shortcut in enumerate(shortcuts):
        path = f"features.shortcuts[{number}]"
        if not isinstance(shortcut, Mapping):
            faults.append(f"{path}: not an object")
            continue
        if shortcut.get("type") != "global":
            faults.append(f"{path}.type: global, since one on a message would bring that message along")
        faults += _text(shortcut, "name", path, 24, required=True)
        faults += _text(shortcut, "description", path, 150, required=True)
        faults += _text(shortcut, "callback_id", path, 255, required=True)
    return faults


def _rights(oauth: Mapping[str, object]) -> list[str]:
    scopes = _object(oauth, "scopes")
    faults = []
    if sorted(str(scope) for scope in _list(scopes, "bot")) != sorted(SCOPES):
        faults.append(f"oauth_config.scopes.bot: exactly {', '.join(SCOPES)}")
    if scopes.get("user"):
        faults.append("oauth_config.scopes.user: none are needed")
    for number, address in enumerate(_list(oauth, "redirect_urls")):
        faults += _https({str(number): address}, str(number), "oauth_config.redirect_urls")
    return faults


def _settings(manifest: Mapping[str, object]) -> list[str]:
    settings = _object(manifest, "settings")
    events = _object(settings, "event_subscriptions")
    faults = []
    if sorted(str(event) for event in _list(events, "bot_events")) != sorted(EVENTS):
        faults.append(f"settings.event_subscriptions.bot_events: exactly {', '.join(EVENTS)}")
    interactivity = _object(settings, "interactivity")
    if interactivity.get("is_enabled") is not True:
        faults.append("settings.interactivity.is_enabled: buttons and forms need it")
    if not _by_socket(manifest):
        faults += _https(events, "request_url", "settings.event_subscriptions")
        faults += _https(interactivity, "request_url", "settings.interactivity")
    if settings.get("org_deploy_enabled", False) is not False:
        faults.append("settings.org_deploy_enabled: off, since each workspace is added by itself")
    ageing = settings.get("token_rotation_enabled", False)
    if ageing is not False and not _list(_object(manifest, "oauth_config"), "redirect_urls"):
        faults.append("settings.token_rotation_enabled: off, since a token that is copied by hand must last")
    return faults


def _by_socket(manifest: Mapping[str, object]) -> bool:
    return _object(manifest, "settings").get("socket_mode_enabled") is True


def _object(holder: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = holder.get(key)
    return value if isinstance(value, Mapping) else {}


def _list(holder: Mapping[str, object], key: str) -> Sequence[object]:
    value = holder.get(key)
    return value if isinstance(value, list | tuple) else []


def _text(
    holder: Mapping[str, object], key: str, path: str, most: int, *, least: int = 1, required: bool = False
) -> list[str]:
    value = holder.get(key)
    if value is None:
        return [f"{path}.{key}: missing"] if required else []
    fits = isinstance(value, str) and least <= len(value) <= most
    return [] if fits else [f"{path}.{key}: {least} to {most} characters"]


def _https(holder: Mapping[str, object], key: str, path: str) -> list[str]:
    value = holder.get(key)
    address = urlsplit(value) if isinstance(value, str) else None
    if address is None or address.scheme != "https" or not address.hostname:
        return [f"{path}.{key}: an https address"]
    return []
