"""Every address answers as it should, signed in and signed out."""

import pytest

from integrations.web.page_layout import HEADERS
from tests.adapters.web.stand_ins import OddFault, address
from tests.fakes.telling import REFERENCE
from trim_bot.app.seam.gestures import Actor, Invoke, Press, Submit, Values
from trim_bot.app.seam.views import (
    Answer,
    Button,
    Choices,
    Done,
    FieldErrors,
    File,
    Form,
    Nothing,
    PeopleInput,
    Text,
    TextInput,
    Toggle,
)
from trim_bot.app.words import employer_words
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import NotOpen, StoreUnavailable
from trim_bot.domain.name_search import Colleague

pytestmark = pytest.mark.anyio
SAM = Actor(address("sam"))
FORM = Form("log", "Log a hard event", (TextInput("what", "What happened?"),), "form-token", "Send", (2, 4))


async def test_signed_out_the_first_page_is_a_welcome(browser):
    response, page = await browser.get("/")
    assert response.status_code == 200
    assert words.WELCOME_TITLE in page.text
    assert page.all("a", href="/o/acme/ask")
    assert page.all("a", href="/help-now")
    assert page.all("a", href="/what-can-my-employer-see")
    assert browser.desk.received == []


async def test_a_deployment_without_an_organisation_offers_no_way_to_ask(browsers):
    _, page = await browsers(slug=None).get("/")
    assert not [link for link in page.all("a") if link["href"].startswith("/o/")]


async def test_signed_in_the_first_page_shows_home_and_what_waits(browser):
    browser.sign_in()
    browser.desk.views = {
        Invoke(("home",)): Done("home", "What would you like?", (Button("support", "", "Ask for a talk"),)),
        Invoke(("waiting",)): Done("waiting", "One thing is waiting", (Button("open", "tok", "Open it"),)),
    }
    response, page = await browser.get("/")
    assert response.status_code == 200
    assert "Hello, Sam Okafor" in page.text
    assert page.all("button", name="press", value="support ")
    assert page.all("button", name="press", value="open tok")
    assert page.text.index("One thing is waiting") < page.text.index("What would you like?")
    assert words.LEAVE_EXPLAINED in page.text


@pytest.mark.parametrize("nothing", [Nothing(), Done("no", "Not here", answer=Answer.REFUSED)])
async def test_nothing_waiting_is_not_shown(browser, nothing):
    browser.sign_in()
    browser.desk.views = {Invoke(("waiting",)): nothing}
    _, page = await browser.get("/")
    assert not page.all("section", class_="waiting")


@pytest.mark.parametrize(
    ("path", "gesture"),
    [
        ("/f/support", Invoke(("support",))),
        ("/f/log", Invoke(("peer", "log"))),
        ("/f/offer?t=tok", Press("offer", "tok")),
        ("/me", Invoke(("me",))),
        ("/status", Invoke(("peer", "status"))),
        ("/bulletins", Invoke(("peer", "bulletins"))),
        ("/bulletins/b1", Invoke(("peer", "bulletin", "b1"))),
    ],
)
async def test_pages_ask_the_desk_as_the_person_signed_in(browser, path, gesture):
    browser.sign_in()
    response, page = await browser.get(path)
    assert response.status_code == 200
    assert browser.desk.received == [(SAM, gesture)]
    assert "Sam Okafor" in page.text


@pytest.mark.parametrize("path", ["/bulletins", "/bulletins/b1", "/bulletins/b1.csv", "/status.csv"])
async def test_signed_out_there_is_no_bulletin(browser, path):
    response, _ = await browser.get(path)
    assert response.status_code == 404
    assert browser.desk.received == []


async def test_a_file_of_a_page_is_given_as_it_stands(browser):
    browser.sign_in()
    browser.desk.view = Done(
        "bulletin", "Figures", files=(File("2026-Q4.csv", "text/csv", "a,b\r\n1,2\r\n"),)
    )
    response, _ = await browser.get("/bulletins/b1.csv")
    assert (response.status_code, response.content) == (200, b"\xef\xbb\xbfa,b\r\n1,2\r\n")
    assert response.headers["content-disposition"] == 'attachment; filename="2026-Q4.csv"'
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-type"].startswith("text/csv")
    assert browser.desk.received == [(SAM, Invoke(("peer", "bulletin", "b1")))]
    other, _ = await browser.get("/bulletins/b1.json")
    assert other.status_code == 404


async def test_any_page_gives_its_file_by_its_name_and_an_ending(browser):
    browser.sign_in()
    browser.desk.view = Done("site_file", "A file", files=(File("site.toml", "application/toml", "a = 1"),))
    response, _ = await browser.get("/f/support.toml")
    assert (response.status_code, response.content) == (200, b"a = 1")
    assert browser.desk.received == [(SAM, Invoke(("support",)))]
    assert (await browser.get("/f/support.csv"))[0].status_code == 404
    assert (await browser.get("/f/unknown.toml"))[0].status_code == 404


async def test_the_status_is_given_as_a_file_too(browser):
    browser.sign_in()
    browser.desk.view = Done("status", "Status", files=(File("status.csv", "text/csv", "a,b\r\n"),))
    response, _ = await browser.get("/status.csv")
    assert (response.status_code, response.content) == (200, b"\xef\xbb\xbfa,b\r\n")
    assert browser.desk.received == [(SAM, Invoke(("peer", "status")))]


@pytest.mark.parametrize("path", ["/f/support", "/f/offer?t=tok", "/me", "/status"])
async def test_signed_out_a_personal_page_leads_to_signing_in(browser, path):
    response, _ = await browser.get(path)
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in")
    assert browser.desk.received == []


@pytest.mark.parametrize("path", ["/f/unknown", "/bulletins/b1.csv", "/nowhere", "/o/acme/unknown"])
async def test_what_is_not_there_is_no_longer_open(browser, path):
    browser.sign_in()
    response, page = await browser.get(path)
    assert response.status_code == 404
    assert words.REFUSED_TITLE in page.text
    assert "999" in page.text


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (FORM, 200),
        (Done("fine", "That is fine"), 200),
        (Nothing(), 200),
        (FieldErrors(FORM, {"what": "Say a little."}), 422),
        (Done("refused", "No longer open to you", answer=Answer.REFUSED), 404),
        (Done("later", "Please try again", answer=Answer.TRY_AGAIN), 503),
    ],
)
async def test_the_status_says_the_same_as_the_page(browser, view, status):
    browser.sign_in()
    browser.desk.view = view
    response, page = await browser.get("/f/log")
    assert response.status_code == status
    assert ("999" in page.text) == (status == 503)


async def test_sending_a_form_submits_every_field(browser):
    browser.sign_in()
    browser.desk.view = Form(
        "log",
        "Log",
        (
            TextInput("what", "What?", multiline=True),
            Toggle("told", "Told"),
            Toggle("agreed", "Agreed"),
            Choices("kinds", "Kinds", ()),
            PeopleInput("who", "Who?"),
        ),
        "form-token",
        "Send",
    )
    _, page = await browser.get("/f/log")
    shapes = [("shape", found["value"]) for found in page.all("input", type="hidden", name="shape")]
    typed = [("what", "one\r\ntwo"), ("told", "yes"), ("who", "Ann@Example.org"), ("who", "")]
    hidden = [("csrf", page.hidden("csrf")), ("t", page.hidden("t"))]
    response, _ = await browser.post("/f/log", *hidden, *shapes, *typed)
    assert response.status_code == 200
    values: Values = {
        "what": "one\ntwo",
        "told": True,
        "agreed": False,
        "kinds": (),
        "who": ("web:ann@example.org",),
    }
    assert browser.desk.received[-1] == (SAM, Submit("log", "form-token", values))


async def test_pressing_a_button_carries_what_stood_beside_it(browser):
    browser.sign_in()
    proof = await browser.csrf("/f/log")
    await browser.post("/f/log", ("csrf", proof), ("t", "x"), ("what", "kept"), ("press", "back tok.en"))
    assert browser.desk.received[-1] == (SAM, Press("back", "tok.en", {"what": "kept"}))


async def test_errors_keep_what_was_typed_and_lead_to_the_field(browser):
    browser.sign_in()
    browser.desk.view = FieldErrors(FORM.filled({"what": "typed"}), {"what": "Say more.", "": "Try later."})
    _, page = await browser.get("/f/log")
    field = page.all("input", name="what")[0]
    assert field["value"] == "typed"
    assert field["aria-invalid"] == "true"
    assert f"{field['id']}-error" in field["aria-describedby"]
    assert page.all("div", role="alert")[0]["autofocus"] == ""
    assert page.all("a", href=f"#{field['id']}")
    assert "Try later." in page.text
    assert "Step 2 of 4" in page.text


async def test_people_are_listed_only_when_a_form_asks_for_them(browser):
    browser.sign_in()
    browser.desk.people = (Colleague("web:ann", "Ann"), Colleague("web:bo", "Bo"))
    browser.desk.view = Form("log", "Log", (PeopleInput("who", "Who?", value=("web:bo",)),), "t", "Send")
    _, page = await browser.get("/f/log")
    boxes = page.all("input", type="checkbox", name="who")
    assert [(box["value"], "checked" in box) for box in boxes] == [("web:ann", False), ("web:bo", True)]
    browser.desk.view, browser.desk.calls = FORM, 0
    await browser.get("/f/log")
    assert browser.desk.calls == 2


@pytest.mark.parametrize(
    ("fault", "status"), [(StoreUnavailable(), 503), (NotOpen(), 404), (OddFault("odd"), 503)]
)
async def test_safe_errors_become_calm_pages(browser, fault, status):
    browser.sign_in()
    browser.desk.fault = fault
    response, page = await browser.get("/f/log")
    assert response.status_code == status
    assert "999" in page.text


async def test_a_fault_of_ours_is_a_calm_page_that_tells_nothing(browser):
    browser.sign_in()
    browser.desk.fault = RuntimeError("what somebody typed")
    response, page = await browser.get("/f/log")
    assert response.status_code == 500
    assert words.FAULT_TITLE in page.text
    assert "what somebody typed" not in response.text


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (StoreUnavailable(), "store away StoreUnavailable store away at "),
        (OddFault("odd"), "page failed OddFault at "),
        (RuntimeError("what somebody typed"), "page failed RuntimeError at "),
    ],
)
async def test_whoever_meets_a_fault_on_a_page_can_quote_it(browser, fault, line):
    browser.sign_in()
    browser.desk.fault = fault
    response, page = await browser.get("/f/log")
    assert f"If you ask about this, quote {REFERENCE}." in page.text
    [told] = browser.told
    assert told.startswith(line)
    assert "what somebody typed" not in told + response.text


@pytest.mark.parametrize("fault", [NotOpen()])
async def test_what_is_no_fault_is_not_told(browser, fault):
    browser.sign_in()
    browser.desk.fault = fault
    _, page = await browser.get("/f/log")
    assert "quote" not in page.text
    assert browser.told == []


async def test_the_employer_page_shows_the_live_view(browser):
    browser.desk.live = Done("status", "Status this week", (Text("On track."),))
    response, page = await browser.get("/what-can-my-employer-see")
    assert response.status_code == 200
    assert "On track." in page.text
    assert employer_words.EMPLOYER_VIEW in page.text


async def test_the_employer_page_stands_when_the_desk_is_down(browser):
    browser.sign_in()
    browser.desk.fault = StoreUnavailable()
    response, page = await browser.get("/what-can-my-employer-see")
    assert response.status_code == 200
    assert employer_words.EMPLOYER_NONE in page.text


@pytest.mark.parametrize(
    "path", ["/", "/help-now", "/sign-in", "/me", "/f/log", "/nowhere", "/sign-out", "/static/people.js"]
)
@pytest.mark.parametrize("https", [True, False])
async def test_every_answer_has_the_safe_headers(browsers, path, https):
    browser = browsers(https=https)
    response, _ = await browser.get(path)
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    # What is the same for everybody may be kept for a short while; a page of the desk's never.
    kept = "public" if path.startswith(("/static", "/help-now")) else "no-store"
    assert kept in response.headers["cache-control"]
    assert ("strict-transport-security" in response.headers) is https


async def test_the_policy_allows_nothing_but_our_own_style(browser):
    policy = (await browser.client.get("/")).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'")
    assert "unsafe" not in policy
    assert "script" not in policy


async def test_static_files_are_served_as_what_they_are(browser):
    assert (await browser.client.get("/static/desk.css")).headers["content-type"].startswith("text/css")
    assert (await browser.client.get("/static/icon.svg")).headers["content-type"] == "image/svg+xml"
