"""Keeps a whole desk in one small file: its three stores, its keyring, what it sent, and what was in it."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.upgrade.account import Rows

FILE = Path(__file__).with_name("desk-0.1.0.tar.xz")
STORES = ("data.sqlite", "keys.sqlite", "ledger.sqlite")
PARTS = (*STORES, "keyring.json")


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One message in somebody's chat, and what its *Open* showed when the desk was put away."""

    chat: str
    """`slack` or `teams`."""
    to: str
    """Name of the person."""
    content: Any = field(repr=False)
    """Blocks, or the card."""
    title: str
    form: str
    actions: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What the desk said of itself when it was put away."""

    now: str
    """Business time, ISO."""
    rows: dict[str, Rows]
    """Of each store its rows."""
    records: dict[str, dict[str, dict[str, str]]]
    messages: list[SentMessage]


def put_away(folder: Path, told: Told, file: Path = FILE) -> None:
    """Write a desk that has been stopped into one file."""
    with tarfile.open(file, "w:xz", preset=9) as archive:
        for name in PARTS:
            _add(archive, name, (folder / name).read_bytes())
        _add(archive, "told.json", json.dumps(asdict(told), ensure_ascii=False).encode())


def bring_out(folder: Path, file: Path = FILE) -> Told:
    """A copy of the desk in a folder, and what it said."""
    with tarfile.open(file, "r:xz") as archive:
        archive.extractall(folder, filter="data")
    told = json.loads((folder / "told.json").read_bytes())
    messages = [SentMessage(**one) for one in told.pop("messages")]
    return Told(**told, messages=messages)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))
