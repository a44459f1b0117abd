"""Each command ends with the code that the table says, and answers programs with one document."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup
from typer.testing import Result

from tests.command_table import ADAM, COMMANDS, Case, table
from tests.commands import run_command
from tests.e2e.operating.conftest import Place
from trim_bot.cli import faults, printing
from trim_bot.cli.app import build
from trim_bot.cli.faults import ExitCode

PROGRAMME = (files("workflows") / "definitions" / "trim_style_v1.toml").read_text(encoding="utf-8")
JSON = "--json"


@dataclass
class Desk:
    """A settled deployment, and what stands for the names in the table."""

    place: Place
    names: Mapping[str, str]

    def run(self, command: str, case: Case, run: str, *more: str) -> Result:
        """How a case of a command ends."""
        for before in case.before:
            self.place.run(*self._filled(before, run))
        if not case.keyring:
            self.place.environment.delenv("TRIM_BOT_KEYRING")
        words = self._filled(f"{command} {case.words}", run)
        result = run_command(*words, *more)
        self.place.set(TRIM_BOT_KEYRING=self.names["keyring"])
        return result

    def _filled(self, words: str, run: str) -> list[str]:
        own = self.place.folder / f"own_{run}.toml"
        return words.format(**self.names, n=run, programme_n=own).split()


@pytest.fixture
def desk(place: Place) -> Iterator[Desk]:
    def file(name: str, text: str) -> str:
        (place.folder / name).write_text(text, encoding="utf-8")
        return str(place.folder / name)

    for run in "ab":
        file(f"own_{run}.toml", PROGRAMME.replace('"trim_style"', f'"own_{run}"', 1))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        names = {
            "site": place.site_file(),
            "slug": "example-transport",
            "bad": file("bad.toml", "name = 1\n"),
            "programme": file("programme.toml", PROGRAMME.replace('"trim_style"', '"mine"', 1)),
            "second": file("second.toml", PROGRAMME.replace("version = 1", "version = 2", 1)),
            "folder": str(place.folder),
            "taken": str(other.getsockname()[1]),
            "keyring": f"file:{place.folder / 'desk.key'}",
        }
        place.run("site", "apply", names["site"])
        place.run("members", "grant", "administrator", ADAM, "--name", "Adam")
        yield Desk(place, names)


def test_the_table_has_a_line_for_each_command_and_no_other() -> None:
    def all_of(group: TyperGroup, before: tuple[str, ...] = ()) -> Iterator[str]:
        for name, one in group.commands.items():
            if isinstance(one, TyperGroup):
                yield from all_of(one, (*before, name))
            else:
                yield " ".join((*before, name))

    root = typer.main.get_command(build())
    assert isinstance(root, TyperGroup)
    assert sorted(all_of(root)) == sorted(COMMANDS), "write how it ends into tests/command_table.py"


def test_each_command_ends_as_the_table_says(desk: Desk) -> None:
    found = []
    for command, ends in COMMANDS.items():
        for code, case in (*ends.cases(), (ExitCode.MISUSE, Case("no such option", "--no-such-option"))):
            if case.words is None:
                continue
            plain = desk.run(command, case, "a")
            found += [f"{command} {case.words}: {fault}" for fault in unlike(plain, code)]
            if ends.json:
                told = desk.run(command, case, "b", JSON)
                found += [f"{command} {case.words} {JSON}: {fault}" for fault in unlike_json(told, code)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("words", ["--bogus doctor", "--version", "--bogus", "no-such-command", ""])
def test_what_makes_no_sense_before_a_command_is_told_to_programs_too(words: str) -> None:
    assert list(unlike_json(run_command(*words.split(), JSON), ExitCode.MISUSE)) == []


def unlike(result: Result, code: ExitCode) -> Iterator[str]:
    """What is otherwise than it should be where a person asks."""
    if result.exit_code != code:
        yield f"ends with {result.exit_code}, not {code.value}: {result.output[-300:]}"
    if code is ExitCode.GOOD and result.stderr:
        yield f"says aside: {result.stderr[:200]}"
    if code in (ExitCode.MISUSE, ExitCode.REFUSED) and not result.stderr:
        yield "says nothing on standard error"
    if "Traceback" in result.output:
        yield "shows a traceback"


def unlike_json(result: Result, code: ExitCode) -> Iterator[str]:
    """The same where a program asks."""
    if result.exit_code != code:
        yield f"ends with {result.exit_code}, not {code.value}: {result.output[-300:]}"
    if result.stderr:
        yield f"says aside: {result.stderr[:200]}"
    try:
        told = json.loads(result.stdout)
    except ValueError:
        yield f"is not one document: {result.stdout[:200]}"
        return
    if code in (ExitCode.MISUSE, ExitCode.REFUSED):
        error = told.get("error") if isinstance(told, dict) else None
        if not error or error["exit"] != code or not error["text"] or not error["code"].isidentifier():
            yield f"tells no error: {told}"


def test_the_document_has_the_table() -> None:
    text = (Path(__file__).parents[3] / "docs" / "commands.md").read_text(encoding="utf-8")
    assert "\n".join(table()) in text, "python -m tests.command_table prints it"


@pytest.mark.parametrize(("answer", "code"), [("n\n", 3), ("\n", 3), ("", 3), ("y\n", 0)])
def test_only_a_yes_is_a_yes(desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, code: int) -> None:
    monkeypatch.setattr(faults, "can_ask", lambda: True)
    result = run_command("journal", "accept", JSON, said=answer)
    assert result.exit_code == code
    assert "[y/N]" in result.stderr
    assert isinstance(json.loads(result.stdout), dict)


def test_ctrl_c_ends_with_130(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_question: str) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(faults, "can_ask", lambda: True)
    monkeypatch.setattr(faults, "ask", interrupted)
    result = run_command("journal", "accept", JSON)
    assert (result.exit_code, result.stdout) == (130, "")


def test_a_reader_that_went_away_is_no_fault_to_tell(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_line: str) -> None:
        raise BrokenPipeError(32, "as the system says it")

    monkeypatch.setattr(printing, "say", gone)
    result = run_command("describe", JSON)
    assert (result.exit_code, result.output) == (1, "")
