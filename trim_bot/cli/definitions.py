"""`definitions check|import`: programmes and questionnaires of a site's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trim_bot.app.definitions import (
    NOTE,
    DefinitionFaults,
    DefinitionLibrary,
    as_note,
    gathered,
    key_of,
    shipped,
)
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.faults import ExitCode, Json, Misuse
from trim_bot.cli.printing import counted, next_step, say, say_json

definitions = typer.Typer(no_args_is_help=True, help="Check and bring in programmes and questionnaires.")
Where = Annotated[Path, typer.Argument(metavar="PATH", help="A definition file, or a folder of them.")]


@definitions.command()
def check(path: Where, as_json: Json = False) -> None:
    """Say everything that is wrong with definitions. Changes nothing, and needs no key."""
    texts = _texts(path)
    faults = _faults(shipped(), texts)
    _say(faults, texts, as_json, done=False)
    if not faults and not as_json:
        next_step(f"trim-bot definitions import {path}")


@definitions.command(name="import")
def bring_in(path: Where, as_json: Json = False) -> None:
    """Bring definitions in. A published one never changes: a correction is a new version."""
    texts = _texts(path)

    async def act(deployment: Deployment) -> tuple[str, ...]:
        library = gathered(await deployment.notes.under(NOTE))
        faults = _faults(library, texts)
        if not faults:
            for text in texts.values():
                key = key_of(text)
                await deployment.notes.put(f"{NOTE}{key}", as_note(f"{key}.toml", text))
        return faults

    _say(with_deployment(act, founds=True), texts, as_json, done=True)
    if not as_json:
        next_step("start the desk again, so that it reads them")


def _texts(path: Path) -> dict[str, str]:
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise Misuse(f"There is no .toml file in {path}")
    try:
        return {str(file): file.read_text(encoding="utf-8") for file in files}
    except (OSError, UnicodeDecodeError):
        raise Misuse(f"{path} cannot be read as text") from None


def _faults(library: DefinitionLibrary, texts: dict[str, str]) -> tuple[str, ...]:
    try:
        whole = library.with_texts(texts)
    except DefinitionFaults as faults:
        return faults.lines
    return tuple(
        f"{programme} names the questionnaire “{questionnaire}”, which is not here."
        for programme, questionnaire in whole.unknown_questionnaires()
    )


def _say(faults: tuple[str, ...], texts: dict[str, str], as_json: bool, *, done: bool) -> None:
    if as_json:
        say_json({"good": not faults, "files": len(texts), "faults": faults})
    else:
        for fault in faults:
            say(fault)
        if not faults:
            say(f"{counted(len(texts), 'definition')} {'brought in' if done else 'checked, no fault found'}.")
    if faults:
        raise typer.Exit(ExitCode.FAULT)
