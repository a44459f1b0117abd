"""The command line: `trim-bot`, or `python -m trim_bot`."""

from trim_bot.settings.home_folder import have_a_home


def main() -> None:
    """Run the command given on the command line."""
    have_a_home()
    # Only now: all that it imports may ask for the home.
    from trim_bot.cli.app import build

    build()()
