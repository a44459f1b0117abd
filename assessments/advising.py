"""Says what a score suggests, under a threshold that a named clinical lead has signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from assessments.comparing import compare
from assessments.scoring import Score


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
