"""Draws every view and block of the desk for Teams, purely and totally: one file, so that a new block is
seen by all that draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from integrations.ground.drawing import EMPTY, Json, RenderError, in_order, person_facts, shown
from integrations.teams import wire
from integrations.teams.render_inputs import CardContext, kinds_of, render_input
from integrations.teams.wire import (
    ACTION_KEY,
    FORM_KEY,
    KINDS_KEY,
    TEAMS_KEY,
    TOKEN_KEY,
    WORDS_KEY,
    card,
    close_below,
    cut,
    heading,
    is_verb,
    paragraph,
    quiet,
)
from trim_bot.app.own.home_screens import home_view
from trim_bot.app.seam.in_language import here, in_language, language_of, short_of, translated
from trim_bot.app.seam.languages import speaking, spoken_here
from trim_bot.app.seam.views import (
    Alert,
    Block,
    Bullets,
    Button,
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
    PersonCard,
    Text,
    Tone,
    View,
    Weight,
)
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL
from trim_bot.domain.clean_text import cleaned
from trim_bot.domain.people import Address, Platform

OPEN_ACTION = "open"
STOP_ACTION = "stop"

People = Sequence[tuple[str, str]]
"""Addresses and names somebody may choose from, where Teams is not asked to look people up."""


def card_of(view: View, tenant: str, people: People = ()) -> Json | None:
    """The card of a dialog for a view shown to somebody of `tenant`, or None when there is nothing to show.

    Raises RenderError when it cannot fit.
    """
    with speaking(language_of(view)):
        return _card(view, tenant, people)


def _card(view: View, tenant: str, people: People) -> Json | None:
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
                Button(OPEN_ACTION, view.open_token, here(OPEN_LABEL), Weight.MAIN),
                Button(STOP_ACTION, view.stop_token, here(STOP_LABEL), Weight.QUIET),
            )
            body = paragraph(here(MESSAGE_TEXT)) + button_rows(buttons, CardContext())
            return card(body, (), wire.DIALOG_BYTES)
        case Nothing():
            return None
        case _:
            assert_never(view)


def title_of(view: View) -> str:
    """What stands in the title of the dialog."""
    match view:
        case Form(title=title) | FieldErrors(form=Form(title=title)) | Done(title=title):
            return cut(
                cleaned(short_of(title)).strip() or translated(words.DESK, language_of(view)), wire.TITLE
            )
        case Message() | Nothing():
            return translated(words.DESK, language_of(view))
        case _:
            assert_never(view)


def message_card(message: Message) -> Json:
    """A card in a chat: the one text and two opaque tokens.

    Stopping is an Execute, whose answer takes the card's place; opening asks for a dialog and leaves the card.
    """
    with speaking(message.language):
        return _message_card(message)


def _message_card(message: Message) -> Json:
    opening: Json = {
        TEAMS_KEY: OPENS_DIALOG,
        ACTION_KEY: OPEN_ACTION,
        TOKEN_KEY: checked_token(message.open_token),
    }
    stopping: Json = {
        "type": "Action.Execute",
        "title": here(STOP_LABEL),
        "verb": STOP_ACTION,
        "data": {ACTION_KEY: STOP_ACTION, TOKEN_KEY: checked_token(message.stop_token)},
    }
    actions = [submit(here(OPEN_LABEL), opening, main=True), stopping]
    row: Json = {"type": "ActionSet", "actions": actions}
    return card([*paragraph(here(MESSAGE_TEXT)), row], (), wire.MESSAGE_BYTES) | {
        "fallbackText": here(MESSAGE_TEXT)
    }


def neutral_card(text: str) -> Json:
    """A sentence of the adapter's own, in a chat or a dialog; nothing can be pressed."""
    return card(paragraph(here(text)), (), wire.MESSAGE_BYTES)


def blocks_card(blocks: Sequence[Block]) -> Json:
    """A page of the adapter's own in a dialog, with nothing to press in it."""
    return card(render_blocks(blocks, CardContext()), (), wire.DIALOG_BYTES)


def opening_card(said: Sequence[str]) -> Json:
    """The one card that answers words typed to the bot: a button opens in a dialog what they lead to.

    `said` is verbs of the desk, such as `("peer", "log")`; anything else is a RenderError, since the card stays.
    """
    if not 1 <= len(said) <= wire.WORDS or not all(map(is_verb, said)):
        raise RenderError("words in a chat have to be plain verbs")
    data: Json = {TEAMS_KEY: OPENS_DIALOG, WORDS_KEY: " ".join(said)}
    row: Json = {"type": "ActionSet", "actions": [submit(here(OPEN_LABEL), data, main=True)]}
    return card([*paragraph(here(words.OPENS_BESIDE)), row], (), wire.MESSAGE_BYTES)


def home_card(link: str) -> Json:
    """The first card in a chat, the same for everybody; its buttons open dialogs. `link` is where the pages are."""
    home = in_language(home_view(link), spoken_here())
    if not isinstance(home, Done):
        raise RenderError("the first card is a page")
    body = [heading(home.title), *render_blocks(home.blocks, CardContext(in_chat=True))]
    return card(body, (), wire.MESSAGE_BYTES)


def again_card(said: str, label: str, data: Mapping[str, object]) -> Json:
    """A page of a dialog with one button that sends the very same `data` again; the effect is one.

    `data` is what came in with the card, what was typed included, so that nothing is lost meanwhile.
    """
    again = {key: value for key, value in data.items() if key != TEAMS_KEY}
    return card(paragraph(here(said)), [submit(here(label), again, main=True)], wire.DIALOG_BYTES)


def _form(form: Form, errors: Mapping[str, str], tenant: str, people: People) -> Json:
    """A form, and with errors everything typed again.

    Teams draws the card of an answer anew, from its own values, and keeps nothing of the one before. So a newer
    draft needs no new name on the wire, and what is not sent back with an error is lost.
    """
    fields = len(list(form.inputs()))
    if fields > wire.FIELDS:
        raise RenderError("a form has more than 100 fields")
    if fields and form.submit is None:
        raise RenderError("a form with fields needs a label to send it")
    context = CardContext(form, errors, tenant, people)
    body = [] if form.step is None else quiet(here(words.step_line(form.step)))
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
    return [set_off("attention", [*paragraph(here(words.LOOK_AGAIN), weight="Bolder"), *said])]


def _titled(title: str, drawn: list[Json]) -> list[Json]:
    """Elements under a title; the whole title comes first where Teams would cut it or there is nothing else."""
    told = " ".join(title.split())
    return [heading(told), *drawn] if not drawn or len(told) > wire.TITLE else drawn


OPENS_DIALOG: Json = {"type": "task/fetch"}
"""Tells Teams to ask for a dialog at a press, and to write nothing into the chat."""
STYLES = {Tone.HELP: "accent", Tone.WAITING: "warning", Tone.DANGER: "attention"}
MOST_LABEL = 200


def render_blocks(blocks: Sequence[Block], context: CardContext) -> list[Json]:
    """All blocks in order, buttons that follow one another in rows. A field outside a form is a RenderError."""
    return in_order(blocks, lambda row: button_rows(row, context), lambda block: _block(block, context))


def button_rows(buttons: Sequence[Button], context: CardContext) -> list[Json]:
    """One row where they all fit, or else one below the other, so that equal ones stay equal and none is cut."""
    letters = sum(len(button.label) + wire.EDGE_LETTERS for button in buttons)
    fits = len(buttons) <= wire.ROW_BUTTONS and letters <= wire.ROW_LETTERS
    rows = [buttons] if fits else [[button] for button in buttons]
    return [{"type": "ActionSet", "actions": [_button(one, context) for one in row]} for row in rows if row]


def _button(button: Button, context: CardContext) -> Json:
    if not button.action:
        raise RenderError("a button needs an action")
    data: Json = {ACTION_KEY: button.action, TOKEN_KEY: checked_token(button.token)}
    if context.in_chat:
        data[TEAMS_KEY] = OPENS_DIALOG
    kinds = kinds_of(context.form) if context.form is not None else {}
    if kinds:
        data[KINDS_KEY] = kinds
    return submit(button.label, data, main=button.weight is Weight.MAIN)


def submit(label: str, data: Json, *, main: bool) -> Json:
    """A button that sends `data` and, where there are fields, what was typed."""
    drawn: Json = {"type": "Action.Submit", "title": cut(label, MOST_LABEL), "data": data}
    return drawn | ({"style": "positive"} if main else {})


def checked_token(token: str) -> str:
    """The same token, or RenderError when it is longer than any of the desk's."""
    if len(token) > wire.TOKEN:
        raise RenderError("a token is longer than 4000 characters")
    return token


def set_off(style: str, items: Sequence[Json]) -> Json:
    """Elements on a ground of their own."""
    return {"type": "Container", "style": style, "items": list(items)}


def _block(block: Block, context: CardContext) -> list[Json]:
    if isinstance(block, Input):
        if context.form is None:
            raise RenderError("a field stands outside a form")
        return render_input(block, context)
    match block:
        case Heading(text):
            return [heading(text)]
        case Text(text, is_quiet):
            return quiet(text) if is_quiet else paragraph(text)
        case Facts(rows):
            return _facts(rows)
        case Figures(figures):
            return _facts([(row.label, row.said) for row in figures])
        case Bullets(items):
            return _bullets(items)
        case Alert(tone, text, lines):
            said = paragraph(f"{here(words.TONES[tone])}: {shown(text)}", weight="Bolder")
            return [set_off(STYLES[tone], [*said, *(part for line in lines for part in paragraph(line))])]
        case PersonCard():
            return _person(block)
        case Button():
            return button_rows([block], context)
        case Link(label, url):
            return _link(label, url)
        case _:
            assert_never(block)


def _facts(rows: Sequence[tuple[str, str]]) -> list[Json]:
    """Name above value: side by side they are cut on a phone, and Teams would read Markdown in them."""
    drawn: list[Json] = []
    for name, value in rows:
        drawn += paragraph(name, weight="Bolder") + close_below(paragraph(value))
    return drawn or paragraph(EMPTY)


def _bullets(items: Sequence[str]) -> list[Json]:
    drawn: list[Json] = []
    for item in items:
        one = paragraph(f"• {shown(item)}")
        drawn += close_below(one) if drawn else one
    return drawn or paragraph(EMPTY)


def _person(one: PersonCard) -> list[Json]:
    return _facts(person_facts(one)) + ([] if one.chat is None else quiet(_chat(one.chat)))


def _chat(chat: Address) -> str:
    """Teams has no way to a chat by the id of an account, only by the name somebody signs in with."""
    match chat.platform:
        case Platform.TEAMS:
            return here(words.REACH_IN_TEAMS)
        case Platform.SLACK:
            return here(words.REACH_IN_SLACK)
        case Platform.WEB:
            return here(words.REACH_IN_BROWSER)
        case _:
            assert_never(chat.platform)


def _link(label: str, url: str) -> list[Json]:
    fits = url.startswith(("https://", "http://")) and len(url) <= wire.URL and not any(map(str.isspace, url))
    if not fits:
        return paragraph(f"{label}: {url}")
    return [
        {
            "type": "ActionSet",
            "actions": [{"type": "Action.OpenUrl", "title": cut(label, MOST_LABEL), "url": url}],
        }
    ]
