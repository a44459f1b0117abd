"""What a clinical lead can ask of the pages on which they sign."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening


@dataclass(frozen=True, slots=True)
class OpenThreshold(Opening):
    """Show the form for signing the threshold of one questionnaire; `seen` is a digest of how it stood."""

    questionnaire: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class SignThreshold(Command):
    """Put a threshold into force, signed by whoever asks."""

    questionnaire: str
    seen: str
    floor: str
    rise: str


@dataclass(frozen=True, slots=True)
class EndThreshold(Command):
    """Let a questionnaire have no threshold any more."""

    questionnaire: str


@dataclass(frozen=True, slots=True)
class OpenQuestionnaire(Opening):
    """Show the questions of one questionnaire, from a place among them on."""

    questionnaire: str
    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class SignQuestionnaire(Command):
    """Let new talks begin by a questionnaire that the site brought in."""

    questionnaire: str


@dataclass(frozen=True, slots=True)
class EndQuestionnaire(Command):
    """Take the signature under a questionnaire back."""

    questionnaire: str
