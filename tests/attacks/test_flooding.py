"""An outsider asks sixty times from three addresses, so that nobody else can ask without a name for a day."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from tests.attacks.desk import Desk
from tests.attacks.pages import Browser, Page

World = Callable[[], Desk]


def ask_from(desk: Desk, address: str, words: str) -> Page:
    """Ask without a name, as somebody at this address whose request a proxy passes on."""
    with httpx.Client(
        base_url=desk.url, follow_redirects=True, timeout=60, headers={"x-forwarded-for": address}
    ) as http:
        stranger = Browser(desk.url)
        stranger.close()
        stranger._http = http
        return stranger.get("/o/acme/ask").send(text=words, contact="by the bridge")


def test_sixty_posts_from_three_addresses_keep_nobody_from_asking(world: World) -> None:
    desk = world()
    before = len(desk.browser("priya").messages())
    for number in range(60):
        ask_from(desk, f"203.0.113.{number % 3}", f"noise {number}")
    page = ask_from(desk, "198.51.100.7", "I need somebody")
    assert "Your reply code" in page.text
    office = ask_from(desk, "203.0.113.1", "I sit in the same office as whoever did it")
    assert "Your reply code" in office.text
    desk.wait(minutes=1)
    assert len(desk.browser("priya").messages()) <= before + 1, "and nobody is written to for each"


def test_a_lead_finds_what_lies_aside_and_takes_it(world: World) -> None:
    desk = world()
    for number in range(25):
        ask_from(desk, f"203.0.113.{number % 3}", f"noise {number}")
    lena = desk.browser("lena")
    page = lena.form("team").press("tray")
    taken = page.press("take_from_tray").press("take_request")
    assert "noise" in taken.text or "noise" in taken.html
