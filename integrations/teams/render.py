"""Draws every view of the desk for Teams (dialogs, and the few cards that stay in a chat), purely and totally."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from integrations.ground.drawing import Json, RenderError
from integrations.teams import wire
from integrations.teams.render_blocks import (
    OPENS_DIALOG,
    button_rows,
    checked_token,
    render_blocks,
    set_off,
    submit,
)
from integrations.teams.render_inputs import CardContext, kinds_of
from integrations.teams.wire import (
    ACTION_KEY,
    FORM_KEY,
    KINDS_KEY,
    TEAMS_KEY,
    TOKEN_KEY,
    WORDS_KEY,
    card,
    cut,
    heading,
    is_verb,
    paragraph,
    quiet,
)
from trim_bot.app.own.home_screens import home_view
from trim_bot.app.seam.views import Button, Done, FieldErrors, Form, Message, Nothing, View, Weight
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL
from trim_bot.domain.clean_text import cleaned

OPEN_ACTION = "open"
STOP_ACTION = "stop"

People = Sequence[tuple[str, str]]
"""Addresses and names somebody may choose from, where Teams is not asked to look people up."""


def card_of(view: View, tenant: str, people: People = ()) -> Json | None:
    """The card of a dialog for a view shown to somebody of `tenant`, or None when there is nothing to show.

    Raises RenderError when it cannot fit.
    """
    match view:
        case Form():
            return _form(view, {}, tenant, people)
        case FieldErrors(form, errors):
            return _form(form, errors, tenant, people)
        case Done(title=title, blocks=blocks):
            body = _titled(title, render_blocks(blocks, CardContext()))
            return card(body, (), wire.DIALOG_BYTES)
        case Message():
            buttons = (
                Button(OPEN_ACTION, view.open_token, OPEN_LABEL, Weight.MAIN),
                Button(STOP_ACTION, view.stop_token, STOP_LABEL, Weight.QUIET),
            )
            body = paragraph(MESSAGE_TEXT) + button_rows(buttons, CardContext())
            return card(body, (), wire.DIALOG_BYTES)
        case Nothing():
            return None
        case _:
            assert_never(view)


def title_of(view: View) -> str:
    """What stands in the title of the dialog."""
    match view:
        case Form(title=title) | FieldErrors(form=Form(title=title)) | Done(title=title):
            return cut(cleaned(title).strip() or words.DESK, wire.TITLE)
        case Message() | Nothing():
            return words.DESK
        case _:
            assert_never(view)


def message_card(message: Message) -> Json:
    """A card in a chat: the one text and two opaque tokens.

    Stopping is an Execute, whose answer takes the card's place; opening asks for a dialog and leaves the card.
    """
    opening: Json = {
        TEAMS_KEY: OPENS_DIALOG,
        ACTION_KEY: OPEN_ACTION,
        TOKEN_KEY: checked_token(message.open_token),
    }
    stopping: Json = {
        "type": "Action.Execute",
        "title": STOP_LABEL,
        "verb": STOP_ACTION,
        "data": {ACTION_KEY: STOP_ACTION, TOKEN_KEY: checked_token(message.stop_token)},
    }
    actions = [submit(OPEN_LABEL, opening, main=True), stopping]
    row: Json = {"type": "ActionSet", "actions": actions}
    return card([*paragraph(MESSAGE_TEXT), row], (), wire.MESSAGE_BYTES) | {"fallbackText": MESSAGE_TEXT}


def neutral_card(text: str) -> Json:
    """A sentence of the adapter's own, in a chat or a dialog; nothing can be pressed."""
    return card(paragraph(text), (), wire.MESSAGE_BYTES)


def opening_card(said: Sequence[str]) -> Json:
    """The one card that answers words typed to the bot: a button opens in a dialog what they lead to.

    `said` is verbs of the desk, such as `("peer", "log")`; anything else is a RenderError, since the card stays.
    """
    if not 1 <= len(said) <= wire.WORDS or not all(map(is_verb, said)):
        raise RenderError("words in a chat have to be plain verbs")
    data: Json = {TEAMS_KEY: OPENS_DIALOG, WORDS_KEY: " ".join(said)}
    row: Json = {"type": "ActionSet", "actions": [submit(OPEN_LABEL, data, main=True)]}
    return card([*paragraph(words.OPENS_BESIDE), row], (), wire.MESSAGE_BYTES)


def home_card(link: str) -> Json:
    """The first card in a chat, the same for everybody; its buttons open dialogs. `link` is where the pages are."""
    home = home_view(link)
    body = [heading(home.title), *render_blocks(home.blocks, CardContext(in_chat=True))]
    return card(body, (), wire.MESSAGE_BYTES)


def again_card(said: str, label: str, data: Mapping[str, object]) -> Json:
    """A page of a dialog with one button that sends the very same `data` again; the effect is one.

    `data` is what came in with the card, what was typed included, so that nothing is lost meanwhile.
    """
    again = {key: value for key, value in data.items() if key != TEAMS_KEY}
    return card(paragraph(said), [submit(label, again, main=True)], wire.DIALOG_BYTES)


def _form(form: Form, errors: Mapping[str, str], tenant: str, people: People) -> Json:
    """A form, and with errors everything typed again.

    Teams draws the card of an answer anew, from its own values, and keeps nothing of the one before. So a newer
    draft needs no new name on the wire, and what is not sent back with an error is lost.
    """
    fields = list(form.inputs())
    names = [one.name for one in fields]
    if len(set(names)) < len(names) or len(names) > wire.FIELDS:
        raise RenderError("two fields of a form have the same name, or there are more than 100")
    if names and form.submit is None:
        raise RenderError("a form with fields needs a label to send it")
    context = CardContext(form, errors, tenant, people)
    body = [] if form.step is None else quiet(words.step_line(form.step))
    body += _summary(form, errors)
    body += _titled(form.title, render_blocks(form.blocks, context))
    if form.back is not None:
        body += button_rows([form.back], context)
    actions = [] if form.submit is None else [submit(form.submit, _sent(form), main=True)]
    return card(body, actions, wire.DIALOG_BYTES)


def _sent(form: Form) -> Json:
    data: Json = {FORM_KEY: form.name, TOKEN_KEY: checked_token(form.token)}
    kinds = kinds_of(form)
    return data | ({KINDS_KEY: kinds} if kinds else {})


def _summary(form: Form, errors: Mapping[str, str]) -> list[Json]:
    """All faults together, before the form."""
    if not errors:
        return []
    labels = {one.name: one.label for one in form.inputs()}
    lines = [f"{labels[name]}: {text}" if labels.get(name) else text for name, text in errors.items()]
    said = [part for line in lines for part in paragraph(line)]
    return [set_off("attention", [*paragraph(words.LOOK_AGAIN, weight="Bolder"), *said])]


def _titled(title: str, drawn: list[Json]) -> list[Json]:
    """Elements under a title; the whole title comes first where Teams would cut it or there is nothing else."""
    told = " ".join(title.split())
    return [heading(told), *drawn] if not drawn or len(told) > wire.TITLE else drawn
