"""Learns from towns whose truth is known how to guess in others: a tree of yes-or-no questions about small numbers.

A tree, since one clue matters only beside another: a message at an odd minute tells much after an event with one
person, and little after one with five. The shares at its leaves also say how sure a guess is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

Row = tuple[int, ...]
LEAST_IN_A_LEAF = 10
CLEAR = 12.0
"""By how much the likelihood must grow for a question to be asked: chance alone comes to it once in some hundred."""
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Leaf:
    """What was true of the towns that came here."""

    truths: Counter[str]

    def shares(self) -> dict[str, float]:
        """How likely each truth is."""
        many = self.truths.total()
        return {truth: count / many for truth, count in self.truths.items()}


@dataclass(frozen=True, slots=True)
class Fork:
    """A question: is this number at most so much?"""

    place: int
    most: int
    less: Leaf | Fork
    more: Leaf | Fork


Tree = Leaf | Fork


def learned(rows: Sequence[Row], truths: Sequence[str], depth: int = DEEPEST) -> Tree:
    """The tree that these rows and their truths grow."""
    whole = Counter(truths)
    best = _best_question(rows, truths, whole) if depth and len(whole) > 1 else None
    if best is None:
        return Leaf(whole)
    place, most = best
    less = [index for index, row in enumerate(rows) if row[place] <= most]
    more = [index for index, row in enumerate(rows) if row[place] > most]
    sides = [
        learned([rows[index] for index in side], [truths[index] for index in side], depth - 1)
        for side in (less, more)
    ]
    return Fork(place, most, *sides)


def shares(tree: Tree, row: Row) -> dict[str, float]:
    """How likely each truth is for a row."""
    while isinstance(tree, Fork):
        tree = tree.less if row[tree.place] <= tree.most else tree.more
    return tree.shares()


def _best_question(rows: Sequence[Row], truths: Sequence[str], whole: Counter[str]) -> tuple[int, int] | None:
    best, found = CLEAR, None
    for place in range(len(rows[0])):
        by_value: dict[int, Counter[str]] = defaultdict(Counter)
        for row, truth in zip(rows, truths, strict=True):
            by_value[row[place]][truth] += 1
        less: Counter[str] = Counter()
        for value in sorted(by_value)[:-1]:
            less.update(by_value[value])
            if not LEAST_IN_A_LEAF <= less.total() <= len(rows) - LEAST_IN_A_LEAF:
                continue
            grows = 2 * (_likelihood(less) + _likelihood(whole - less) - _likelihood(whole))
            if grows > best:
                best, found = grows, (place, value)
    return found


def _likelihood(counted: Counter[str]) -> float:
    many = counted.total()
    return sum(count * log(count / many) for count in counted.values() if count)
