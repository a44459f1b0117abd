"""Adds up an interview and says what may be read from it: a signed threshold, and like compared with like only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

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


class Advice(Enum):
    """What the score suggests to the practitioner; none of these is reassurance."""

    NONE_SET = "none_set"
    """No clinical lead has signed a threshold, so the score suggests nothing."""
    INCOMPLETE = "incomplete"
    """Too little was discussed for the score to suggest anything."""
    NO_PROMPT = "no_prompt"
    """The score prompts nothing; the conversation decides."""
    DISCUSS = "discuss"
    """Talk it over with the supervising practitioner."""
    OFFER_HELP = "offer_help"
    """Offer a step on to professional help."""


class ThresholdRefused(ValueError):
    """A threshold without a signature, or one that a score stuck at zero would reach."""

    def __str__(self) -> str:
        return "A threshold needs a floor and a step of 1 or more, and the name of who signed it."


@dataclass(frozen=True, slots=True)
class Threshold:
    """A site's signed threshold, in points of one questionnaire. There is no default.

    `floor` is the total from which a score is talked over; `step` is the rise since the first interview that
    prompts an offer of help by itself. Raises `ThresholdRefused` below 1 or unsigned.
    """

    floor: int
    step: int
    signed_by: str
    signed_on: date

    def __post_init__(self) -> None:
        if self.floor < 1 or self.step < 1 or not self.signed_by.strip():
            raise ThresholdRefused


def advise(first: Score | None, later: Score, threshold: Threshold | None, *, overridden: bool) -> Advice:
    """What the interview just held (`later`) suggests; `first` is None when it is itself the first.

    Rule (`reference/domain.md` §1): offer help if anything overrides the score; or if the follow-up is at or
    above the floor and has not fallen; or if it rose by the step. A score at or above the floor is otherwise
    talked over. The change counts the factors that both forms share and that can change. A rise shows even
    where an item outside those factors was not discussed.

    Raises `NotComparable` when the two interviews are not alike.
    """
    comparison = None if first is None else compare(first, later)
    if overridden:
        return Advice.OFFER_HELP
    if threshold is None:
        return Advice.NONE_SET
    change = None if comparison is None else comparison.change
    if change is not None and change >= threshold.step:
        return Advice.OFFER_HELP
    if later.total is None:
        return Advice.INCOMPLETE
    if later.total >= threshold.floor:
        return Advice.OFFER_HELP if change is not None and change >= 0 else Advice.DISCUSS
    if comparison is not None and change is None:
        return Advice.INCOMPLETE
    return Advice.NO_PROMPT


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
