"""`journal verify`: whether any row of the record, or a bulletin it tells of, was changed, taken out or cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trim_bot.app.clock.clocks import real_now
from trim_bot.cli.faults import ExitCode, Json, Misuse
from trim_bot.cli.printing import next_step, say, say_json
from trim_bot.domain.errors import SafeError
from trim_bot.settings.environment import load_settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.journal import (
    AnchorExists,
    ChainFault,
    ChainFaultKind,
    Heads,
    anchor,
    read_anchor,
    verify_journal,
)

journal = typer.Typer(no_args_is_help=True, help="Verify the journal.")
AnchorFile = Annotated[
    Path | None,
    typer.Option("--anchor", metavar="FILE", help="Compare with this anchor."),
]


@journal.callback()
def _group() -> None:
    """Verify the journal."""


@journal.command()
def verify(
    anchor_file: AnchorFile = None,
    new: Annotated[bool, typer.Option("--new", help="Write the anchor, where there is none.")] = False,
    as_json: Json = False,
) -> None:
    """Check every chain against itself and against an anchor kept elsewhere."""
    data = places_of(load_settings()).data
    known = _known(anchor_file, new=new)
    faults = verify_journal(data, anchor=known)
    written = new and anchor_file is not None and not faults
    if written and anchor_file is not None:
        anchor(data, anchor_file, real_now())
    if as_json:
        say_json(
            {"whole": not faults, "anchored": known is not None, "faults": [_told(one) for one in faults]}
        )
    elif faults:
        for one in faults:
            say(sentence_of(one))
    else:
        say(
            "The journal is whole."
            if known is None
            else "The journal is whole, and holds all the anchor knows."
        )
        if written:
            say(f"Wrote the anchor {anchor_file}.")
            next_step("keep the anchor somewhere the database's keepers cannot reach")
        elif known is None:
            next_step(
                "write an anchor, so that a cut-off end shows: trim-bot journal verify --new --anchor FILE"
            )
    if faults:
        raise typer.Exit(ExitCode.FAULT)


_WHAT = {
    ChainFaultKind.BROKEN: "a row was changed, taken out or put in; the first that does not fit is",
    ChainFaultKind.CUT_OFF: "rows are missing at the end, from",
    ChainFaultKind.EMPTY: "every row is missing, from",
    ChainFaultKind.BULLETIN: "a bulletin was changed, taken out or put in; the row that tells of it is, or would be,",
}


def sentence_of(fault: ChainFault) -> str:
    """What is wrong, and where."""
    return f"{fault.organisation}: {_WHAT[fault.kind]} {fault.seq}."


def _known(file: Path | None, *, new: bool) -> Heads | None:
    """The anchor to compare with. One that was named and is not there is never made in silence."""
    if file is None:
        if new:
            raise Misuse("--new writes an anchor: say where with --anchor FILE")
        return None
    if new:
        if file.exists():
            raise AnchorExists
        return None
    if not file.exists():
        raise NoAnchor(file)
    return read_anchor(file)


class NoAnchor(SafeError):
    """There is no anchor where one was looked for."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"There is no anchor at {file}: find it, or write a new one with --new")


def _told(fault: ChainFault) -> dict[str, object]:
    return {"organisation": fault.organisation, "seq": fault.seq, "kind": fault.kind.value}
