"""What a start and a command load: what is for something else is named here, and stays out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.serving import without_settings
from tests.architecture.tree import ROOT
from trim_bot.crypto.keyring import Keyring

WITH_SLACK = """
import asyncio, json, sys
import trim_bot.bootstrap.serving
from trim_bot.bootstrap.running import open_running
from trim_bot.settings.environment import load_settings

async def start():
    running = await open_running(load_settings(), link="http://127.0.0.1:8000", with_worker=True)
    assert running.slack is not None
    running.deployment.close()

asyncio.run(start())
print(json.dumps(sorted(sys.modules)))
"""
COMMAND = """
import json, sys
sys.argv = ["trim-bot", *json.loads(sys.argv[1])]
from trim_bot.cli import main
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""
MIGRATING = ("alembic", "mako")
HTTP_CLIENT = ("httpx", "httpcore")
TEAMS = ("msal", "integrations.teams", "integrations.web.work_account")
DRAWING = ("rich", "pygments")
PAGES = ("jinja2", "integrations.web.pages", "integrations.web.render")
OTHERS = ("trim_bot.practice", "trim_bot.diagnosis", "trim_bot.cli.demo", "trim_bot.cli.drill")
SETTINGS = {
    "TRIM_BOT_ENV": "test",
    "TRIM_BOT_KEYRING": "file:keyring.json",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "SLACK_SIGNING_SECRET": "loopback-signing-secret",
    "SLACK_BOT_TOKEN": "xoxb-loopback-marker",
}
LIBRARIES = ("sqlalchemy", "pydantic", "starlette", "aiohttp", "slack_bolt", "holidays")


def loaded(code: str, *words: str, folder: Path | None = None) -> set[str]:
    """The modules that a process of its own has loaded at its end, in a folder with a keyring if one is given."""
    environment = without_settings(os.environ) | (SETTINGS if folder is not None else {})
    told = subprocess.run(
        [sys.executable, "-c", code, json.dumps(words)],
        capture_output=True,
        check=True,
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT)},
    )
    return set(json.loads(told.stdout.splitlines()[-1]))


def unwanted(modules: set[str], *names: tuple[str, ...]) -> list[str]:
    """Which of these were loaded, or anything that is in them."""
    every = [one for group in names for one in group]
    return sorted(
        {one for one in every if any(held == one or held.startswith(f"{one}.") for held in modules)}
    )


def test_a_desk_for_slack_alone_loads_what_it_needs(tmp_path: Path) -> None:
    """Its schema is there already: the second start is the ordinary one."""
    Keyring.new().save(tmp_path / "keyring.json")
    assert "alembic" in loaded(WITH_SLACK, folder=tmp_path), "the first start makes the tables"
    found = loaded(WITH_SLACK, folder=tmp_path)
    assert "slack_sdk" in found
    assert unwanted(found, MIGRATING, HTTP_CLIENT, TEAMS, DRAWING, OTHERS) == []


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--version"], (MIGRATING, HTTP_CLIENT, TEAMS, DRAWING, PAGES, OTHERS, LIBRARIES)),
        (["serve", "--help"], (MIGRATING, HTTP_CLIENT, TEAMS, DRAWING, OTHERS)),
        (["doctor", "--help"], (MIGRATING, HTTP_CLIENT, TEAMS, DRAWING, PAGES, ("trim_bot.practice",))),
    ],
    ids=lambda given: given[0] if isinstance(given[0], str) else "",
)
def test_a_command_loads_what_it_needs(words: list[str], names: tuple[tuple[str, ...], ...]) -> None:
    assert unwanted(loaded(COMMAND, *words), *names) == []


def test_what_is_loaded_is_found() -> None:
    assert unwanted({"rich.table", "richer"}, DRAWING, MIGRATING) == ["rich"]
