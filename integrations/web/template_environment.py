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

from trim_bot.app.words import adapter_words as messages
from trim_bot.app.words import page_words, practice_words, unsent_words
from trim_bot.domain.clean_text import isolated

CSS = files("integrations.web").joinpath("static/desk.css").read_bytes()
SCRIPT = files("integrations.web").joinpath("static/people.js").read_bytes()
ICON = files("integrations.web").joinpath("static/icon.svg").read_bytes()
VERSION = sha256(CSS + ICON + SCRIPT).hexdigest()[:12]
"""Part of the address of static files, so that browsers may keep them."""


def _set_apart(value: object) -> object:
    """Every text that is drawn, with whatever runs from right to left set apart; mark-up is as it is."""
    return isolated(value) if isinstance(value, str) and not isinstance(value, Markup) else value


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
    words=page_words,
    practice_words=practice_words,
    unsent_words=unsent_words,
    open_label=messages.OPEN_LABEL,
    stop_label=messages.STOP_LABEL,
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


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(when: date) -> str:
    """`24 November 2026`."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def moment(when: datetime, zone: str) -> str:
    """`Tuesday 24 November, 9:00`, in an IANA zone; `when` is aware."""
    here = when.astimezone(ZoneInfo(zone))
    return f"{_DAYS[here.weekday()]} {here.day} {_MONTHS[here.month - 1]}, {here.hour}:{here.minute:02d}"


def recent(when: datetime, now: datetime, zone: str) -> str:
    """`9:00` if `when` is on the day of `now`, otherwise the day alone: `Tuesday 24 November`."""
    there, here = when.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if there.date() == here.date():
        return f"{there.hour}:{there.minute:02d}"
    return moment(when, zone).partition(",")[0]
