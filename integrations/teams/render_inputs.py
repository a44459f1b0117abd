"""Draws every field as an input of an Adaptive Card: one file, so that whoever adds a kind of field sees all
that is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from integrations.ground.drawing import Json, RenderError, hints_of
from integrations.teams import wire
from integrations.teams.wire import (
    ENTRA_ID,
    PEOPLE,
    RESERVED,
    TICKED,
    UNTICKED,
    FieldKind,
    close_below,
    cut,
    joined,
    literal,
    paragraph,
    quiet,
)
from trim_bot.app.seam import mending
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.text_kinds import TextKind
from trim_bot.app.seam.views import (
    Button,
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
from trim_bot.domain.clean_text import cleaned
from trim_bot.domain.people import Address, Platform

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MOST_LABEL = 500


@dataclass(frozen=True, slots=True)
class CardContext:
    """What a block has to know of the card it stands in."""

    form: Form | None = None
    """Whose fields these are; None where nothing can be filled in."""
    errors: Mapping[str, str] = field(default_factory=dict, repr=False)
    tenant: str = ""
    """Whose people Teams finds by itself, by their object ids."""
    people: Sequence[tuple[str, str]] = field(default=(), repr=False)
    """Addresses and names to choose from, where Teams is not asked to find people by itself."""
    in_chat: bool = False
    """Whether the card stays in a chat, where a button has to open a dialog."""

    @property
    def checks(self) -> bool:
        """Whether the client may check the fields.

        It would do so at every button that carries what was typed, and nothing may stand in the way of a step
        back or a call for help. The desk checks everything again in any case.
        """
        form = self.form
        return form is not None and form.back is None and not any(isinstance(b, Button) for b in form.blocks)


def kinds_of(form: Form) -> dict[str, str]:
    """The kind of each field, by name."""
    return {one.name: kind_of(one).value for one in form.inputs()}


def kind_of(one: Input) -> FieldKind:
    """What a field holds."""
    match one:
        case TextInput():
            return FieldKind.TEXT
        case Choice():
            return FieldKind.CHOICE
        case Choices():
            return FieldKind.CHOICES
        case DateInput():
            return FieldKind.DATE
        case TimeInput():
            return FieldKind.TIME
        case PersonInput():
            return FieldKind.PERSON
        case PeopleInput():
            return FieldKind.PEOPLE
        case Toggle():
            return FieldKind.TOGGLE
        case _:
            assert_never(one)


def render_input(one: Input, context: CardContext) -> list[Json]:
    """The field with what belongs to it; raises RenderError when Teams has no room for it.

    Its name stays the same at every step and revision: a card that comes as an answer is drawn anew from its own
    values, and nothing the client kept can hide a prefilled one.
    """
    if one.name in RESERVED or not 1 <= len(one.name) <= wire.FIELD_NAME:
        raise RenderError("a field has a name that cards use themselves, or none, or too long a one")
    mark = "" if one.required or (isinstance(one, Choice) and one.says_so) else f" {here(words.OPTIONAL)}"
    drawn: Json = {**_element(one, context), "id": one.name, "label": cut(one.label, MOST_LABEL) + mark}
    if one.required and context.checks:
        drawn |= {"isRequired": True, "errorMessage": here(_missing(one))}
    hints = hints_of(one)
    hint = quiet("\n".join(hints)) if hints else []
    error = context.errors.get(one.name)
    if error is None:
        return [drawn, *close_below(hint)]
    fault = paragraph(f"{here(words.TO_MEND)} {error}", color="Attention", weight="Bolder")
    return [*fault, {**drawn, "spacing": "Small"}, *close_below(hint)]


def _missing(one: Input) -> str:
    match one:
        case TextInput():
            return mending.FILL_IN
        case Choice():
            return mending.CHOOSE_ONE
        case Choices():
            return mending.CHOOSE_AT_LEAST_ONE
        case DateInput():
            return mending.GIVE_DATE
        case TimeInput():
            return mending.GIVE_TIME
        case PersonInput() | PeopleInput():
            return mending.CHOOSE_PERSON
        case Toggle():
            return mending.TICK_TO_GO_ON
        case _:
            assert_never(one)


def _element(one: Input, context: CardContext) -> Json:
    match one:
        case TextInput():
            # A draft written elsewhere may be longer than this field allows; the core says so, Teams may not cut.
            most = max(one.max_length, len(one.value), 1)
            drawn: Json = {"type": "Input.Text", "isMultiline": one.multiline, "maxLength": most}
            if one.holds in (TextKind.PHONE, TextKind.OWN_PHONE):
                drawn["style"] = "Tel"
            return drawn | ({"value": one.value} if one.value else {})
        case Choice():
            chosen = (one.value,) if one.value in {option.value for option in one.options} else ()
            return _choice_set(one.options, chosen, several=False, compact=one.compact)
        case Choices():
            return _choice_set(one.options, one.value, several=True, compact=False)
        case DateInput():
            return _known("Input.Date", _day(one.value))
        case TimeInput():
            return _known("Input.Time", one.value if TIME.fullmatch(one.value) else "")
        case PersonInput():
            return _people((one.value,) if one.value else (), context, several=False)
        case PeopleInput():
            return _people(one.value, context, several=True)
        case Toggle():
            value = TICKED if one.value else UNTICKED
            drawn = {"type": "Input.Toggle", "title": here(words.YES), "wrap": True, "value": value}
            return drawn | {"valueOn": TICKED, "valueOff": UNTICKED}
        case _:
            assert_never(one)


def _known(kind: str, value: str) -> Json:
    return {"type": kind, "value": value} if value else {"type": kind}


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return ""


def _choice_set(options: Sequence[Option], chosen: Sequence[str], *, several: bool, compact: bool) -> Json:
    values = [option.value for option in options]
    if not 1 <= len(values) <= wire.OPTIONS:
        raise RenderError("a choice needs between 1 and 100 options")
    if len(set(values)) < len(values) or "" in values:
        raise RenderError("two options of a choice have the same value, or one has none")
    compact = compact or len(values) > wire.CHOICE_BUTTONS
    drawn: Json = {
        "type": "Input.ChoiceSet",
        "style": "compact" if compact else "expanded",
        "isMultiSelect": several,
        "wrap": True,
        "choices": [
            {
                "title": literal(cleaned(option.label).strip()),
                "value": joined((option.value,)) if several else option.value,
            }
            for option in options
        ],
    }
    if compact:
        drawn["placeholder"] = here(words.CHOOSE)
    known = [value for value in values if value in chosen]
    if known:
        drawn["value"] = joined(known) if several else known[0]
    return drawn


def _people(chosen: Sequence[str], context: CardContext, *, several: bool) -> Json:
    """A field Teams fills with everybody of the tenant, or a list of our own in its place.

    Where our list does not hold everybody, Teams is asked as well.
    """
    # What is no address names nobody, whoever typed it and wherever; the desk has said so.
    chosen = [one for one in dict.fromkeys(chosen) if _parsed(one) is not None]
    own = 0 < len(context.people) <= wire.PEOPLE_LISTED
    listed = list(context.people[: wire.PEOPLE_LISTED])
    known = {address for address, _ in listed}
    # Whoever is not found there is shown by the address, so that sending loses nobody.
    listed += [
        (one, one) for one in chosen if one not in known and (own or not _object_id(one, context.tenant))
    ]
    drawn: Json = {
        "type": "Input.ChoiceSet",
        "style": "compact",
        "isMultiSelect": several,
        "wrap": True,
        "placeholder": here(words.CHOOSE),
        "choices": [
            {"title": literal(name), "value": _on_wire(address, context.tenant)} for address, name in listed
        ],
    }
    if not own or len(listed) > wire.PEOPLE_LISTED:
        drawn["choices.data"] = {"type": "Data.Query", "dataset": PEOPLE}
    value = ",".join(_on_wire(one, context.tenant) for one in chosen)
    return drawn | ({"value": value} if value else {})


def _on_wire(address: str, tenant: str) -> str:
    """How a field holds somebody: the object id Teams knows, or else the whole address."""
    return _object_id(address, tenant) or joined((address,))


def _object_id(text: str, tenant: str) -> str:
    address = _parsed(text)
    if address is None or (address.platform, address.workspace) != (Platform.TEAMS, tenant):
        return ""
    return address.user if ENTRA_ID.fullmatch(address.user) else ""


def _parsed(text: str) -> Address | None:
    try:
        return Address.parse(text)
    except ValueError:
        return None
