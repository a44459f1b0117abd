"""Holding the structured interview, its result, and help that cannot wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trim_bot.app.command import Command, Opening


@dataclass(frozen=True, slots=True)
class OpenInterview(Opening):
    """Show the notice, or the first step that has not been kept."""

    check_in: str


@dataclass(frozen=True, slots=True)
class OpenNotice(Opening):
    """Show the notice of confidentiality and its limits."""

    check_in: str


@dataclass(frozen=True, slots=True)
class AcknowledgeNotice(Command):
    """Record that the person heard the notice and went on."""

    check_in: str
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class OpenStep(Opening):
    """Show one step of an interview, with its draft."""

    check_in: str
    at: str


@dataclass(frozen=True, slots=True)
class KeepStep(Command):
    """Keep the answers of one step and go on to the next."""

    check_in: str
    at: str
    answers: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class StepBack(Command):
    """Go to an earlier step; what stands in the fields is kept."""

    check_in: str
    at: str
    to: str
    answers: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class OpenEnding(Opening):
    """Show the last step: what would override any score."""

    check_in: str


@dataclass(frozen=True, slots=True)
class FinishInterview(Command):
    """Finish and score the interview. `also` are conversations about other events that it stands for."""

    check_in: str
    overrides: tuple[str, ...]
    note: str = field(repr=False)
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenResult(Opening):
    """Show the result, to the practitioner alone."""

    check_in: str


@dataclass(frozen=True, slots=True)
class ChooseNext(Command):
    """Choose what follows: `keep`, `refer`, `lead`, `another` or `close`."""

    check_in: str
    then: str


@dataclass(frozen=True, slots=True)
class OpenSafety(Opening):
    """Show the fixed safety screen for a case."""

    case: str


@dataclass(frozen=True, slots=True)
class CallForSafety(Command):
    """Keep the draft, show the safety screen, and call lead, deputy and cover."""

    case: str
    check_in: str
    at: str
    answers: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class OpenSafetyCall(Opening):
    """Show a safety call to someone who was called: whom to ring."""

    case: str


@dataclass(frozen=True, slots=True)
class AcknowledgeSafety(Command):
    """Say that one has it; the call ends for the others."""

    case: str


@dataclass(frozen=True, slots=True)
class OpenReferral(Opening):
    """Show the services that help could be arranged with."""

    case: str


@dataclass(frozen=True, slots=True)
class OfferReferral(Command):
    """Record that help was offered, and what the person said: `yes`, `no` or `later`."""

    case: str
    service: str
    answer: str


@dataclass(frozen=True, slots=True)
class OpenReferralMove(Opening):
    """Show where a referral stands and what can come next."""

    referral: str


@dataclass(frozen=True, slots=True)
class MoveReferral(Command):
    """Record the next state of a referral."""

    referral: str
    state: str
