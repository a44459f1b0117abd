"""Holding the structured interview, its result, and help that cannot wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.ids import CaseId, CheckInId
from workflows.engine import Override


@dataclass(frozen=True, slots=True)
class OpenNotice(Opening):
    """Show the notice of confidentiality and its limits."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class AcknowledgeNotice(Command):
    """Record that the person heard the notice and went on."""

    check_in: CheckInId
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class OpenStep(Opening):
    """Show one step of an interview, with its draft."""

    check_in: CheckInId
    at: str
    seen: str = ""
    """What had been kept of the step when its form was drawn, as a digest."""


@dataclass(frozen=True, slots=True)
class KeepStep(Command):
    """Keep the answers of one step and go on to the next."""

    check_in: CheckInId
    at: str
    answers: Mapping[str, object] = field(repr=False)
    seen: str = ""


@dataclass(frozen=True, slots=True)
class StepBack(Command):
    """Go to an earlier step; what stands in the fields is kept."""

    check_in: CheckInId
    at: str
    to: str
    answers: Mapping[str, object] = field(default_factory=dict, repr=False)
    seen: str = ""


@dataclass(frozen=True, slots=True)
class OpenEnding(Opening):
    """Show the last step: what would override any score."""

    check_in: CheckInId
    seen: str = ""
    """What had been kept of the whole interview when its form was drawn, as a digest."""


@dataclass(frozen=True, slots=True)
class FinishInterview(Command):
    """Finish and score the interview. `also` are conversations about other events that it stands for."""

    check_in: CheckInId
    overrides: tuple[Override, ...]
    note: str = field(repr=False)
    also: tuple[CheckInId, ...] = ()
    seen: str = ""


class AfterTalk(Enum):
    """What follows a talk, as the practitioner decides with the person."""

    KEEP = "keep"
    """It goes on as it is."""
    REFER = "refer"
    """Other help is offered."""
    LEAD = "lead"
    """It is talked over with the lead."""
    ANOTHER = "another"
    """Another talk is agreed."""
    CLOSE = "close"
    """The talks end."""


@dataclass(frozen=True, slots=True)
class ChooseNext(Command):
    """Choose what follows."""

    check_in: CheckInId
    then: AfterTalk


@dataclass(frozen=True, slots=True)
class OpenLeads(Opening):
    """Show whom to talk a case over with, from a place in their list on."""

    case: CaseId
    after: ListPlace = FIRST
