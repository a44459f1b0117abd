"""Draws every view and field of the desk as HTML: one file, so that whoever adds a block sees all that is
drawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from markupsafe import Markup

from integrations.web import blocks
from integrations.web.blocks import FormTarget, Ids
from integrations.web.people_fields import draw_people
from integrations.web.template_environment import part
from integrations.web.text_fields import draw_rows, keys_for
from trim_bot.app.seam.in_language import here, language_of
from trim_bot.app.seam.languages import speaking
from trim_bot.app.seam.views import (
    Answer,
    Block,
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    FieldErrors,
    Form,
    Input,
    Message,
    Nothing,
    Option,
    PeopleInput,
    PersonCard,
    PersonInput,
    TextInput,
    TimeInput,
    Toggle,
    View,
    Weight,
)
from trim_bot.app.words import page_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL

OPEN_ACTION = "open"
STOP_ACTION = "stop"


def title(view: View) -> str:
    """The name of the page, for the browser's tab and its list of tabs."""
    match view:
        case Form():
            where = f" ({here(words.step_line(*view.step))})" if view.step else ""
            return view.title + where
        case FieldErrors():
            return here(words.TITLE_ERROR) + title(view.form)
        case Done():
            return view.title
        case Message():
            return here(words.NAME)
        case Nothing():
            return here(words.NOTHING_TITLE)
        case _:
            assert_never(view)


def status(view: View) -> int:
    """The HTTP status that says the same as the view."""
    match view:
        case FieldErrors():
            return 422
        case Done(answer=Answer.REFUSED):
            return 404
        case Done(answer=Answer.TRY_AGAIN):
            return 503
        case Form() | Done() | Message() | Nothing():
            return 200
        case _:
            assert_never(view)


def asks_for_people(view: View) -> bool:
    """Whether the view has a field that chooses members."""
    match view:
        case Form():
            return any(isinstance(field, PersonInput | PeopleInput) for field in view.inputs())
        case FieldErrors():
            return asks_for_people(view.form)
        case Done() | Message() | Nothing():
            return False
        case _:
            assert_never(view)


def draw(view: View, target: FormTarget) -> Markup:
    """The view as HTML, from its heading to its last button."""
    with speaking(language_of(view)):
        return _draw(view, target)


def _draw(view: View, target: FormTarget) -> Markup:
    match view:
        case Form():
            return _form(view, {}, target)
        case FieldErrors():
            return _form(view.form, view.errors, target)
        case Done():
            return _done(view, target)
        case Message():
            buttons = (
                Button(OPEN_ACTION, view.open_token, OPEN_LABEL, Weight.MAIN, goes=True),
                Button(STOP_ACTION, view.stop_token, STOP_LABEL, Weight.QUIET),
            )
            text = part("blocks.html", "text", text=MESSAGE_TEXT, quiet=False)
            inside = text + blocks.row(buttons, target)
            head = part("page.html", "title", text=here(words.NAME), target=target)
            return _sent(OPEN_ACTION, target, head + inside)
        case Nothing():
            head = part("page.html", "title", text=here(words.NOTHING_TITLE), target=target)
            return head + part("blocks.html", "text", text=here(words.NOTHING_TEXT), quiet=False)
        case _:
            assert_never(view)


def _form(form: Form, errors: Mapping[str, str], target: FormTarget) -> Markup:
    ids = Ids(target.prefix)
    named = [(field, ids.give(field.name)) for field in form.inputs()]
    at: dict[str, str] = {}
    for field, place in named:
        at.setdefault(field.name, place)
    places = iter(named)
    labels = {field.name: field.label for field, _ in named}
    summary = [
        (at.get(name, ""), f"{labels[name]}: {text}" if name in labels else text)
        for name, text in errors.items()
    ]

    def one(block: Input) -> Markup:
        _, place = next(places)
        return draw_field(block, place, errors.get(block.name, ""), target)

    whose, others = _whose(form.blocks, target)
    inside = blocks.draw_all(others, target, one)
    has_fields = bool(named)
    finds = target.people.choice.is_there and asks_for_people(form)
    return part(
        "page.html",
        "form",
        form=form,
        whose=whose,
        inside=inside,
        summary=summary,
        shapes=[text for text in map(shape, form.inputs()) if text],
        back=blocks.row((replace(form.back, weight=Weight.QUIET),), target) if form.back else "",
        guard=finds or (any(map(_acts, form.blocks)) and has_fields),
        finds=finds,
        action=target.action(form.name),
        target=target,
    )


def _done(done: Done, target: FormTarget) -> Markup:
    def stray(block: Input) -> Markup:
        # A finished screen has nothing to send, yet a field in one is drawn rather than lost.
        return draw_field(block, ids.give(block.name), "", target)

    ids = Ids(target.prefix)
    whose, others = _whose(done.blocks, target)
    head = whose + part("page.html", "title", text=done.title, target=target)
    inside = head + blocks.draw_all(others, target, stray)
    if any(map(_acts, done.blocks)):
        return _sent(done.name, target, inside)
    return inside


def _acts(block: Block) -> bool:
    """Whether it is a button that does something, which a form has to be there for."""
    return isinstance(block, Button) and not block.goes


def _whose(given: tuple[Block, ...], target: FormTarget) -> tuple[Markup, tuple[Block, ...]]:
    """The banner that says whose talk it is, which stands above the title, and the blocks below."""
    first = given[0] if given else None
    if isinstance(first, PersonCard) and first.talk:
        return blocks.draw(first, target), given[1:]
    return Markup(), given


def _sent(name: str, target: FormTarget, inside: Markup) -> Markup:
    return part("page.html", "sent", inside=inside, action=target.action(name), target=target)


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
        case TextInput(columns=(_, *_)):
            return draw_rows(field, id, error)
        case TextInput():
            readers = here(words.read_by(field.readers)) if field.readers else ""
            kind = "area" if field.multiline else "text"
            keys = keys_for(field.holds)
            return _one(kind, field, id, error, readers=readers, html_type=keys.html_type, keys=keys.more)
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
        case PersonInput() | PeopleInput():
            return draw_people(field, id, error, target.people)
        case Toggle():
            return part("fields.html", "toggle", field=field, id=id, error=error)
        case _:
            assert_never(field)


def _one(
    macro: str,
    field: Input,
    id: str,
    error: str,
    readers: str = "",
    html_type: str = "",
    keys: Mapping[str, str] | None = None,
) -> Markup:
    return part(
        "fields.html",
        macro,
        field=field,
        id=id,
        error=error,
        readers=readers,
        type=html_type,
        keys=keys or {},
    )


def _list(
    html_type: str,
    field: Choice | Choices,
    options: tuple[Option, ...],
    chosen: tuple[str, ...],
    id: str,
    error: str,
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
        inline=inline,
        scroll=False,
    )
