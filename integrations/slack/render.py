"""Draws every view and block of the desk for Slack, purely and totally: one file, so that a new block is seen
by all that draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never
from urllib.parse import quote

from integrations.ground.drawing import EMPTY, Json, RenderError, in_order, person_facts, shown
from integrations.slack import wire
from integrations.slack.render_inputs import render_input
from integrations.slack.wire import LINK_ACTION, contexts, cut, escape, identifier, marked_up, plain, sections
from trim_bot.app.seam.in_language import here, language_of, short_of
from trim_bot.app.seam.languages import speaking
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
from trim_bot.domain.clean_text import cleaned, cleaned_all
from trim_bot.domain.people import Address, Platform

OPEN_ACTION = "open"
STOP_ACTION = "stop"
HOME_ACTION = "home"


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as Slack stores it."""

    text: str
    blocks: list[Json]


def render_view(view: View) -> Json | None:
    """The modal for a view, or None when there is nothing to show. Raises RenderError when it cannot fit."""
    with speaking(language_of(view)):
        return _view(view)


def _view(view: View) -> Json | None:
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
            return _modal("", here(words.DESK), "", sections(here(MESSAGE_TEXT)) + _message_buttons(view))
        case Nothing():
            return None
        case _:
            assert_never(view)


def render_home(view: Done) -> Json:
    """The Home tab, the same for everybody."""
    with speaking(view.language):
        blocks = _counted(_screen(view.title, view.blocks, None))
    return cleaned_all({"type": "home", "blocks": blocks}, drawn=True)


def render_message(message: Message) -> StoredMessage:
    """A chat message: the one text and two opaque tokens."""
    with speaking(message.language):
        text = here(MESSAGE_TEXT)
        return StoredMessage(text, sections(text) + _message_buttons(message))


def render_again(link: str) -> StoredMessage:
    """A neutral line for what did not open, the same for everybody; its button needs no token. `link` is our pages'."""
    ways: tuple[Block, ...] = (Button(HOME_ACTION, "", here(words.OPEN_HERE), Weight.MAIN),)
    if link:
        ways += (Link(here(words.OPEN_IN_BROWSER), link),)
    return StoredMessage(here(words.OPEN_AGAIN), sections(here(words.OPEN_AGAIN)) + render_blocks(ways, None))


def notice(title: str, text: str) -> Json:
    """A neutral page of the adapter's own."""
    return notice_of(title, (Text(here(text)),))


def notice_of(title: str, blocks: tuple[Block, ...]) -> Json:
    """A neutral page of the adapter with these blocks in it."""
    said = here(title)
    return _modal("", said, "", _screen(said, blocks, None))


def _message_buttons(message: Message) -> list[Json]:
    return button_rows(
        (
            Button(OPEN_ACTION, message.open_token, here(OPEN_LABEL), Weight.MAIN),
            Button(STOP_ACTION, message.stop_token, here(STOP_LABEL), Weight.QUIET),
        )
    )


def _fault(label: str | None, text: str) -> str:
    return f"{label}: {text}" if label else text


def _form(form: Form, first: tuple[Block, ...] = ()) -> Json:
    if form.submit is None and any(isinstance(block, Input) for block in form.blocks):
        raise RenderError("a form with fields needs a label to send it")
    blocks = [] if form.step is None else contexts([here(words.step_line(form.step))])
    blocks += _screen(form.title, (*first, *form.blocks), form)
    if form.back is not None:
        blocks += button_rows([form.back])
    return _modal(form.name, form.title, form.token, blocks, form.submit)


def _screen(title: str, blocks: tuple[Block, ...], form: Form | None) -> list[Json]:
    """Blocks under a title; the whole title comes first where Slack would cut it or there is nothing else."""
    drawn = render_blocks(blocks, form)
    return sections(title) + drawn if not drawn or len(cleaned(title).strip()) > wire.TITLE else drawn


def _modal(name: str, title: str, token: str, blocks: list[Json], submit: str | None = None) -> Json:
    if len(token) > wire.PRIVATE_METADATA:
        raise RenderError("the token of a form is longer than 3000 characters")
    drawn: Json = {
        "type": "modal",
        "title": plain(cut(short_of(title) or here(words.DESK), wire.TITLE)),
        "close": plain(here(words.CLOSE)),
        "blocks": _counted(blocks),
    }
    if name:
        drawn["callback_id"] = identifier(name)
    if token:
        drawn["private_metadata"] = token
    if submit is not None:
        drawn["submit"] = plain(cut(short_of(submit), wire.TITLE))
    # Whatever was kept before texts were cleaned where they enter: a page that cannot be sent helps nobody.
    return cleaned_all(drawn, drawn=True)


def _counted(blocks: list[Json]) -> list[Json]:
    if len(blocks) > wire.BLOCKS_IN_VIEW:
        raise RenderError("a view has more than 100 blocks")
    return blocks


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
        if not rows or button.action in taken or len(row) == wire.ACTION_ELEMENTS:
            row = []
            rows.append(row)
        row.append(button)
    return [{"type": "actions", "elements": [_button(button) for button in row]} for row in rows]


def _button(button: Button) -> Json:
    if not button.action or button.action == LINK_ACTION:
        raise RenderError("a button needs an action of its own")
    if len(button.token) > wire.BUTTON_VALUE:
        raise RenderError("the token of a button is longer than 2000 characters")
    drawn: Json = {
        "type": "button",
        "action_id": identifier(button.action),
        "text": plain(cut(button.label, wire.BUTTON_TEXT)),
    }
    if button.about:
        drawn["accessibility_label"] = cut(button.spoken, wire.BUTTON_TEXT)
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
        case Figures(figures):
            return _facts([(row.label, row.said) for row in figures])
        case Bullets(items):
            return sections("\n".join(f"• {item.strip()}" for item in items))
        case Alert(tone, text, lines):
            # Never small and grey: these may be numbers to ring.
            said = "\n".join(line.strip() for line in lines)
            return [*sections(f"{here(words.TONES[tone])}: {text}"), *(sections(said) if said else ())]
        case PersonCard():
            return _person(block)
        case Button():
            return button_rows([block])
        case Link(label, url):
            return _link(label, url)
        case _:
            assert_never(block)


def _heading(text: str) -> list[Json]:
    if len(cleaned(text).strip()) > wire.HEADER:
        return sections(text)
    return [{"type": "header", "text": plain(cut(text, wire.HEADER))}]


def _facts(rows: Sequence[tuple[str, str]]) -> list[Json]:
    drawn: list[Json] = []
    row: list[Json] = []

    def flush() -> None:
        if row:
            drawn.append({"type": "section", "fields": list(row)})
            row.clear()

    for name, value in rows:
        text = "\n".join(shown(part) for part in (name, value))
        if len(text) > wire.FIELD:
            flush()
            drawn += sections(text)
            continue
        row.append(plain(text))
        if len(row) == wire.FIELDS:
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
            link = f"<{escape(url)}|{escape(here(words.WRITE_IN_SLACK))}>"
            return [{"type": "section", "text": marked_up(link)}, *contexts([here(words.SLACK_KEEPS)])]
        case Platform.TEAMS:
            return contexts([here(words.REACH_IN_TEAMS)])
        case Platform.WEB:
            return contexts([here(words.REACH_IN_BROWSER)])
        case _:
            assert_never(chat.platform)


def _link(label: str, url: str) -> list[Json]:
    fits = url.startswith(("https://", "http://")) and len(url) <= wire.BUTTON_URL
    if not fits:
        return sections(f"{label}: {url}")
    return [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": LINK_ACTION,
                    "text": plain(cut(label, wire.BUTTON_TEXT)),
                    "url": url,
                }
            ],
        }
    ]
