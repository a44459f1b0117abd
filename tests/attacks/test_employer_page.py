"""Anybody reads the public page day after day: nothing on it may follow what happened today."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.attacks.desk import Desk, end_role

World = Callable[[], Desk]


def test_the_public_page_shows_no_exact_count_and_does_not_change_within_a_week(world: World) -> None:
    desk = world()
    desk.wait(days=7, minutes=5)
    stranger = desk.browser()
    before = stranger.get("/what-can-my-employer-see").text
    assert not re.search(r"trained and in date \d+ (?!–)\D", before), "an exact count of who serves"
    end_role(desk.browser("quinn"), "peter", "practitioner")
    desk.wait(minutes=5)
    assert stranger.get("/what-can-my-employer-see").text == before
