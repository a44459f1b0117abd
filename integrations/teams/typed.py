"""Reads what stood in the fields of a card: the flat `data` of a press into values of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from integrations.ground.untrusted_json import Malformed, checked, own_name, part, text
from integrations.teams import limits
from integrations.teams.ids import ENTRA_ID, entra_id
from integrations.teams.wire import KINDS_KEY, RESERVED, TICKED, WORDS_KEY, Kind, is_verb, parted
from trim_bot.app.seam.gestures import Value
from trim_bot.domain.people import Address, Platform


def typed_values(data: Mapping[str, object], tenant: str) -> dict[str, Value]:
    """Everything that stood in the fields, keyed by field. People become addresses of the same tenant.

    The kinds of the fields come with the card; without them texts stay texts. A client may leave out a field that
    is empty, so that every field whose kind is told is there. Raises Malformed.
    """
    kinds = _kinds(data)
    sent = {name: value for name, value in data.items() if name not in RESERVED}
    if len(sent.keys() | kinds.keys()) > limits.FIELDS:
        raise Malformed
    values: dict[str, Value] = {}
    for name in kinds | sent:
        values[own_name(name, limits.FIELD_NAME)] = _value(sent.get(name), kinds.get(name), tenant)
    return values


def opened_words(data: Mapping[str, object]) -> tuple[str, ...]:
    """The verbs a card was made with that answers typed words; empty when it is another card."""
    said = tuple(text(data, WORDS_KEY, limits.WORDS * (limits.WORD_LETTERS + 1)).split())
    if len(said) > limits.WORDS or not all(map(is_verb, said)):
        raise Malformed
    return said


def _kinds(data: Mapping[str, object]) -> dict[str, Kind]:
    told = part(data, KINDS_KEY)
    if len(told) > limits.FIELDS or not RESERVED.isdisjoint(told):
        raise Malformed
    try:
        return {name: Kind(kind) for name, kind in told.items()}
    except ValueError:
        raise Malformed from None


def _value(sent: object, kind: Kind | None, tenant: str) -> Value:
    if kind is Kind.TOGGLE:
        # Older clients say "true" for whatever stands for yes.
        return sent is True or sent in (TICKED, "true")
    if kind is None and isinstance(sent, bool):
        return sent
    said = "" if sent is None else checked(sent)
    match kind:
        case None | Kind.TEXT | Kind.CHOICE | Kind.DATE | Kind.TIME:
            return said
        case Kind.CHOICES:
            return _several(said, limits.OPTIONS)
        case Kind.PERSON:
            return _person(next(iter(_several(said, 1)), ""), tenant)
        case Kind.PEOPLE:
            return tuple(_person(one, tenant) for one in _several(said, limits.PEOPLE_NAMED))
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
