"""Reads a view in a test: what a person reads on it, the ways on, the fields, and everything else it carries."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time
from enum import Enum
from typing import TypeVar, assert_never

from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.views import (
    Alert,
    Block,
    Bullets,
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    Facts,
    FieldErrors,
    Figures,
    Form,
    Heading,
    Input,
    Link,
    Message,
    Nothing,
    PeopleInput,
    PersonCard,
    PersonInput,
    Text,
    TextInput,
    TimeInput,
    Toggle,
    View,
)
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL

B = TypeVar("B", bound=Block)
F = TypeVar("F", bound=Input)


def words_of(view: View) -> str:
    """Everything a person reads on a view, in its order, a line for each text; no token, field name or value."""
    read = (re.sub(r"\s+", " ", text).strip() for text in texts(view, own=True))
    return "\n".join(text for text in read if text)


def texts(view: View, *, own: bool = False) -> Iterator[str]:
    """Every text on a view, in its order; with `own` also what somebody typed, and what they are called."""
    match view:
        case Form(title=title, blocks=blocks, submit=submit, back=back):
            yield title
            for block in blocks:
                yield from _block(block, own)
            yield submit or ""
            yield back.label if back else ""
        case FieldErrors(form=form, errors=errors):
            yield from texts(form, own=own)
            yield from errors.values()
        case Done(title=title, blocks=blocks):
            yield title
            for block in blocks:
                yield from _block(block, own)
        case Message():
            yield from (MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL)
        case Nothing():
            return


def _block(block: Block, own: bool) -> Iterator[str]:
    match block:
        case Heading(text=text) | Text(text=text):
            yield text
        case Figures(rows=figures):
            for figure in figures:
                yield from (figure.label, figure.said)
        case Facts(rows=rows):
            for row in rows:
                yield from row
        case Bullets(items=items):
            yield from items
        case Alert(text=text, lines=lines):
            yield text
            yield from lines
        case PersonCard(name=name, phone=phone, reach=reach, best_time=best_time, talk=talk):
            yield from (name, phone) if own else ()
            yield from (talk, reach, best_time)
        case Button(label=label) | Link(label=label):
            yield label
        case (
            Choice(label=label, hint=hint, options=options) | Choices(label=label, hint=hint, options=options)
        ):
            yield from (label, hint, *(option.label for option in options))
        case TextInput(label=label, hint=hint, readers=readers, value=value):
            yield from (label, hint, readers)
            yield value if own else ""
        case DateInput(label=label, hint=hint, value=value) | TimeInput(label=label, hint=hint, value=value):
            yield from (label, hint)
            yield value if own else ""
        case (
            PersonInput(label=label, hint=hint)
            | PeopleInput(label=label, hint=hint)
            | Toggle(label=label, hint=hint)
        ):
            yield from (label, hint)
        case _:
            assert_never(block)


def form_of(view: View) -> Form:
    """The form of a view, also when it came back with things to mend."""
    if isinstance(view, FieldErrors):
        return view.form
    assert isinstance(view, Form), view
    return view


def done_of(view: View) -> Done:
    """The answer that a view has to be."""
    assert isinstance(view, Done), view
    return view


def name_of(view: View) -> str:
    """What a form or an answer is called; nothing for a message, and for a form that came back to be mended."""
    match view:
        case Form(name=name) | Done(name=name):
            return name
        case _:
            return ""


def blocks_of(view: View, kind: type[B]) -> list[B]:
    """The blocks of one kind on a view, in their order; a message has none."""
    return [block for block in all_blocks(view) if isinstance(block, kind)]


def all_blocks(view: View) -> tuple[Block, ...]:
    """Every block of a view, in its order; a message has none."""
    match view:
        case FieldErrors(form=form):
            return form.blocks
        case Form(blocks=blocks) | Done(blocks=blocks):
            return blocks
        case Message() | Nothing():
            return ()


def unsigned(view: View) -> View:
    """The same view without its tokens, which are made afresh each time."""
    match view:
        case FieldErrors(form=form):
            return replace(view, form=_unsigned(form))
        case Form():
            return _unsigned(view)
        case Done(blocks=blocks):
            return replace(view, blocks=tuple(map(_unsigned_block, blocks)))
        case Message():
            return Message("", "")
        case Nothing():
            return view


def _unsigned(form: Form) -> Form:
    back = None if form.back is None else replace(form.back, token="")
    return replace(form, token="", back=back, blocks=tuple(map(_unsigned_block, form.blocks)))


def _unsigned_block(block: Block) -> Block:
    return replace(block, token="") if isinstance(block, Button) else block


def buttons_of(view: View) -> list[Button]:
    """Every button on a view, the way back last."""
    form = view.form if isinstance(view, FieldErrors) else view
    back = form.back if isinstance(form, Form) else None
    return [*blocks_of(form, Button), *([back] if back is not None else [])]


def buttons(view: View, action: str) -> list[Button]:
    """The buttons of a view with this action."""
    return [button for button in buttons_of(view) if button.action == action]


def rows_of(view: View) -> list[tuple[str, str]]:
    """Every pair of a name and what is so, on a view."""
    return [row for facts in blocks_of(view, Facts) for row in facts.rows]


def fields_of(view: View) -> dict[str, Input]:
    """The fields of a form by name, in their order."""
    return {field.name: field for field in form_of(view).inputs()}


def values_of(view: View) -> dict[str, Value]:
    """What stands in each field of a form, by name: what would go back unchanged."""
    return {name: field.value for name, field in fields_of(view).items()}


def field_of(view: View, name: str, kind: type[F]) -> F:
    """The field of this name, which has to be of this kind."""
    field = fields_of(view)[name]
    assert isinstance(field, kind), field
    return field


def everything_in(*things: object) -> str:
    """Whatever views or records carry, read or hidden: texts, values, names, ids, and what stands in a token.

    For what must appear nowhere. Anything it cannot walk is an error, so that nothing is left unread.
    """
    return "\n".join(text for thing in things for text in _everything(thing))


def _everything(thing: object) -> Iterator[str]:
    match thing:
        case str():
            yield thing
            yield from _in_token(thing)
        case Enum():
            yield from _everything(thing.value)
        case bytes():
            yield thing.decode("utf-8", "backslashreplace")
        case None | bool() | int() | float() | datetime() | date() | time():
            yield str(thing)
        case type():
            yield thing.__qualname__
        case Mapping():
            for key, value in thing.items():
                yield from _everything(key)
                yield from _everything(value)
        case list() | tuple() | AbstractSet():
            for one in thing:
                yield from _everything(one)
        case _ if is_dataclass(thing):
            for field in fields(thing):
                yield from _everything(getattr(thing, field.name))
        case _:
            raise TypeError(f"{type(thing).__qualname__} is not walked")


_TOKEN = re.compile(r"[A-Za-z0-9_=-]{24,}(?=\.)")


def _in_token(text: str) -> Iterator[str]:
    """What the tokens of these tests hold; a sealed one gives nothing away."""
    for part in _TOKEN.findall(text):
        padded = part.rstrip("=") + "=" * (-len(part.rstrip("=")) % 4)
        yield base64.urlsafe_b64decode(padded).decode("utf-8", "ignore")
