"""The rows of a list within the values of a site file, and what can be done with one: plain data in, plain data out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from trim_bot.app.seam.seen_before import seen_of
from trim_bot.app.seam.sentences import as_given, joined, ours
from trim_bot.app.setting_up.settings_screens import LIST_NAMES
from trim_bot.app.setting_up.settings_shape import FIELDS, WITH_ID, Setting, SettingGroup, SettingList
from trim_bot.app.setting_up.typed_settings import shown
from trim_bot.app.site_file.writing import Values
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MAIN_PLACE, PlaceId

_MOST_ID = 30


def rows_in(values: Mapping[str, object], rows: SettingList, of: PlaceId = MAIN_PLACE) -> list[Values]:
    """The rows of a list, of a place where `of` has its id. Raises NotOpen where there is no such place."""
    holder: Mapping[str, object] = values
    if of:
        places = rows_in(values, SettingList.PLACES)
        found = next((place for place in places if place["id"] == of), None)
        if found is None or rows is not SettingList.NUMBERS:
            raise NotOpen("place")
        holder = found
    held = holder.get(rows.value, [])
    return [dict(row) for row in held if isinstance(row, dict)] if isinstance(held, list) else []


def with_rows(values: Values, rows: SettingList, of: PlaceId, after: list[Values]) -> Values:
    """The values with these rows in the place of those of a list."""
    if not of:
        return _put(values, rows.value, after)
    places = [
        _put(place, rows.value, after) if place["id"] == of else place
        for place in rows_in(values, SettingList.PLACES)
    ]
    return _put(values, SettingList.PLACES.value, places)


def _put(values: Values, key: str, rows: list[Values]) -> Values:
    left = {name: one for name, one in values.items() if name != key}
    return left | ({key: rows} if rows else {})


def numbers_stay(holder: Values, country: str) -> Values:
    """A site or a place that was in `country`, its numbers to ring still those of that country."""
    held = holder.get(SettingList.NUMBERS.value)
    if not isinstance(held, list):
        return holder
    rows = [{"place": country} | row for row in held if isinstance(row, dict)]
    return holder | {SettingList.NUMBERS.value: rows}


def way_to(values: Values, rows: SettingList, of: PlaceId, number: int) -> tuple[str | int, ...]:
    """The steps from the whole of the values to one row."""
    if not of:
        return (rows.value, number)
    ids = [place["id"] for place in rows_in(values, SettingList.PLACES)]
    return (SettingList.PLACES.value, ids.index(of), rows.value, number)


def id_for(row: Values, rows: SettingList, held: list[Values]) -> Values:
    """A new row with an id where its list has ids: made of its name, and like no other."""
    if rows not in WITH_ID or "id" in row:
        return row
    name = str(row.get("name") or row.get("label") or "")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_MOST_ID]
    stem = stem if re.match(r"[a-z]", stem) else f"{rows.value[:-1]}_{stem}".strip("_")
    taken = {str(one.get("id")) for one in held} | {"own", "site"}
    number, id = 2, stem
    while id in taken:
        number, id = number + 1, f"{stem}_{number}"
    return {"id": id} | row


def named_row(number: int, row: Values) -> str:
    """What a form calls a row: where it stood, and a digest of it, so that no other is meant once rows have moved."""
    return f"{number}-{seen_of(row)}"


def seen_of_group(values: Mapping[str, object], group: SettingGroup) -> str:
    """A digest of the settings on one form as they were seen."""
    return seen_of(*(shown(values, one) for one in FIELDS[group]))


def fields_at_fault(
    faults: tuple[tuple[tuple[str | int, ...], str], ...],
    fields: tuple[Setting, ...],
    before: tuple[str | int, ...] = (),
) -> dict[str, str]:
    """What is to be mended, by field of a form; what belongs to none of its fields stands at the first, and
    says which setting or list it is about.

    `before` are the steps that lead to the row that the form is of.
    """
    names = [one.field for one in fields]
    found: dict[str, str] = {}
    for place, text in faults:
        name = "_".join(str(step) for step in place[len(before) :] if isinstance(step, str))
        inside = place[: len(before)] == before and name in names
        said = re.sub(r"“[a-z_]+”", "This", text, count=1)
        if inside:
            found.setdefault(name, as_given(said))
        else:
            about = _about(place)
            found.setdefault(names[0], joined((about, as_given(said)), ": ") if about else as_given(said))
    return found


def _about(place: tuple[str | int, ...]) -> str:
    """What the setting or the list is called in which something stands; empty for what has no form."""
    for rows in SettingList:
        if place[:1] == (rows.value,):
            return ours(LIST_NAMES[rows])
    key = ".".join(str(step) for step in place if isinstance(step, str))
    found = (one.label for fields in FIELDS.values() for one in fields if one.key == key)
    return ours(next(found, ""))
