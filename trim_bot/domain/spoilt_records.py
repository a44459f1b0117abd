"""A record that counts for nothing since it was altered or does not open: where it is, and nothing of what is in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpoiltRecord:
    """One of them, by its organisation, kind and id. `table` is what its kind is called where it is kept."""

    organisation: str
    kind: type[object]
    table: str
    id: str
