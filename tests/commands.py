"""Runs a command in this process, with the command line put together once: that takes longer than most commands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from unittest.mock import patch

import typer.main
import typer.testing
from typer.testing import CliRunner, Result

from trim_bot.cli.app import build

_app = cache(build)
_command = cache(typer.main.get_command)


def run_command(*words: str, environment: Mapping[str, str] | None = None, said: str = "") -> Result:
    """How a command ended, and what it told on either stream; `said` is what somebody types."""
    # The runner would translate every function of the command line anew each time it is asked.
    with patch.object(typer.testing, "_get_command", _command):
        return CliRunner().invoke(_app(), list(words), input=said, env=environment)
