"""Shows settings by group, and puts a changed group or row into force through the reader of the site file: in one
file, since each of them is a change of the same values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from trim_bot.app.seam import mending
from trim_bot.app.seam.paging import part_by_id
from trim_bot.app.seam.seen_before import seen_of
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next
from trim_bot.app.setting_up import row_screens
from trim_bot.app.setting_up import settings_screens as screens
from trim_bot.app.setting_up.commands import (
    OneRow,
    OpenSettingGroup,
    OpenSettingList,
    OpenSettingRow,
    OpenSettings,
    PutRowFirst,
    RangNumber,
    SaveSettingGroup,
    SaveSettingRow,
    TakeOutRow,
)
from trim_bot.app.setting_up.held_rows import (
    fields_at_fault,
    id_for,
    named_row,
    numbers_stay,
    rows_in,
    seen_of_group,
    way_to,
    with_rows,
)
from trim_bot.app.setting_up.scope import SetUp
from trim_bot.app.setting_up.settings_shape import COLUMNS, FIELDS, Setting, SettingGroup, SettingList
from trim_bot.app.setting_up.typed_settings import put
from trim_bot.app.site_file.reading import SettingFaults
from trim_bot.app.site_file.writing import Values
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.site import RING_AGAIN

Fault = tuple[tuple[str | int, ...], str]


def open_settings(set_up: SetUp, command: OpenSettings) -> Screen:
    """All that is in force."""
    return screens.settings_page(set_up.settings.values())


def open_group(set_up: SetUp, command: OpenSettingGroup) -> Screen:
    """The form for one group."""
    values = set_up.settings.values()
    return screens.group_form(values, command.group, seen_of_group(values, command.group))


def save_group(set_up: SetUp, command: SaveSettingGroup) -> Next:
    """Put it into force. Raises Invalid where the reader of the file refuses it, or it was changed meanwhile."""
    values, fields = set_up.settings.values(), FIELDS[command.group]
    if command.seen != seen_of_group(values, command.group):
        raise Invalid(**{fields[0].field: mending.SETTING_SAVED_MEANWHILE})
    after = put(values, fields, command.answers)
    if command.group is SettingGroup.PLACE and after.get("country") != values.get("country"):
        after = set_up.settings.moved(after, str(values["country"]))
    _keep(set_up, after, fields, told=command.group.value)
    return OpenSettings()


def open_list(set_up: SetUp, command: OpenSettingList) -> Screen:
    """The rows of one list, a part at a time."""
    values = set_up.settings.values()
    held = rows_in(values, command.rows, command.of)
    part = part_by_id(list(enumerate(held)), lambda row: seen_of(row), command.after)
    place = next(
        (
            str(one["name"])
            for one in rows_in(values, SettingList.PLACES)
            if command.of and one["id"] == command.of
        ),
        "",
    )
    today = set_up.today
    not_rung = {
        number
        for number, row in part.rows
        if command.rows is SettingList.NUMBERS
        and row.get("verified_on", today - 2 * RING_AGAIN) < today - RING_AGAIN  # type: ignore[operator]
    }
    return row_screens.list_page(command.rows, command.of, part, seen_of(held), place, not_rung)


def open_row(set_up: SetUp, command: OpenSettingRow) -> Screen:
    """The form for one row, or for a new one."""
    held = rows_in(set_up.settings.values(), command.rows, command.of)
    number = _number(command.row, held) if command.row else None
    row: Values = held[number] if number is not None else {}
    return row_screens.row_form(
        command.rows, command.of, number, row, seen_of(held), set_up.settings.questionnaires()
    )


def save_row(set_up: SetUp, command: SaveSettingRow) -> Next:
    """Put a row into force. Raises Invalid as a group does."""
    values, fields = set_up.settings.values(), COLUMNS[command.rows]
    held = rows_in(values, command.rows, command.of)
    if command.seen != seen_of(held):
        raise Invalid(**{fields[0].field: mending.SETTING_SAVED_MEANWHILE})
    if command.row:
        number = _number(command.row, held)
        was = held[number].get("country")
        held[number] = put(held[number], fields, command.answers)
        if command.rows is SettingList.PLACES and held[number].get("country") != was:
            held[number] = numbers_stay(held[number], str(was))
    else:
        number = len(held)
        held.append(id_for(put({}, fields, command.answers), command.rows, held))
    before = way_to(values, command.rows, command.of, number)
    after = with_rows(values, command.rows, command.of, held)
    _keep(set_up, after, fields, before, told=command.rows.value)
    return OpenSettingList(command.rows, command.of)


def take_out(set_up: SetUp, command: TakeOutRow) -> Next:
    """Take a row out. Raises Invalid for the last number to ring, and where the list was changed meanwhile."""
    values, held, number = _row(set_up, command)
    if command.rows is SettingList.NUMBERS and not command.of and len(held) == 1:
        raise Invalid(row=mending.LAST_NUMBER)
    _keep_rows(set_up, command, values, [*held[:number], *held[number + 1 :]])
    return OpenSettingList(command.rows, command.of)


def put_first(set_up: SetUp, command: PutRowFirst) -> Next:
    """Put a row before all others. Raises Invalid where the list was changed meanwhile."""
    values, held, number = _row(set_up, command)
    _keep_rows(set_up, command, values, [held[number], *held[:number], *held[number + 1 :]])
    return OpenSettingList(command.rows, command.of)


def rang(set_up: SetUp, command: RangNumber) -> Next:
    """Date a number with today. Raises Invalid where the list was changed meanwhile."""
    values, held, number = _row(set_up, command)
    held[number] = held[number] | {"verified_on": set_up.today}
    _keep_rows(set_up, command, values, held)
    return OpenSettingList(command.rows, command.of)


def _row(set_up: SetUp, command: OneRow) -> tuple[Values, list[Values], int]:
    """The values, the rows of the list, and which of them it is about."""
    values = set_up.settings.values()
    held = rows_in(values, command.rows, command.of)
    if command.seen != seen_of(held):
        raise Invalid(row=mending.CHANGED_MEANWHILE)
    return values, held, _number(command.row, held)


def _number(name: str, held: Sequence[Values]) -> int:
    """Where a row stands now, wherever it stood when it was seen. Raises NotOpen where it stands no more as it was."""
    found = [
        number
        for number, row in enumerate(held)
        if named_row(number, row).partition("-")[2] == name.partition("-")[2]
    ]
    if not found:
        raise NotOpen("row")
    return next((number for number in found if named_row(number, held[number]) == name), found[0])


def _keep_rows(set_up: SetUp, command: OneRow, values: Values, after: list[Values]) -> None:
    told = command.rows.value
    _keep(set_up, with_rows(values, command.rows, command.of, after), COLUMNS[command.rows], told=told)


def _keep(
    set_up: SetUp,
    after: Values,
    fields: tuple[Setting, ...],
    before: tuple[str | int, ...] = (),
    *,
    told: str,
) -> None:
    try:
        set_up.settings.keep(after, set_up.today + timedelta(days=1), told)
    except SettingFaults as refused:
        raise Invalid(**fields_at_fault(refused.faults, fields, before)) from None
