"""The command line: `trim-bot`, or `python -m trim_bot`."""

import sys

from trim_bot.cli.version import version_line
from trim_bot.settings.home_folder import have_a_home


def main() -> None:
    """Run the command given on the command line."""
    words = sys.argv[1:]
    have_a_home()
    # Only now: all that these import may ask for the home. Which version it is needs none of the commands.
    if words == ["--version"]:
        from trim_bot.cli.printing import say

        say(version_line())
        return
    from trim_bot.cli.app import build

    build(next(iter(words), ""))()
