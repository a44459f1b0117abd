"""Somebody looks over a shoulder: after *Leave this page* they press Back."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.desk import Desk

World = Callable[[], Desk]


def test_after_leaving_the_page_before_shows_nothing(world: World) -> None:
    desk = world()
    nurse = desk.browser("nurse")
    before = nurse.get("/me")
    assert "Only you can open this page" in before.text
    with_cookies = nurse._http
    if 'action="/leave"' in before.html:
        left = with_cookies.post("/leave", data={})
        assert left.headers["refresh"].startswith("0;"), "the way on takes the place of the page"
    back = nurse.get("/me")
    assert "Only you can open this page" not in back.text
