"""Turns programme definitions into dataclasses, and says everything wrong with them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from importlib.resources import files
from typing import assert_never

from checked_toml.tables import DefinitionError, DefinitionErrors, Table, root
from workflows.programme import (
    Agreed,
    Anchor,
    Around,
    AtOnce,
    CountsAs,
    NotBefore,
    OfferRules,
    Programme,
    Stage,
    Timing,
    WindowClock,
)


class _When(Enum):
    """How a stage names its time in a definition."""

    NOT_BEFORE = "not_before"
    """Elapsed hours after the exposure ended."""
    AROUND = "around"
    """A number of days on, give or take."""
    AT_ONCE = "at_once"
    """As soon as the case opens."""
    AGREED = "agreed"
    """A date agreed with the person."""


_STARTS = {WindowClock.TRAUMA: NotBefore, WindowClock.AGREED: AtOnce}
_FOLLOWS = {WindowClock.TRAUMA: Around, WindowClock.AGREED: Agreed}


class UnknownProgramme(LookupError):
    """No programme of that key was loaded."""

    def __str__(self) -> str:
        return "There is no such programme."


@dataclass(frozen=True, slots=True)
class LoadedProgrammes:
    """The programmes read, in the order of their files."""

    programmes: tuple[Programme, ...] = ()

    def get(self, key: str) -> Programme:
        """The programme with this key, such as `trim_style_v1`. Raises `UnknownProgramme`."""
        for programme in self.programmes:
            if programme.key == key:
                return programme
        raise UnknownProgramme

    def latest(self, programme_id: str) -> Programme:
        """The highest version of this id. Raises `UnknownProgramme`."""
        versions = [programme for programme in self.programmes if programme.id == programme_id]
        if not versions:
            raise UnknownProgramme
        return max(versions, key=lambda programme: programme.version)


_NOTHING = LoadedProgrammes()


def load_programmes(texts: Mapping[str, str], *, known: LoadedProgrammes = _NOTHING) -> LoadedProgrammes:
    """Reads definitions (file name to TOML text) and returns them after those already `known`.

    Raises `DefinitionErrors` holding every fault of every file, each with its file and line.
    """
    errors: list[DefinitionError] = []
    programmes = list(known.programmes)
    for file, text in texts.items():
        table = root(file, text, errors)
        if table is None:
            continue
        programme = _programme(table)
        if programme.id and programme.key in {other.key for other in programmes}:
            table.fault("version", "This id and version are taken; a published definition never changes.")
        programmes.append(programme)
    if errors:
        raise DefinitionErrors(errors)
    return LoadedProgrammes(tuple(programmes))


def shipped() -> LoadedProgrammes:
    """The programmes that come with the package."""
    folder = files("workflows") / "definitions"
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name
    )
    return load_programmes({entry.name: entry.read_text(encoding="utf-8") for entry in found})


def _programme(table: Table) -> Programme:
    programme_id, version, name = table.name("id"), table.number("version", 1, 9999), table.text("name")
    clock = table.one_of("clock", WindowClock)
    offer = _offer(table.table("offer"))
    rows = table.tables("stages")
    stages = [_stage(row) for row in rows]
    _check_stages(clock, rows, stages)
    _check_counts(clock, rows, stages)
    table.refuse_unknown()
    kept = tuple(stage for stage in stages if stage is not None)
    return Programme(programme_id, version, name, clock or WindowClock.AGREED, offer, kept)


def _offer(table: Table) -> OfferRules:
    rules = OfferRules(table.number("reoffer_after_days", 1, 90), table.number("closes_after_days", 1, 180))
    if 0 < rules.closes_after_days <= rules.reoffer_after_days:
        table.fault("closes_after_days", "An offer must close after it is made again.")
    table.refuse_unknown()
    return rules


def _stage(table: Table) -> Stage | None:
    stage_id, label, asks_story = table.name("id"), table.text("label"), table.take("asks_story", bool)
    questionnaire = table.name("questionnaire") if "questionnaire" in table.values else None
    when = table.one_of("when", _When)
    if when is None:
        return None  # Which other keys belong here is not known, so none of them is called wrong.
    timing = _timing(table, when)
    named = table.one_of("counts_as", CountsAs) if "counts_as" in table.values else None
    table.refuse_unknown()
    return Stage(stage_id, label, questionnaire, timing, asks_story, named or _counts_by_time(timing))


def _counts_by_time(timing: Timing) -> CountsAs:
    """What a stage counts as whose definition does not say: those published first have no word for it."""
    match timing:
        case NotBefore():
            return CountsAs.FIRST
        case Around():
            return CountsAs.MONTH
        case AtOnce() | Agreed():
            return CountsAs.STRESS
        case _:
            assert_never(timing)


def _timing(table: Table, when: _When) -> Timing:
    match when:
        case _When.NOT_BEFORE:
            hours = table.number("opens_after_hours", 72, 672)
            closes = table.number("closes_after_days", 4, 60)
            if 0 < closes * 24 <= hours:
                table.fault("closes_after_days", "The stage would close before it opens.")
            return NotBefore(timedelta(hours=hours), closes, table.number("least_open_days", 1, 14))
        case _When.AROUND:
            window, after_first = table.number("window_days", 1, 14), table.number("after_first_days", 2, 365)
            if 0 < after_first <= window:
                table.fault("window_days", "The window would open before the first interview.")
            anchor = table.one_of("anchor", Anchor) or Anchor.EXPOSURE_END
            return Around(anchor, table.number("due_after_days", 14, 365), window, after_first)
        case _When.AT_ONCE:
            return AtOnce(table.number("closes_after_days", 1, 60))
        case _When.AGREED:
            usual, window = table.number("usual_after_days", 1, 180), table.number("window_days", 1, 14)
            return Agreed(usual, window, table.number("contacts_at_most", 2, 20))


def _check_stages(clock: WindowClock | None, rows: list[Table], stages: list[Stage | None]) -> None:
    seen: set[str] = set()
    for index, (row, stage) in enumerate(zip(rows, stages, strict=True)):
        if stage is None:
            continue
        if stage.id and stage.id in seen:
            row.fault("id", f"The stage “{stage.id}” is there twice.")
        seen.add(stage.id)
        if index and stage.asks_story:
            row.fault("asks_story", "Only the first stage may ask for the story.")
        if clock is not None:
            _check_place(clock, row, stage, first=index == 0)


def _check_counts(clock: WindowClock | None, rows: list[Table], stages: list[Stage | None]) -> None:
    """On the agreed clock everything is about stress; after a hard event nothing is."""
    for row, stage in zip(rows, stages, strict=True):
        if stage is None or clock is None:
            continue
        if (stage.counts_as is CountsAs.STRESS) is not (
            clock is WindowClock.AGREED
        ) and "counts_as" in row.values:
            row.fault("counts_as", f"“{stage.counts_as.value}” does not fit the {clock.value} clock.")


def _check_place(clock: WindowClock, row: Table, stage: Stage, *, first: bool) -> None:
    fitting = (_STARTS if first else _FOLLOWS)[clock]
    if not isinstance(stage.timing, fitting):
        wanted = {NotBefore: "not_before", AtOnce: "at_once", Around: "around", Agreed: "agreed"}[fitting]
        place = "The first stage" if first else "A later stage"
        row.fault("when", f"{place} on the {clock.value} clock must be “{wanted}”.")
