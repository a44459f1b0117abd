"""Looks at where ledger and anchor lie: what goes back in time or is lost together with the data proves nothing."""

from __future__ import annotations

from pathlib import Path

from trim_bot.diagnosis.findings import Finding, ok, warn
from trim_bot.settings.environment import Mode, Settings
from trim_bot.settings.store_addresses import places_of, sqlite_path
from trim_bot.storage.small_stores import server_of

NAME = "places"


def place_findings(settings: Settings) -> list[Finding]:
    """Whether the ledger lies apart from the data and the anchor apart from the ledger; nothing of practice."""
    if settings.mode is Mode.DEMO:
        return []
    places = places_of(settings)
    data, ledger = sqlite_path(places.data), sqlite_path(places.ledger)
    found: list[Finding] = []
    if data is not None and ledger is not None:
        where = _together(data, ledger)
    elif data is None and ledger is None:
        where = "on the same database server" if server_of(places.data) == server_of(places.ledger) else ""
    else:
        where = ""
    if where:
        found.append(
            warn(
                NAME,
                f"The erasure ledger (LEDGER_URL) lies {where} as the data (DATABASE_URL): what loses one loses both. "
                "Move it with trim-bot ledger move ADDRESS, or keep copies elsewhere with trim-bot ledger copy DIR.",
            )
        )
    if ledger is not None and (where := _together(ledger, settings.anchor_file)):
        found.append(
            warn(
                NAME,
                f"The anchor (ANCHOR_URL) lies {where} as the ledger (LEDGER_URL): what goes back in time together "
                "shows nothing. Stop the desk, move the anchor's file to another disk, and set ANCHOR_URL.",
            )
        )
    return found or [ok(NAME, "The ledger lies apart from the data, and its anchor apart from the ledger.")]


def _together(one: Path, other: Path) -> str:
    first, second = one.absolute().parent.resolve(), other.absolute().parent.resolve()
    if first == second:
        return "in the same folder"
    return "on the same disk" if _device(first) == _device(second) else ""


def _device(folder: Path) -> int:
    """The disk of a folder, or of the nearest one above it that is there."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return there.stat().st_dev
