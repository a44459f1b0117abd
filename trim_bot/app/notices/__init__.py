"""What people are told before the first question: what stays private, and the limits of that."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from trim_bot.domain.errors import SafeError


class UnknownNotice(SafeError):
    """No notice of that id comes with the desk."""

    text = "There is no such notice of confidentiality"


@dataclass(frozen=True, slots=True)
class Notice:
    """One published wording. It never changes; a correction is a notice with the next version."""

    id: str
    """Jurisdiction and version, such as `uk-1`: what a case keeps once the notice was acknowledged."""
    version: int
    title: str
    lines: tuple[str, ...]
    """One short paragraph each, to be shown in this order."""
    note: str = ""
    """For whoever sets up the site, never for the person."""


def notice(id: str) -> Notice:
    """The notice with this id, such as `uk-1`. Raises `UnknownNotice`."""
    try:
        return notices()[id]
    except KeyError:
        raise UnknownNotice from None


@cache
def notices() -> Mapping[str, Notice]:
    """Every notice that comes with the desk, by id."""
    texts = (
        entry.read_text(encoding="utf-8")
        for entry in (files("trim_bot.app") / "notices").iterdir()
        if entry.name.endswith(".toml")
    )
    found = sorted(map(_read, texts), key=lambda one: one.id)
    return MappingProxyType({one.id: one for one in found})


def _read(text: str) -> Notice:
    data = tomllib.loads(text)
    version = int(data["version"])
    return Notice(
        id=f"{data['id']}-{version}",
        version=version,
        title=str(data["title"]),
        lines=tuple(str(line) for line in data["lines"]),
        note=str(data["note"]),
    )
