"""Draws the fields one fills in, each bound to its label, hint and error."""

from __future__ import annotations

import re
from typing import assert_never

from markupsafe import Markup

from integrations.web.blocks import FormTarget
from integrations.web.template_environment import part
from trim_bot.app.seam.views import (
    Choice,
    Choices,
    DateInput,
    Input,
    Option,
    PeopleInput,
    PersonInput,
    TextInput,
    TimeInput,
    Toggle,
)
from trim_bot.app.words import page_words as words

LONGEST_LIST = 60
"""More people than this are found by typing, not by scrolling."""
_SHORT_LABEL = 14
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})?")
_TIME = re.compile(r"(\d{2}:\d{2}(:\d{2})?)?")


def shape(field: Input) -> str:
    """How the field's values are told apart when sent: `people who`; empty for plain text."""
    match field:
        case Toggle():
            return f"toggle {field.name}"
        case Choices():
            return f"choices {field.name}"
        case PeopleInput():
            return f"people {field.name}"
        case PersonInput():
            return f"person {field.name}"
        case TextInput() | Choice() | DateInput() | TimeInput():
            return ""
        case _:
            assert_never(field)


def draw_field(field: Input, id: str, error: str, target: FormTarget) -> Markup:
    """One field with its label, hint, error and what was typed."""
    match field:
        case TextInput():
            readers = words.read_by(field.readers) if field.readers else ""
            kind = "area" if field.multiline else "text"
            return _one(kind, field, id, error, readers=readers, html_type="text")
        case DateInput():
            return _one("text", field, id, error, html_type="date" if _DAY.fullmatch(field.value) else "text")
        case TimeInput():
            return _one(
                "text", field, id, error, html_type="time" if _TIME.fullmatch(field.value) else "text"
            )
        case Choice():
            if field.compact:
                return _one("select", field, id, error)
            return _list("radio", field, field.options, (field.value,), id, error)
        case Choices():
            return _list("checkbox", field, field.options, field.value, id, error)
        case PersonInput():
            return _person(field, id, error, target)
        case PeopleInput():
            return _people(field, id, error, target)
        case Toggle():
            return part("fields.html", "toggle", field=field, id=id, error=error)
        case _:
            assert_never(field)


def _one(macro: str, field: Input, id: str, error: str, readers: str = "", html_type: str = "") -> Markup:
    return part("fields.html", macro, field=field, id=id, error=error, readers=readers, type=html_type)


def _list(
    html_type: str,
    field: Choice | Choices | PersonInput | PeopleInput,
    options: tuple[Option, ...],
    chosen: tuple[str, ...],
    id: str,
    error: str,
    scroll: bool = False,
) -> Markup:
    inline = len(options) <= 5 and all(len(option.label) <= _SHORT_LABEL for option in options)
    return part(
        "fields.html",
        "options",
        field=field,
        type=html_type,
        options=options,
        chosen=chosen,
        id=id,
        error=error,
        inline=inline and not scroll,
        scroll=scroll,
    )


def _person(field: PersonInput, id: str, error: str, target: FormTarget) -> Markup:
    if target.people and len(target.people) <= LONGEST_LIST:
        value = (field.value,) if field.value else ()
        return _list("radio", field, _listed(target, value), value, id, error, scroll=True)
    return part(
        "fields.html",
        "typed_person",
        field=field,
        id=id,
        error=error,
        people=target.people,
        value=field.value,
    )


def _people(field: PeopleInput, id: str, error: str, target: FormTarget) -> Markup:
    if target.people and len(target.people) <= LONGEST_LIST:
        return _list("checkbox", field, _listed(target, field.value), field.value, id, error, scroll=True)
    rows = field.value + ("",) * max(2, 5 - len(field.value))
    return part(
        "fields.html", "typed_people", field=field, id=id, error=error, people=target.people, rows=rows
    )


def _listed(target: FormTarget, chosen: tuple[str, ...]) -> tuple[Option, ...]:
    """The people to choose from, with anyone already chosen who is not among them."""
    known = {address for address, _ in target.people}
    extra = tuple(Option(address, address.removeprefix("web:")) for address in chosen if address not in known)
    return tuple(Option(address, name) for address, name in target.people) + extra
