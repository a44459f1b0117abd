"""Adding a subject is one folder and one word: one is added to a copy, and everything that is gathered has it.

It has all that a subject can have: a form, a button, and a record of its own with what becomes of it.
"""

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
    "records.py": """
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType

from trim_bot.domain.ids import KeyId, MemberId
from trim_bot.domain.records import AnyMeasure
from trim_bot.domain.steps import AnyStepKind

WalkId = NewType("WalkId", str)
StretchId = NewType("StretchId", str)


class WalkStep(AnyStepKind):
    COMPANION = "walk_companion"


class WalkMeasure(AnyMeasure):
    ASKED = "walks_asked"


class WalkState(Enum):
    ASKED = "asked"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Walk:
    id: WalkId
    key_id: KeyId
    member_id: MemberId
    companion: MemberId | None
    state: WalkState
    asked_at: datetime
    where: str


@dataclass(frozen=True, slots=True)
class Stretch:
    id: StretchId
    key_id: KeyId
    walk_id: WalkId
    said: str
""",
    "handlers.py": """
from dataclasses import replace

from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.app.walks import screens
from trim_bot.app.walks.commands import AskForWalk, CallOff, OpenWalk
from trim_bot.app.waiting import pending
from trim_bot.app.walks.records import Stretch, StretchId, Walk, WalkId, WalkMeasure, WalkState, WalkStep
from trim_bot.domain.ids import new_id
from trim_bot.domain.steps import Rung, StepState


def open_walk(work: Work, command: OpenWalk) -> Screen:
    return screens.walk_form()


def ask(work: Work, command: AskForWalk) -> Outcome:
    key = work.tx.new_key()
    walk = Walk(WalkId(new_id()), key, work.who.id, None, WalkState.ASKED, work.now, command.where)
    work.tx.add(walk)
    work.tx.add(Stretch(StretchId(new_id()), key, walk.id, "to the gate"))
    pending.begin(work, WalkStep.COMPANION, walk.id, Rung.ASSIGNED, work.who.id)
    work.tx.count(WalkMeasure.ASKED, work.now.date())
    return Outcome("walk_asked", {"where": command.where})


def call_off(work: Work, command: CallOff) -> Outcome:
    for walk in work.tx.find(Walk, member_id=work.who.id, state=WalkState.ASKED):
        work.tx.save(replace(walk, state=WalkState.CALLED_OFF))
        pending.end(work, StepState.CANCELLED, kind=WalkStep.COMPANION, subject=walk.id)
    return Outcome("walk_asked", {"where": ""})
""",
    "screens.py": """
from collections.abc import Mapping

from trim_bot.app.seam.unsigned import Button, Form, Page
from trim_bot.app.seam.views import Option, Text, Choice
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.walks.commands import CallOff, OpenWalk


def walk_form() -> Form:
    park = Choice("where", "Where", (Option("park", "The park"), Option("yard", "The yard")))
    return Form(OpenWalk(), "A walk", (Text("We ask a colleague."), park), submit="Ask")


def asked(work: UnitOfWork, ids: Mapping[str, str]) -> Page:
    return Page("walk_asked", "We ask", (Text("Nobody else is told."), Button("Call it off", CallOff())))
""",
    "routes.py": """
from trim_bot.app.people.access import ANYONE, SERVES
from trim_bot.app.seam.route import button, form
from trim_bot.app.seam.work import StepRule
from trim_bot.app.walks import handlers, screens
from trim_bot.app.walks.commands import AskForWalk, CallOff, OpenWalk
from trim_bot.app.walks.records import Stretch, Walk, WalkMeasure, WalkStep
from trim_bot.domain.records import Action, RecordRule

ROUTES = (
    form(
        "walk", OpenWalk, handlers.open_walk, AskForWalk, handlers.ask, Action.CHANGED,
        allow=SERVES, words=("peer walk",),
    ),
    button("call_off", CallOff, handlers.call_off, Action.CHANGED, allow=ANYONE),
)
OUTCOMES = {"walk_asked": screens.asked}
STEPS = (StepRule(WalkStep.COMPANION, "A walk to go on", lambda work, step: OpenWalk()),)
MEASURES = (WalkMeasure.ASKED,)
RECORDS = (
    RecordRule(Walk, "walk", sealed=("where",), goes_with=("member_id",), lets_go_of=("companion",)),
    RecordRule(Stretch, "stretch", sealed=("said",), goes_with=("walk_id",)),
)
""",
    "examples.py": """
from trim_bot.app.examples.sample import Example, Sample
from trim_bot.app.walks import screens


def views(sample: Sample) -> dict[str, Example]:
    return {"walk/open": screens.walk_form()}
""",
}
LOOKED_AT = """
import sys
from dataclasses import replace
from pathlib import Path

import anyio
from sqlalchemy import inspect

from tests.architecture.access_matrix import matrix
from tests.builders import Town
from tests.contract.parity_table import table
from tests.fakes import FakeStore
from tests.storage.story import Deployment, cells
from trim_bot.app.chats.handlers import join
from trim_bot.app.desk.describing import describe
from trim_bot.app.desk.routes import RECORD_RULES
from trim_bot.app.own.subject_access_copy import subject_access_copy
from trim_bot.app.walks.records import Stretch, Walk, WalkMeasure, WalkStep
from trim_bot.domain.people import Member, Role
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import Step
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.small_stores import durable_engine
from trim_bot.storage.tables import RECORDS

assert "## Walks" in matrix() and "| `AskForWalk` | no | no | yes |" in matrix()
told = describe()
assert told["forms"]["walk"]["fields"][0]["name"] == "where"
assert "call_off" in told["actions"]
drawn = next(line for line in table().splitlines() if line.startswith("| `walk` "))
assert drawn.count("yes") == 3, drawn


def of_walks(tx):
    return tx.find(Walk), tx.find(Stretch)


async def walked(store) -> Town:
    town = Town(store=store)
    await town.found()
    await town.add("priya", Role.PRACTITIONER)
    await town.add("sam")
    form = await town.say("priya", "peer", "walk")
    done = await town.send("priya", form, where="park")
    assert done.name == "walk_asked", done
    refused = await town.say("sam", "peer", "walk")
    assert refused.name == "not_open", refused
    [walk], [stretch] = await town.write(of_walks)
    assert (walk.where, walk.member_id, stretch.said) == ("park", town.ids["priya"], "to the gate")
    assert await town.waiting("priya") == 1
    await town.clockwork.drain()
    assert (await town.open("priya", about=WalkStep.COMPANION)).name == "walk"
    week = await town.write(lambda tx: tx.counts.totals("2026-W48"))
    assert week[WalkMeasure.ASKED] == 1 and week[Measure.OFFERED] == 0
    await town.write(lambda tx: tx.save(replace(walk, companion=town.ids["sam"])))
    return town


async def joined() -> None:
    town = await walked(FakeStore())
    sam, priya = town.ids["sam"], town.ids["priya"]
    await town.work(lambda work: join(work, work.tx.get(Member, sam), work.tx.get(Member, priya)))
    [walk], _ = await town.write(of_walks)
    assert (walk.member_id, walk.companion) == (sam, sam)


async def erased(places: Places) -> None:
    desk = Deployment(places)
    engine = durable_engine(places.data)
    for kind in (Walk, Stretch):
        RECORDS[kind].create(engine)
    columns = {column["name"] for column in inspect(engine).get_columns("walk")}
    assert columns == {"organisation", "id", "key_id", "member_id", "companion", "state", "asked_at", "sealed"}
    engine.dispose()
    town = await walked(desk.store)
    [walk], [stretch] = await town.write(of_walks)
    organisation, priya = town.organisation.id, town.ids["priya"]
    assert {walk.id, stretch.id} < cells(places.data) and not {"park", "to the gate"} & cells(places.data)
    told = await town.write(
        lambda tx: subject_access_copy(tx, town.actor("priya").address, town.clock.now(), RECORD_RULES)
    )
    assert told["walk"] == [{"state": "asked", "asked_at": "2026-11-23 10:00 UTC", "where": "park"}]
    assert told["stretch"] == [{"said": "to the gate"}]
    await desk.eraser.erase_member(organisation, town.ids["sam"])
    [walk], [stretch] = await town.write(of_walks)
    assert (walk.companion, walk.where) == (None, "park")
    await desk.eraser.erase_member(organisation, priya)
    assert await town.write(of_walks) == ([], [])
    assert await town.write(lambda tx: tx.find(Step)) == []
    assert not {walk.id, stretch.id, priya} & cells(places.data)
    assert walk.key_id not in desk.keys.all_ids()
    desk.close()


anyio.run(joined)
anyio.run(erased, Places(*sys.argv[1:]))
print("all of it")
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (*PACKAGES, "tests", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(folder: Path, url: str = "") -> subprocess.CompletedProcess[str]:
    """Look at everything that is gathered, in a process of its own that knows the copy alone."""
    places = [url or f"sqlite:///{folder / name}.db" for name in ("data", "keys", "ledger")]
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{LOOKED_AT}", *places]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def add_folder(copy: Path, changed: tuple[str, str] = ("", "")) -> None:
    folder = copy / "trim_bot/app/walks"
    folder.mkdir()
    for name, text in FOLDER.items():
        (folder / name).write_text(text.replace(*changed))


def add_word(copy: Path) -> None:
    routes = copy / "trim_bot/app/desk/routes.py"
    before = routes.read_text()
    after = before.replace("    oversight,\n)", "    oversight,\n    walks,\n)").replace(
        "from trim_bot.app.chats import routes as chats\n",
        "from trim_bot.app.chats import routes as chats\nfrom trim_bot.app.walks import routes as walks\n",
    )
    routes.write_text(after)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_one_folder_and_one_word_add_a_subject(
    copy: Path, database: str, request: pytest.FixtureRequest
) -> None:
    add_folder(copy)
    add_word(copy)
    url = str(request.getfixturevalue("postgres_database")) if database == "postgresql" else ""
    looked = run(copy, url)
    assert looked.stdout.endswith("all of it\n"), looked.stderr[-2000:]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (('"walk_companion"', '"offer"'), "two subjects have offer"),
        (('"walks_asked"', '"offered"'), "two subjects have offered"),
        (('(Stretch, "stretch"', '(Stretch, "walk"'), "two subjects have walk"),
        (('(Stretch, "stretch"', '(Stretch, "session"'), "'session' is already defined"),
        (('lets_go_of=("companion",)', ""), "does not say what becomes of it"),
    ],
    ids=["step", "measure", "record", "table of the desk", "no fate"],
)
def test_a_name_that_stands_twice_or_an_id_without_a_fate_stops_everything(
    copy: Path, changed: tuple[str, str], says: str
) -> None:
    add_folder(copy, changed)
    add_word(copy)
    looked = run(copy)
    assert "all of it" not in looked.stdout
    assert says in looked.stderr, looked.stderr[-2000:]


def test_without_the_word_nothing_of_it_is_there(copy: Path) -> None:
    add_folder(copy)
    assert "all of it" not in run(copy).stdout
