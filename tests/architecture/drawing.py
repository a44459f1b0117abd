"""Draws who imports whom into `docs/architecture.md`, with a line for each folder: `make drawing`.

What a folder imports is read from its files. A line that a longer way through the drawing says as well is left out, so
that what is left can be read: a folder may import whatever it leads to. What a folder is for is the first sentence of
its `__init__.py`, and the order is that of the layers in `pyproject.toml`. A module in the place of a folder is
drawn alike.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.tree import ROOT, name, product_files

PAGE = ROOT / "docs" / "architecture.md"
Folder = str
"""A folder by its path from the root, such as `trim_bot/app/cases`."""
Imports = Mapping[Folder, frozenset[Folder]]
WITH_PARTS = ("trim_bot", "integrations")
"""Packages of which the folders below are drawn, and not the package as one."""
CORE = "trim_bot/app"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One marked part of the page: its name there, the folders from the top down, and who imports whom."""

    mark: str
    folders: tuple[Folder, ...]
    imports: Imports

    def text(self) -> str:
        """The lines to be drawn, then a table of what each folder is."""
        lines = ["```mermaid", "flowchart TD"]
        for folder in self.folders:
            below = [one for one in self.folders if one in self.imports.get(folder, ())]
            short = [_short(folder), " & ".join(map(_short, below))]
            lines.append("    " + " --> ".join(part for part in short if part))
        lines += ["```", "", "| Where | What it is |", "| --- | --- |"]
        lines += [f"| `{home_of(folder)}` | {said_of(folder)} |" for folder in self.folders]
        return "\n".join(lines)


def home_of(folder: Folder) -> str:
    """A folder with a slash at its end, or the one module that stands in the place of one."""
    return f"{folder}/" if (ROOT / folder).is_dir() else f"{folder}.py"


def said_of(folder: Folder) -> str:
    """The first sentence of a folder's docstring. Raises ValueError where there is none."""
    home = ROOT / home_of(folder)
    said = ast.get_docstring(ast.parse((home / "__init__.py" if home.is_dir() else home).read_text()))
    if not said:
        raise ValueError(f"{folder} does not say what it is")
    return " ".join(said.split("\n\n")[0].split())


def part_of(path: Folder) -> Folder | None:
    """The folder that a module (its path without `.py`) belongs to in the drawing of the whole."""
    first, *rest = path.split("/")
    folder = f"{first}/{rest[0]}" if first in WITH_PARTS and rest else first
    return folder if first not in WITH_PARTS or folder != first else None


def room_of(path: Folder) -> Folder | None:
    """The folder of the core that a module belongs to, or None for one outside it."""
    found = re.match(rf"{CORE}/\w+", path)
    return found[0] if found else None


def imports_of(
    files: Iterable[tuple[str, str]], place: Callable[[str], Folder | None], drawn: Iterable[Folder]
) -> Imports:
    """Which of the drawn folders import which others; `files` are paths without `.py`, with what they say."""
    known = frozenset(drawn)
    found: dict[Folder, set[Folder]] = {folder: set() for folder in known}
    for path, text in files:
        folder = place(path)
        if folder in known:
            found[folder] |= {to for one in imported(text) if (to := place(one)) in known and to != folder}
    return {folder: frozenset(others) for folder, others in found.items()}


def imported(text: str) -> Iterator[str]:
    """Whatever a file imports, as paths."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names):
                yield from (one.name.replace(".", "/") for one in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{one.name}".replace(".", "/") for one in names)
            case _:
                pass


def fewest(imports: Imports) -> Imports:
    """The same without every line that a longer way says as well."""
    return {
        folder: frozenset(
            one for one in others if not any(one in _reached(imports, two) for two in others - {one})
        )
        for folder, others in imports.items()
    }


def _reached(imports: Imports, start: Folder) -> set[Folder]:
    """Every folder that one leads to."""
    found: set[Folder] = set()
    left = [start]
    while left:
        for folder in imports.get(left.pop(), ()):
            if folder not in found:
                found.add(folder)
                left.append(folder)
    return found


def layers(contract: str) -> tuple[str, ...]:
    """What a contract of `pyproject.toml` names, from the top down, as paths."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (found,) = (one["layers"] for one in contracts if one["name"] == contract)
    return tuple(part.strip(" ()").replace(".", "/") for layer in found for part in layer.split("|"))


def drawings() -> Iterator[Drawing]:
    """The whole, then the core."""
    files = [(name(path).removesuffix(".py"), path.read_text()) for path in product_files()]
    whole = layers("Each layer knows only those below, and adapters are strangers")
    folders = tuple(one for one in whole if (ROOT / one).is_dir())
    yield Drawing("whole", folders, fewest(imports_of(files, part_of, folders)))
    rooms = tuple(f"{CORE}/{one}" for one in layers("Each subject knows only those below it"))
    yield Drawing("core", rooms, fewest(imports_of(files, room_of, rooms)))


def drawn(page: str) -> str:
    """The page with its marked parts written anew. Raises ValueError where a mark is missing."""
    for drawing in drawings():
        begin, end = f"<!-- {drawing.mark}: written by make drawing -->", f"<!-- {drawing.mark}: end -->"
        before, begun, rest = page.partition(begin)
        _, ended, after = rest.partition(end)
        if not begun or not ended:
            raise ValueError(f"the page has no marks for {drawing.mark}")
        page = f"{before}{begin}\n\n{drawing.text()}\n\n{end}{after}"
    return page


def _short(folder: Folder) -> str:
    return folder.removeprefix("trim_bot/").removeprefix("app/").removeprefix("integrations/")


def main(page: Path = PAGE) -> None:
    """Write the page anew."""
    page.write_text(drawn(page.read_text()))


if __name__ == "__main__":
    main()
