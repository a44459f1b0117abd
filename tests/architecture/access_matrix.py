"""Writes out who may do what: `python -m tests.architecture.access_matrix > docs/access.md`."""

from __future__ import annotations

import sys
from types import ModuleType

from trim_bot.app.cases import commands as cases
from trim_bot.app.chats import commands as chats
from trim_bot.app.desk.routes import RULES
from trim_bot.app.events import commands as incidents
from trim_bot.app.handover import commands as handover
from trim_bot.app.interviews import commands as interviews
from trim_bot.app.oversight import commands as oversight
from trim_bot.app.own import commands as own
from trim_bot.app.referrals import commands as referrals
from trim_bot.app.requests import commands as requests
from trim_bot.app.safety import commands as safety
from trim_bot.app.seam import links
from trim_bot.domain.people import Role

TOPICS: tuple[tuple[str, ModuleType], ...] = (
    ("What several subjects lead to", links),
    ("Incidents and offers", incidents),
    ("Cases", cases),
    ("Interviews", interviews),
    ("When somebody may not be safe", safety),
    ("Help from professionals", referrals),
    ("Asking for support", requests),
    ("Handing on and erasing", handover),
    ("One's own record", own),
    ("Several chats", chats),
    ("Keeping the scheme running", oversight),
)
HEAD = """# Who may do what

Each line is a command, each column somebody who holds that role and no other. `yes` means that the role may
make the command; the last column says what else must be so. Everything not listed is refused, and a refusal
is journalled. This file is written from the routes of each subject; a test keeps it true.
"""


def commands_of(module: ModuleType) -> list[type]:
    """The commands a module defines, in order."""
    return [
        one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__
    ]


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
    for title, module in TOPICS:
        lines += [f"## {title}", "", _row(titles), _row(["---"] * len(titles))]
        lines += [_row(_cells(command)) for command in commands_of(module)]
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
