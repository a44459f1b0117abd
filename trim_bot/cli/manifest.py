"""`manifest slack`: the app manifest an administrator uploads."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import typer

from integrations.slack.manifest import slack_manifest
from integrations.slack.manifest_rules import check_manifest
from trim_bot.bootstrap.slack import COMMANDS
from trim_bot.cli.faults import Code, Misuse
from trim_bot.cli.saying import say, say_json

manifest = typer.Typer(no_args_is_help=True, help="Write what a chat platform asks for at installation.")


def register(app: typer.Typer) -> None:
    """Add `manifest`."""
    app.add_typer(manifest, name="manifest")


@manifest.callback()
def _group() -> None:
    """Write what a chat platform asks for at installation."""


@manifest.command()
def slack(
    url: Annotated[str, typer.Option("--url", help="The desk's public https address, without a path.")],
) -> None:
    """The manifest for Slack, as JSON ready to upload."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Misuse("--url must be a plain https address, such as https://peer.example.org")
    made = slack_manifest(url, COMMANDS)
    faults = check_manifest(made)
    if faults:
        for fault in faults:
            say(fault)
        raise typer.Exit(Code.FAULT)
    say_json(made)
