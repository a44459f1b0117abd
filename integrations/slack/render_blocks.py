"""Draws every block of a view as Slack blocks; nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never
from urllib.parse import quote

from integrations.ground.drawing import EMPTY, Json, RenderError, in_order, person_facts, shown
from integrations.slack import limits
from integrations.slack.render_inputs import render_input
from integrations.slack.wire import LINK_ACTION, contexts, cut, escape, identifier, marked_up, plain, sections
from trim_bot.app.seam.views import (
    Alert,
    Block,
    Bullets,
    Button,
    Facts,
    Form,
    Heading,
    Input,
    Link,
    PersonCard,
    Text,
    Weight,
)
from trim_bot.app.words import adapter_words as words
from trim_bot.domain.clean_text import cleaned
from trim_bot.domain.people import Address, Platform


def render_blocks(blocks: Sequence[Block], form: Form | None) -> list[Json]:
    """All blocks in order, buttons that follow one another in rows.

    `form` is the form the inputs belong to; an input outside one is a RenderError.
    """
    return in_order(blocks, button_rows, lambda block: _block(block, form))


def button_rows(buttons: Iterable[Button]) -> list[Json]:
    """Rows of buttons; an action said twice starts a new row, since Slack wants it once a row."""
    rows: list[list[Button]] = []
    for button in buttons:
        row = rows[-1] if rows else []
        taken = {other.action for other in row}
        if not rows or button.action in taken or len(row) == limits.ACTION_ELEMENTS:
            row = []
            rows.append(row)
        row.append(button)
    return [{"type": "actions", "elements": [_button(button) for button in row]} for row in rows]


def _button(button: Button) -> Json:
    if not button.action or button.action == LINK_ACTION:
        raise RenderError("a button needs an action of its own")
    if len(button.token) > limits.BUTTON_VALUE:
        raise RenderError("the token of a button is longer than 2000 characters")
    drawn: Json = {
        "type": "button",
        "action_id": identifier(button.action),
        "text": plain(cut(button.label, limits.BUTTON_TEXT)),
    }
    if button.token:
        drawn["value"] = button.token
    if button.weight is Weight.MAIN:
        drawn["style"] = "primary"
    return drawn


def _block(block: Block, form: Form | None) -> list[Json]:
    if isinstance(block, Input):
        if form is None:
            raise RenderError("a field stands outside a form")
        return [render_input(block, form)]
    match block:
        case Heading(text):
            return _heading(text)
        case Text(text, quiet):
            return contexts([text]) if quiet else sections(text)
        case Facts(rows):
            return _facts(rows)
        case Bullets(items):
            return sections("\n".join(f"• {item.strip()}" for item in items))
        case Alert(tone, text, lines):
            return [*sections(f"{words.TONES[tone]}: {text}"), *contexts(lines)]
        case PersonCard():
            return _person(block)
        case Button():
            return button_rows([block])
        case Link(label, url):
            return _link(label, url)
        case _:
            assert_never(block)


def _heading(text: str) -> list[Json]:
    if len(cleaned(text).strip()) > limits.HEADER:
        return sections(text)
    return [{"type": "header", "text": plain(cut(text, limits.HEADER))}]


def _facts(rows: Sequence[tuple[str, str]]) -> list[Json]:
    drawn: list[Json] = []
    row: list[Json] = []

    def flush() -> None:
        if row:
            drawn.append({"type": "section", "fields": list(row)})
            row.clear()

    for name, value in rows:
        text = "\n".join(shown(part) for part in (name, value))
        if len(text) > limits.FIELD:
            flush()
            drawn += sections(text)
            continue
        row.append(plain(text))
        if len(row) == limits.FIELDS:
            flush()
    flush()
    return drawn or sections(EMPTY)


def _person(card: PersonCard) -> list[Json]:
    return _facts(person_facts(card)) + ([] if card.chat is None else _chat(card.chat))


def _chat(chat: Address) -> list[Json]:
    match chat.platform:
        case Platform.SLACK:
            team, user = (quote(cleaned(part), safe="") for part in (chat.workspace, chat.user))
            url = f"slack://user?team={team}&id={user}"
            link = f"<{escape(url)}|{escape(words.WRITE_IN_SLACK)}>"
            return [{"type": "section", "text": marked_up(link)}, *contexts([words.SLACK_KEEPS])]
        case Platform.TEAMS:
            return contexts([words.REACH_IN_TEAMS])
        case Platform.WEB:
            return contexts([words.REACH_IN_BROWSER])
        case _:
            assert_never(chat.platform)


def _link(label: str, url: str) -> list[Json]:
    fits = url.startswith(("https://", "http://")) and len(url) <= limits.BUTTON_URL
    if not fits:
        return sections(f"{label}: {url}")
    return [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": LINK_ACTION,
                    "text": plain(cut(label, limits.BUTTON_TEXT)),
                    "url": url,
                }
            ],
        }
    ]
