"""`definitions check|list|import|retire|restore`: programmes and questionnaires of a site's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from assessments.questionnaire import Questionnaire
from trim_bot.app.clock.clocks import real_now
from trim_bot.app.definitions import (
    CLOCKS,
    NOTE,
    RETIRED,
    Change,
    DefinitionFaults,
    DefinitionLibrary,
    as_note,
    changes,
    key_of,
    library_of,
    restored_to,
    retired_from,
    shipped,
)
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import COMMAND_LINE
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.faults import ExitCode, Json, Misuse, Yes, confirm
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.cli.saved_text import text_at
from trim_bot.cli.tables import say_rows
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.records import Action
from workflows.programme import Programme

definitions = typer.Typer(
    no_args_is_help=True, help="Check, list, bring in and retire programmes and questionnaires."
)
Where = Annotated[Path, typer.Argument(metavar="PATH", help="A definition file, or a folder of them.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="As trim-bot definitions list says it.")]
Version = Annotated[int, typer.Argument(metavar="VERSION", min=1)]


@definitions.command()
def check(path: Where, as_json: Json = False) -> None:
    """Say everything that is wrong with definitions. Changes nothing, and needs no key."""
    texts = _texts(path)
    faults = _after(shipped(), texts)[1]
    _say(faults, texts, (), as_json, verb="checked, no fault found")
    if not faults and not as_json:
        next_step(f"trim-bot definitions import {path} --preview")


@definitions.command(name="list")
def list_definitions(as_json: Json = False) -> None:
    """Every programme and questionnaire, and what new cases begin with."""

    async def act(deployment: Deployment) -> list[dict[str, object]]:
        library = await library_of(deployment.notes)
        notes, ended = await deployment.notes.under(NOTE), await deployment.notes.under(RETIRED)
        return _listing(library, notes, ended)

    found = with_deployment(act)
    if as_json:
        say_json(found)
        return
    head = ("ID", "VERSION", "KIND", "FROM", "SINCE", "NEW CASES", "RETIRED")
    say_rows([head, *(tuple(str(value or "-") for value in one.values()) for one in found)])
    next_step("trim-bot definitions import PATH --preview says what a new one would change")


@definitions.command(name="import")
def bring_in(
    path: Where,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would change.")] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Bring definitions in. A published one never changes: a correction is a new version."""
    texts = _texts(path)

    async def look(deployment: Deployment) -> tuple[list[Change], tuple[str, ...]]:
        library = await library_of(deployment.notes)
        after, faults = _after(library, texts)
        return changes(library, after), faults

    async def act(deployment: Deployment) -> None:
        for text in texts.values():
            key = key_of(text)
            await deployment.notes.put(f"{NOTE}{key}", as_note(f"{key}.toml", text, real_now().date()))
        await _journal(deployment, "definitions_import")

    changed, faults = with_deployment(look)
    if not preview and not faults:
        _ask(changed, yes=yes, as_json=as_json)
        with_deployment(act)
    _say(faults, texts, changed, as_json, verb="would be brought in" if preview else "brought in")
    if not as_json:
        step = (
            f"trim-bot definitions import {path}"
            if preview
            else "start the desk again, so that it reads them"
        )
        next_step(step)


@definitions.command()
def retire(id: Id, version: Version, yes: Yes = False, as_json: Json = False) -> None:
    """Begin nothing new with a definition. What runs by it ends by it, and its text stays."""
    _set_retired(f"{id}_v{version}", yes=yes, as_json=as_json, retires=True)


@definitions.command()
def restore(id: Id, version: Version, yes: Yes = False, as_json: Json = False) -> None:
    """Use a retired definition for what is new again."""
    _set_retired(f"{id}_v{version}", yes=yes, as_json=as_json, retires=False)


def _set_retired(key: str, *, yes: bool, as_json: bool, retires: bool) -> None:
    async def look(deployment: Deployment) -> tuple[list[Change], bool]:
        library = await library_of(deployment.notes)
        after = retired_from(library, key) if retires else restored_to(library, key)
        return changes(library, after), after.retired != library.retired

    async def act(deployment: Deployment) -> None:
        await deployment.notes.put(f"{RETIRED}{key}", real_now().date().isoformat() if retires else "")
        await _journal(deployment, "definition_retire" if retires else "definition_restore")

    changed, differs = with_deployment(look)
    if differs:
        _ask(changed, yes=yes, as_json=as_json)
        with_deployment(act)
    if as_json:
        say_json({"definition": key, "retired": retires, "changed": differs, "from_now_on": _told(changed)})
        return
    state = "retired" if retires else "used for what is new"
    say(f"{key} is {state}{'' if differs else ' already. Nothing changed'}.")
    if differs:
        next_step("start the desk again, so that it knows")


def _ask(changed: list[Change], *, yes: bool, as_json: bool) -> None:
    """Say what begins otherwise, and ask about that; where nothing does, there is nothing to ask."""
    if not changed:
        return
    if not as_json and not yes:
        for one in changed:
            say(one.sentence)
    confirm("Is that right?", yes=yes)


def _told(changed: list[Change] | tuple[Change, ...]) -> list[dict[str, str]]:
    return [{"what": one.what, "before": one.before, "after": one.after} for one in changed]


async def _journal(deployment: Deployment, what: str) -> None:
    """Note in the journal of every organisation what was changed for all of them."""
    now = deployment.clock.now()

    def body(tx: Tx) -> None:
        tx.journal.write(COMMAND_LINE, Action.CHANGED, what, "", now)

    for one in await deployment.store.organisations():
        await deployment.store.write(OrganisationId(one.id), body)


def _listing(
    library: DefinitionLibrary, notes: Mapping[str, str], ended: Mapping[str, str]
) -> list[dict[str, object]]:
    known = library.definitions()
    begins = {now.key: what for clock, what in CLOCKS.items() if (now := known.begun_by(clock)) is not None}
    kinds: dict[str, tuple[Programme | Questionnaire, ...]] = {
        "programme": library.programmes.programmes,
        "questionnaire": library.questionnaires.questionnaires,
    }
    found: list[dict[str, object]] = []
    for kind, those in kinds.items():
        for one in sorted(those, key=lambda one: (one.id, one.version)):
            note = notes.get(f"{NOTE}{one.key}")
            since = json.loads(note).get("since", "") if note is not None else ""
            found.append(
                {
                    "id": one.id,
                    "version": one.version,
                    "kind": kind,
                    "from": "shipped" if note is None else "imported",
                    "since": since or None,
                    "begins": begins.get(one.key),
                    "retired": ended.get(f"{RETIRED}{one.key}") or None,
                }
            )
    return found


def _texts(path: Path) -> dict[str, str]:
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise Misuse(f"There is no .toml file in {path}")
    return {str(file): text_at(file) for file in files}


def _after(library: DefinitionLibrary, texts: dict[str, str]) -> tuple[DefinitionLibrary, tuple[str, ...]]:
    """The library with these as well, and every fault of them."""
    try:
        whole = library.with_texts(texts)
    except DefinitionFaults as faults:
        return library, faults.lines
    unknown = (
        f"{programme} names the questionnaire “{questionnaire}”, which is not here."
        for programme, questionnaire in whole.unknown_questionnaires()
    )
    ended = (
        f"{programme} asks by “{questionnaire}”, which is retired."
        for programme, questionnaire in whole.asked_for()
        if questionnaire in whole.retired
    )
    return whole, (*unknown, *ended)


def _say(
    faults: tuple[str, ...],
    texts: dict[str, str],
    changed: list[Change] | tuple[Change, ...],
    as_json: bool,
    *,
    verb: str,
) -> None:
    if as_json:
        told = {"good": not faults, "files": len(texts), "faults": faults, "from_now_on": _told(changed)}
        say_json(told)
    else:
        for fault in faults:
            say(fault)
        if not faults:
            say(f"{counted(len(texts), 'definition')} {verb}.")
            for one in changed:
                say(one.sentence)
    if faults:
        raise typer.Exit(ExitCode.FAULT)
