"""Compares two interviews factor by factor, like with like only."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.scoring import Score


class NotComparable(ValueError):
    """The two questionnaires do not say that their items mean the same."""

    def __str__(self) -> str:
        return "These two questionnaires cannot be compared."


@dataclass(frozen=True, slots=True)
class FactorChange:
    """One factor's points at both interviews."""

    item_id: str
    first: int
    later: int

    @property
    def change(self) -> int:
        """Points gained since the first interview; more points, more difficulty."""
        return self.later - self.first


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed on the factors both interviews share and that can change.

    `change` is their total, None while one of them lacks an answer (those are in `left_out`).
    """

    factors: tuple[FactorChange, ...]
    left_out: tuple[str, ...]
    change: int | None


def compare(first: Score, later: Score) -> Comparison:
    """Compares a later interview with the first.

    Items on one form only, and items that cannot change, are not counted. Raises `NotComparable` unless both
    use the same questionnaire and version, or the later one declares the first in `compares_with`.
    """
    if first.key != later.key and first.key not in later.compares_with:
        raise NotComparable
    before = {item.item_id: item for item in first.by_item}
    factors: list[FactorChange] = []
    left_out: list[str] = []
    for item in later.by_item:
        earlier = before.get(item.item_id)
        if earlier is None or not item.can_change:
            continue
        if earlier.points is None or item.points is None:
            left_out.append(item.item_id)
        else:
            factors.append(FactorChange(item.item_id, earlier.points, item.points))
    whole = bool(factors) and not left_out
    change = sum(factor.change for factor in factors) if whole else None
    return Comparison(tuple(factors), tuple(left_out), change)
