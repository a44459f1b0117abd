"""Signing in and out, the door without a name, and forms that did not come from our own pages."""

import re
from urllib.parse import quote

import pytest

from integrations.web.browser_session import LIMIT
from tests.adapters.web.conftest import as_form
from trim_bot.app.seam.gestures import Actor, Invoke, Press, Submit
from trim_bot.app.seam.views import Form, TextInput
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.people import Address, Platform

pytestmark = pytest.mark.anyio
NOBODY = Actor(Address(Platform.WEB, "acme", ""))
FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}


async def test_opening_a_link_uses_nothing_up(browser):
    _, page = await browser.get("/sign-in?k=acme.link")
    assert page.hidden("k") == "acme.link"
    assert browser.desk.calls == 0


async def test_a_link_signs_in_once(browser):
    proof = await browser.csrf("/sign-in?k=acme.link")
    response, _ = await browser.post("/sign-in", ("csrf", proof), ("k", "acme.link"))
    assert (response.status_code, response.headers["location"]) == (303, "/")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-peer-session=acme.sam;")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Max-Age" not in cookie
    again, page = await browser.post("/sign-in", ("csrf", proof), ("k", "acme.link"))
    assert again.status_code == 410
    assert words.GONE_TITLE in page.text


async def test_signing_in_ends_the_session_that_the_browser_had(browser):
    browser.client.cookies.set("__Host-peer-session", "acme.earlier")
    proof = await browser.csrf("/sign-in?k=acme.link")
    await browser.post("/sign-in", ("csrf", proof), ("k", "nothing"))
    assert browser.desk.ended == []
    await browser.post("/sign-in", ("csrf", proof), ("k", "acme.link"))
    assert browser.desk.ended == ["acme.earlier"]


@pytest.mark.parametrize("fault", [StoreUnavailable(), RuntimeError("what somebody typed")])
async def test_a_session_that_cannot_be_ended_costs_nobody_their_link(browser, monkeypatch, fault):
    async def away(secret: str) -> None:
        raise fault

    monkeypatch.setattr(browser.desk, "sign_out", away)
    browser.client.cookies.set("__Host-peer-session", "acme.earlier", domain="desk.test", path="/")
    proof = await browser.csrf("/sign-in?k=acme.link")
    response, _ = await browser.post("/sign-in", ("csrf", proof), ("k", "acme.link"))
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert browser.client.cookies.get("__Host-peer-session", domain="desk.test") == "acme.sam"
    [told] = browser.told
    assert told.startswith(f"earlier session not ended {type(fault).__name__}")
    assert "typed" not in told


LONG = "a" * 4000


@pytest.mark.parametrize("held", [LONG, "a", "a" * 33, "a" * 31 + "é", "a" * 31 + ";"])
async def test_a_visitors_cookie_that_we_did_not_make_is_made_anew(browser, held):
    browser.client.headers["cookie"] = f"__Host-peer-visitor={quote(held)}"
    response = await browser.client.get("/sign-in?k=acme.link")
    assert re.match(r"__Host-peer-visitor=[A-Za-z0-9_-]{32};", response.headers["set-cookie"])


@pytest.mark.parametrize("name", ["session", "unsent", "country", "visitor"])
async def test_no_cookie_that_is_longer_than_ours_gets_into_the_desk(browser, monkeypatch, name):
    asked: list[str] = []

    async def signed_in(session: str) -> None:
        asked.append(session)

    monkeypatch.setattr(browser.desk, "signed_in", signed_in)
    browser.client.headers["cookie"] = f"__Host-peer-{name}={LONG}"
    for path in ("/sign-in?k=acme.link", "/me", "/help-now", "/unsent"):
        response = await browser.client.get(path)
        assert LONG not in response.text and LONG not in str(response.headers)
    await browser.client.post("/leave")
    assert not any(LONG in one for one in (*asked, *browser.desk.ended))


async def test_without_https_cookies_have_plain_names(browsers):
    browser = browsers(https=False)
    response = await browser.client.get("/sign-in?k=acme.link")
    assert response.headers["set-cookie"].startswith("peer-visitor=")
    assert "Secure" not in response.headers["set-cookie"]


@pytest.mark.parametrize("proof", ["", "0" * 64, "ü"])
async def test_signing_in_needs_the_proof_of_our_own_page(browser, proof):
    await browser.get("/sign-in?k=acme.link")
    response, _ = await browser.post("/sign-in", ("csrf", proof), ("k", "acme.link"))
    assert response.status_code == 403
    assert browser.desk.links == {"acme.link"}


async def test_signing_out_ends_the_session(browser):
    browser.sign_in()
    proof = await browser.csrf("/me")
    response, _ = await browser.post("/sign-out", ("csrf", proof))
    assert response.status_code == 303
    assert browser.desk.ended == ["acme.sam"]
    assert 'peer-session=""' in response.headers["set-cookie"]


async def test_leaving_signs_out_and_goes_on_without_an_entry_of_its_own(browser):
    browser.sign_in()
    await browser.get("/me")
    response, _ = await browser.post("/leave")
    assert response.status_code == 200
    assert response.headers["refresh"] == f"0; url={words.LEAVE_TO}"
    assert 'peer-session=""' in response.headers["set-cookie"]
    assert browser.desk.ended == ["acme.sam"]
    assert "Peer" not in response.text and "Sam" not in response.text


async def test_leaving_needs_no_sign_in_and_no_script(browser):
    _, page = await browser.get("/help-now")
    assert "/leave" in [found.get("action") for tag, found in page.elements if tag == "form"]
    assert "script" not in {tag for tag, _ in page.elements}
    response, _ = await browser.post("/leave")
    assert response.status_code == 200 and browser.desk.ended == []


async def test_signing_out_needs_the_proof(browser):
    browser.sign_in()
    response, _ = await browser.post("/sign-out", ("csrf", "forged"))
    assert response.status_code == 403
    assert browser.desk.ended == []


async def test_somebody_elses_proof_is_refused(browser):
    browser.sign_in("alex")
    proof = await browser.csrf("/me")
    browser.sign_in("sam")
    response, page = await browser.post("/f/log", ("csrf", proof), ("t", "x"))
    assert response.status_code == 403
    assert words.STALE_TITLE in page.text
    assert all(not isinstance(gesture, Submit) for _, gesture in browser.desk.received)


async def test_a_form_sent_after_its_session_ended_is_not_received(browser):
    browser.sign_in()
    proof = await browser.csrf("/me")
    browser.client.cookies.clear()
    response, _ = await browser.post("/f/log", ("csrf", proof))
    assert response.status_code == 403


@pytest.mark.parametrize("entry", ["ask", "reply"])
async def test_the_door_without_a_name_never_tells_who_is_there(browser, entry):
    browser.sign_in()
    browser.desk.view = Form(entry, "Ask for a talk", (TextInput("what", "What?"),), "tok", "Send")
    _, page = await browser.get(f"/o/acme/{entry}")
    assert "Sam Okafor" not in page.text
    assert page.all("form", action=f"/o/acme/{entry}")
    hidden = ("csrf", page.hidden("csrf")), ("t", page.hidden("t"))
    response, _ = await browser.post(f"/o/acme/{entry}", *hidden, ("what", "words"))
    assert response.status_code == 200
    assert browser.desk.received == [
        (NOBODY, Invoke((entry,))),
        (NOBODY, Submit(entry, "tok", {"what": "words"})),
    ]
    assert browser.desk.calls == 4, "and the page that answers is asked for by itself"


async def test_a_button_at_the_door_without_a_name_is_pressed_by_nobody(browser):
    browser.desk.view = Form("ask", "Ask", (TextInput("what", "What?"),), "tok", "Send")
    _, page = await browser.get("/o/acme/ask")
    await browser.post("/o/acme/ask", ("csrf", page.hidden("csrf")), ("press", "more tok2"))
    assert browser.desk.received[-1] == (NOBODY, Press("more", "tok2"))


async def test_the_door_without_a_name_needs_the_proof_of_its_own_page(browser):
    browser.sign_in()
    proof = await browser.csrf("/me")
    browser.desk.received.clear()
    response, _ = await browser.post("/o/acme/ask", ("csrf", proof))
    assert response.status_code == 403
    assert browser.desk.received == []


@pytest.mark.parametrize("path", ["/f/log", "/o/acme/ask", "/sign-in", "/sign-out"])
@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"what=" + b"x" * LIMIT, FORM_TYPE, 413),
        (b"what=%ff", FORM_TYPE, 400),
        ("what=ü".encode(), FORM_TYPE, 400),
        (b"&".join([b"a=1"] * 3000), FORM_TYPE, 400),
        (b'{"what": "x"}', {"content-type": "application/json"}, 415),
        (b"", {}, 415),
    ],
)
async def test_a_body_that_cannot_be_read_gets_a_calm_page(browser, path, body, headers, status):
    browser.sign_in()
    response = await browser.client.post(path, content=body, headers=headers)
    assert response.status_code == status
    assert "Nothing was saved" in response.text
    assert browser.desk.received == []


async def test_a_body_that_hides_its_size_is_still_bounded(browser):
    async def drip():
        for _ in range(5):
            yield b"x" * (LIMIT // 4)

    browser.sign_in()
    response = await browser.client.post("/f/log", content=drip(), headers=FORM_TYPE)
    assert response.status_code == 413


async def test_a_wrong_method_gets_a_calm_page(browser):
    response, page = await browser.get("/sign-out")
    assert response.status_code == 405
    assert words.METHOD_TITLE in page.text
    assert (await browser.client.post("/help-now", **as_form(("a", "b")))).status_code == 405
