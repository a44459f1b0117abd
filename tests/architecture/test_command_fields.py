"""What a command names has the type of its id, what is chosen in a form is an id or an answer, and a workspace is
a workspace: none is bare text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NewType, get_args, get_type_hints

from tests.architecture import tree
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.desk.routes import ROUTES, RULES
from trim_bot.app.seam.command import Command
from trim_bot.app.seam.views import Choice, Choices, FieldErrors, Form, View
from trim_bot.domain import ids
from trim_bot.domain.ids import CaseId, MemberId

WORDS = {"LogIncident.account", "ReadReply.code"}
"""Named like an id, and yet words that somebody types: what happened, and a reply code."""
CHOSEN = {"SaveProfile.language", "SaveProfile.days", "SaveProfile.zone", "GiveCalls.many"}
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


OWN_NAMES = {
    "trim_bot/app/seam/ports.py: page.workspace",
    "trim_bot/app/workspaces/workspace_cache.py: first_word.workspace",
    "trim_bot/app/workspaces/workspace_cache.py: spoken.workspace",
    "trim_bot/app/seam/languages.py: english_everywhere.workspace",
    "trim_bot/app/clock/sending.py: _work.workspace",
    "trim_bot/app/clock/sending.py: put.workspace",
    "trim_bot/app/clock/sending.py: wait_for.workspace",
    "trim_bot/app/clock/sending.py: was_away.workspace",
    "trim_bot/app/clock/sending.py: went_well.workspace",
    "trim_bot/domain/chat_workspaces.py: UnreachableWorkspace.workspace",
    "trim_bot/domain/errors.py: __init__.workspace",
    "trim_bot/domain/people.py: Address.workspace",
}
"""What a platform itself calls a workspace, and the places of calls and lanes, of which some are no workspace's."""


def bare_workspaces(text: str) -> Iterator[str]:
    """Fields and arguments that are called a workspace and are text."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            of = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            named = [(one.arg, one.annotation) for one in of]
        elif isinstance(node, ast.ClassDef):
            lines = [one for one in node.body if isinstance(one, ast.AnnAssign)]
            named = [(ast.unparse(one.target), one.annotation) for one in lines]
        else:
            continue
        for word, hint in named:
            if "workspace" in word and hint is not None and re.search(r"\bstr\b", ast.unparse(hint)):
                yield f"{node.name}.{word}"


def test_a_workspace_is_not_bare_text() -> None:
    core = [
        path
        for folder in ("app", "domain", "storage")
        for path in (tree.ROOT / "trim_bot" / folder).rglob("*.py")
    ]
    found = {f"{tree.name(path)}: {one}" for path in core for one in bare_workspaces(path.read_text("utf-8"))}
    assert found == OWN_NAMES


def test_a_bare_workspace_is_found() -> None:
    text = "class A:\n    workspaces: tuple[str, ...] = ()\n"
    function = "def f(workspace: ChatWorkspace, *, workspace_id: str): ...\n"
    assert list(bare_workspaces(text + function)) == ["A.workspaces", "f.workspace_id"]


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
