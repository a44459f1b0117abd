"""Says in sentences what one set of values would change of another, before anybody puts it into force."""

from __future__ import annotations

from collections.abc import Iterator

from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.setting_up.row_screens import row_name
from trim_bot.app.setting_up.settings_screens import LIST_NAMES
from trim_bot.app.setting_up.settings_shape import FIELDS, Setting, SettingList
from trim_bot.app.setting_up.typed_settings import shown
from trim_bot.app.site_file.writing import Values


def differences(before: Values, after: Values) -> tuple[str, ...]:
    """A sentence for each setting that differs, and for each row that comes, goes or changes."""
    return (*_settings(before, after), *_rows(before, after))


def _settings(before: Values, after: Values) -> Iterator[str]:
    for group in FIELDS.values():
        for one in group:
            was, now = _text(before, one), _text(after, one)
            if was != now:
                yield differs(one.label, was, now)


def _text(values: Values, setting: Setting) -> str:
    held = shown(values, setting)
    return (held if isinstance(held, str) else ", ".join(held)) or phrase("none")


def differs(label: str, was: str, now: str) -> str:
    """One setting that would be another."""
    return phrase("{label}: {was}, then {now}", label=ours(label), was=was, now=now)


def _rows(before: Values, after: Values) -> Iterator[str]:
    for rows in SettingList:
        was, now = _by_name(before, rows), _by_name(after, rows)
        called = ours(LIST_NAMES[rows])
        for name in was.keys() | now.keys() if was != now else ():
            if name not in now:
                yield phrase("{rows}: {name} goes", rows=called, name=name)
            elif name not in was:
                yield phrase("{rows}: {name} comes", rows=called, name=name)
            elif was[name] != now[name]:
                yield phrase("{rows}: {name} changes", rows=called, name=name)
        if list(was) != list(now) and was == now:
            yield phrase("{rows}: in another order", rows=called)


def _by_name(values: Values, rows: SettingList) -> dict[str, list[object]]:
    """The rows by what they are called: those of one name together."""
    held = values.get(rows.value)
    found: dict[str, list[object]] = {}
    for row in held if isinstance(held, list) else ():
        found.setdefault(row_name(row), []).append(row)
    return found
