"""Every sentence of the pages on which settings are read and changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from trim_bot.app.notices import notices
from trim_bot.app.seam.links import OpenSetUp
from trim_bot.app.seam.sentences import as_given, joined, ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import (
    Choice,
    Choices,
    DateInput,
    Facts,
    Heading,
    Input,
    Option,
    Text,
    TextInput,
    TimeInput,
    Weight,
)
from trim_bot.app.setting_up.commands import (
    OpenExport,
    OpenImport,
    OpenSettingGroup,
    OpenSettingList,
    OpenSettings,
)
from trim_bot.app.setting_up.settings_shape import (
    DAY_NAMES,
    FIELDS,
    Setting,
    SettingGroup,
    SettingKind,
    SettingList,
)
from trim_bot.app.setting_up.typed_settings import NO, YES, shown
from trim_bot.app.site_file.entries import WEEKDAYS
from trim_bot.app.site_file.writing import Values
from trim_bot.app.words.times import zone_words
from trim_bot.domain.zones import cities, city_words

TITLE = "Settings"
GROUP_NAMES: Mapping[SettingGroup, str] = {
    SettingGroup.PLACE: "Name and place",
    SettingGroup.HOURS: "Hours and days off",
    SettingGroup.NOTICE: "Privacy wording",
    SettingGroup.TIMES: "How long things take",
    SettingGroup.EVENTS: "After a hard event",
    SettingGroup.PEOPLE: "People who serve",
    SettingGroup.KEEPING: "How long we keep things",
    SettingGroup.WORDS: "Words in chat",
}
LIST_NAMES: Mapping[SettingList, str] = {
    SettingList.NUMBERS: "Numbers to ring",
    SettingList.SERVICES: "Other help",
    SettingList.OUTSIDE: "Outside the desk",
    SettingList.KINDS: "Kinds of hard events",
    SettingList.THRESHOLDS: "Thresholds",
    SettingList.PLACES: "Other places",
}
DAYS = dict(zip(WEEKDAYS, DAY_NAMES, strict=True))
ANCHORS = {"exposure_end": "The end of the event", "first_interview": "The first talk"}
YES_OR_NO = {YES: "Yes", NO: "No"}
AT_ONCE = "It counts at once. The page of numbers that needs no sign-in follows within five minutes."


def settings_page(values: Values) -> Page:
    """All that is in force, group by group, with the way to change each."""
    blocks: list[Block] = [Text("This is what is in force. Nothing here is about any person's talks.")]
    for group, name in GROUP_NAMES.items():
        blocks += (
            Heading(name),
            Facts(tuple((one.label, said_of(values, one)) for one in FIELDS[group] if _is_told(values, one))),
            Button(phrase("Change: {name}", name=ours(name)), OpenSettingGroup(group), Weight.QUIET),
        )
    blocks.append(Heading("Lists"))
    for rows, name in LIST_NAMES.items():
        blocks.append(
            Button(
                phrase("{name}: {many}", name=ours(name), many=_many(values, rows)),
                OpenSettingList(rows),
                Weight.QUIET,
            )
        )
    blocks += (
        Heading("Changed on the machine"),
        Facts((("Short name in addresses", as_given(str(values["slug"]))),)),
        Text("It stands in every address. A new one ends every sign-in and breaks links that people keep."),
        Text("So whoever runs the desk changes it in a file, with trim-bot site apply."),
        Text("Who works here, and who manages whom, go in the same way. Nobody can read them back here."),
        Heading("The same as a file"),
        Button("Save as a file", OpenExport(), Weight.QUIET),
        Button("Take in a file", OpenImport(), Weight.QUIET),
        Button("Back to the list", OpenSetUp(), Weight.QUIET, to_all=True),
    )
    return Page("settings", TITLE, tuple(blocks))


def _is_told(values: Values, setting: Setting) -> bool:
    return bool(shown(values, setting)) or not setting.key.startswith("hours.")


def _many(values: Values, rows: SettingList) -> str:
    held = values.get(rows.value)
    return as_given(str(len(held))) if isinstance(held, list) else phrase("none")


def said_of(values: Values, setting: Setting) -> str:
    held = shown(values, setting)
    text = held if isinstance(held, str) else ""
    match setting.kind:
        case SettingKind.ANCHOR:
            return ours(ANCHORS[text]) if text in ANCHORS else as_given(text)
        case SettingKind.ZONE:
            return as_given(city_words(text))
        case SettingKind.YES_NO:
            return YES_OR_NO[YES if text == YES else NO]
        case SettingKind.WEEKDAYS:
            days = [ours(DAYS[one]) for one in held if one in DAYS]
            return joined(days, ", ") if days else phrase("Every working day")
        case _:
            return as_given(text) if text else phrase("None")


def group_form(values: Values, group: SettingGroup, seen: str) -> Form:
    """One group of settings, as they are in force."""
    clock: tuple[Block, ...] = ()
    if group is SettingGroup.HOURS:
        clock = (Text(phrase("Hours are by {clock}.", clock=zone_words(str(values["zone"])))),)
    return Form(
        OpenSettingGroup(group, seen),
        GROUP_NAMES[group],
        (*clock, *inputs(values, FIELDS[group]), Text(AT_ONCE, quiet=True)),
        submit="Save",
        back=Button("Back", OpenSettings()),
    )


def inputs(
    values: Values, fields: Iterable[Setting], questionnaires: Sequence[tuple[str, str]] = ()
) -> Iterator[Input]:
    """The fields of some settings, filled with what is in force. `questionnaires` are keys, each with its name."""
    for one in fields:
        yield _input(one, shown(values, one), questionnaires)


def _input(one: Setting, value: str | tuple[str, ...], questionnaires: Sequence[tuple[str, str]]) -> Input:
    text = value if isinstance(value, str) else ""
    match one.kind:
        case SettingKind.DAY:
            return DateInput(one.field, one.label, one.hint, one.required, text)
        case SettingKind.CLOCK:
            return TimeInput(one.field, one.label, one.hint, one.required, text)
        case SettingKind.WEEKDAYS:
            days = tuple(Option(day, DAYS[day]) for day in WEEKDAYS)
            return Choices(
                one.field, one.label, days, one.hint, value=value if isinstance(value, tuple) else ()
            )
        case SettingKind.ZONE:
            found = dict(cities())
            own = {text: city_words(text)} if text else {}
            options = tuple(Option(name, as_given(label)) for name, label in (own | found).items())
            return Choice(one.field, one.label, options, one.hint, value=text, compact=True)
        case SettingKind.NOTICE:
            options = tuple(
                Option(id, phrase("{id}: {title}", id=id, title=ours(notice.title)))
                for id, notice in notices().items()
            )
            return Choice(one.field, one.label, options, one.hint, value=text)
        case SettingKind.ANCHOR:
            options = tuple(Option(id, label) for id, label in ANCHORS.items())
            return Choice(one.field, one.label, options, one.hint, value=text)
        case SettingKind.YES_NO:
            options = tuple(Option(id, label) for id, label in YES_OR_NO.items())
            return Choice(one.field, one.label, options, one.hint, value=text or NO)
        case SettingKind.QUESTIONNAIRE:
            options = tuple(Option(key, as_given(label)) for key, label in questionnaires)
            return Choice(one.field, one.label, options, one.hint, value=text, compact=True)
        case SettingKind.TEXT | SettingKind.NUMBER | SettingKind.TEXTS | SettingKind.DAYS | SettingKind.SPANS:
            most = 10 if one.kind is SettingKind.NUMBER else one.most
            return TextInput(one.field, one.label, one.hint, one.required, text, max_length=most)
        case _:
            assert_never(one.kind)
