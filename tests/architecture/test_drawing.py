"""The drawing in the documents is that of the imports, and leaves out only what it says another way."""

import pytest

from tests.architecture.drawing import PAGE, Imports, drawings, drawn, fewest, imports_of, part_of, room_of


def everything(imports: Imports, folder: str) -> set[str]:
    below = set(imports[folder])
    return below.union(*(everything(imports, one) for one in below))


def test_the_page_shows_the_imports_as_they_are() -> None:
    assert drawn(PAGE.read_text()) == PAGE.read_text(), "run: make drawing"


def test_every_folder_of_the_product_is_drawn() -> None:
    whole, core = drawings()
    folders = {path.parent for path in (PAGE.parents[1] / "trim_bot").glob("*/__init__.py")}
    assert {f"trim_bot/{one.name}" for one in folders} <= set(whole.folders)
    core_folder = PAGE.parents[1] / "trim_bot/app"
    found = [*core_folder.glob("*/__init__.py"), *core_folder.glob("*.py")]
    # A folder of which only cached byte code is left is none.
    rooms = {path.parent.name if path.parent != core_folder else path.stem for path in found} - {"__init__"}
    assert {f"trim_bot/app/{one}" for one in rooms} == set(core.folders)


def test_a_line_is_left_out_only_where_a_longer_way_says_it() -> None:
    imports = {"a": frozenset("bcd"), "b": frozenset("c"), "c": frozenset("d"), "d": frozenset("")}
    fewer = fewest(imports)
    assert fewer == {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("d"), "d": frozenset()}
    assert all(imports[one] <= everything(fewer, one) for one in imports)


@pytest.mark.parametrize(
    "line",
    ["import trim_bot.app.own.home", "from trim_bot.app import own", "from trim_bot.app.own.home import x"],
)
def test_an_import_is_seen_however_it_is_written(line: str) -> None:
    rooms = ("trim_bot/app/cases", "trim_bot/app/own")
    files = [("trim_bot/app/cases/handlers", f"def late():\n    {line}\n"), ("trim_bot/app/own/home", "")]
    assert imports_of(files, room_of, rooms)["trim_bot/app/cases"] == {"trim_bot/app/own"}


def test_a_module_belongs_to_its_folder() -> None:
    assert part_of("integrations/slack/wire") == "integrations/slack"
    assert part_of("workflows/engine") == "workflows"
    assert part_of("trim_bot") is None
    assert room_of("trim_bot/domain/cases") is None


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        drawn("# Architecture\n")
