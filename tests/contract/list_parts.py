"""Parts of lists for tests, with tokens and names as long as they really get."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from trim_bot.app.desk.signing import signed
from trim_bot.app.examples.sample import NOW
from trim_bot.app.seam.narrowing import narrowed
from trim_bot.app.seam.paging import ListPart, found_part, part_by_id
from trim_bot.app.seam.reading import hidden
from trim_bot.app.seam.route import Signer
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.views import View
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.tokens import SealedTokens
from trim_bot.domain.ids import new_id

T = TypeVar("T")
LONG_NAME = "Aleksandra Wiśniewska-Kowalczyk of the northern night rota"
"""About as long as names get."""
ORGANISATION = "7q2m4w9x"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A list: at most how many of its rows one page has, and how it is drawn with so many."""

    limit: int
    build: Callable[[int], Screen]


@cache
def _tokens() -> SealedTokens:
    return SealedTokens(Keyring.new())


def leaving(screen: Screen) -> View:
    """The view with tokens and hidden values as long as they really are."""
    view = narrowed(signed(screen, Signer(_tokens(), ORGANISATION, NOW)), {})
    return hidden(view, _tokens(), ORGANISATION)


def first(rows: Iterable[T]) -> ListPart[T]:
    """The part of a list that is shown first."""
    held = tuple(enumerate(rows))
    part = part_by_id(held, lambda row: f"{row[0]:026}")
    return part.holding(row for _, row in part.rows)


def middle(rows: Iterable[T]) -> ListPart[T]:
    """A part that has others on both sides, where there are so many; it has all the ways on there are."""
    held = tuple(enumerate(rows))
    one = part_by_id(held, lambda row: f"{row[0]:026}")
    part = part_by_id(held, lambda row: f"{row[0]:026}", one.after) if one.after else one
    return part.holding(row for _, row in part.rows)


def found(rows: Iterable[T]) -> ListPart[T]:
    return found_part(rows, lambda row: "name", "name")


def ids(many: int) -> list[str]:
    return [new_id() for _ in range(many)]
