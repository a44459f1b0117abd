"""What a value must look like by itself, so that a paste that went wrong is named before a platform refuses it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_QUOTES = "\"'`“”‘’«»"
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_HEX = "has 32 of the digits 0 to 9 and letters a to f"
_SHAPES: Mapping[str, tuple[re.Pattern[str], str]] = {
    # With rotation of tokens Slack writes xoxe. before it.
    "SLACK_BOT_TOKEN": (
        re.compile(r"(?:xoxe\.)?xoxb-[A-Za-z0-9-]+"),
        "is not a bot token, which begins with xoxb-",
    ),
    "SLACK_APP_TOKEN": (re.compile(r"xapp-[A-Za-z0-9-]+"), "is not an app token, which begins with xapp-"),
    # Longer ones are taken too: platforms have made their secrets longer before.
    "SLACK_SIGNING_SECRET": (
        re.compile(r"[0-9a-f]{32,128}(?:, ?[0-9a-f]{32,128})?"),
        f"is not a signing secret, which {_HEX}, nor two with a comma between, the new one and the old one",
    ),
    "SLACK_CLIENT_ID": (
        re.compile(r"\d+\.\d+"),
        "is not a client id, which is two numbers with a full stop between",
    ),
    "SLACK_CLIENT_SECRET": (re.compile(r"[0-9a-f]{32,128}"), f"is not a client secret, which {_HEX}"),
    "TEAMS_APP_ID": (
        re.compile(_UUID),
        "is not the id of an application, such as 00000000-0000-0000-0000-000000000000",
    ),
    "TEAMS_APP_IDENTITY": (re.compile(_UUID), "is not the client id of a managed identity"),
    "TEAMS_TENANT_ID": (re.compile(_UUID), "is not the id of a tenant; its domain name does not serve"),
    "TEAMS_APP_PASSWORD": (
        re.compile(rf"(?!{_UUID}\Z)\S+"),
        "is the id of a client secret, or has a space in it; take its value, which is shown once when it is made",
    ),
    "METRICS_TOKEN": (
        re.compile(r"[\x21-\x7e]+"),
        "may hold letters, digits and signs of a plain keyboard, and no space",
    ),
}
_HOST = re.compile(r"(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?")


def pasted_fault(value: str) -> str:
    """What came along when a value was pasted, or nothing."""
    if value != value.strip():
        return "has a space or a line break at its start or end; take it away"
    if value[:1] in _QUOTES and value:
        return "stands in quotation marks; take them away"
    if any(ord(sign) < 32 for sign in value):
        return "has a line break or a tab in it; write it on one line"
    return ""


def shape_fault(name: str, value: str) -> str:
    """Why this cannot be what the variable of this name holds, or nothing."""
    pattern, words = _SHAPES.get(name, (None, ""))
    return words if value and pattern is not None and not pattern.fullmatch(value) else ""


def host_fault(host: str) -> str:
    """Why this is no host a token may be sent to, or nothing."""
    return "" if _HOST.fullmatch(host) else "must name hosts alone, with commas between: no path and no space"
