"""Holding the structured interview, its result, and help that cannot wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trim_bot.app.seam.command import Command, Opening


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
class ChooseNext(Command):
    """Choose what follows: `keep`, `refer`, `lead`, `another` or `close`."""

    check_in: str
    then: str
