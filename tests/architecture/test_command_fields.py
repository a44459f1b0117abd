"""What a command names has the type of its id, and what is chosen in a form is an id or an answer: never bare text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NewType, get_args, get_type_hints

from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.desk.routes import ROUTES, RULES
from trim_bot.app.seam.command import Command
from trim_bot.app.seam.views import Choice, Choices, FieldErrors, Form, View
from trim_bot.domain import ids
from trim_bot.domain.ids import CaseId, MemberId

WORDS = {"LogIncident.account", "ReadReply.code"}
"""Named like an id, and yet words that somebody types: what happened, and a reply code."""
CHOSEN = {"SaveProfile.language", "SaveProfile.days", "GiveCalls.many"}
"""Chosen in a form, and yet neither an id nor of a fixed set."""


def parts(hint: object) -> set[object]:
    """What a field may hold, by itself or among others."""
    return {part for inner in get_args(hint) or (hint,) for part in (get_args(inner) or (inner,))}


def names_of_ids(commands: Iterable[type[Command]]) -> set[str]:
    """`check_in` for `CheckInId`, and every name under which some command has an id."""
    kinds = [name for name, kind in vars(ids).items() if isinstance(kind, NewType)]
    known = {re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Id")).lower() for name in kinds}
    hints = [hint for command in commands for hint in get_type_hints(command).items()]
    return known | {name for name, hint in hints if any(isinstance(part, NewType) for part in parts(hint))}


def bare_ids(commands: Iterable[type[Command]], known: set[str]) -> Iterator[str]:
    """Fields that are named like an id and are text."""
    for command in commands:
        for name, hint in get_type_hints(command).items():
            one = name.removesuffix("s")
            if str in parts(hint) and any(one == word or one.endswith(("_id", f"_{word}")) for word in known):
                yield f"{command.__name__}.{name}"


def bare_choices(commands: Mapping[str, type[Command]], views: Iterable[View]) -> Iterator[str]:
    """Fields that are chosen in some form and are text; `commands` are what sending a form does, by its name."""
    for view in views:
        form = view.form if isinstance(view, FieldErrors) else view
        if not isinstance(form, Form) or form.name not in commands:
            continue
        hints = get_type_hints(commands[form.name])
        for field in form.inputs():
            if isinstance(field, Choice | Choices) and str in parts(hints.get(field.name)):
                yield f"{commands[form.name].__name__}.{field.name}"


def test_what_is_named_like_an_id_has_its_type() -> None:
    assert set(bare_ids(RULES, names_of_ids(RULES))) == WORDS


def test_what_is_chosen_is_an_id_or_an_answer() -> None:
    sent = {route.name: route.does for route in ROUTES.values() if route.does is not None}
    assert set(bare_choices(sent, catalogue().values())) == CHOSEN


class Mood(Enum):
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Visit(Command):
    case: CaseId
    member: str
    former_case: str
    key_id: str
    members: tuple[str, ...]
    companion: MemberId | None
    said: str
    on: date
    mood: Mood
    weather: str
    tools: tuple[str, ...]


def test_a_bare_id_and_a_bare_choice_are_found() -> None:
    bare = {f"Visit.{name}" for name in ("member", "former_case", "key_id", "members")}
    assert set(bare_ids([Visit], names_of_ids([]))) == bare
    fields = (
        Choice("mood", "", ()),
        Choice("weather", "", ()),
        Choices("tools", "", ()),
        Choice("case", "", ()),
    )
    form = Form("visit", "", fields)
    found = ["Visit.weather", "Visit.tools"]
    assert list(bare_choices({"visit": Visit}, [form, FieldErrors(form, {})])) == found * 2
