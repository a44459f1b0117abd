"""The manifest asks for the least, and our copy of Slack's rules finds every fault put into it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from integrations.slack.manifest import Way, check_manifest, slack_manifest
from trim_bot.app.words.adapter_words import Names


def good() -> dict[str, Any]:
    return slack_manifest("https://desk.example.org/", Names())


def test_the_manifest_keeps_every_rule() -> None:
    assert check_manifest(good()) == []


def test_other_names_for_the_commands_may_be_chosen() -> None:
    manifest = slack_manifest("https://desk.example.org", Names("care-team", "talk"))
    assert check_manifest(manifest) == []
    features: Any = manifest["features"]
    commands = features["slash_commands"]
    assert [command["command"] for command in commands] == ["/care-team", "/talk"]
    assert {command["url"] for command in commands} == {"https://desk.example.org/slack/events"}


@pytest.mark.parametrize("socket", [False, True])
@pytest.mark.parametrize("ageing", [False, True])
def test_the_manifest_for_many_workspaces_keeps_every_rule(socket: bool, ageing: bool) -> None:
    way = Way(installs=True, ageing=ageing, socket=socket)
    manifest: dict[str, Any] = slack_manifest("https://desk.example.org", Names(), way)
    assert check_manifest(manifest) == []
    assert manifest["oauth_config"]["redirect_urls"] == ["https://desk.example.org/slack/oauth_redirect"]
    assert manifest["settings"]["token_rotation_enabled"] is ageing
    assert manifest["settings"]["org_deploy_enabled"] is False


def test_by_socket_slack_needs_no_address_of_the_desk() -> None:
    manifest = slack_manifest("https://desk.example.org", Names(), Way(socket=True))
    assert check_manifest(manifest) == []
    assert "desk.example.org" not in json.dumps(manifest)


def test_both_commands_are_shortcuts_too_and_none_is_on_messages() -> None:
    shortcuts = good()["features"]["shortcuts"]
    assert [(one["type"], one["callback_id"]) for one in shortcuts] == [
        ("global", "peer"),
        ("global", "support"),
    ]


def test_it_asks_for_the_least() -> None:
    assert good()["oauth_config"] == {"scopes": {"bot": ["chat:write", "commands", "im:write", "users:read"]}}


FAULTS: list[tuple[tuple[Any, ...], Any, str]] = [
    (("surprise",), {}, "surprise"),
    (("display_information", "name"), "x" * 36, "display_information.name"),
    (("display_information", "name"), None, "display_information.name"),
    (("display_information", "description"), "x" * 141, "display_information.description"),
    (("display_information", "long_description"), "short", "display_information.long_description"),
    (("display_information", "background_color"), "teal", "display_information.background_color"),
    (("features", "bot_user", "display_name"), "", "features.bot_user.display_name"),
    (("features", "app_home", "home_tab_enabled"), False, "features.app_home.home_tab_enabled"),
    (("features", "app_home", "messages_tab_enabled"), "yes", "features.app_home.messages_tab_enabled"),
    (("features", "slash_commands"), [], "features.slash_commands"),
    (("features", "slash_commands", 0), "x", "features.slash_commands[0]"),
    (("features", "slash_commands", 0, "command"), "peer", "features.slash_commands[0].command"),
    (("features", "slash_commands", 0, "command"), "/Peer team", "features.slash_commands[0].command"),
    (("features", "slash_commands", 0, "command"), "/support", "features.slash_commands"),
    (("features", "slash_commands", 0, "description"), "", "features.slash_commands[0].description"),
    (("features", "slash_commands", 0, "url"), "http://desk.example.org", "features.slash_commands[0].url"),
    (("features", "shortcuts", 0), 7, "features.shortcuts[0]"),
    (("features", "shortcuts", 0, "name"), "x" * 25, "features.shortcuts[0].name"),
    (("features", "shortcuts", 0, "type"), "local", "features.shortcuts[0].type"),
    (("features", "shortcuts", 0, "type"), "message", "features.shortcuts[0].type"),
    (("oauth_config", "redirect_urls"), ["http://desk.example.org"], "oauth_config.redirect_urls.0"),
    (("oauth_config", "scopes", "bot"), ["chat:write", "channels:history"], "oauth_config.scopes.bot"),
    (("oauth_config", "scopes", "user"), ["search:read"], "oauth_config.scopes.user"),
    (
        ("settings", "event_subscriptions", "bot_events"),
        ["message.im"],
        "settings.event_subscriptions.bot_events",
    ),
    (("settings", "event_subscriptions", "request_url"), None, "settings.event_subscriptions.request_url"),
    (("settings", "interactivity", "is_enabled"), False, "settings.interactivity.is_enabled"),
    (("settings", "token_rotation_enabled"), True, "settings.token_rotation_enabled"),
    (("settings", "org_deploy_enabled"), True, "settings.org_deploy_enabled"),
]


@pytest.mark.parametrize(("path", "value", "where"), FAULTS)
def test_every_fault_is_found_where_it_is(path: tuple[Any, ...], value: Any, where: str) -> None:
    manifest = copy.deepcopy(good())
    place: Any = manifest
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert [fault.partition(":")[0] for fault in check_manifest(manifest)] == [where]
