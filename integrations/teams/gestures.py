"""What an activity asks of the desk: words, a press or a sent form, with what stood in the fields of the card."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import assert_never

from integrations.ground.drawing import Json
from integrations.ground.untrusted_input import Malformed, checked, own_name, part, text
from integrations.teams import wire
from integrations.teams.activities import ActivityKind, Arrival
from integrations.teams.wire import (
    ACTION_KEY,
    ENTRA_ID,
    FORM_KEY,
    KINDS_KEY,
    RESERVED,
    TICKED,
    TOKEN_KEY,
    WORDS_KEY,
    FieldKind,
    entra_id,
    is_verb,
    parted,
)
from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit, Value
from trim_bot.domain.people import Address, Platform

COMMANDS = frozenset({"peer", "support"})
"""Ids of the message-extension commands: the first words of the desk, whatever the commands are called."""


def gesture_of(arrival: Arrival) -> Gesture:
    """The gesture of something that was opened, sent or pressed. Raises Malformed."""
    data, tenant = arrival.data, arrival.tenant
    if arrival.command:
        if arrival.command not in COMMANDS:
            raise Malformed
        return Invoke((arrival.command,))
    named = [key for key in (FORM_KEY, ACTION_KEY, WORDS_KEY) if data.get(key)]
    if len(named) != 1:
        raise Malformed
    token = text(data, TOKEN_KEY, wire.TOKEN)
    match named[0]:
        case "form" if arrival.kind is not ActivityKind.PRESSING:
            return Submit(text(data, FORM_KEY, wire.FIELD_NAME), token, typed_values(data, tenant))
        case "action":
            return Press(text(data, ACTION_KEY, wire.FIELD_NAME), token, typed_values(data, tenant))
        case "words" if arrival.kind is not ActivityKind.PRESSING:
            return Invoke(opened_words(data))
        case _:
            raise Malformed


def same_again(arrival: Arrival) -> Json:
    """What a button has to carry so that pressing it makes the same gesture: all that came in, and no more."""
    if arrival.command:
        return {WORDS_KEY: arrival.command}
    plain: Json = {name: value for name, value in arrival.data.items() if isinstance(value, str | bool)}
    kinds = arrival.data.get(KINDS_KEY)
    return plain | ({KINDS_KEY: dict(kinds)} if isinstance(kinds, dict) else {})


def words_typed(typed: str) -> tuple[str, tuple[str, ...]]:
    """The first word typed to the app, without its slash, and the verbs after it; empty where there is none.

    Names of people do not belong there: reading stops at what is not a short word.
    """
    command, *words = typed.lower().removeprefix("/").split()[: wire.WORDS] or [""]
    if len(command) > wire.FIELD_NAME:
        return "", ()
    return command, tuple(takewhile(is_verb, words))


def typed_values(data: Mapping[str, object], tenant: str) -> dict[str, Value]:
    """Everything that stood in the fields, keyed by field. People become addresses of the same tenant.

    The kinds of the fields come with the card; without them texts stay texts. A client may leave out a field that
    is empty, so that every field whose kind is told is there. Raises Malformed.
    """
    kinds = _kinds(data)
    sent = {name: value for name, value in data.items() if name not in RESERVED}
    if len(sent.keys() | kinds.keys()) > wire.FIELDS:
        raise Malformed
    values: dict[str, Value] = {}
    for name in kinds | sent:
        values[own_name(name, wire.FIELD_NAME)] = _value(sent.get(name), kinds.get(name), tenant)
    return values


def opened_words(data: Mapping[str, object]) -> tuple[str, ...]:
    """The verbs a card was made with that answers typed words; empty when it is another card."""
    said = tuple(text(data, WORDS_KEY, wire.WORDS * (wire.WORD_LETTERS + 1)).split())
    if len(said) > wire.WORDS or not all(map(is_verb, said)):
        raise Malformed
    return said


def _kinds(data: Mapping[str, object]) -> dict[str, FieldKind]:
    told = part(data, KINDS_KEY)
    if len(told) > wire.FIELDS or not RESERVED.isdisjoint(told):
        raise Malformed
    try:
        return {name: FieldKind(kind) for name, kind in told.items()}
    except ValueError:
        raise Malformed from None


def _value(sent: object, kind: FieldKind | None, tenant: str) -> Value:
    if kind is FieldKind.TOGGLE:
        # Older clients say "true" for whatever stands for yes.
        return sent is True or sent in (TICKED, "true")
    if kind is None and isinstance(sent, bool):
        return sent
    said = "" if sent is None else checked(sent)
    match kind:
        case None | FieldKind.TEXT | FieldKind.CHOICE | FieldKind.DATE | FieldKind.TIME:
            return said
        case FieldKind.CHOICES:
            return _several(said, wire.OPTIONS)
        case FieldKind.PERSON:
            return _person(next(iter(_several(said, 1)), ""), tenant)
        case FieldKind.PEOPLE:
            return tuple(_person(one, tenant) for one in _several(said, wire.PEOPLE_NAMED))
        case _:
            assert_never(kind)


def _several(said: str, most: int) -> tuple[str, ...]:
    found = parted(said)
    if len(found) > most:
        raise Malformed
    return found


def _person(said: str, tenant: str) -> str:
    """An object id is somebody of this tenant; a whole address was in the field before. The desk checks either."""
    if not said:
        return ""
    if ENTRA_ID.fullmatch(said):
        return Address(Platform.TEAMS, tenant, entra_id(said)).text
    try:
        return Address.parse(said).text
    except ValueError:
        raise Malformed from None
