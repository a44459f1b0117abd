"""Where a view is drawn: where its forms are sent, with what proof, and how its ids are numbered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from integrations.web.ports import People


@dataclass(frozen=True, slots=True)
class Frame:
    """The surroundings of one drawn view. `level` is the level of its title, 1 or 2."""

    csrf: str = field(repr=False)
    base: str = "/f/"
    people: People = field(default=(), repr=False)
    level: int = 1
    prefix: str = "f"

    def action(self, name: str) -> str:
        """Where a form of this name is sent."""
        return self.base + quote(name, safe="")


class Ids:
    """Gives each field of a page an id of its own, whatever the fields are called."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._used: set[str] = set()

    def give(self, name: str) -> str:
        """`f-when` for the field `when`, with a number after it when that is taken."""
        plain = f"{self._prefix}-{re.sub(r'[^A-Za-z0-9_]', '_', name)}"
        chosen, number = plain, 2
        while chosen in self._used:
            chosen, number = f"{plain}~{number}", number + 1
        self._used.add(chosen)
        return chosen
