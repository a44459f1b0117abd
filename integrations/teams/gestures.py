"""What an activity asks of the desk: words, a press or a sent form, told apart by what the card carried."""

from __future__ import annotations

from itertools import takewhile

from integrations.ground.drawing import Json
from integrations.ground.untrusted_json import Malformed, text
from integrations.teams import limits
from integrations.teams.activities import Arrival, Kind
from integrations.teams.typed import opened_words, typed_values
from integrations.teams.wire import ACTION_KEY, FORM_KEY, KINDS_KEY, TOKEN_KEY, WORDS_KEY, is_verb
from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit

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
    token = text(data, TOKEN_KEY, limits.TOKEN)
    match named[0]:
        case "form" if arrival.kind is not Kind.PRESSING:
            return Submit(text(data, FORM_KEY, limits.FIELD_NAME), token, typed_values(data, tenant))
        case "action":
            return Press(text(data, ACTION_KEY, limits.FIELD_NAME), token, typed_values(data, tenant))
        case "words" if arrival.kind is not Kind.PRESSING:
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
    command, *words = typed.lower().removeprefix("/").split()[: limits.WORDS] or [""]
    if len(command) > limits.FIELD_NAME:
        return "", ()
    return command, tuple(takewhile(is_verb, words))
