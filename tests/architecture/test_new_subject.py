"""Adding a subject is one folder and one word: one is added to a copy, and everything that is gathered has it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT

FOLDER = {
    "__init__.py": '"""Walks: somebody asks a colleague to walk with them."""\n',
    "commands.py": """
from dataclasses import dataclass

from trim_bot.app.seam.links import Command, Opening


@dataclass(frozen=True, slots=True)
class OpenWalk(Opening):
    pass


@dataclass(frozen=True, slots=True)
class AskForWalk(Command):
    where: str


@dataclass(frozen=True, slots=True)
class CallOff(Command):
    pass
""",
    "handlers.py": """
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.app.walks import screens
from trim_bot.app.walks.commands import AskForWalk, CallOff, OpenWalk


def open_walk(work: Work, command: OpenWalk) -> Screen:
    return screens.walk_form()


def ask(work: Work, command: AskForWalk) -> Outcome:
    return Outcome("walk_asked", {"where": command.where})


def call_off(work: Work, command: CallOff) -> Outcome:
    return Outcome("walk_asked", {"where": ""})
""",
    "screens.py": """
from collections.abc import Mapping

from trim_bot.app.seam.unsigned import Button, Form, Page
from trim_bot.app.seam.views import Option, Text, Choice
from trim_bot.app.seam.work import Work
from trim_bot.app.walks.commands import CallOff, OpenWalk


def walk_form() -> Form:
    park = Choice("where", "Where", (Option("park", "The park"), Option("yard", "The yard")))
    return Form(OpenWalk(), "A walk", (Text("We ask a colleague."), park), submit="Ask")


def asked(work: Work, ids: Mapping[str, str]) -> Page:
    return Page("walk_asked", "We ask", (Text("Nobody else is told."), Button("Call it off", CallOff())))
""",
    "routes.py": """
from trim_bot.app.people.access import ANYONE, SERVES
from trim_bot.app.seam.route import button, form
from trim_bot.app.walks import handlers, screens
from trim_bot.app.walks.commands import AskForWalk, CallOff, OpenWalk
from trim_bot.domain.records import Action

ROUTES = (
    form(
        "walk", OpenWalk, handlers.open_walk, AskForWalk, handlers.ask, Action.CHANGED,
        allow=SERVES, words=("peer walk",),
    ),
    button("call_off", CallOff, handlers.call_off, Action.CHANGED, allow=ANYONE),
)
OUTCOMES = {"walk_asked": screens.asked}
STEPS = ()
""",
    "examples.py": """
from trim_bot.app.examples.sample import Example, Sample
from trim_bot.app.walks import screens


def views(sample: Sample) -> dict[str, Example]:
    return {"walk/open": screens.walk_form()}
""",
}
LOOKED_AT = """
import anyio

from tests.architecture.access_matrix import matrix
from tests.builders import Town
from tests.contract.parity_table import table
from trim_bot.app.desk.describing import describe
from trim_bot.domain.people import Role

assert "## Walks" in matrix() and "| `AskForWalk` | no | no | yes |" in matrix()
told = describe()
assert told["forms"]["walk"]["fields"][0]["name"] == "where"
assert "call_off" in told["actions"]
drawn = next(line for line in table().splitlines() if line.startswith("| `walk` "))
assert drawn.count("yes") == 3, drawn


async def walked() -> None:
    town = Town()
    await town.found()
    await town.add("priya", Role.PRACTITIONER)
    await town.add("sam")
    form = await town.say("priya", "peer", "walk")
    done = await town.send("priya", form, where="park")
    assert done.name == "walk_asked", done
    refused = await town.say("sam", "peer", "walk")
    assert refused.name == "not_open", refused


anyio.run(walked)
print("all of it")
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (*PACKAGES, "tests", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """Look at everything that is gathered, in a process of its own that knows the copy alone."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{LOOKED_AT}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_one_folder_and_one_word_add_a_subject(copy: Path) -> None:
    folder = copy / "trim_bot/app/walks"
    folder.mkdir()
    for name, text in FOLDER.items():
        (folder / name).write_text(text)
    routes = copy / "trim_bot/app/desk/routes.py"
    before = routes.read_text()
    after = before.replace("chats, oversight)", "chats, oversight, walks)").replace(
        "from trim_bot.app.chats import routes as chats\n",
        "from trim_bot.app.chats import routes as chats\nfrom trim_bot.app.walks import routes as walks\n",
    )
    routes.write_text(after)
    looked = run(copy)
    assert looked.stdout.endswith("all of it\n"), looked.stderr[-2000:]


def test_without_the_word_nothing_of_it_is_there(copy: Path) -> None:
    folder = copy / "trim_bot/app/walks"
    folder.mkdir()
    for name, text in FOLDER.items():
        (folder / name).write_text(text)
    assert "all of it" not in run(copy).stdout
