"""The help numbers are those in force, whatever folder a command runs in, and a site file is in force whole or not."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from integrations.web.help_file import HelpNumbers
from tests.e2e.operating.conftest import SITE, Place
from tests.e2e.operating.test_serve import never, served
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.people import Platform
from trim_bot.settings.store_addresses import help_file, help_path

ADMIN = "web:someone@example.org"
LINES = (
    '[[staff]]\naddress = "web:a@example.org"\nname = "A"\n[[staff]]\naddress = "web:b@example.org"\nname = "B"\n'
    '[[reporting_lines]]\nperson = "web:a@example.org"\nmanager = "web:b@example.org"\n'
)


def _with_number(number: str, slug: str = "example-transport") -> str:
    site = SITE.replace("example-transport", slug)
    return f'{site}\n[[numbers]]\nlabel = "Night desk"\nnumber = "{number}"\nsource = "the wall"\n'


def _shown(place: Place) -> list[str]:
    return [one.number for one in HelpNumbers(help_file(place.settings()))().site]


def _desk(place: Place) -> None:
    """What a start of the desk does."""

    async def once() -> None:
        async with served(Desktop(place.settings(), pause=never)):
            pass

    asyncio.run(once())


@pytest.fixture
def settled(place: Place) -> Place:
    place.run("members", "grant", "administrator", ADMIN, "--name", "Sam")
    place.run("site", "apply", place.site_file(_with_number("1 01")))
    return place


def test_from_any_folder_the_numbers_go_beside_the_keyring(
    settled: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    monkeypatch.chdir(other)
    settled.run("site", "apply", settled.site_file(_with_number("2 02")))
    assert _shown(settled) == ["2 02"]
    assert help_path(settled.settings()) == tmp_path / "trim_bot_help.json"
    assert list(other.iterdir()) == []
    monkeypatch.chdir(tmp_path)
    assert f"ok   help         The page of help numbers shows your own first, from {tmp_path}" in settled.run(
        "doctor"
    )


def test_without_a_file_for_the_keyring_they_go_beside_the_database(place: Place) -> None:
    ring = (place.folder / "desk.key").read_text(encoding="utf-8")
    (place.folder / "data").mkdir()
    place.set(KEY=ring, TRIM_BOT_KEYRING="env:KEY", DATABASE_URL=f"sqlite:///{place.folder}/data/d.db")
    assert help_path(place.settings()) == place.folder / "data" / "trim_bot_help.json"


def _as_it_was(place: Place) -> tuple[object, ...]:
    with sqlite3.connect(place.folder / "data.db") as data:
        found = [
            data.execute(query).fetchall()
            for query in (
                "SELECT slug FROM organisation",
                "SELECT * FROM site",
                "SELECT * FROM reporting_line",
            )
        ]
    data.close()
    kept = place.folder / "trim_bot_help.json"
    return (*found, kept.read_text(encoding="utf-8") if kept.exists() else None)


@pytest.mark.parametrize("fault", ["folder", "rename", "commit", "slug"])
def test_a_site_file_that_cannot_be_applied_whole_changes_nothing(
    settled: Place, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    before = _as_it_was(settled)
    code = 3
    match fault:
        case "folder":
            settled.set(HELP_FILE=str(settled.folder / "not there" / "help.json"))
        case "rename":

            def refuse(_source: Path, _target: Path) -> None:
                raise PermissionError

            monkeypatch.setattr(os, "replace", refuse)
        case "commit":
            with sqlite3.connect(settled.folder / "data.db") as data:
                data.execute("CREATE TRIGGER stop BEFORE UPDATE ON site BEGIN SELECT RAISE(ABORT, 'x'); END")
            data.close()
            code = 1
        case _:
            _found(settled, "second")
            before, code = _as_it_was(settled), 1
    new = _with_number("9 99", "renamed" if fault != "slug" else "second") + LINES
    said = settled.run(
        "site", "apply", settled.site_file(new), "--organisation", "example-transport", code=code
    )
    assert _as_it_was(settled) == before
    assert not list(settled.folder.glob(".trim_bot_help*"))
    if fault in ("folder", "rename"):
        where = settled.folder / "not there" if fault == "folder" else settled.folder
        assert f"Nothing was changed: the help numbers cannot be written into {where}." in said
        assert "HELP_FILE" in said


def _found(place: Place, slug: str, workspace: ChatWorkspace | None = None) -> None:
    """As the first start of a chat does."""

    async def found() -> None:
        deployment = await open_deployment(place.settings())
        try:
            await deployment.founder.found(slug, workspace)
            await deployment.settle()
        finally:
            deployment.close()

    asyncio.run(found())


def test_a_workspace_of_another_organisation_is_refused_before_anything_is_in_force(settled: Place) -> None:
    _found(settled, "second", ChatWorkspace(Platform.SLACK, "T2"))
    before = _as_it_was(settled)
    file = settled.site_file(_with_number("5 05"))
    said = settled.run("site", "apply", file, "--workspace", "slack:T2", code=1)
    assert "This workspace belongs to another organisation" in said
    assert _as_it_was(settled) == before


def test_a_file_at_the_earlier_place_is_read_and_moved_by_the_start(settled: Place) -> None:
    """As after an upgrade: nobody's numbers vanish, also before the desk has started and when it cannot."""
    earlier = settled.folder / "data" / "trim_bot_help.json"
    earlier.parent.mkdir()
    for name in ("data.db", "data.db-wal", "data.db-shm"):
        if (settled.folder / name).exists():
            (settled.folder / name).rename(earlier.parent / name)
    settled.set(DATABASE_URL=f"sqlite:///{earlier.parent}/data.db")
    now = settled.folder / "trim_bot_help.json"
    now.rename(earlier)
    assert _shown(settled) == ["1 01"]
    assert f"warn help         The help numbers are still read from {earlier}" in settled.run("doctor")
    _desk(settled)
    assert now.exists() and not earlier.exists()
    assert _shown(settled) == ["1 01"]


def test_an_earlier_file_with_several_organisations_loses_none_by_one_site_file(place: Place) -> None:
    earlier = place.folder / "data" / "trim_bot_help.json"
    earlier.parent.mkdir()
    entry = {"label": "Line", "number": "7 07", "place": "GB", "source": ""}
    held = {"other": {"answer_working_days": 2, "numbers": [entry]}}
    earlier.write_text(json.dumps({"format": 1, "sites": held}), encoding="utf-8")
    place.set(
        DATABASE_URL=f"sqlite:///{earlier.parent}/data.db", KEYSTORE_URL=f"sqlite:///{earlier.parent}/k.db"
    )
    place.run("migrate")
    place.run("site", "apply", place.site_file(_with_number("1 01")))
    assert _shown(place) == ["7 07", "1 01"]


STALE: list[Callable[[Path], object]] = [
    lambda file: file.write_text(file.read_text(encoding="utf-8").replace("1 01", "9 99"), encoding="utf-8"),
    lambda file: file.write_text("{", encoding="utf-8"),
]


@pytest.mark.parametrize("spoil", STALE, ids=["other numbers", "damaged"])
def test_numbers_that_are_not_in_force_are_told_and_mended_by_the_start(
    settled: Place, spoil: Callable[[Path], object]
) -> None:
    """As when a process was killed between the file and the commit, or another machine applied a site file."""
    spoil(settled.folder / "trim_bot_help.json")
    said = settled.run("doctor", code=1)
    assert "fail help         The help numbers in" in said and "of example-transport" in said
    _desk(settled)
    assert _shown(settled) == ["1 01"]
    assert "ok   help" in settled.run("doctor")


def test_a_start_beside_new_databases_leaves_the_numbers_alone(settled: Place) -> None:
    here = f"sqlite:///{settled.folder}"
    settled.set(DATABASE_URL=f"{here}/n.db", KEYSTORE_URL=f"{here}/nk.db", LEDGER_URL=f"{here}/nl.db")
    settled.set(ANCHOR_URL=f"file:{settled.folder}/n.anchor")
    settled.run("migrate")
    _desk(settled)
    assert _shown(settled) == ["1 01"]
