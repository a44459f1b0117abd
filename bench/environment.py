"""The environment of a desk for one Slack workspace, with its files in the folder of the process."""

from __future__ import annotations

import os
from pathlib import Path

from bench.slack_requests import SECRET, TOKEN
from trim_bot.crypto.keyring import Keyring


def settings_here() -> None:
    """Set this process up."""
    Keyring.new().save(Path("keyring.json"))
    os.environ |= {
        "TRIM_BOT_ENV": "test",
        "TRIM_BOT_KEYRING": "file:keyring.json",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": TOKEN,
        "PUBLIC_URL": "http://127.0.0.1:8000",
    }
