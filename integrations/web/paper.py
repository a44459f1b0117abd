"""The templates: one environment that escapes everything and refuses what is not defined."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from trim_bot.app.words import adapter_words as messages
from trim_bot.app.words import page_words, practice_words

CSS = files("integrations.web").joinpath("static/desk.css").read_bytes()
ICON = files("integrations.web").joinpath("static/icon.svg").read_bytes()
VERSION = sha256(CSS + ICON).hexdigest()[:12]
"""Part of the address of static files, so that browsers may keep them."""

_environment = Environment(
    loader=PackageLoader("integrations.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(
    words=page_words,
    practice_words=practice_words,
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
