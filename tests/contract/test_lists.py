"""Every list and every choice can be drawn on every platform, however long it is, and none is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.slack_app.rules import faults_of_view
from tests.adapters.teams_app.rules import DIALOG, faults
from tests.adapters.web.reading_html import read
from tests.architecture.tree import ROOT
from tests.contract.list_bounds import BOUNDED, DRAWN_BY
from tests.contract.list_parts import LONG_NAME, leaving
from tests.contract.lists import LISTS
from tests.contract.outline import SLACK, TEAMS, WEB
from tests.contract.screens import drawn
from tests.reading import all_blocks, blocks_of, form_of
from trim_bot.app.seam.paging import FIND_ANOTHER, NEXT
from trim_bot.app.seam.views import Button, Choice, Choices, Form, Text
from trim_bot.domain.policy import POLICY

APP = ROOT / "trim_bot" / "app"
MANY = 300
WHERE = re.compile(r"(?:\d+ to )?\d+ of \d+")
CUT = {"_also"}
"""Of more than can be ticked at once, the later ones are still to come."""
DRAWN = [
    pytest.param(name, many, id=f"{name}-{many}")
    for name, one in LISTS.items()
    for many in sorted({0, 1, one.limit, one.limit + 1, MANY})
]


@pytest.mark.parametrize(("name", "many"), DRAWN)
def test_every_platform_takes_it(name: str, many: int) -> None:
    view = leaving(LISTS[name].build(many))
    assert faults_of_view(drawn(SLACK, view)) == []
    assert faults(drawn(TEAMS, view), DIALOG) == []
    assert read(drawn(WEB, view)).faults == []


@pytest.mark.parametrize("name", LISTS)
def test_a_long_one_has_a_way_on(name: str) -> None:
    """To what follows, to a look by letters, or to all of it in a form that was narrowed."""
    view = leaving(LISTS[name].build(MANY))
    ways = {one.label for one in blocks_of(view, Button)}
    assert ways & ({"Find", NEXT} if isinstance(view, Form) else {NEXT, FIND_ANOTHER}) or name in CUT


@pytest.mark.parametrize("name", LISTS)
def test_a_long_one_says_above_its_rows_and_below_them_where_one_is(name: str) -> None:
    view = leaving(LISTS[name].build(MANY))
    blocks = [one for one in all_blocks(view) if isinstance(one, Text | Button)]
    follows = [at for at, one in enumerate(blocks) if isinstance(one, Button) and one.label == NEXT]
    if not follows:
        pytest.skip("it is found by letters")
    said = [at for at, one in enumerate(blocks) if isinstance(one, Text) and WHERE.fullmatch(one.text)]
    assert len(said) == 2, "once for whoever has just turned the page, once for whoever turns it next"
    assert said[1] == follows[0] - 1


@pytest.mark.parametrize(
    "name", [name for name, one in LISTS.items() if one.limit >= POLICY.options_at_once - 2]
)
def test_a_choice_at_its_limit_stands_as_it_is(name: str) -> None:
    form = form_of(leaving(LISTS[name].build(LISTS[name].limit)))
    assert "Find" not in {one.label for one in blocks_of(form, Button)}
    longest = max(len(one.options) for one in form.inputs() if isinstance(one, Choice | Choices))
    assert longest >= LISTS[name].limit


def through_data(path: Path) -> Iterator[str]:
    """The functions of a file that go through something other than what is written beside them."""
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef):
            over = [one.iter for one in ast.walk(function) if isinstance(one, ast.For | ast.comprehension)]
            if any(not isinstance(one, ast.Tuple) for one in over):
                yield function.name


def screens() -> Iterator[Path]:
    """The files of subjects whose functions draw: those called so, and whatever else makes pages or choices."""
    makes = re.compile(r"\b(?:Page|Form|Choice|Choices|Facts|Bullets|Alert)\(")
    for path in sorted(APP.rglob("*.py")):
        apart = path.parent.name in ("seam", "desk", "app") or path.name == "examples.py"
        if not apart and (path.name.endswith("screens.py") or makes.search(path.read_text("utf-8"))):
            yield path


def functions() -> Iterator[str]:
    for path in screens():
        place = path.relative_to(APP).as_posix()
        yield from (f"{place} {name}" for name in through_data(path))


def drawn_here(function: str) -> bool:
    return function.partition(" ")[2] in LISTS or DRAWN_BY.get(function) in LISTS


def test_every_screen_that_goes_through_data_is_drawn_long_or_says_what_bounds_it() -> None:
    left = {one for one in functions() if not drawn_here(one) and one not in BOUNDED}
    assert left == set(), "draw it in tests/contract/lists.py, or say there what bounds it"


def test_nothing_is_excused_that_is_not_there() -> None:
    assert {*BOUNDED, *DRAWN_BY} - set(functions()) == set()
    assert set(DRAWN_BY.values()) <= set(LISTS)


def test_a_new_screen_that_forgets_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "screens.py"
    planted.write_text(
        "def walks_page(walks):\n    return Page('walks', 'Walks', tuple(Text(w) for w in walks))\n"
    )
    assert list(through_data(planted)) == ["walks_page"]
    assert not drawn_here("walks/screens.py walks_page")


def test_rows_are_as_long_as_they_get() -> None:
    assert len(LONG_NAME) > 50
