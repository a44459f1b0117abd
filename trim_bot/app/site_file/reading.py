"""Turns a site file into settings, from those a new organisation starts with, or says everything wrong with
it at once: one file, since a reader of the whole needs each of its parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from enum import Enum
from types import MappingProxyType
from typing import cast

from checked_toml.file_text import trimmed
from checked_toml.tables import DefinitionError, Place, Table, root
from trim_bot.app.notices import notices
from trim_bot.app.site_file.entries import (
    WEEKDAYS,
    ListedPerson,
    ReportingLinePair,
    read_kinds,
    read_numbers,
    read_outside,
    read_places,
    read_reporting_lines,
    read_services,
    read_staff,
    read_thresholds,
    read_week,
)
from trim_bot.app.site_file.writing import LINES_STAY
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.clean_text import cleaned_all
from trim_bot.domain.countries import country_words, is_country
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import KeyId, KindId
from trim_bot.domain.site import STEADY_AT, CrisisNumber, Kind, Site
from trim_bot.domain.zones import known_zone

SiteFileError = DefinitionError
"""One fault with `file`, `line` (from 1) and `text`."""
_Check = Callable[[str], bool]
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_REGION = re.compile(r"[A-Z0-9]{1,6}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_COMMAND = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBERS = {
    "month_window_days": (1, 14),
    "rung_working_days": (1, 10),
    "most_open_cases": (1, 50),
    "most_told": (1, 20),
    "least_practitioners": (1, 100),
    "least_leads": (1, 20),
    "answer_working_days": (1, 10),
    "contact_working_days": (1, 5),
    "reopen_days": (1, 30),
    "training_valid_days": (30, 1826),
    "keep_closed_days": (30, 3653),
    "erase_days": (1, 90),
}
"""Whole numbers with the least and the most that is allowed."""
NO_FLOORS: Mapping[str, int] = MappingProxyType({})
_DEFAULTS = {field.name: field.default for field in fields(Site)}


class _Anchor(Enum):
    """What the month is counted from."""

    EXPOSURE_END = "exposure_end"
    """The end of the exposure."""
    FIRST_INTERVIEW = "first_interview"
    """The first conversation."""


class SiteFileErrors(SafeError):
    """Every fault of a site file, in order of line. The text names keys, never their values."""

    def __init__(self, errors: Collection[SiteFileError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.line))
        super().__init__("\n".join(str(error) for error in self.errors))


class SettingFaults(SafeError):
    """Every fault of settings that were filled in a form: for each the steps that lead to its place, and a text."""

    def __init__(self, faults: Collection[tuple[Place, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(text for _, text in self.faults))


@dataclass(frozen=True, slots=True)
class SiteFile:
    """What a site file says, checked."""

    draft: Site
    """The settings with an empty `key_id`; without `numbers` the shipped ones of the country are meant."""
    reporting_lines: tuple[ReportingLinePair, ...] = ()
    staff: tuple[ListedPerson, ...] = ()
    file: str = ""
    """Its name, as errors show it."""
    zero_floors: tuple[tuple[str, int], ...] = ()
    """Questionnaires with a floor of 0 and the line of each, for whoever knows which floors are in force."""
    lines_stay: bool = False
    """Whether the reporting lines stay as they are, whatever the file has of them."""

    def site(self, key_id: KeyId) -> Site:
        """The settings as they are kept, sealed under this key."""
        return replace(self.draft, key_id=key_id)


def read_site(
    text: str,
    file: str,
    *,
    today: date,
    questionnaires: Collection[str] | None = None,
    floors: Mapping[str, int] | None = NO_FLOORS,
) -> SiteFile:
    """Reads a site file; `file` is its name as errors show it.

    `today` bounds the days on which things were signed or verified. `questionnaires` are the scored ones a
    threshold may name, such as `trauma_first_v1`; None leaves that unchecked. `floors` are those of the thresholds
    in force, by questionnaire: a floor of 0 is one of these or a fault. With None nobody knows them yet, and
    `zero_floors` says where to look. Raises `SiteFileErrors`.
    """
    errors: list[SiteFileError] = []
    table = root(file, text, errors)
    if table is None:
        raise SiteFileErrors(errors)
    return _read(table, today=today, questionnaires=questionnaires, floors=floors)


def read_settings(
    values: Mapping[str, object],
    *,
    today: date,
    questionnaires: Collection[str] | None = None,
    floors: Mapping[str, int] = NO_FLOORS,
) -> SiteFile:
    """The same of the values of a file that were filled in a form. Raises `SettingFaults`.

    `floors` are those of the thresholds in force, by questionnaire.
    """
    lines = {place: number for number, place in enumerate(_places(values), start=2)}
    table = Table(dict(cast("Mapping[str, object]", trimmed(values))), (), "", lines, [])
    try:
        return _read(table, today=today, questionnaires=questionnaires, floors=floors)
    except SiteFileErrors as refused:
        placed = {number: place for place, number in lines.items()}
        faults = tuple((placed.get(one.line, ()), one.text) for one in refused.errors)
        raise SettingFaults(faults) from None


def _places(value: object, here: Place = ()) -> Iterator[Place]:
    """Every key and row of nested values, by the steps that lead to it."""
    found: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, Mapping):
        found = value.items()
    elif isinstance(value, list):
        found = enumerate(value)
    for step, one in found:
        yield (*here, step)
        yield from _places(one, (*here, step))


def _read(
    table: Table,
    *,
    today: date,
    questionnaires: Collection[str] | None,
    floors: Mapping[str, int] | None,
) -> SiteFile:
    errors = table.errors
    table.values = cleaned_all(table.values)
    zone, week = _zone(table), read_week(table.table("hours"))
    country = _matching(table, "country", is_country, country_words(str(table.values.get("country"))))
    work, ask = _commands(table)
    asked, named, zero = read_thresholds(table, today, questionnaires, floors)
    numbers = {key: _number(table, key, least, most) for key, (least, most) in _NUMBERS.items()}
    found = Site(
        id=SITE_ID,
        key_id=NO_KEY,
        name=table.text("name"),
        slug=_matching(table, "slug", _fits(_SLUG), "1 to 40 small letters, digits and hyphens"),
        zone=zone,
        hours=WorkingHours(zone, week),
        country=country,
        region=_optional(table, "region", _fits(_REGION), "a short code in capitals, such as ENG"),
        extra_holidays=_days(table, "extra_holidays"),
        numbers=read_numbers(table, country, today),
        services=read_services(table),
        thresholds=named,
        asked_thresholds=asked,
        questionnaires=(),
        kinds=read_kinds(table) or DEFAULT_KINDS,
        notice=_optional(table, "notice", notices().__contains__, f"one of {', '.join(notices())}"),
        month_anchor=_anchor(table),
        languages=_languages(table, "languages", ["en"]),
        languages_checked=_languages(table, "languages_checked", []),
        steady_at=_steady_at(table),
        steady_days=_steady_days(table),
        work_command=work,
        ask_command=ask,
        places=read_places(table, today),
        plan_first=table.take("plan_first", bool, default=False),
        outside=read_outside(table),
        **numbers,
    )
    reporting_lines, staff = read_reporting_lines(table), read_staff(table)
    stay = table.take(LINES_STAY, bool, default=False)
    if stay and reporting_lines:
        table.fault(
            LINES_STAY, "Either the lines stay as they are, or the file has lines: please take one out."
        )
    table.refuse_unknown()
    if errors:
        raise SiteFileErrors(errors)
    return SiteFile(found, reporting_lines, staff, table.file, zero, lines_stay=stay)


def _zone(table: Table) -> str:
    zone = _matching(table, "zone", known_zone, "a time zone such as Europe/London")
    return zone if known_zone(zone) else "UTC"


def _fits(pattern: re.Pattern[str]) -> _Check:
    return lambda text: pattern.fullmatch(text) is not None


def _matching(table: Table, key: str, check: _Check, what: str) -> str:
    text = table.text(key)
    if text.strip() and not check(text):
        table.fault(key, f"“{key}” must be {what}.")
    return text


def _optional(table: Table, key: str, check: _Check, what: str) -> str:
    if key not in table.values:
        return str(_DEFAULTS[key])
    return _matching(table, key, check, what)


def _number(table: Table, key: str, least: int, most: int) -> int:
    return table.number(key, least, most) if key in table.values else int(str(_DEFAULTS[key]))


def _anchor(table: Table) -> str:
    anchor = table.one_of("month_anchor", _Anchor) if "month_anchor" in table.values else None
    return (anchor or _Anchor.EXPOSURE_END).value


def _days(table: Table, key: str) -> tuple[date, ...]:
    days = table.take(key, list, [])
    if not all(isinstance(day, date) and not isinstance(day, datetime) for day in days):
        table.fault(key, f"“{key}” must be a list of dates, such as 2031-12-31.")
        return ()
    return tuple(sorted(set(days)))


def _commands(table: Table) -> tuple[str, str]:
    what = "one word of small letters, digits, hyphens and underscores, without the slash"
    work, ask = (_optional(table, key, _fits(_COMMAND), what) for key in ("work_command", "ask_command"))
    if work == ask:
        table.fault("ask_command", "“ask_command” must differ from “work_command”.")
    return work, ask


def _steady_at(table: Table) -> time:
    if "steady_at" not in table.values:
        return STEADY_AT
    text = table.text("steady_at")
    if _CLOCK.fullmatch(text) is None:
        table.fault("steady_at", "“steady_at” must be a time such as 09:30.")
        return STEADY_AT
    return time.fromisoformat(text)


def _steady_days(table: Table) -> tuple[int, ...]:
    names = table.texts("steady_days") if "steady_days" in table.values else []
    if "steady_days" in table.values and (not names or not set(names) <= set(WEEKDAYS)):
        table.fault("steady_days", "“steady_days” must be a list of days such as monday.")
        return ()
    return tuple(sorted({WEEKDAYS.index(name) for name in names}))


def _languages(table: Table, key: str, otherwise: list[str]) -> tuple[str, ...]:
    languages = table.texts(key) if key in table.values else otherwise
    if languages != otherwise and not (languages and all(map(_LANGUAGE.fullmatch, languages))):
        table.fault(key, f"“{key}” must be a list of codes such as en or cy.")
    return tuple(languages)


SITE_ID = "site"
DEFAULT_NAME = "Our organisation"
"""What an organisation is called until it says how it is."""
NO_KEY = KeyId("")
"""Stands where the key goes until the settings are kept under one."""
DEFAULT_KINDS = (
    Kind(KindId("death_of_a_child"), "Death of a child", trigger=True),
    Kind(KindId("suicide"), "Suicide", trigger=True),
    Kind(KindId("resuscitation"), "Resuscitation", trigger=True),
    Kind(KindId("assault_on_staff"), "Assault on staff", trigger=True),
    Kind(KindId("sudden_death"), "Sudden death"),
    Kind(KindId("serious_injury"), "Serious injury"),
    Kind(KindId("threat_or_violence"), "Threat or violence"),
    Kind(KindId("distressing_content"), "Distressing content"),
    Kind(KindId("near_miss"), "Near miss"),
    Kind(KindId("other"), "Other hard event"),
)
_NINE_TO_FIVE = ((time(9), time(17)),)


def default_site(name: str, slug: str, numbers: tuple[CrisisNumber, ...] = ()) -> Site:
    """Monday to Friday from 9 to 17 in London, with no threshold and no service; `key_id` is empty.

    `numbers` are the shipped ones of Great Britain, which nobody has verified yet.
    """
    return Site(
        id=SITE_ID,
        key_id=NO_KEY,
        name=name,
        slug=slug,
        zone="Europe/London",
        hours=WorkingHours("Europe/London", (_NINE_TO_FIVE,) * 5 + ((),) * 2),
        country="GB",
        region="ENG",
        numbers=numbers,
        kinds=DEFAULT_KINDS,
    )
