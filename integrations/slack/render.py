"""Draws every view of the desk for Slack (modals, the Home tab, messages), purely and totally."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from integrations.ground.drawing import Json, RenderError
from integrations.slack import limits
from integrations.slack.render_blocks import button_rows, render_blocks
from integrations.slack.wire import contexts, cut, identifier, plain, sections
from trim_bot.app.seam.views import (
    Alert,
    Block,
    Button,
    Done,
    FieldErrors,
    Form,
    Message,
    Nothing,
    Text,
    Tone,
    View,
    Weight,
)
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL
from trim_bot.domain.clean_text import cleaned, cleaned_all

OPEN_ACTION = "open"
STOP_ACTION = "stop"


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as Slack stores it."""

    text: str
    blocks: list[Json]


def render_view(view: View) -> Json | None:
    """The modal for a view, or None when there is nothing to show. Raises RenderError when it cannot fit."""
    match view:
        case Form():
            return _form(view)
        case FieldErrors(form, errors):
            # Only for a form that has to be drawn anew; beside a field Slack shows the error itself.
            labels = {field.name: field.label for field in form.inputs()}
            alerts = tuple(
                Alert(Tone.WAITING, _fault(labels.get(name), text)) for name, text in errors.items()
            )
            return _form(form, alerts)
        case Done(name, title, blocks):
            return _modal(name, title, "", _screen(title, blocks, None))
        case Message():
            return _modal("", words.DESK, "", sections(MESSAGE_TEXT) + _message_buttons(view))
        case Nothing():
            return None
        case _:
            assert_never(view)


def render_home(view: Done) -> Json:
    """The Home tab, the same for everybody."""
    return cleaned_all({"type": "home", "blocks": _counted(_screen(view.title, view.blocks, None))})


def render_message(message: Message) -> Posted:
    """A chat message: the one text and two opaque tokens."""
    return Posted(MESSAGE_TEXT, sections(MESSAGE_TEXT) + _message_buttons(message))


def notice(title: str, text: str) -> Json:
    """A neutral page of the adapter's own."""
    return _modal("", title, "", _screen(title, (Text(text),), None))


def _message_buttons(message: Message) -> list[Json]:
    return button_rows(
        (
            Button(OPEN_ACTION, message.open_token, OPEN_LABEL, Weight.MAIN),
            Button(STOP_ACTION, message.stop_token, STOP_LABEL, Weight.QUIET),
        )
    )


def _fault(label: str | None, text: str) -> str:
    return f"{label}: {text}" if label else text


def _form(form: Form, first: tuple[Block, ...] = ()) -> Json:
    names = [field.name for field in form.inputs()]
    if len(set(names)) < len(names):
        raise RenderError("two fields of a form have the same name")
    if names and form.submit is None:
        raise RenderError("a form with fields needs a label to send it")
    blocks = [] if form.step is None else contexts([words.step_line(form.step)])
    blocks += _screen(form.title, (*first, *form.blocks), form)
    if form.back is not None:
        blocks += button_rows([form.back])
    return _modal(form.name, form.title, form.token, blocks, form.submit)


def _screen(title: str, blocks: tuple[Block, ...], form: Form | None) -> list[Json]:
    """Blocks under a title; the whole title comes first where Slack would cut it or there is nothing else."""
    drawn = render_blocks(blocks, form)
    return sections(title) + drawn if not drawn or len(cleaned(title).strip()) > limits.TITLE else drawn


def _modal(name: str, title: str, token: str, blocks: list[Json], submit: str | None = None) -> Json:
    if len(token) > limits.PRIVATE_METADATA:
        raise RenderError("the token of a form is longer than 3000 characters")
    drawn: Json = {
        "type": "modal",
        "title": plain(cut(title or words.DESK, limits.TITLE)),
        "close": plain(words.CLOSE),
        "blocks": _counted(blocks),
    }
    if name:
        drawn["callback_id"] = identifier(name)
    if token:
        drawn["private_metadata"] = token
    if submit is not None:
        drawn["submit"] = plain(cut(submit, limits.TITLE))
    # Whatever was kept before texts were cleaned where they enter: a page that cannot be sent helps nobody.
    return cleaned_all(drawn)


def _counted(blocks: list[Json]) -> list[Json]:
    if len(blocks) > limits.BLOCKS_IN_VIEW:
        raise RenderError("a view has more than 100 blocks")
    return blocks
