"""Asking for support over HTTP: with a name, without one, and where nobody can know who asks."""

from __future__ import annotations

import re

import pytest

from tests.e2e.browser_side import Page
from tests.e2e.deployment import Deployment
from tests.e2e.doors import Door
from tests.e2e.screens import Screen, send
from tests.e2e.slack_side import Modal
from tests.e2e.story import event
from tests.e2e.teams_side import Dialog

pytestmark = pytest.mark.anyio

ON_SQLITE = pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
WORDS = "It has all been too much since the spring"
REACH = "Ring after four"
REPLY = "I can talk on Thursday at two"


def code_on(shown: Screen) -> str:
    """The reply code that a page shows."""
    [code] = re.findall(r"\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b", shown.text)
    return str(code)


async def taken(door: Door) -> Screen:
    """A practitioner is told, sees neither name nor words, and takes the request."""
    priya = await door.person("priya")
    await door.at.drain()
    request = await priya.open_newest()
    assert "Someone asked for a talk" in request.title
    assert not any(word in request.text for word in (WORDS, REACH, "Nurse"))
    form = await request.press("take_request")
    assert form.form == "request_taken"
    assert WORDS in form.text and REACH in form.text
    return form


async def test_with_ones_name(door: Door) -> None:
    nurse = await door.person("nurse")
    form = await nurse.say("support")
    assert "116 123" in form.text
    done = await send(form, name="named", text=WORDS, contact=REACH)
    assert done.title == "We have your request" and WORDS not in done.text
    seen = await taken(door)
    assert "Nurse" in seen.text
    kept = await send(seen, reply=REPLY, then="wait")
    assert kept.title == "It stays with you"
    mine = await nurse.say(*door.mine)
    assert REPLY in mine.text


@ON_SQLITE
async def test_without_ones_name(door: Door) -> None:
    nurse = await door.person("nurse")
    await send(await nurse.say("support"), name="unnamed", text=WORDS, contact=REACH)
    seen = await taken(door)
    assert "Nurse" not in seen.text and "without their name" in seen.text
    await send(seen, reply=REPLY, then="wait")
    assert REPLY in (await nurse.say(*door.mine)).text


@ON_SQLITE
async def test_signed_out_with_a_reply_code(door: Door) -> None:
    stranger = await door.at.stranger()
    form = await stranger.get("/o/acme/ask")
    assert form.status == 200 and "116 123" in form.text
    done = await send(form, text=WORDS, contact=REACH)
    code = code_on(done)
    seen = await taken(door)
    assert "Nobody knows who asked" in seen.text
    await send(seen, reply=REPLY, then="wait")
    elsewhere = await door.at.stranger()
    wrong = await send(await elsewhere.get("/o/acme/reply"), code="AAAA-BBBB-CCCC-DDDD")
    assert list(wrong.errors) == ["code"] and wrong.standing("code") == "AAAA-BBBB-CCCC-DDDD"
    answer = await send(wrong, code=code.upper().replace("-", " "))
    assert REPLY in answer.text and WORDS not in answer.text


@pytest.mark.parametrize("stores", ["sqlite", "postgresql"], indirect=True)
async def test_everybody_signed_out_has_a_code_of_their_own(at_browser: Deployment) -> None:
    codes = set()
    for _ in range(3):
        stranger = await at_browser.stranger()
        done = await send(await stranger.get("/o/acme/ask"), text=WORDS, contact=REACH)
        assert isinstance(done, Page)
        again = await stranger.get(done.address)
        assert code_on(again) == code_on(done), "a second look shows the same"
        codes.add(code_on(done))
    assert len(codes) == 3


@ON_SQLITE
async def test_somebody_without_an_account_is_told_in_person(door: Door) -> None:
    priya = await door.person("priya")
    filled = event(unlisted="Vera Wells, 07700 900123")
    await send(await priya.say("peer", "log"), **filled)
    await door.at.drain()
    contact = await priya.open_newest()
    assert contact.form == "contact"
    assert "Vera Wells" in contact.text and "07700 900123" in contact.text
    await send(contact, answer="yes")
    cases = await priya.say("peer", "cases")
    assert "Vera Wells" in cases.text


@ON_SQLITE
async def test_the_record_opens_in_a_browser_by_a_link_that_works_once(chat: Door) -> None:
    nurse = await chat.person("nurse")
    await send(await nurse.say("support"), name="named", text=WORDS, contact=REACH)
    page = await (await nurse.say("support", "me")).press("browser")
    assert isinstance(page, Modal | Dialog)
    [link] = page.links()
    browser = await chat.at.stranger()
    entry = await browser.get(link)
    home = await follow(entry)
    assert "Nurse" in home.title
    mine = await browser.get("/me")
    assert "You asked on" in mine.text
    another = await chat.at.stranger()
    assert (await follow(await another.get(link))).status == 410


async def follow(entry: Page) -> Page:
    """Press the button under a one-time link."""
    return await entry.browser.post(entry.forms[0].action, entry.body(form=entry.forms[0]))
