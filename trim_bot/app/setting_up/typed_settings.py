"""Turns the values of a site file into what stands in fields, and what was typed into them back into values.

What cannot be read is left as it was typed, so that the reader of the file says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time

from trim_bot.app.seam import mending
from trim_bot.app.setting_up.settings_shape import Setting, SettingKind
from trim_bot.app.site_file.writing import Values
from trim_bot.domain.as_typed import NotRead, plain_digits, read_clock, read_day
from trim_bot.domain.errors import Invalid

YES, NO = "yes", "no"
_TO = re.compile(r"\s*(?:-|–|\bto\b)\s*")


def shown(values: Mapping[str, object], setting: Setting) -> str | tuple[str, ...]:
    """What stands in the field of a setting."""
    value = _at(values, setting.key)
    match value:
        case None:
            return () if setting.kind is SettingKind.WEEKDAYS else ""
        case bool():
            return YES if value else NO
        case list():
            texts = tuple(one.isoformat() if isinstance(one, date) else str(one) for one in value)
            return texts if setting.kind is SettingKind.WEEKDAYS else ", ".join(texts)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def put(values: Values, settings: Sequence[Setting], typed: Mapping[str, object]) -> Values:
    """The values with what was typed into the fields of these settings; what is empty is left out.

    Raises Invalid where that is one that there has to be.
    """
    after: Values = {key: dict(one) if isinstance(one, dict) else one for key, one in values.items()}
    for setting in settings:
        table, _, key = setting.key.rpartition(".")
        held = after.setdefault(table, {}) if table else after
        if not isinstance(held, dict):
            continue
        value = _value(setting, typed.get(setting.field))
        if setting.required and value in ("", []):
            raise Invalid(**{setting.field: mending.FILL_IN})
        if value in ("", [], None):
            held.pop(key, None)
        else:
            held[key] = value
        if table and not held:
            after.pop(table)
    return after


def _at(values: Mapping[str, object], key: str) -> object:
    found: object = values
    for step in key.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _value(setting: Setting, typed: object) -> object:
    if typed is None:
        return None
    match setting.kind:
        case SettingKind.DAY:
            return typed
        case SettingKind.CLOCK:
            return f"{typed:%H:%M}" if isinstance(typed, time) else typed
        case SettingKind.YES_NO:
            return True if typed == YES else None
        case SettingKind.WEEKDAYS:
            return list(typed) if isinstance(typed, tuple) else []
        case SettingKind.NUMBER:
            text = plain_digits(str(typed)).strip()
            return int(text) if re.fullmatch(r"\d{1,6}", text) else text
        case SettingKind.TEXTS:
            return _parts(str(typed))
        case SettingKind.DAYS:
            return [_day(one) for one in _parts(str(typed))]
        case SettingKind.SPANS:
            return [_span(one) for one in _parts(str(typed))]
        case _:
            return str(typed).strip()


def _parts(text: str) -> list[str]:
    return [part for one in re.split(r"[,;،、，\n]", text) if (part := one.strip())]


def _day(text: str) -> date | str:
    try:
        return read_day(text)
    except NotRead:
        return text


def _span(text: str) -> str:
    ends = _TO.split(text)
    if len(ends) != 2:
        return text
    try:
        start, end = (read_clock(one) for one in ends)
    except NotRead:
        return text
    return f"{start.at:%H:%M}-{end.at:%H:%M}"
