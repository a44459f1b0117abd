"""The command line: `trim-bot`, or `python -m trim_bot`."""

from trim_bot.cli.app import build


def main() -> None:
    """Run the command given on the command line."""
    build()()
