"""What the documents name is there: links and headings, recipes, commands with their options, files."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from tests.architecture.tree import ROOT, name, python_files
from trim_bot.cli.app import build

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
RECIPE = re.compile(r"\bmake ([a-z][a-z-]*)")
COMMAND = re.compile(r"(?<!-[gn] )(?<!namespace )\btrim-bot((?: [^\s`|;&#,.:()/]+)+)")
"""Not a group or a namespace of that name, nor the file of a command that is copied somewhere."""
OPTION = re.compile(r"--[a-z][a-z-]*")
FOLDERS = "trim_bot|integrations|workflows|assessments|checked_toml|tests|docs|bench|requirements"
FILE = re.compile(rf"(?:{FOLDERS})/[\w./*-]*")
PART = re.compile(r"[\w/]*/\w+\.py")
"""A file by the end of its path, such as `events/handlers.py`."""
NAME_AT = re.compile(rf"`(\w+)`(?: \(| in |\n\()`((?:{FOLDERS})/[\w/]+\.py)`")
"""Something of the code, and the file it is said to stand in."""


def code(text: str) -> Iterator[str]:
    """What stands as code: the lines of fenced blocks, and spans between back-ticks."""
    for block in FENCE.findall(text):
        yield from block.splitlines()[1:-1]
    yield from SPAN.findall(FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """The names under which headings can be linked to."""
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead_links(document: Path, text: str) -> list[str]:
    """Links inside the project that lead nowhere."""
    dead = []
    for target in LINK.findall(FENCE.sub("", text)):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        place, _, anchor = target.partition("#")
        file = (document.parent / place).resolve() if place else document
        lost = (
            anchor
            and file.suffix == ".md"
            and file.exists()
            and anchor not in anchors(file.read_text("utf-8"))
        )
        if not file.exists() or lost:
            dead.append(target)
    return dead


def unknown_recipes(text: str) -> list[str]:
    """Recipes that the Makefile does not have."""
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    return [recipe for line in code(text) for recipe in RECIPE.findall(line) if recipe not in known]


def unknown_commands(text: str) -> list[str]:
    """Commands and options that the command line does not have."""
    whole = get_command(build())
    unknown = []
    for line in code(text):
        for words in COMMAND.findall(line):
            command: object = whole
            for word in words.split():
                below = getattr(command, "commands", None)
                if below is None or word.startswith("-"):
                    break
                command = below.get(word)
                if command is None:
                    break
            options = {one for parameter in getattr(command, "params", ()) for one in parameter.opts}
            if command is None or any(one not in {*options, "--help"} for one in OPTION.findall(words)):
                unknown.append(f"trim-bot{words}")
    return unknown


def unknown_files(text: str) -> list[str]:
    """Files and folders of the code that are not there."""
    return [span for span in SPAN.findall(FENCE.sub("", text)) if not _is_there(span.partition("::")[0])]


def _is_there(span: str) -> bool:
    """Whether a file or folder is there that a span names by its path, or by its end; True for any other span."""
    if FILE.fullmatch(span):
        return any(ROOT.glob(span.rstrip("/")))
    return not PART.fullmatch(span) or any(f"/{name(path)}".endswith(f"/{span}") for path in python_files())


def misplaced(text: str) -> list[str]:
    """What is said to stand in a file that does not name it."""
    return [
        f"{what} in {file}"
        for what, file in NAME_AT.findall(FENCE.sub("", text))
        if (ROOT / file).is_file() and not re.search(rf"\b{what}\b", (ROOT / file).read_text("utf-8"))
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_what_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert dead_links(document, text) == []
    assert unknown_recipes(text) == []
    assert unknown_commands(text) == []
    assert unknown_files(text) == []
    assert misplaced(text) == []


def test_what_is_not_there_is_found() -> None:
    readme = ROOT / "README.md"
    assert dead_links(readme, "[a](docs/no.md) [b](#no-such) [c](docs/promises.md#no)") == [
        "docs/no.md",
        "#no-such",
        "docs/promises.md#no",
    ]
    assert unknown_recipes("`make tea` and `make test`") == ["tea"]
    text = "`trim-bot keys new --print` `trim-bot keys lose`\n```\ntrim-bot doctor --loud\n```\n"
    assert unknown_commands(text) == ["trim-bot doctor --loud", "trim-bot keys lose"]
    assert unknown_files("`trim_bot/nowhere.py` `trim_bot/app/desk/desk.py` `tests/no.py::test_it`") == [
        "trim_bot/nowhere.py",
        "tests/no.py::test_it",
    ]
    assert unknown_files("`events/handlers.py` `events/nowhere.py` `oversight/screens`") == [
        "events/nowhere.py"
    ]
    text = "`Desk` (`trim_bot/app/desk/desk.py`), `Desk` in `trim_bot/app/seam/links.py`"
    assert misplaced(text) == ["Desk in trim_bot/app/seam/links.py"]


def test_the_readme_begins_with_the_two_commands_that_set_themselves_up() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = readme.split("```")[1].strip().splitlines()
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert first == ["make demo", "make test"]
    assert all(f"\n{one.removeprefix('make ')}: setup " in recipes for one in (*first, "make quickstart"))
