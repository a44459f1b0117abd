"""The shape of a programme once its definition has been read: frozen, checked, nothing of TOML left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class WindowClock(Enum):
    """What a programme's windows count from."""

    TRAUMA = "trauma"
    """The end of the exposure; nothing opens within 72 hours of it."""
    AGREED = "agreed"
    """Only what the person agrees to; there is no event to count from."""


class Anchor(Enum):
    """Which moment "one month" counts from; a site may choose."""

    EXPOSURE_END = "exposure_end"
    """The end of the exposure."""
    FIRST_INTERVIEW = "first_interview"
    """The day the first interview was held."""


class CountsAs(Enum):
    """Under what a held conversation is counted."""

    FIRST = "first"
    """The first conversation after a hard event."""
    MONTH = "month"
    """The conversation about a month after a hard event."""
    STRESS = "stress"
    """A conversation about stress, at whatever time it is held."""
    LATER = "later"
    """A later contact after a hard event; it stands for neither of the two before it."""


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Opens a number of elapsed hours after the exposure ended and closes softly some days later.

    `opens_after` is elapsed time, at least 72 hours. `closes_after_days` are local calendar days from the
    end of the exposure. However late the case starts, the stage stays open for `least_open_days`.
    """

    opens_after: timedelta
    closes_after_days: int
    least_open_days: int


@dataclass(frozen=True, slots=True)
class Around:
    """Due some local calendar days after `anchor`, with a window of days on either side.

    Never due sooner than `after_first_days` after the first interview: that is the late-start rule.
    """

    anchor: Anchor
    due_after_days: int
    window_days: int
    after_first_days: int


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Opens when the case opens and closes softly `closes_after_days` local calendar days later."""

    closes_after_days: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """Held on a date agreed with the person, or `usual_after_days` after the last contact if none was named.

    May be held again, until `contacts_at_most` contacts of every kind have been held in the case.
    """

    usual_after_days: int
    window_days: int
    contacts_at_most: int


Timing = NotBefore | Around | AtOnce | Agreed


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a programme. `questionnaire` is an id with its version, such as `trauma_first_v1`."""

    id: str
    label: str
    questionnaire: str | None
    timing: Timing
    asks_story: bool
    counts_as: CountsAs
    """As its programme says; a definition from before there was a word for it counts by its times."""


@dataclass(frozen=True, slots=True)
class OfferRules:
    """When an unanswered or "not now" offer is made once more, and when it closes; days from the first offer.

    There is one later offer at most, so its number is no setting.
    """

    reoffer_after_days: int
    closes_after_days: int


@dataclass(frozen=True, slots=True)
class Programme:
    """A published definition; the same id and version always mean the same stages."""

    id: str
    version: int
    name: str
    clock: WindowClock
    offer: OfferRules
    stages: tuple[Stage, ...]

    @property
    def key(self) -> str:
        """The id with its version, as a case keeps it."""
        return f"{self.id}_v{self.version}"

    def stage(self, stage_id: str) -> Stage:
        """The stage with this id. Raises `UnknownStage`."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise UnknownStage

    def stages_after(self, stage_id: str) -> tuple[Stage, ...]:
        """The stages that follow the one with this id, in order. Raises `UnknownStage`."""
        return self.stages[self.stages.index(self.stage(stage_id)) + 1 :]


class UnknownStage(LookupError):
    """The programme has no stage with that id."""

    def __str__(self) -> str:
        return "This programme has no such stage."
