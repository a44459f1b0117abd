"""Adds up an interview; what was not answered is never taken for zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.questionnaire import Answer, Item, Questionnaire


class NotScored(ValueError):
    """The questionnaire is a conversation and has no points to add."""

    def __str__(self) -> str:
        return "This questionnaire is not scored."


class AnswerRefused(ValueError):
    """An answer is for no item of this questionnaire, or is no option of its item."""

    def __str__(self) -> str:
        return "An answer does not fit this questionnaire."


@dataclass(frozen=True, slots=True)
class ItemScore:
    """The points of one item; None if it was not answered or not discussed."""

    item_id: str
    points: int | None
    can_change: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The points of one interview, an aid to the practitioner and no verdict.

    `total` is None while any scored item lacks an answer; otherwise it lies in 0..`highest`. `answered`
    counts the scored items with points. `not_discussed` holds the ids of the others, left empty or marked so.
    """

    questionnaire_id: str
    version: int
    total: int | None
    highest: int
    answered: int
    not_discussed: tuple[str, ...]
    by_item: tuple[ItemScore, ...]
    compares_with: frozenset[str]

    @property
    def key(self) -> str:
        """The questionnaire's id with its version."""
        return f"{self.questionnaire_id}_v{self.version}"

    @property
    def complete(self) -> bool:
        """True when every scored item has an answer."""
        return self.total is not None


def score(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Score:
    """The score of these answers, by item id; the order in which they were given does not matter.

    Each scored item takes the id of one of its options. Rule: 0 to 2 points an item for the shipped
    checklists, and an unanswered item makes the total incomplete (`reference/domain.md` §1).

    Raises `NotScored`, `AnswerRefused`.
    """
    if not questionnaire.scored:
        raise NotScored
    if answers.keys() - {item.id for item in questionnaire.items()}:
        raise AnswerRefused
    by_item = tuple(
        ItemScore(item.id, _points(item, answers.get(item.id)), item.can_change)
        for item in questionnaire.scored_items()
    )
    known = [item.points for item in by_item if item.points is not None]
    return Score(
        questionnaire_id=questionnaire.id,
        version=questionnaire.version,
        total=sum(known) if len(known) == len(by_item) else None,
        highest=questionnaire.highest_total(),
        answered=len(known),
        not_discussed=tuple(item.item_id for item in by_item if item.points is None),
        by_item=by_item,
        compares_with=questionnaire.compares_with,
    )


def _points(item: Item, answer: Answer | None) -> int | None:
    if answer is None:
        return None
    for option in item.options:
        if option.id == answer:
            return option.points
    raise AnswerRefused
