"""Writes out who may do what: `python -m tests.architecture.access_matrix > docs/access.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from trim_bot.app.desk.routes import RULES, SUBJECTS
from trim_bot.app.seam.command import Command
from trim_bot.domain.people import Role

HEAD = """# Who may do what

Each line is a command, each column somebody who holds that role and no other. `yes` means that the role may
make the command; the last column says what else must be so. Everything not listed is refused, and a refusal
is journalled. This file is written from the routes of each subject; a test keeps it true.
"""


def commands_of(module: ModuleType) -> list[type]:
    """The commands a module defines, in order."""
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Command) and one.__module__ == module.__name__
    ]


def topics() -> Iterator[tuple[str, list[type]]]:
    """Each subject by the first words of its folder, with the commands of its routes; then what has no route."""
    left = dict.fromkeys(RULES)
    for subject in SUBJECTS:
        about = import_module(subject.__name__.rpartition(".")[0]).__doc__ or ""
        routed = [one for route in subject.ROUTES for one in (route.shows, route.does) if one in left]
        for command in dict.fromkeys(routed):
            del left[command]
        yield about.split(":")[0].rstrip("."), list(dict.fromkeys(routed))
    yield "Without a route", list(left)


def cell(command: type, role: Role | None, *, signed_out: bool = False) -> str:
    """`yes` or `no` for one role, for a member without any, or for somebody signed out."""
    roles = frozenset({role} if role is not None else ())
    return "yes" if RULES[command].admits(roles, signed_out=signed_out) else "no"


def matrix() -> str:
    """The whole table as text."""
    lines = [HEAD]
    titles = [
        "command",
        "signed out",
        "member",
        *(role.value.replace("_", " ") for role in Role),
        "and only if",
    ]
    for title, commands in topics():
        lines += [f"## {title}", "", _row(titles), _row(["---"] * len(titles))]
        lines += [_row(_cells(command)) for command in commands]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cells(command: type) -> list[str]:
    relation = (RULES[command].relation.__doc__ or "").split("\n")[0]
    return [
        f"`{command.__name__}`",
        cell(command, None, signed_out=True),
        cell(command, None),
        *(cell(command, role) for role in Role),
        relation,
    ]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(matrix())
