"""What an interview leads to, as data: the engine names it and the desk carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workflows.windows import Planned


class Advised(Enum):
    """What a score suggests to the practitioner; it decides nothing."""

    NOTHING = "none"
    """The score suggests nothing: none was signed for, it is incomplete, or it is below the signed floor."""
    DISCUSS = "discuss"
    """Talk it over with the supervising practitioner."""
    OFFER_HELP = "offer_help"
    """Offer a step on to professional help."""


class Override(Enum):
    """What outweighs any score. Each is asked of the practitioner, never worked out."""

    SAFETY = "safety"
    """Someone may come to harm."""
    CANNOT_FUNCTION = "cannot_function"
    """The person cannot manage daily life."""
    PERSON_ASKS = "person_asks"
    """The person asks for professional help."""
    UNEASY = "uneasy"
    """The practitioner is uneasy, whatever the answers say."""


class Reason(Enum):
    """Why an effect was named."""

    SAFETY = "safety"
    """A safety concern."""
    CANNOT_FUNCTION = "cannot_function"
    """The person cannot manage daily life."""
    PERSON_ASKS = "person_asks"
    """The person asked."""
    UNEASY = "uneasy"
    """The practitioner is uneasy."""
    SCORE = "score"
    """The score and the signed threshold."""
    SECOND_EXPOSURE = "second_exposure"
    """Another hard event came while the case was open."""
    NOT_REACHED = "not_reached"
    """Several tries to get in touch came to nothing."""
    CONTACTS_USED = "contacts_used"
    """The programme's contacts are used up; other help may suit better than more of the same."""


@dataclass(frozen=True, slots=True)
class PlanStage:
    """Plan this stage, or move it if it is planned already."""

    planned: Planned


@dataclass(frozen=True, slots=True)
class OfferReferral:
    """Offer a step on to professional help, now; never empty, in the order of `Reason`."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class AskSupervisor:
    """Ask the practitioner to talk it over with the supervising practitioner."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class CallForSafety:
    """Human contact now; hours and leave are ignored."""


@dataclass(frozen=True, slots=True)
class MayClose:
    """Nothing further is planned or just now offered; a person decides whether to close."""


Effect = PlanStage | OfferReferral | AskSupervisor | CallForSafety | MayClose
