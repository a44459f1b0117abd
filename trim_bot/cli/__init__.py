"""The command line: `trim-bot`, or `python -m trim_bot`."""

from trim_bot.cli.app import main

__all__ = ["main"]
