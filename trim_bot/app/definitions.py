"""Gathers programmes, questionnaires and notices: those that are shipped and those a site brought in."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Protocol

from assessments import loader as questionnaires
from checked_toml.file_text import plain_spaces, trimmed
from checked_toml.tables import DefinitionErrors
from trim_bot.app.notices import notices
from trim_bot.app.seam.own_texts import written_by_site
from trim_bot.app.seam.work import Definitions
from trim_bot.domain.errors import SafeError
from workflows import loader as programmes
from workflows.programme import WindowClock

NOTE = "definition:"
"""Before the name of every definition a site brought in."""
RETIRED = "retired:"
"""Before the key of every definition that was ever retired; the note is the day (ISO), empty once it is used again."""


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
    retired: frozenset[str] = frozenset()
    """The keys of those that nothing new begins with."""

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
        return DefinitionLibrary(going, asking, self.retired)

    def unknown_questionnaires(self) -> list[tuple[str, str]]:
        """Programmes with a stage whose questionnaire is not here, as pairs of their keys."""
        known = {one.key for one in self.questionnaires.questionnaires}
        return [
            (programme.key, stage.questionnaire)
            for programme in self.programmes.programmes
            for stage in programme.stages
            if stage.questionnaire is not None and stage.questionnaire not in known
        ]

    def asked_for(self) -> list[tuple[str, str]]:
        """Which questionnaires those programmes ask by that something new may begin with, as pairs of their keys."""
        return [
            (programme.key, stage.questionnaire)
            for programme in self.programmes.programmes
            if programme.key not in self.retired
            for stage in programme.stages
            if stage.questionnaire is not None
        ]

    def scored(self) -> dict[str, int]:
        """The keys of scored questionnaires with their highest total: what a threshold may name."""
        every = self.questionnaires.questionnaires
        return {one.key: one.highest_total() for one in every if one.scored}

    def definitions(self, *, files_sign: bool = False) -> Definitions:
        """What handlers are given. `files_sign`: everybody is made up, so what is brought in counts as signed."""
        came = {one.key for one in questionnaires.shipped().questionnaires}
        here = {one.key for one in self.questionnaires.questionnaires}
        ours = {one.key for one in programmes.shipped().programmes}
        return Definitions(
            programmes={
                one.key: one if one.key in ours else written_by_site(one)
                for one in self.programmes.programmes
            },
            questionnaires={
                one.key: one if one.key in came else written_by_site(one)
                for one in self.questionnaires.questionnaires
            },
            notices=notices(),
            retired=self.retired,
            brought=frozenset() if files_sign else frozenset(here - came),
        )


@cache
def shipped() -> DefinitionLibrary:
    """What comes with the package, read once."""
    return DefinitionLibrary(programmes.shipped(), questionnaires.shipped())


class NotesByPrefix(Protocol):
    """Where short texts of the deployment are found by the beginning of their names."""

    async def under(self, prefix: str) -> Mapping[str, str]:
        """Every note whose name begins so. Raises StoreUnavailable."""
        ...


async def library_of(notes: NotesByPrefix) -> DefinitionLibrary:
    """What comes with the package and what a site brought in, less what it retired from new use.

    Raises DefinitionFaults, StoreUnavailable.
    """
    return gathered(await notes.under(NOTE), await notes.under(RETIRED))


def gathered(notes: Mapping[str, str], retired: Mapping[str, str]) -> DefinitionLibrary:
    """What comes with the package and what was kept in notes under `NOTE` and `RETIRED`. Raises DefinitionFaults."""
    texts = {}
    for note in notes.values():
        kept = json.loads(note)
        texts[str(kept["file"])] = str(kept["text"])
    ended = frozenset(name.removeprefix(RETIRED) for name, since in retired.items() if since)
    return replace(shipped().with_texts(texts), retired=ended)


def as_note(file: str, text: str, since: date) -> str:
    """How one definition file is kept; `since` is the day it was brought in."""
    return json.dumps({"file": file, "text": text, "since": since.isoformat()})


def key_of(text: str) -> str:
    """Id and version of a definition that was read without a fault, such as `trim_style_v1`."""
    head = tomllib.loads(plain_spaces(text))
    return f"{trimmed(head['id'])}_v{head['version']}"


class NoSuchDefinition(SafeError):
    """Nothing of this id and version is here."""

    text = "There is no such definition: trim-bot definitions list says which there are"


class StillNeeded(SafeError):
    """Without it something could not begin any more."""


CLOCKS = {
    WindowClock.TRAUMA: "hard events",
    WindowClock.AGREED: "requests about stress",
}
"""What begins with a programme of each clock, as people read it."""


def retired_from(library: DefinitionLibrary, key: str) -> DefinitionLibrary:
    """The library without this one for anything new. Raises NoSuchDefinition, StillNeeded."""
    _must_be_there(library, key)
    after = replace(library, retired=library.retired | {key})
    for clock, what in CLOCKS.items():
        if library.definitions().begun_by(clock) and not after.definitions().begun_by(clock):
            raise StillNeeded(f"{key} is the last programme for {what}: bring another in first")
    if needing := [one for one, asking in after.asked_for() if asking == key]:
        raise StillNeeded(f"{needing[0]} asks by {key}: retire that programme first")
    return after


def restored_to(library: DefinitionLibrary, key: str) -> DefinitionLibrary:
    """The library with this one for new use again. Raises NoSuchDefinition, StillNeeded."""
    _must_be_there(library, key)
    after = replace(library, retired=library.retired - {key})
    if lacking := [asking for one, asking in after.asked_for() if one == key and asking in after.retired]:
        raise StillNeeded(f"{key} asks by {lacking[0]}: restore that questionnaire first")
    return after


def _must_be_there(library: DefinitionLibrary, key: str) -> None:
    programmes = {one.key for one in library.programmes.programmes}
    if key not in programmes | {one.key for one in library.questionnaires.questionnaires}:
        raise NoSuchDefinition


@dataclass(frozen=True, slots=True)
class Change:
    """What begins otherwise from now on."""

    what: str
    """Such as `hard events`."""
    before: str
    """The key of the programme it began with; empty where there was none."""
    after: str

    @property
    def sentence(self) -> str:
        """It, as people read it."""
        ending = f" Running ones keep {self.before}." if self.before else ""
        return f"From now on new {self.what} begin with {self.after}.{ending}"


def changes(before: DefinitionLibrary, after: DefinitionLibrary) -> list[Change]:
    """What begins otherwise once one library is in the place of the other."""
    found = []
    for clock, what in CLOCKS.items():
        old, new = before.definitions().begun_by(clock), after.definitions().begun_by(clock)
        if new is not None and new != old:
            found.append(Change(what, old.key if old else "", new.key))
    return found
