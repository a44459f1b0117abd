"""The templates, in one environment that escapes everything, and dates as people say them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from integrations.web.spoken_words import SpokenWords
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.languages import spoken_here
from trim_bot.app.words import adapter_words as messages
from trim_bot.app.words import employer_words, page_words, practice_words, unsent_words
from trim_bot.app.words.times import spoken, spoken_clock, spoken_date, spoken_day
from trim_bot.domain.clean_text import isolated

CSS = files("integrations.web").joinpath("static/desk.css").read_bytes()
SCRIPT = files("integrations.web").joinpath("static/people.js").read_bytes()
ICON = files("integrations.web").joinpath("static/icon.svg").read_bytes()
VERSION = sha256(CSS + ICON + SCRIPT).hexdigest()[:12]
"""Part of the address of static files, so that browsers may keep them."""


def _set_apart(value: object) -> object:
    """Every text that is drawn, with whatever runs from right to left set apart; mark-up is as it is.

    On a page whose own lines run so, addresses and tokens would be marked as well: there the style sheet sets numbers
    apart, and words of other alphabets keep their order by themselves.
    """
    if not isinstance(value, str) or isinstance(value, Markup) or spoken_here().right_to_left:
        return value
    return isolated(value)


_environment = Environment(
    loader=PackageLoader("integrations.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_set_apart,
)
_environment.filters["as_typed"] = escape
_environment.globals.update(
    words=SpokenWords(page_words),
    practice_words=SpokenWords(practice_words),
    unsent_words=SpokenWords(unsent_words),
    employer_words=SpokenWords(employer_words),
    chat_words=SpokenWords(messages),
    language=spoken_here,
    version=VERSION,
)


def page(template: str, **context: object) -> Markup:
    """A whole template, filled."""
    return Markup(_environment.get_template(template).render(context))  # noqa: S704 - autoescaped above


def part(template: str, macro: str, **context: object) -> Markup:
    """One macro of a template, filled."""
    return Markup(_macros(template)[macro](**context))  # noqa: S704 - autoescaped above


@cache
def _macros(template: str) -> dict[str, Callable[..., str]]:
    return vars(_environment.get_template(template).module)


def day(when: date) -> str:
    """`24 November 2026`."""
    return here(spoken_date(when))


def moment(when: datetime, zone: str) -> str:
    """`Tuesday 24 November, 9:00`, in an IANA zone; `when` is aware."""
    return here(spoken(when, ZoneInfo(zone)))


def recent(when: datetime, now: datetime, zone: str) -> str:
    """`9:00` if `when` is on the day of `now`, otherwise the day alone: `Tuesday 24 November`."""
    there = when.astimezone(ZoneInfo(zone))
    if there.date() == now.astimezone(ZoneInfo(zone)).date():
        return here(spoken_clock(there))
    return here(spoken_day(there.date()))
