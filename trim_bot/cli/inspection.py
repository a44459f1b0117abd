"""`doctor` and `describe`: how each part of a deployment is, and what the desk has; neither changes anything."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import typer

from integrations.slack.manifest import INSTALL_PATH, PATH, REDIRECT_PATH
from integrations.web.pages import ADDRESSES, WITH_TEAMS
from trim_bot.app.desk.describing import describe
from trim_bot.bootstrap.process_log import set_up_logging
from trim_bot.cli.faults import ExitCode, Json
from trim_bot.cli.printing import counted, next_step, say, say_json, say_rows
from trim_bot.diagnosis.examination import examine
from trim_bot.diagnosis.findings import Finding, Grade
from trim_bot.domain.people import Platform


def doctor(as_json: Json = False) -> None:
    """Say how settings, keys, stores, definitions, clocks and chat platforms are."""
    set_up_logging()
    findings = asyncio.run(examine())
    failed = [one for one in findings if one.grade is Grade.FAIL]
    if as_json:
        say_json([{"grade": one.grade.value, "name": one.name, "text": one.text} for one in findings])
    else:
        for one in findings:
            say(_line(one))
        warned = any(one.grade is Grade.WARN for one in findings)
        next_step(_after(failed=bool(failed), warned=warned))
    if failed:
        raise typer.Exit(ExitCode.FAULT)


def _line(finding: Finding) -> str:
    return f"{finding.grade.value:<4} {finding.name:<12} {finding.text}"


def _after(*, failed: bool, warned: bool) -> str:
    if failed:
        return "mend the lines that say fail, from the top, and run this again"
    return "look at the lines that say warn" if warned else "trim-bot serve"


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
