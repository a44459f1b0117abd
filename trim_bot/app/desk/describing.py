"""Tells what the desk has: its forms, messages, buttons, commands and roles, read off what it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict, assert_never

from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.desk.routes import ROUTES, RULES, WORDS
from trim_bot.app.examples.sample import FIRST, SECOND
from trim_bot.app.seam.views import (
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    FieldErrors,
    Form,
    Input,
    PeopleInput,
    PersonInput,
    TextInput,
    TimeInput,
    Toggle,
    View,
)
from trim_bot.app.words.adapter_words import ASK, MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL, WORK
from trim_bot.domain import policy
from trim_bot.domain.people import Platform, Role

ANYONE, SIGNED_OUT = "anyone", "signed_out"


class FieldTold(TypedDict):
    """One field. `dynamic` choices are the site's own or people: those told are samples."""

    name: str
    kind: str
    required: bool
    choices: list[dict[str, str]]
    label: str
    dynamic: bool


class FormTold(TypedDict):
    """One form, with the fields of all its states; `titles` but for those that are somebody's name."""

    titles: list[str]
    fields: list[FieldTold]


class MessageTold(TypedDict):
    """One kind of message."""

    text: str
    buttons: list[str]


class ActionTold(TypedDict):
    """One button: what it leads to, and what it is called where it stands."""

    opens: bool
    changes: bool
    labels: list[str]


class PlatformTold(TypedDict):
    """One way to the desk: what is typed there and may open which forms, and the addresses that are served."""

    commands: dict[str, list[str]]
    addresses: list[str]


class NumberTold(TypedDict):
    """One number of the scheme: its value with the unit, and why."""

    value: str
    why: str


class Told(TypedDict):
    """All that `describe` tells."""

    forms: dict[str, FormTold]
    messages: dict[str, MessageTold]
    actions: dict[str, ActionTold]
    commands: dict[str, list[str]]
    roles: dict[str, list[str]]
    platforms: dict[str, PlatformTold]
    policy: dict[str, NumberTold]


def describe(addresses: Mapping[Platform, Sequence[str]] | None = None) -> Told:
    """All of it. Nothing here is kept by hand. `addresses` are what each adapter serves, where they are known."""
    served = addresses or {}
    first, second = catalogue(FIRST), catalogue(SECOND)
    return {
        "forms": _forms(first, second),
        "messages": {
            "message": {"text": MESSAGE_TEXT, "buttons": [OPEN_LABEL, STOP_LABEL]},
        },
        "actions": _actions(first, second),
        "commands": {" ".join(words): list(names) for words, names in WORDS.items()},
        "roles": _roles(),
        "platforms": {
            platform.value: {
                "commands": _typed(platform),
                "addresses": list(served.get(platform, ())),
            }
            for platform in Platform
        },
        "policy": {name: {"value": value, "why": why} for name, value, why in policy.told()},
    }


def _typed(platform: Platform) -> dict[str, list[str]]:
    """What is typed, by the shipped names of the commands; a site may call them otherwise."""
    typed = {words: list(names) for words, names in WORDS.items() if words[0] in (WORK, ASK)}
    match platform:
        case Platform.SLACK:
            return {f"/{' '.join(words)}": names for words, names in typed.items()}
        case Platform.TEAMS:
            # A command opens its first form at once; with more words it is typed to the app itself.
            slash = {f"/{words[0]}": names for words, names in typed.items() if len(words) == 1}
            return slash | {" ".join(words): names for words, names in typed.items()}
        case Platform.WEB:
            return {}
        case _:
            assert_never(platform)


def _forms(first: Mapping[str, View], second: Mapping[str, View]) -> dict[str, FormTold]:
    told: dict[str, FormTold] = {}
    for name, view in first.items():
        form = _form(view)
        if form is None:
            continue
        other = _form(second[name])
        also = {field.name: field for field in other.inputs()} if other is not None else {}
        into = told.setdefault(form.name, {"titles": [], "fields": []})
        if other is not None and other.title == form.title and form.title not in into["titles"]:
            into["titles"].append(form.title)
        for field in form.inputs():
            _merge(into["fields"], _field(field, also.get(field.name)))
    return dict(sorted(told.items()))


def _merge(fields: list[FieldTold], field: FieldTold) -> None:
    known = next((one for one in fields if one["name"] == field["name"]), None)
    if known is None:
        fields.append(field)
        return
    values = {one["value"] for one in known["choices"]}
    known["choices"] += [one for one in field["choices"] if one["value"] not in values]
    known["required"] = known["required"] and field["required"]
    known["dynamic"] = known["dynamic"] or field["dynamic"]


def _field(field: Input, other: Input | None) -> FieldTold:
    choices = _choices(field)
    return {
        "name": field.name,
        "kind": _kind(field),
        "required": field.required,
        "choices": choices,
        "label": field.label,
        "dynamic": isinstance(field, PersonInput | PeopleInput)
        or (bool(choices) and (other is None or _choices(other) != choices)),
    }


def _choices(field: Input) -> list[dict[str, str]]:
    if isinstance(field, Choice | Choices):
        return [{"value": option.value, "label": option.label} for option in field.options]
    return []


def _kind(field: Input) -> str:
    match field:
        case TextInput():
            return "text"
        case Choice():
            return "choice"
        case Choices():
            return "choices"
        case DateInput():
            return "date"
        case TimeInput():
            return "time"
        case PersonInput():
            return "person"
        case PeopleInput():
            return "people"
        case Toggle():
            return "toggle"
        case _:
            assert_never(field)


def _actions(first: Mapping[str, View], second: Mapping[str, View]) -> dict[str, ActionTold]:
    labels, also = _labels(first), _labels(second)
    for name, route in ROUTES.items():
        if route.shows is None:
            labels.setdefault(name, set())
    return {
        name: {
            "opens": ROUTES[name].shows is not None,
            "changes": ROUTES[name].shows is None,
            # What only one of the two samples has is somebody's own, such as a kind of event.
            "labels": sorted(found & also.get(name, set())),
        }
        for name, found in sorted(labels.items())
    }


def _labels(views: Mapping[str, View]) -> dict[str, set[str]]:
    labels: dict[str, set[str]] = {}
    for view in views.values():
        for button in _buttons(view):
            labels.setdefault(button.action, set()).add(button.label)
    return labels


def _buttons(view: View) -> Iterator[Button]:
    form = _form(view)
    shown = form if form is not None else view
    if isinstance(shown, Form | Done):
        yield from (block for block in shown.blocks if isinstance(block, Button))
    if form is not None and form.back is not None:
        yield form.back


def _form(view: View) -> Form | None:
    if isinstance(view, FieldErrors):
        return view.form
    return view if isinstance(view, Form) else None


def _roles() -> dict[str, list[str]]:
    told: dict[str, list[str]] = {ANYONE: [], SIGNED_OUT: [], **{role.value: [] for role in Role}}
    for command, rule in RULES.items():
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()
        if not rule.roles:
            told[ANYONE].append(name)
        for role in rule.roles:
            told[role.value].append(name)
        if rule.signed_out:
            told[SIGNED_OUT].append(name)
    return {role: sorted(names) for role, names in told.items()}
