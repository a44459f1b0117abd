"""Gathers programmes, questionnaires and notices: those that are shipped and those a site brought in."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assessments import loader as questionnaires
from checked_toml.tables import DefinitionErrors
from trim_bot.app.notices import notices
from trim_bot.app.seam.work import Definitions
from trim_bot.domain.errors import SafeError
from workflows import loader as programmes

NOTE = "definition:"
"""Before the name of every definition a site brought in."""


class DefinitionFaults(SafeError):
    """Every fault of every definition read together, one a line, each with file and line."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class DefinitionTexts:
    """Definition files by name, told apart by what is in them."""

    programmes: Mapping[str, str]
    questionnaires: Mapping[str, str]


def sorted_texts(texts: Mapping[str, str]) -> DefinitionTexts:
    """Questionnaires have groups; whatever has none is read as a programme, which says what is missing."""
    asking = {name: text for name, text in texts.items() if "[[groups" in text}
    rest = {name: text for name, text in texts.items() if name not in asking}
    return DefinitionTexts(rest, asking)


@dataclass(frozen=True, slots=True)
class DefinitionLibrary:
    """Every programme and questionnaire of this deployment."""

    programmes: programmes.LoadedProgrammes
    questionnaires: questionnaires.LoadedQuestionnaires

    def with_texts(self, texts: Mapping[str, str]) -> DefinitionLibrary:
        """This library and more files. Raises DefinitionFaults with every fault of all of them."""
        sorted_by_kind = sorted_texts(texts)
        faults: list[str] = []
        asking, going = self.questionnaires, self.programmes
        try:
            asking = questionnaires.load_questionnaires(sorted_by_kind.questionnaires, known=asking)
        except DefinitionErrors as found:
            faults += map(str, found.errors)
        try:
            going = programmes.load_programmes(sorted_by_kind.programmes, known=going)
        except DefinitionErrors as found:
            faults += map(str, found.errors)
        if faults:
            raise DefinitionFaults(faults)
        return DefinitionLibrary(going, asking)

    def unknown_questionnaires(self) -> list[tuple[str, str]]:
        """Programmes with a stage whose questionnaire is not here, as pairs of their keys."""
        known = {one.key for one in self.questionnaires.questionnaires}
        return [
            (programme.key, stage.questionnaire)
            for programme in self.programmes.programmes
            for stage in programme.stages
            if stage.questionnaire is not None and stage.questionnaire not in known
        ]

    def scored(self) -> dict[str, int]:
        """The keys of scored questionnaires with their highest total: what a threshold may name."""
        every = self.questionnaires.questionnaires
        return {one.key: one.highest_total() for one in every if one.scored}

    def definitions(self) -> Definitions:
        """What handlers are given."""
        return Definitions(
            programmes={one.key: one for one in self.programmes.programmes},
            questionnaires={one.key: one for one in self.questionnaires.questionnaires},
            notices=notices(),
        )


@cache
def shipped() -> DefinitionLibrary:
    """What comes with the package, read once."""
    return DefinitionLibrary(programmes.shipped(), questionnaires.shipped())


def gathered(notes: Mapping[str, str]) -> DefinitionLibrary:
    """What comes with the package and what was kept in notes under `NOTE`. Raises DefinitionFaults."""
    texts = {}
    for note in notes.values():
        kept = json.loads(note)
        texts[str(kept["file"])] = str(kept["text"])
    return shipped().with_texts(texts)


def as_note(file: str, text: str) -> str:
    """How one definition file is kept."""
    return json.dumps({"file": file, "text": text})


def key_of(text: str) -> str:
    """Id and version of a definition that was read without a fault, such as `trim_style_v1`."""
    head = tomllib.loads(text)
    return f"{head['id']}_v{head['version']}"
