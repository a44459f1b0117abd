"""`manifest slack` and `manifest teams`: what an administrator uploads to a chat platform."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from integrations.slack.manifest import Way, check_manifest, slack_manifest
from trim_bot.app.definitions import shipped
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import ASK, WORK, Names
from trim_bot.cli.faults import ExitCode, Json, Misuse
from trim_bot.cli.printing import next_step, say, say_json
from trim_bot.cli.site import read
from trim_bot.settings.environment import load_settings

manifest = typer.Typer(no_args_is_help=True, help="Write what a chat platform asks for at installation.")

Url = Annotated[str, typer.Option("--url", help="The desk's public https address, without a path.")]
SiteFile = Annotated[
    Path | None, typer.Option("--site", help="A site file whose names of the commands are taken.")
]
WorkCommand = Annotated[
    str, typer.Option("--work-command", help="The command for those who serve; peer unless given.")
]
AskCommand = Annotated[
    str, typer.Option("--ask-command", help="The command for everyone; support unless given.")
]


@manifest.callback()
def _group() -> None:
    """Write what a chat platform asks for at installation."""


@manifest.command()
def slack(
    url: Url,
    site: SiteFile = None,
    work_command: WorkCommand = "",
    ask_command: AskCommand = "",
    installs: Annotated[
        bool, typer.Option("--installs", help="Workspaces are added through the desk's install page.")
    ] = False,
    rotation: Annotated[
        bool, typer.Option("--rotation", help="Tokens age and are renewed; with --installs.")
    ] = False,
    socket: Annotated[
        bool, typer.Option("--socket", help="Socket Mode: the desk connects to Slack.")
    ] = False,
    as_json: Json = False,
) -> None:
    """The manifest for Slack, as JSON ready to upload, with or without --json."""
    if rotation and not installs:
        raise Misuse("--rotation goes with --installs: a token that is copied by hand must last")
    names = _names(site, work_command, ask_command, as_json)
    made = slack_manifest(_plain(url), names, Way(installs=installs, ageing=rotation, socket=socket))
    _stop_at(check_manifest(made), as_json)
    say_json(made)


@manifest.command()
def teams(
    url: Url,
    app_id: Annotated[
        str, typer.Option("--app-id", help="The application's id in Entra; TEAMS_APP_ID unless given.")
    ] = "",
    name: Annotated[
        str, typer.Option("--name", help="What the app is called, up to 30 characters.")
    ] = words.DESK,
    site: SiteFile = None,
    work_command: WorkCommand = "",
    ask_command: AskCommand = "",
    package_version: Annotated[
        str, typer.Option("--package-version", help="Higher each time a changed package is uploaded.")
    ] = "1.0.0",
    out: Annotated[Path | None, typer.Option("--out", help="Write the package, a zip, to this file.")] = None,
    as_json: Json = False,
) -> None:
    """The app package for Microsoft Teams; without --out only its manifest, as JSON."""
    # Here and not above, so that a desk without Teams never loads a part of it.
    from integrations.teams.app_package import app_package, check_package
    from integrations.teams.manifest import teams_manifest

    made = teams_manifest(
        _plain(url),
        app_id or _known_app_id(),
        _both(_names(site, work_command, ask_command, as_json)),
        name=name,
        package=package_version,
    )
    package = app_package(made)
    _stop_at(check_package(package), as_json)
    if out is None:
        say_json(made)
        return
    out.write_bytes(package)
    if as_json:
        say_json({"file": str(out), "bytes": len(package), "version": package_version})
        return
    say(f"{out} holds the manifest, two icons and the words of other languages, {len(package)} bytes.")
    next_step("upload it in the Teams admin centre, under Teams apps, Manage apps")


def _plain(url: str) -> str:
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise Misuse(_NOT_PLAIN) from None
    if not plain or parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise Misuse(_NOT_PLAIN)
    return url


_NOT_PLAIN = "--url must be a plain https address, such as https://peer.example.org"


def _known_app_id() -> str:
    known = load_settings().teams_app_id
    if not known:
        raise Misuse("--app-id is missing: give the application's id in Entra, or set TEAMS_APP_ID")
    return known


def _names(site: Path | None, work: str, ask: str, as_json: bool) -> Names:
    """The names that were given, or else those of the site file, or else the shipped ones."""
    given = _names_in(site, as_json)
    names = Names(work or given.work, ask or given.ask)
    if names.work == names.ask:
        raise Misuse("--work-command and --ask-command must differ")
    return names


def _both(names: Names) -> dict[str, str]:
    return {names.work: WORK, names.ask: ASK}


def _stop_at(faults: list[str], as_json: bool) -> None:
    if not faults:
        return
    if as_json:
        say_json({"good": False, "faults": faults})
    else:
        for fault in faults:
            say(fault)
    raise typer.Exit(ExitCode.FAULT)


def _names_in(site: Path | None, as_json: bool) -> Names:
    if site is None:
        return Names()
    checked = read(site, shipped())
    if checked.file is None:
        _stop_at(list(checked.faults), as_json)
        raise typer.Exit(ExitCode.FAULT)
    return Names(checked.file.draft.work_command, checked.file.draft.ask_command)
