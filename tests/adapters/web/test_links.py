"""Following a link changes nothing, whatever token stands in it."""

import re

import pytest

from integrations.web import render
from integrations.web.blocks import FormTarget
from integrations.web.template_environment import CSS
from tests.adapters.web.reading_html import read
from trim_bot.app.desk.routes import ROUTES
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.views import Button, Done

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


def test_what_only_shows_is_a_link_and_what_acts_is_a_button():
    ways = (Button("case", "tok.en+", "Open", goes=True), Button("take_case", "tok", "Take it"))
    page = read(render.draw(Done("cases", "Your cases", ways), FormTarget("proof")))
    assert [link["href"] for link in page.all("a")] == ["/f/case?t=tok.en%2B"]
    assert [button["value"] for button in page.all("button", name="press")] == ["take_case tok"]


def test_a_way_looks_like_a_link_and_not_like_a_button():
    [look] = re.findall(r"^a\.button \{([^}]*)\}", CSS.decode(), re.MULTILINE)
    assert "text-decoration: underline" in look and "border: 0" in look and "background: none" in look
    [button] = re.findall(r"^\.button \{([^}]*)\}", CSS.decode(), re.MULTILINE)
    assert "border: 2px" in button and "text-decoration: none" in button


def test_a_page_of_links_alone_sends_nothing():
    done = Done("cases", "Your cases", (Button("roster", "", "Who serves", goes=True),))
    page = read(render.draw(done, FormTarget("proof")))
    assert not page.all("form")
    assert [link["href"] for link in page.all("a")] == ["/f/roster"]


@pytest.mark.parametrize("header", ["sec-purpose", "purpose"])
async def test_a_page_that_nobody_asked_to_see_yet_is_not_opened(browser, header):
    browser.sign_in()
    for address in ("/f/case?t=tok", "/me"):
        response = await browser.client.get(address, headers={header: "prefetch;prerender"})
        assert (response.status_code, response.text) == (503, "")
    assert browser.desk.received == []
