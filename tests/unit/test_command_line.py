"""Every module of the command line that has commands is in the list that adds them."""

import re
from pathlib import Path

import trim_bot.cli
from trim_bot.cli.app import COMMANDS

FOLDER = Path(trim_bot.cli.__file__).parent


def test_each_module_with_commands_is_in_the_list() -> None:
    found = {
        f"trim_bot.cli.{path.stem}"
        for path in FOLDER.glob("*.py")
        if re.search(r"^def register\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {register.__module__ for register in COMMANDS} == found
    assert len(COMMANDS) == len(found)
