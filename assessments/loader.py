"""Turns questionnaire definitions into dataclasses, and says everything wrong with them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from assessments.questionnaire import (
    NOT_DISCUSSED,
    AnswerOption,
    Group,
    Item,
    ItemKind,
    Licence,
    Questionnaire,
)
from checked_toml.tables import DefinitionError, DefinitionErrors, Table, root

_NOT_DISCUSSED = AnswerOption(NOT_DISCUSSED, "Not discussed")


class UnknownQuestionnaire(LookupError):
    """No questionnaire of that key was loaded."""

    def __str__(self) -> str:
        return "There is no such questionnaire."


@dataclass(frozen=True, slots=True)
class LoadedQuestionnaires:
    """The questionnaires read, in the order of their files."""

    questionnaires: tuple[Questionnaire, ...] = ()

    def get(self, key: str) -> Questionnaire:
        """The questionnaire with this key, such as `trauma_first_v1`. Raises `UnknownQuestionnaire`."""
        for questionnaire in self.questionnaires:
            if questionnaire.key == key:
                return questionnaire
        raise UnknownQuestionnaire


_NOTHING = LoadedQuestionnaires()


def load_questionnaires(
    texts: Mapping[str, str], *, known: LoadedQuestionnaires = _NOTHING
) -> LoadedQuestionnaires:
    """Reads definitions (file name to TOML text) and returns them after those already `known`.

    "Not discussed" is added to every choice. Raises `DefinitionErrors` holding every fault of every file,
    each with its file and line.
    """
    errors: list[DefinitionError] = []
    found = {questionnaire.key: questionnaire for questionnaire in known.questionnaires}
    read: list[tuple[Table, Questionnaire]] = []
    for file, text in texts.items():
        table = root(file, text, errors)
        if table is None:
            continue
        questionnaire = _questionnaire(table)
        if questionnaire.id and questionnaire.key in found:
            table.fault("version", "This id and version are taken; a published definition never changes.")
        found.setdefault(questionnaire.key, questionnaire)
        read.append((table, questionnaire))
    if len(read) == len(texts):  # Otherwise the one to compare with may be in a file that could not be read.
        for table, questionnaire in read:
            _check_lineage(table, questionnaire, found)
    if errors:
        raise DefinitionErrors(errors)
    return LoadedQuestionnaires(tuple(found.values()))


def shipped() -> LoadedQuestionnaires:
    """The questionnaires that come with the package."""
    folder = files("assessments") / "definitions"
    entries = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name
    )
    return load_questionnaires({entry.name: entry.read_text(encoding="utf-8") for entry in entries})


def _questionnaire(table: Table) -> Questionnaire:
    questionnaire = Questionnaire(
        id=table.name("id"),
        version=table.number("version", 1, 9999),
        title=table.text("title"),
        note=table.text("note"),
        scored=table.take("scored", bool),
        groups=_groups(table),
        compares_with=frozenset(table.texts("compares_with")),
        licence=_licence(table.table("licence")) if "licence" in table.values else None,
    )
    if questionnaire.scored and not questionnaire.scored_items():
        table.fault("scored", "A scored questionnaire needs a scored item.")
    table.refuse_unknown()
    return questionnaire


def _groups(table: Table) -> tuple[Group, ...]:
    scale = _scale(table)
    seen: set[str] = set()
    groups: list[Group] = []
    for row in table.tables("groups"):
        group = Group(
            id=_once(row, seen, "group "),
            title=row.text("title"),
            prompt=row.text("prompt"),
            items=tuple(_item(item, scale, seen) for item in row.tables("items")),
        )
        row.refuse_unknown()
        groups.append(group)
    return tuple(groups)


def _scale(table: Table) -> tuple[AnswerOption, ...]:
    if table.values.get("scored") is not True:
        return ()  # Left unread, a scale is then called unknown.
    words = table.texts("scale")
    if len(words) < 2:
        table.fault("scale", "“scale” needs two words or more, from no points up.")
    return tuple(AnswerOption(str(points), word, points) for points, word in enumerate(words))


def _item(table: Table, scale: tuple[AnswerOption, ...], seen: set[str]) -> Item:
    item_id, text = _once(table, seen, "item "), table.text("text")
    hint = table.text("hint") if "hint" in table.values else None
    kind = table.one_of("kind", ItemKind)
    options: tuple[AnswerOption, ...] = ()
    can_change = False
    safety: frozenset[str] = frozenset()
    match kind:
        case ItemKind.SCORED:
            options = (*scale, _NOT_DISCUSSED)
            can_change = table.take("can_change", bool)
            if not scale:
                table.fault("kind", "This questionnaire has no scale to score with.")
        case ItemKind.CHOICE | ItemKind.CHOICES:
            options = (*_options(table.table("options")), _NOT_DISCUSSED)
            safety = _safety(table, options)
        case ItemKind.TEXT | ItemKind.TOGGLE | ItemKind.DATE:
            pass
        case None:
            return Item(item_id, text, ItemKind.TEXT)  # Which other keys belong here is not known.
    table.refuse_unknown()
    return Item(item_id, text, kind, options, can_change, hint, safety)


def _safety(table: Table, options: tuple[AnswerOption, ...]) -> frozenset[str]:
    """Options that lead on to help; the key may be left out."""
    named = frozenset(table.texts("safety"))
    if unknown := sorted(named - {option.id for option in options}):
        table.fault("safety", f"“{unknown[0]}” is no option of this item.")
    return named


def _options(table: Table) -> tuple[AnswerOption, ...]:
    if NOT_DISCUSSED in table.values:
        table.fault(NOT_DISCUSSED, "“Not discussed” is added to every choice; leave it out.")
    if not table.values:
        table.fault(None, "A choice needs an option.")
    return tuple(AnswerOption(key, table.text(key)) for key in table.values)


def _licence(table: Table) -> Licence:
    licence = Licence(
        table.text("licensor"), table.text("reference"), table.text("attested_by"), table.day("expires")
    )
    table.refuse_unknown()
    return licence


def _once(table: Table, seen: set[str], kind: str) -> str:
    name = table.name("id")
    if name and kind + name in seen:
        table.fault("id", f"The {kind}“{name}” is there twice.")
    seen.add(kind + name)
    return name


def _check_lineage(table: Table, later: Questionnaire, found: Mapping[str, Questionnaire]) -> None:
    for key in sorted(later.compares_with):
        first = found.get(key)
        if first is None:
            table.fault("compares_with", f"There is no questionnaire “{key}” to compare with.")
            continue
        before = {item.id: item for item in first.scored_items()}
        for item in later.scored_items():
            if item.id in before and before[item.id].options != item.options:
                table.fault("compares_with", f"“{item.id}” is scored in another way in “{key}”.")
