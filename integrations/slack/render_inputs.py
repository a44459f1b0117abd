"""Draws every input as one Slack input block, within Slack's limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import assert_never

from integrations.ground.drawing import Json, RenderError, hints_of
from integrations.slack import wire
from integrations.slack.wire import INPUT_ACTION, TICKED, block_id, cut, pieces, plain
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.views import (
    Choice,
    Choices,
    DateInput,
    Form,
    Input,
    Option,
    PeopleInput,
    PersonInput,
    TextInput,
    TimeInput,
    Toggle,
)
from trim_bot.app.words import adapter_words as words
from trim_bot.domain.people import Address, Platform

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def render_input(field: Input, form: Form) -> Json:
    """One input block; raises RenderError when Slack has no room for it."""
    drawn: Json = {
        "type": "input",
        "block_id": block_id(field.name, form.step, form.revision),
        "label": plain(cut(field.label, wire.INPUT_LABEL)),
        "element": {**_element(field), "action_id": INPUT_ACTION},
        "optional": not field.required,
    }
    hint = "\n".join(hints_of(field))
    if hint:
        drawn["hint"] = plain(cut(hint, wire.INPUT_HINT))
    return drawn


def _element(field: Input) -> Json:
    match field:
        case TextInput():
            return _text(field)
        case Choice():
            return _choice(field)
        case Choices():
            return _choices(field)
        case DateInput():
            return _known("datepicker", "initial_date", _day(field.value))
        case TimeInput():
            return _known("timepicker", "initial_time", field.value if TIME.fullmatch(field.value) else "")
        case PersonInput():
            return _known("users_select", "initial_user", next(iter(_users((field.value,))), ""))
        case PeopleInput():
            return _known("multi_users_select", "initial_users", _users(field.value))
        case Toggle():
            yes = [_option(Option(TICKED, here(words.YES)))]
            boxes: Json = {"type": "checkboxes", "options": yes}
            return boxes | ({"initial_options": yes} if field.value else {})
        case _:
            assert_never(field)


def _known(kind: str, key: str, value: str | list[str]) -> Json:
    return {"type": kind, key: value} if value else {"type": kind}


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return ""


def _text(field: TextInput) -> Json:
    # A draft written elsewhere may be longer than this field allows; the core says so, Slack may not hide it.
    if len(field.value) > wire.TYPED_TEXT:
        raise RenderError("a text is longer than Slack can hold")
    most = min(max(field.max_length, len(field.value), 1), wire.TYPED_TEXT)
    drawn: Json = {"type": "plain_text_input", "multiline": field.multiline, "max_length": most}
    return drawn | ({"initial_value": field.value} if field.value else {})


def _choice(field: Choice) -> Json:
    options = _options(field.options)
    chosen = [option for option in options if option["value"] == field.value][:1]
    if len(options) > wire.BUTTON_OPTIONS or field.compact:
        drawn: Json = {"type": "static_select", "placeholder": plain(here(words.CHOOSE)), "options": options}
    else:
        drawn = {"type": "radio_buttons", "options": options}
    return drawn | ({"initial_option": chosen[0]} if chosen else {})


def _choices(field: Choices) -> Json:
    options = _options(field.options)
    chosen = [option for option in options if option["value"] in field.value]
    # A lone box that says yes is how a toggle looks on the wire.
    like_a_toggle = [option.value for option in field.options] == [TICKED]
    if len(options) > wire.BUTTON_OPTIONS or like_a_toggle:
        drawn: Json = {
            "type": "multi_static_select",
            "placeholder": plain(here(words.CHOOSE)),
            "options": options,
        }
    else:
        drawn = {"type": "checkboxes", "options": options}
    return drawn | ({"initial_options": chosen} if chosen else {})


def _options(options: Sequence[Option]) -> list[Json]:
    if not 1 <= len(options) <= wire.SELECT_OPTIONS:
        raise RenderError("a choice needs between 1 and 100 options")
    if len({option.value for option in options}) < len(options):
        raise RenderError("two options of a choice have the same value")
    return [_option(option) for option in options]


def _option(option: Option) -> Json:
    if not 1 <= len(option.value) <= wire.OPTION_VALUE:
        raise RenderError("the value of an option needs between 1 and 150 characters")
    first, *more = pieces(option.label, wire.OPTION_TEXT)
    drawn: Json = {"text": plain(first), "value": option.value}
    return drawn | ({"description": plain(cut(" ".join(more), wire.OPTION_TEXT))} if more else {})


def _users(addresses: Sequence[str]) -> list[str]:
    """Slack's ids of those with a Slack account; somebody from elsewhere cannot be shown in Slack's list."""
    found: list[str] = []
    for text in addresses:
        try:
            address = Address.parse(text)
        except ValueError:
            continue
        if address.platform is Platform.SLACK:
            found.append(address.user)
    return found
