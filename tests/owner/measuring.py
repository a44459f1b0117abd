"""How much better somebody guesses with the messages than without, by three attackers, with its interval."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from tests.owner.clues import Kind, Question, Wondered
from tests.owner.learning import Row, learned, shares

SURE = 0.9
"""From this share on the owner is sure of a guess."""
RESAMPLES = 400


class Attacker(Enum):
    """Who guesses, each with what every employer knows and the kinds of clues named."""

    FREQUENCY = (Kind.HOW_MANY,)
    """Counts messages."""
    TIMING = (Kind.WHEN,)
    """Looks at the clock."""
    TRAINED = (Kind.HOW_MANY, Kind.WHEN, Kind.WHAT, Kind.PRESSES)
    """Has learned from other towns what goes with what."""


@dataclass(frozen=True, slots=True)
class Advantage:
    """Points above the best guess without messages, between `low` and `high` in 95 of 100 draws of towns."""

    question: Question
    attacker: Attacker
    people: int
    without: float
    """Right guesses in a hundred without any message, were each answer as likely as any other."""
    points: float
    low: float
    high: float
    plain: float
    """Points where answers are as likely as they were in these towns."""
    sure: float
    """Of a hundred people of whom yes is true, of how many the owner is sure, and right."""


def advantages(found: Sequence[Wondered]) -> list[Advantage]:
    """Every question by every attacker. Who guesses in a town has learned from the towns of the other half."""
    by_question: dict[Question, list[Wondered]] = defaultdict(list)
    for one in found:
        by_question[one.question].append(one)
    return [
        _advantage(question, attacker, ones)
        for question, ones in by_question.items()
        for attacker in Attacker
    ]


def _advantage(question: Question, attacker: Attacker, ones: Sequence[Wondered]) -> Advantage:
    """What an attacker gains. It is counted as if each answer were as likely as any other: where nearly all answer
    alike, to guess that everybody does is right nearly always, and would hide what messages tell of the few."""
    before, after = _views(ones, ()), _views(ones, attacker.value)
    towns: dict[int, Scores] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    plain = 0
    for one, without, with_all in zip(ones, before, after, strict=True):
        score = towns[one.town][one.truth]
        score[0] += 1
        score[1] += without.guess() == one.truth
        score[2] += with_all.guess() == one.truth
        plain += (with_all.likeliest() == one.truth) - (without.likeliest() == one.truth)
    scores = list(towns.values())
    chance = random.Random("towns drawn again")
    drawn = [_gained(chance.choices(scores, k=len(scores))) for _ in range(RESAMPLES)]
    points = sorted(one for _, one in drawn)
    without_any, gained = _gained(scores)
    known = [
        view.shares.get("yes", 0.0) >= SURE
        for view, one in zip(after, ones, strict=True)
        if one.truth == "yes"
    ]
    return Advantage(
        question, attacker, len(ones), without_any, gained, points[RESAMPLES // 40], points[-RESAMPLES // 40 - 1],
        100 * plain / len(ones), 100 * sum(known) / max(len(known), 1),
    )  # fmt: skip


Scores = dict[str, list[int]]
"""By what is true: of how many, how many were guessed without messages, and with them."""


def _gained(towns: Iterable[Mapping[str, Sequence[int]]]) -> tuple[float, float]:
    """Right in a hundred without messages, and the points gained by them, each answer weighing alike."""
    whole: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for town in towns:
        for truth, score in town.items():
            held = whole[truth]
            for place in range(3):
                held[place] += score[place]
    many = max(len(whole), 1)
    without, with_all = (sum(held[place] / held[0] for held in whole.values()) for place in (1, 2))
    return 100 * without / many, 100 * (with_all - without) / many


@dataclass(frozen=True, slots=True)
class View:
    """How likely each truth seems of somebody, and how usual it was where that was learned."""

    shares: Mapping[str, float]
    usual: Mapping[str, int]

    def likeliest(self) -> str:
        """What is true most often."""
        return max(sorted(self.shares), key=self.shares.__getitem__)

    def guess(self) -> str:
        """What has become likelier most, beside what is usual."""
        return max(sorted(self.shares), key=lambda truth: self.shares[truth] / self.usual[truth])


def _views(ones: Sequence[Wondered], kinds: Iterable[Kind]) -> list[View]:
    used = (Kind.KNOWN, *kinds)
    rows: list[Row] = [tuple(number for kind in used for number in one.clues[kind]) for one in ones]
    trees, usual = {}, {}
    for half in (0, 1):
        others = [index for index, one in enumerate(ones) if one.town % 2 != half]
        truths = [ones[index].truth for index in others]
        trees[half], usual[half] = learned([rows[index] for index in others], truths), Counter(truths)
    return [
        View(shares(trees[one.town % 2], row), usual[one.town % 2])
        for row, one in zip(rows, ones, strict=True)
    ]
