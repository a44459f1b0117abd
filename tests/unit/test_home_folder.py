"""An account without a home and without an entry in the list of accounts starts the desk as any other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trim_bot.settings.home_folder import NOWHERE, have_a_home

STARTED = """
import os, pwd, sys

def unknown(_id):
    raise KeyError

pwd.getpwuid = unknown
os.environ.pop("HOME", None)
from trim_bot.cli import main

sys.argv = ["trim-bot", "--version"]
try:
    main()
except SystemExit as end:
    assert not end.code
import slack_bolt.async_app, slack_sdk.web.async_client
print(os.environ["HOME"])
"""


def test_an_account_without_an_entry_starts_and_imports_all() -> None:
    ended = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.split()[-1] == NOWHERE
    assert not Path(NOWHERE).exists()


def test_a_home_that_is_there_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    have_a_home()
    assert os.environ["HOME"] == str(tmp_path)
