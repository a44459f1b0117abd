"""What can be wrong with the place of a file or store: not named, named by part of a path, or a folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from trim_bot.settings.checks import SettingFault, sqlite_file, store_fault, store_kind, store_place

USUAL = "/var/lib/trim-bot"
"""The folder that examples name."""


def store_faults(urls: Mapping[str, str], named: frozenset[str], *, production: bool) -> list[SettingFault]:
    """Everything wrong with the addresses of the stores, each under its variable; `named` are those that were set."""
    faults = [fault for name, url in urls.items() for fault in _one(name, url, named, production=production)]
    if [store_kind(url) for url in urls.values()][:2] == ["postgresql", "sqlite"]:
        faults.append(SettingFault("KEYSTORE_URL", "must be PostgreSQL when DATABASE_URL is"))
    seen: dict[str, str] = {}
    for name, url in urls.items():
        place = store_place(url)
        if place and place in seen:
            faults.append(SettingFault(name, f"names the same place as {seen[place]}; they are kept apart"))
        seen.setdefault(place, name)
    once: dict[str, SettingFault] = {}
    for fault in faults:
        once.setdefault(fault.name, fault)
    return list(once.values())


def _one(name: str, url: str, named: frozenset[str], *, production: bool) -> list[SettingFault]:
    file = sqlite_file(url)
    if production and name not in named:
        there = Path(file).absolute()
        example = there if there.exists() else Path(USUAL) / file
        return [
            SettingFault(
                name,
                f"is missing; in production every store is named, such as sqlite:///{example} for a file",
            )
        ]
    if text := store_fault(url, production=production):
        return [SettingFault(name, text)]
    if not file:
        return []
    if production and not Path(file).is_absolute():
        meant = f"sqlite:///{Path(file).absolute()}"
        return [SettingFault(name, f"must {_WHOLE}, with four slashes: from this one it is {meant}")]
    return [SettingFault(name, _FOLDER)] if os.path.isdir(file) else []


_WHOLE = "name the whole path, whatever folder a command runs in"
_FOLDER = "names a folder; name a file in it"


def file_fault(path: str, *, whole: bool) -> str:
    """What is wrong with the name of a file, or nothing; `whole` says that part of a path does not do."""
    if whole and path and not Path(path).is_absolute():
        return f"must begin with a slash, and {_WHOLE}; this one is {Path.cwd()}"
    return _FOLDER if path and os.path.isdir(path) else ""
