"""`describe`: what the desk has, for people to read and for other programs to check against."""

from __future__ import annotations

import typer

from trim_bot.app.desk.describing import describe
from trim_bot.bootstrap.entrances import addresses
from trim_bot.cli.output import Json, counted, next_step, say, say_json, say_rows


def register(app: typer.Typer) -> None:
    """Add `describe`."""
    app.command(name="describe")(tell)


def tell(as_json: Json = False) -> None:
    """Tell every form, message, button, command, role and way in."""
    told = describe(addresses())
    if as_json:
        say_json(told)
        return
    say(counted(len(told["forms"]), "form"))
    say_rows(
        [
            (name, " · ".join(form["titles"][:2]), counted(len(form["fields"]), "field"))
            for name, form in told["forms"].items()
        ]
    )
    say("\nWhat can be typed")
    say_rows([(words, " or ".join(names)) for words, names in told["commands"].items()])
    say("\nThe ways in")
    say_rows(
        [
            (
                name,
                counted(len(way["commands"]), "command"),
                counted(len(way["addresses"]), "address", "addresses"),
            )
            for name, way in told["platforms"].items()
        ]
    )
    say("\nWhat each role may do, beside what anyone may")
    say_rows([(role, counted(len(names), "command")) for role, names in told["roles"].items()])
    next_step("trim-bot describe --json, for all of it")
