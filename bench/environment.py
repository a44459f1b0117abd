"""The environment of a desk for one Slack workspace or one Teams tenant, with its files where the process runs."""

from __future__ import annotations

import os
from pathlib import Path

from bench.slack_requests import SECRET, TOKEN
from trim_bot.crypto.keyring import Keyring

TEAMS = {
    "TEAMS_APP_ID": "11111111-aaaa-4aaa-8aaa-111111111111",
    "TEAMS_APP_PASSWORD": "loopback-app-password",
    "TEAMS_TENANT_ID": "22222222-bbbb-4bbb-8bbb-222222222222",
    "TEAMS_OPENID_URL": "http://127.0.0.1:1/openid",
    "TEAMS_SERVICE_HOSTS": "127.0.0.1:1",
    "ENTRA_AUTHORITY": "http://127.0.0.1:1",
    "GRAPH_URL": "http://127.0.0.1:1",
}
"""Nothing listens there, and nothing is asked before somebody comes."""
SLACK = {"SLACK_SIGNING_SECRET": SECRET, "SLACK_BOT_TOKEN": TOKEN}


def settings_here(*, slack: bool = True, teams: bool = False) -> None:
    """Set this process up."""
    Keyring.new().save(Path("keyring.json"))
    os.environ |= {
        "TRIM_BOT_ENV": "test",
        "TRIM_BOT_KEYRING": "file:keyring.json",
        "PUBLIC_URL": "http://127.0.0.1:8000",
    }
    os.environ |= (SLACK if slack else {}) | (TEAMS if teams else {})
