"""Puts the numbers for help of one country in order: danger to life first, each a button, with how far to trust it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from integrations.web.ports import HelpPage
from integrations.web.template_environment import day
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.languages import spoken_here
from trim_bot.app.words import page_words as words
from trim_bot.app.words.help_lines import called, found_in, rung
from trim_bot.domain.site import RING_AGAIN, CrisisNumber
from trim_bot.locale.crisis_numbers import (
    LOCAL_EMERGENCY,
    countries,
    country_name,
    emergency_numbers,
    gathered_on,
    in_a_list,
)
from trim_bot.locale.phone_numbers import NumberLink, number_links

_BETWEEN = re.compile(r"\s*(?:,|;|/|\bor\b|\band\b|\bring\b|\bcall\b)\s*", re.IGNORECASE)
"""What may stand between two ways to reach one line and says nothing more."""


@dataclass(frozen=True, slots=True)
class DialButton:
    """One thing to press: how a phone dials or texts it, and what stands on it."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class ToRing:
    """One line to ring, as the page shows it."""

    label: str
    said: str
    """The number as it was written, where the buttons alone do not say all of it; else nothing."""
    ways: tuple[DialButton, ...]
    danger: bool
    """Whether it is the country's emergency number."""
    trust: str
    """Who checked it, and when."""
    old: bool
    """Whether that was so long ago that somebody should ring it again."""
    source: str
    page: str
    """Where its source can be read, or nothing."""


@dataclass(frozen=True, slots=True)
class CountryNumbers:
    """The numbers of one country under its name in the reader's language."""

    code: str
    anchor: str
    name: str
    numbers: tuple[ToRing, ...]


def is_known_country(code: str) -> bool:
    """Whether a code names a country that can be chosen."""
    return any(country.code == code for country in countries())


def to_ring(given: HelpPage, country: str, today: date) -> tuple[ToRing, ...]:
    """What to ring in a country: the site's own lines there, else those that came with the desk. Never empty.

    The emergency number is always first, also where the site's own do not hold it.
    """
    emergency = emergency_numbers(country) or (LOCAL_EMERGENCY,)
    urgent = {way.url for number in emergency for way in _ways(number.label, number.number)}
    own = _of(given.site, country)
    lines = own or _of(given.everywhere, country)
    if not any(_is_urgent(number, urgent) for number in lines):
        lines = (*emergency, *lines)
    drawn = [_drawn(number, urgent, today, shipped=number not in own) for number in lines]
    return tuple(sorted(drawn, key=lambda one: not one.danger))


def every_country(given: HelpPage, but: str, today: date) -> tuple[CountryNumbers, ...]:
    """Every country of which a number is known, in the order of their names, but for one that is shown already."""
    codes = dict.fromkeys(number.place.upper() for number in (*given.site, *given.everywhere))
    names = {code: country_name(code, spoken_here().code) for code in codes if code not in ("", but)}
    return tuple(
        CountryNumbers(code, f"place-{code.lower()}", names[code], to_ring(given, code, today))
        for code in sorted(names, key=lambda code: in_a_list(names[code]))
    )


def _of(numbers: Iterable[CrisisNumber], country: str) -> tuple[CrisisNumber, ...]:
    return tuple(number for number in numbers if number.place.upper() in ("", country))


def _is_urgent(number: CrisisNumber, urgent: set[str]) -> bool:
    if not urgent:
        return number == LOCAL_EMERGENCY
    ways = {way.url for way in _ways(number.label, number.number)}
    return bool(ways) and ways <= urgent


def _line(label: str, written: str) -> str:
    return f"{label}: {written}"


def _ways(label: str, written: str) -> tuple[NumberLink, ...]:
    # The label says whether a line takes texts: "Shout, by text message".
    head = len(_line(label, ""))
    return tuple(way for way in number_links(_line(label, written)) if way.start >= head)


def _whole(number: CrisisNumber) -> bool:
    """Whether the buttons alone say all of it."""
    rest, head = _line(number.label, number.number), len(_line(number.label, ""))
    for way in reversed(_ways(number.label, number.number)):
        rest = rest[: way.start] + rest[way.end :]
    return not _BETWEEN.sub("", rest[head:])


def _drawn(number: CrisisNumber, urgent: set[str], today: date, *, shipped: bool) -> ToRing:
    label, written = here(called(number)), here(rung(number))
    line, ways = _line(label, written), _ways(label, written)
    trust, old = _trust(number, today, shipped=shipped)
    address = _page(number.source)
    return ToRing(
        label,
        "" if ways and _whole(number) else written,
        tuple(DialButton(way.url, line[way.start : way.end]) for way in ways),
        _is_urgent(number, urgent),
        trust,
        old,
        here(words.source(_host(address) if address else found_in(number))) if number.source else "",
        address,
    )


def _trust(number: CrisisNumber, today: date, *, shipped: bool) -> tuple[str, bool]:
    if number.verified_on is not None:
        old = today - number.verified_on > RING_AGAIN
        return here((words.verified_long_ago if old else words.verified)(day(number.verified_on))), old
    if shipped and number != LOCAL_EMERGENCY:
        old = today - gathered_on() > RING_AGAIN
        return here((words.gathered_long_ago if old else words.gathered)(day(gathered_on()))), old
    return "" if number == LOCAL_EMERGENCY else here(words.NOT_VERIFIED), False


def _page(source: str) -> str:
    """The source itself where it is a page that can be opened, or nothing."""
    try:
        return source if urlsplit(source).scheme == "https" and _host(source) else ""
    except ValueError:
        return ""


def _host(source: str) -> str:
    return (urlsplit(source).hostname or "").removeprefix("www.")
