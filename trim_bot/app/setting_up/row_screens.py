"""Every sentence of the lists among the settings: their rows, and the form for one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import Facts, Heading, Text, Weight
from trim_bot.app.setting_up.commands import (
    OpenSettingList,
    OpenSettingRow,
    OpenSettings,
    PutRowFirst,
    RangNumber,
    TakeOutRow,
)
from trim_bot.app.setting_up.held_rows import named_row
from trim_bot.app.setting_up.settings_screens import LIST_NAMES, inputs, said_of
from trim_bot.app.setting_up.settings_shape import COLUMNS, SettingList
from trim_bot.app.setting_up.typed_settings import shown
from trim_bot.app.site_file.writing import Values
from trim_bot.domain.ids import PlaceId

LIST_WORDS: Mapping[SettingList, str] = {
    SettingList.NUMBERS: "People see them in this order. Ring each one before you say that it was rung.",
    SettingList.SERVICES: "Professional help that a referral can go to. Without any, numbers to ring are shown.",
    SettingList.OUTSIDE: "Whom somebody can turn to about a colleague who serves here.",
    SettingList.KINDS: "What people choose from when they log a hard event.",
    SettingList.THRESHOLDS: "What you ask for here counts once a clinical lead signs it on their own page.",
    SettingList.PLACES: "Places with a clock, holidays or numbers of their own. People choose theirs in their profile.",
}


def list_page(
    rows: SettingList,
    of: PlaceId,
    part: ListPart[tuple[int, Values]],
    seen: str,
    place: str,
    not_rung: set[int],
) -> Page:
    """The rows of a list; `place` is the name of the place that they are of, empty for the main one."""
    blocks: list[Block] = [Text(LIST_WORDS[rows])]
    if place:
        blocks.insert(0, Heading(as_given(place)))
    if not part.rows:
        blocks.append(Text("Nothing is here yet."))
    blocks += counted(part)
    for number, row in part.rows:
        name = row_name(row)
        blocks += (Heading(as_given(name)), Facts(tuple(_row_facts(rows, row))))
        if number in not_rung:
            blocks.append(
                Button(
                    phrase("I rang it today: {name}", name=name),
                    RangNumber(SettingList.NUMBERS, of, named_row(number, row), seen),
                    Weight.EQUAL,
                )
            )
        blocks.append(
            Button(
                phrase("Change: {name}", name=name),
                OpenSettingRow(rows, of, named_row(number, row)),
                Weight.QUIET,
            )
        )
    blocks += onward(part, lambda after: OpenSettingList(rows, of, after))
    blocks.append(Button("Add one", OpenSettingRow(rows, of), Weight.MAIN))
    back = OpenSettingList(SettingList.PLACES) if of else OpenSettings()
    blocks.append(Button("Back", back, Weight.QUIET))
    return Page("setting_list", LIST_NAMES[rows], tuple(blocks))


def row_name(row: Mapping[str, object]) -> str:
    """What a row is called."""
    return str(row.get("label") or row.get("name") or row.get("questionnaire") or "")


def _row_facts(rows: SettingList, row: Values) -> Iterator[tuple[str, str]]:
    for one in COLUMNS[rows]:
        if one.key not in ("label", "name", "questionnaire") and shown(row, one):
            yield one.label, said_of(row, one)
    if rows is SettingList.NUMBERS and "verified_on" not in row:
        yield "Rung", "Not yet verified by your site"


def row_form(
    rows: SettingList,
    of: PlaceId,
    number: int | None,
    row: Values,
    seen: str,
    questionnaires: Sequence[tuple[str, str]] = (),
) -> Form:
    """One row to fill in; of one that is there, with the ways to move it and take it out."""
    blocks: list[Block] = list(inputs(row, COLUMNS[rows], questionnaires))
    if number is not None:
        at = (rows, of, named_row(number, row), seen)
        if rows is SettingList.PLACES:
            blocks.append(
                Button(
                    "Its numbers to ring",
                    OpenSettingList(SettingList.NUMBERS, PlaceId(str(row.get("id")))),
                    Weight.QUIET,
                )
            )
        if number > 0:
            blocks.append(Button("Put it first", PutRowFirst(*at), Weight.QUIET))
        blocks.append(Button("Take it out", TakeOutRow(*at), Weight.QUIET))
    return Form(
        OpenSettingRow(rows, of, "" if number is None else named_row(number, row), seen),
        LIST_NAMES[rows],
        tuple(blocks),
        submit="Save",
        back=Button("Back", OpenSettingList(rows, of)),
    )
