"""The shape of a questionnaire once its definition has been read: frozen, checked, nothing of TOML left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

NOT_DISCUSSED: Final = "not_discussed"
"""The option that every choice ends with; it is an answer, and never worth zero points."""

Answer = str | tuple[str, ...] | bool | date
"""An option's id (SCORED, CHOICE), ids (CHOICES), typed text (TEXT), yes or no (TOGGLE), a day (DATE)."""


class ItemKind(Enum):
    """What an item takes as its answer."""

    SCORED = "scored"
    """One option of the questionnaire's scale; it counts points."""
    TEXT = "text"
    """A few words."""
    CHOICE = "choice"
    """One of its own options."""
    CHOICES = "choices"
    """Any of its own options."""
    TOGGLE = "toggle"
    """Yes or no."""
    DATE = "date"
    """A day."""


@dataclass(frozen=True, slots=True)
class AnswerOption:
    """One answer to choose. `points` is None unless its item is scored; "Not discussed" never has any."""

    id: str
    text: str
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line for the practitioner to complete from the conversation.

    `can_change` says whether a later answer may differ: something long past cannot get better or worse.
    """

    id: str
    text: str
    kind: ItemKind
    options: tuple[AnswerOption, ...] = ()
    can_change: bool = False
    hint: str | None = None
    safety: frozenset[str] = frozenset()
    """Ids of its options that lead on to help for somebody who may not be safe."""


@dataclass(frozen=True, slots=True)
class Group:
    """Items that are asked together, one step of the form (before, during, after, plan)."""

    id: str
    title: str
    prompt: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Licence:
    """Under what right imported wording is used, and who at the site attested it."""

    licensor: str
    reference: str
    attested_by: str
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A published set of questions; the same id and version always mean the same items.

    `compares_with` are the keys of those whose items with the same id mean the same thing.
    `licence` is None for wording that is the project's own.
    """

    id: str
    version: int
    title: str
    note: str
    scored: bool
    groups: tuple[Group, ...]
    compares_with: frozenset[str] = frozenset()
    licence: Licence | None = None

    @property
    def key(self) -> str:
        """The id with its version, as an interview keeps it."""
        return f"{self.id}_v{self.version}"

    def items(self) -> Iterator[Item]:
        """Every item, in the order of the form."""
        for group in self.groups:
            yield from group.items

    def scored_items(self) -> tuple[Item, ...]:
        """The items that count points, in the order of the form."""
        return tuple(item for item in self.items() if item.kind is ItemKind.SCORED)

    def highest_total(self) -> int:
        """The most points that a complete interview can come to; 0 when nothing is scored."""
        return sum(max(option.points or 0 for option in item.options) for item in self.scored_items())
