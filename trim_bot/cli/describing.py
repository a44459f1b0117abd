"""`describe`: what the desk has, told for whoever has to know all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from integrations.slack.manifest import INSTALL_PATH, PATH, REDIRECT_PATH
from integrations.web.pages import ADDRESSES, WITH_TEAMS
from trim_bot.app.desk.describing import describe
from trim_bot.cli.faults import Json
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.cli.tables import say_rows
from trim_bot.domain.people import Platform


def tell(as_json: Json = False) -> None:
    """Tell every form, message, button, command, role, way in and number of the scheme."""
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
    say("\nThe numbers of the scheme")
    say_rows([(name, one["value"], one["why"]) for name, one in told["policy"].items()])
    next_step("trim-bot describe --json, for all of it")


def addresses() -> Mapping[Platform, Sequence[str]]:
    """Method and path of every address, by the way in it belongs to."""
    # Here and not above, so that only whoever asks for this loads a part of Teams.
    from integrations.teams.manifest import MESSAGES_PATH

    return {
        Platform.SLACK: (f"POST {PATH}", f"GET {INSTALL_PATH}", f"GET {REDIRECT_PATH}"),
        Platform.TEAMS: (f"POST {MESSAGES_PATH}", *(f"GET {path}" for path in WITH_TEAMS)),
        Platform.WEB: ADDRESSES,
    }
