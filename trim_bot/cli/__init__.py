"""The command line: `trim-bot`, or `python -m trim_bot`."""

import sys

from trim_bot.cli.version import version_line
from trim_bot.settings.home_folder import have_a_home


def main() -> None:
    """Run the command given on the command line."""
    words = sys.argv[1:]
    if words == ["--version"]:
        print(version_line())
        return
    have_a_home()
    # Only now: all that it imports may ask for the home.
    from trim_bot.cli.app import build

    build(next(iter(words), ""))()
