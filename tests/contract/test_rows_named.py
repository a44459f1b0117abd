"""No two buttons of a page are called the same: what stands in a list names its row, also for those who hear it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.contract.html_tree import tree
from tests.contract.outline import SLACK, WEB
from tests.contract.screens import drawn
from tests.reading import buttons_of
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.views import Button, Done, Text, View

LISTED = Done(
    "listed", "A list", (Text("x"), *(Button("open", f"t{one}", "Open", about=one) for one in "ab"))
)


def alike(view: View) -> list[str]:
    """What two buttons of a page are called."""
    return [said for said, many in Counter(one.spoken for one in buttons_of(view)).items() if many > 1]


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_no_two_buttons_of_a_page_are_called_the_same(name: str) -> None:
    assert alike(catalogue()[name]) == []


def test_what_a_button_is_about_is_read_out_in_the_browser_and_in_slack() -> None:
    page = tree(drawn(WEB, LISTED))
    assert [one.attributes["aria-label"] for one in page.every("button")] == ["Open: a", "Open: b"]
    modal = drawn(SLACK, LISTED)
    rows = [one for block in modal["blocks"] for one in block.get("elements", ())]
    assert [one["accessibility_label"] for one in rows] == ["Open: a", "Open: b"]


def test_two_that_are_called_the_same_are_found() -> None:
    assert alike(Done("x", "X", (Button("open", "1", "Open"), Button("open", "2", "Open")))) == ["Open"]
