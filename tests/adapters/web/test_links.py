"""Following a link changes nothing, whatever token stands in it."""

import pytest

from trim_bot.app.desk.routes import ROUTES
from trim_bot.app.seam.gestures import Press

pytestmark = pytest.mark.anyio
ACTING = sorted(name for name, route in ROUTES.items() if route.shows is None)
SHOWING = sorted(name for name, route in ROUTES.items() if route.shows is not None)


def test_there_are_buttons_that_act_and_pages_that_show():
    assert {"stop", "withdraw", "offer_no", "take_case", "hand_over_all", "safety_call"} <= set(ACTING)
    assert {"open", "offer", "erase"} <= set(SHOWING)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("door", ["/f/", "/o/acme/"])
@pytest.mark.parametrize("name", [*ACTING, "nothing-of-ours"])
async def test_a_link_to_a_button_that_acts_is_not_there(browser, method, door, name):
    browser.sign_in()
    for query in ("t=tok", "t=", "t=&t=tok"):
        response = await browser.client.request(method, f"{door}{name}?{query}")
        assert response.status_code == 404
    assert browser.desk.received == []


@pytest.mark.parametrize("door", ["/f/", "/o/acme/"])
@pytest.mark.parametrize("name", SHOWING)
async def test_a_link_to_what_only_shows_opens_it(browser, door, name):
    browser.sign_in()
    response, _ = await browser.get(f"{door}{name}?t=tok")
    assert response.status_code == 200
    assert [gesture for _, gesture in browser.desk.received] == [Press(name, "tok")]
