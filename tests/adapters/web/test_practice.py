"""The practice workspace works for people and for scripts, and is not there in production."""

from datetime import timedelta

import pytest

from integrations.web.template_environment import day, moment, recent
from tests.adapters.web.stand_ins import START, address
from trim_bot.app.seam.gestures import Actor, Press
from trim_bot.app.words import practice_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT
from trim_bot.domain.people import Role

LATER = START + timedelta(days=1)


@pytest.fixture
def practice(browsers):
    return browsers(practice=True, https=False)


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/practice/clock", "/practice/as", "/practice/press", "/practice/messages"])
async def test_in_production_there_is_no_practice(browser, path):
    assert (await browser.client.get(path)).status_code == 404
    assert (await browser.client.post(path, json={"to": LATER.isoformat()})).status_code == 404
    _, page = await browser.get("/")
    assert words.BAR not in page.text


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/", "/help-now", "/sign-in", "/o/acme/ask", "/f/log", "/nowhere", "/me"])
async def test_the_clock_and_the_people_are_on_every_page(practice, path):
    practice.sign_in()
    _, page = await practice.get(path)
    assert "Tuesday 24 November, 9:00" in page.text
    assert page.all("button", name="actor", value="web:alex")
    assert page.all("input", name="to", value=(START + timedelta(days=3)).isoformat())
    assert "yesterday" not in page.text


@pytest.mark.anyio
async def test_the_tour_stands_on_the_first_page_and_its_step_above_every_page(practice):
    for signed_in in (False, True):
        if signed_in:
            practice.sign_in()
        _, page = await practice.get("/")
        assert all(one.text in page.text for one in practice.practice.tour())
        assert page.text.count(words.TRY_DONE) == 1
        _, page = await practice.get("/o/acme/ask")
        assert words.tour_at(2, 3) in page.text and words.TRY_DO in page.text
        assert "Be Alex." in page.text and "Move to day 3." not in page.text
    assert practice.practice.looked[-1] == ("/o/acme/ask", frozenset({Role.PRACTITIONER}), False)


@pytest.mark.anyio
async def test_do_this_makes_one_somebody_and_leads_to_the_place(practice):
    _, page = await practice.get("/")
    pairs = [(one, page.hidden(one)) for one in ("csrf", "actor")]
    response, _ = await practice.post("/practice/as", *pairs, ("next", "/f/open?t=tok#main"))
    assert response.headers["location"] == "/f/open?t=tok#main"
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", ""):
        response, _ = await practice.post("/practice/as", *pairs, ("next", elsewhere))
        assert response.headers["location"] == "/"


@pytest.mark.anyio
async def test_a_script_moves_the_clock(practice):
    response = await practice.client.post("/practice/clock", json={"to": LATER.isoformat()})
    assert response.status_code == 200
    assert response.json() == {"now": LATER.isoformat(), "ran": 2}
    back = await practice.client.post("/practice/clock", json={"to": START.isoformat()})
    assert back.status_code == 409


@pytest.mark.anyio
@pytest.mark.parametrize("body", [b'{"to": "soon"}', b'{"to": "2027-01-01"}', b'{"to": 5}', b"[]", b"{"])
async def test_what_is_no_time_moves_nothing(practice, body):
    response = await practice.client.post(
        "/practice/clock", content=body, headers={"content-type": "application/json"}
    )
    assert response.status_code == 400
    assert practice.practice.time == START


@pytest.mark.anyio
async def test_a_person_moves_the_clock_and_comes_back(practice):
    practice.sign_in()
    _, page = await practice.get("/f/log?t=tok&talks=9")
    pairs = [("csrf", page.hidden("csrf")), ("to", page.hidden("to")), ("next", page.hidden("next"))]
    response, _ = await practice.post("/practice/clock", *pairs)
    assert (response.status_code, response.headers["location"]) == (303, "/f/log?t=tok&talks=3")
    _, page = await practice.get("/f/log?t=tok&talks=3")
    assert words.talks_came(3) in page.text


@pytest.mark.anyio
@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
async def test_moving_the_clock_leads_nowhere_else(practice, elsewhere):
    proof = await practice.csrf("/")
    pairs = [("csrf", proof), ("to", LATER.isoformat()), ("next", elsewhere)]
    response, _ = await practice.post("/practice/clock", *pairs)
    assert response.headers["location"] == "/?talks=3"


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/practice/clock", "/practice/as", "/practice/press"])
async def test_forms_of_other_sites_are_refused(practice, path):
    practice.sign_in()
    response, _ = await practice.post(
        path, ("csrf", "forged"), ("to", LATER.isoformat()), ("actor", "web:alex"), ("press", "open tok")
    )
    assert response.status_code == 403
    assert practice.practice.time == START
    assert practice.desk.received == []


@pytest.mark.anyio
@pytest.mark.parametrize("scripted", [True, False])
async def test_being_someone_sets_the_session(practice, scripted):
    if scripted:
        response = await practice.client.post("/practice/as", json={"actor": "web:alex"})
        assert response.json() == {"actor": "web:alex"}
    else:
        proof = await practice.csrf("/")
        response, _ = await practice.post("/practice/as", ("csrf", proof), ("actor", "web:alex"))
        assert response.headers["location"] == "/"
    _, page = await practice.get("/")
    assert words.you_are("Alex Byrne") in page.text
    await practice.client.post("/practice/as", json={"actor": ""})
    _, page = await practice.get("/")
    assert words.PICK in page.text


@pytest.mark.anyio
@pytest.mark.parametrize("actor", ["web:nobody", "nonsense"])
async def test_nobody_can_be_a_stranger(practice, actor):
    response = await practice.client.post("/practice/as", json={"actor": actor})
    assert response.status_code == 404
    assert "set-cookie" not in response.headers


@pytest.mark.anyio
async def test_the_chat_shows_messages_whose_buttons_work(practice):
    practice.sign_in()
    _, page = await practice.get("/")
    assert MESSAGE_TEXT in page.text
    assert page.all("button", name="press", value="stop stop-token")
    assert page.all("a", href="/f/log#main")
    pressed = ("csrf", page.hidden("csrf")), ("press", "open open-sam")
    response, _ = await practice.post("/practice/press", *pressed)
    assert response.status_code == 200
    assert practice.desk.received[-1] == (Actor(address("sam")), Press("open", "open-sam"))


@pytest.mark.anyio
async def test_a_script_reads_a_chat(practice):
    assert (await practice.client.get("/practice/messages")).status_code == 404
    practice.sign_in()
    own = (await practice.client.get("/practice/messages")).json()
    assert own == [
        {
            "to": "web:sam",
            "at": START.isoformat(),
            "text": MESSAGE_TEXT,
            "open": "open-sam",
            "stop": "stop-token",
        }
    ]
    other = (await practice.client.get("/practice/messages?actor=web:alex")).json()
    assert other[0]["open"] == "open-alex"


@pytest.mark.anyio
async def test_the_door_without_a_name_stays_without_one_in_practice(practice):
    practice.sign_in()
    await practice.get("/o/acme/ask")
    assert practice.desk.received[-1][0] == Actor(address(""))


def test_times_are_spoken():
    assert moment(START + timedelta(days=180), "Europe/London") == "Sunday 23 May, 10:00"
    assert recent(START, START, "Europe/London") == "9:00"
    assert recent(START, LATER, "Europe/London") == "Tuesday 24 November"
    assert day(START.date()) == "24 November 2026"


@pytest.mark.parametrize(("count", "text"), [(0, "No talk"), (1, "One talk"), (3, "3 talks")])
def test_what_came_due_is_told(count, text):
    assert text in words.talks_came(count)
