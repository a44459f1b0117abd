"""Checks every chain of the journal against itself and against an anchor kept outside the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, select

from trim_bot.domain.errors import SafeError
from trim_bot.storage.journal import Head, first_break, head
from trim_bot.storage.small_stores import durable_engine, snapshot, utc_text
from trim_bot.storage.tables import journal, members, sites

_FORMAT = 1

Heads = Mapping[str, Head]
"""The last link of each chain, by organisation."""


class ChainFaultKind(Enum):
    """What is wrong with a chain."""

    BROKEN = "broken"
    """A row was edited, removed, inserted or moved, or the chain was made anew since the anchor."""
    CUT_OFF = "cut_off"
    """Rows that an anchor knows of are missing at the end."""
    EMPTY = "empty"
    """There is no row at all, though the organisation has records; the first one is missing."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where one organisation's chain stops holding; nothing after that row can be trusted."""

    organisation: str
    seq: int
    kind: ChainFaultKind


class AnchorBroken(SafeError):
    """The anchor file cannot be read."""

    def __init__(self) -> None:
        super().__init__("This is not a journal anchor")


class AnchorExists(SafeError):
    """An anchor is never written over: an older one may be the only proof there is."""

    def __init__(self) -> None:
        super().__init__("Something is already at this place")


def verify_journal(
    url: str, organisation: str | None = None, anchor: Heads | None = None
) -> list[ChainFault]:
    """The first fault of each chain at `url`, or of one organisation's alone; empty when all hold.

    Without an anchor, rows cut off the end and a chain made anew cannot be seen; a chain taken out whole can.
    Raises `NoStore`, `StoreUnavailable`.
    """
    engine = durable_engine(url, create=False)
    try:
        with snapshot(engine) as connection:
            return faults_of(connection, organisation, anchor)
    finally:
        engine.dispose()


def faults_of(
    connection: Connection, organisation: str | None = None, anchor: Heads | None = None
) -> list[ChainFault]:
    """The first fault of each chain, or of one organisation's, read in a transaction of the caller's."""
    anchor = anchor or {}
    every = {*_chains(connection), *_at_work(connection), *anchor}
    named = sorted(every) if organisation is None else [organisation]
    faults = []
    for one in named:
        known = {anchor[one].seq: anchor[one].digest} if one in anchor and anchor[one].seq else {}
        seq = first_break(connection, one, known)
        if seq is not None:
            cut = seq > head(connection, one).seq
            faults.append(ChainFault(one, seq, ChainFaultKind.CUT_OFF if cut else ChainFaultKind.BROKEN))
        elif head(connection, one).seq == 0 and one in _at_work(connection):
            faults.append(ChainFault(one, 1, ChainFaultKind.EMPTY))
    return faults


def anchor(url: str, path: Path, at: datetime) -> Heads:
    """Write the last link of every chain to a new file at `path`, as JSON. `at` is aware.

    Keep it outside the database. Raises `AnchorExists`, `NoStore`, `StoreUnavailable`.
    """
    engine = durable_engine(url, create=False)
    try:
        with snapshot(engine) as connection:
            heads = {one: head(connection, one) for one in _chains(connection)}
    finally:
        engine.dispose()
    told = {
        "format": _FORMAT,
        "at": utc_text(at),
        "heads": {one: {"seq": last.seq, "digest": last.digest} for one, last in heads.items()},
    }
    try:
        with path.open("x", encoding="utf-8") as file:
            json.dump(told, file, indent=2)
            file.write("\n")
    except FileExistsError as error:
        raise AnchorExists from error
    return heads


def read_anchor(path: Path) -> Heads:
    """What `anchor` wrote. Raises `AnchorBroken`."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            raise AnchorBroken
        return {str(one): Head(int(last["seq"]), str(last["digest"])) for one, last in told["heads"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AnchorBroken from error


def _at_work(connection: Connection) -> set[str]:
    """Organisations that have settings or anybody in them: founding wrote the first row of their journal."""
    found: set[str] = set()
    for table in (sites, members):
        found.update(connection.scalars(select(table.c.organisation).distinct()))
    return found


def _chains(connection: Connection) -> list[str]:
    query = select(journal.c.organisation).distinct().order_by(journal.c.organisation)
    return list(connection.scalars(query))
