"""Draws every block of a view as elements of an Adaptive Card; nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from integrations.ground.drawing import EMPTY, Json, RenderError, in_order, person_facts, shown
from integrations.teams import wire
from integrations.teams.render_inputs import CardContext, kinds_of, render_input
from integrations.teams.wire import (
    ACTION_KEY,
    KINDS_KEY,
    TEAMS_KEY,
    TOKEN_KEY,
    close_below,
    cut,
    heading,
    paragraph,
    quiet,
)
from trim_bot.app.seam.views import (
    Alert,
    Block,
    Bullets,
    Button,
    Facts,
    Heading,
    Input,
    Link,
    PersonCard,
    Text,
    Tone,
    Weight,
)
from trim_bot.app.words import adapter_words as words
from trim_bot.domain.people import Address, Platform

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
        case Bullets(items):
            return _bullets(items)
        case Alert(tone, text, lines):
            said = paragraph(f"{words.TONES[tone]}: {shown(text)}", weight="Bolder")
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
            return words.REACH_IN_TEAMS
        case Platform.SLACK:
            return words.REACH_IN_SLACK
        case Platform.WEB:
            return words.REACH_IN_BROWSER
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
