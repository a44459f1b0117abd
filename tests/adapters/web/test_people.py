"""People are found by name on a page that holds only those found and those picked, and nothing of the list leaks."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from integrations.web import ports
from integrations.web.browser_session import LIMIT
from integrations.web.page_layout import POLICY, POLICY_FOR_SCRIPT
from integrations.web.people_search import MOST_TRIED
from tests.adapters.web.conftest import Browser, as_form
from tests.adapters.web.reading_html import Page
from trim_bot.app.seam import mending
from trim_bot.app.seam.gestures import Gesture, Press, Submit, Values
from trim_bot.app.seam.views import FieldErrors, Form, PeopleInput, PersonInput, TextInput, View
from trim_bot.app.words import page_words as words
from trim_bot.domain.name_search import Colleague, NameIndex

pytestmark = pytest.mark.anyio
DOOR = "/find-people"
MANY = tuple(
    Colleague(f"web:p{n}@example.org", f"Person Number{n:05}", f"Ward {n % 40}") for n in range(20_000)
)
NAMED = (
    Colleague("web:ann@example.org", "Ann Smith", "Ward 7"),
    Colleague("web:ann2@example.org", "Ann Smith", "Depot"),
    Colleague("web:zoe@example.org", "Zoë Łęcka"),
    *MANY[:60],
)
FORM = Form(
    "log", "Log", (TextInput("what", "What?"), PeopleInput("who", "Who was there?")), "form-token", "Send"
)


class LogDesk:
    """Draws the form again with what was typed, and refuses what is no address, as the desk does."""

    def __init__(self, browser: Browser, form: Form = FORM) -> None:
        self.form = form
        browser.desk.people = NAMED
        browser.desk.view = form
        browser.sign_in()
        self.browser = browser

    async def send(self, *pairs: tuple[str, str]) -> tuple[httpx.Response, Page]:
        """The form sent with what its page carries; the desk answers as it would."""
        proof = await self.browser.csrf("/f/log")
        kind = "people" if isinstance(self.form.blocks[-1], PeopleInput) else "person"
        sent = (("csrf", proof), ("t", "form-token"), ("shape", f"{kind} who"), *pairs)
        self.browser.desk.answer = self._answered
        return await self.browser.post("/f/log", *sent)

    def _answered(self, gesture: Gesture) -> View:
        if not isinstance(gesture, Submit):
            return self.form
        form = self.form.filled(gesture.values)
        return form if gesture.only_draw else FieldErrors(form, {"who": mending.PERSON_UNKNOWN})

    def sent(self) -> Submit:
        """What the desk received last."""
        gesture = self.browser.desk.received[-1][1]
        assert isinstance(gesture, Submit)
        return gesture


@pytest.fixture
def desk(browser: Browser) -> LogDesk:
    return LogDesk(browser)


def picked(page: Page) -> list[str]:
    return [one["value"] for one in page.all("input", type="hidden", name="who")]


def found(page: Page, kind: str = "checkbox") -> list[str]:
    return [one["value"] for one in page.all("input", type=kind, name="tick who")]


async def test_a_page_with_twenty_thousand_people_is_small_and_names_none_of_them(desk: LogDesk) -> None:
    desk.browser.desk.people = NameIndex(MANY)
    response, page = await desk.browser.get("/f/log")
    assert len(response.content) <= 30_000
    assert "Person" not in page.text
    response, page = await desk.send(("find who", "number"), ("find", "who"))
    assert len(found(page)) == 20
    assert words.MORE_FOUND in page.text
    assert len(response.content) <= 30_000


async def test_a_look_finds_by_part_of_a_name_keeps_everything_and_does_nothing(desk: LogDesk) -> None:
    response, page = await desk.send(
        ("what", "typed"), ("who", MANY[3].address), ("find who", "smi"), ("find", "who")
    )
    values: Values = {"what": "typed", "who": (MANY[3].address,)}
    assert desk.sent() == Submit("log", "form-token", values, only_draw=True)
    assert response.status_code == 200
    assert found(page) == ["web:ann2@example.org", "web:ann@example.org"]
    assert "Ann Smith, Depot" in page.text and "Ann Smith, Ward 7" in page.text
    assert picked(page) == [MANY[3].address]
    assert page.all("input", name="what")[0]["value"] == "typed"
    box = page.all("input", name="find who")[0]
    assert box["value"] == "smi" and "autofocus" in box
    assert words.found(2) in page.text


async def test_those_ticked_are_picked_by_the_next_look_and_sent_with_the_form(desk: LogDesk) -> None:
    ticked = ("tick who", "web:ann@example.org")
    _, page = await desk.send(ticked, ("find who", "smi"), ("find", "who"))
    assert picked(page) == ["web:ann@example.org"]
    assert found(page) == ["web:ann2@example.org"]
    await desk.send(ticked, ("who", "web:zoe@example.org"), ("find who", ""))
    values: Values = {"who": ("web:zoe@example.org", "web:ann@example.org")}
    assert desk.sent() == Submit("log", "form-token", values)


async def test_a_box_for_which_somebody_was_ticked_is_done_with_and_no_other_is(desk: LogDesk) -> None:
    ann, zoe = ("web:ann@example.org", "web:zoe@example.org")
    await desk.send(("tick who", ann), ("find who", "smi"))
    assert desk.sent() == Submit("log", "form-token", {"who": (ann,)})
    # Somebody picked before says nothing of a name that was typed since.
    for pick, typed in ((("who", ann), "smi"), (("tick who", zoe), "smi")):
        response, _ = await desk.send(pick, ("find who", typed))
        assert response.status_code == 422
    _, page = await desk.send(("tick who", ann), ("find who", "smi"), ("find", "who"))
    assert found(page) == ["web:ann2@example.org"]


async def test_somebody_picked_is_taken_out_by_a_button(desk: LogDesk) -> None:
    pairs = [("who", one.address) for one in NAMED[:3]]
    _, page = await desk.send(*pairs, ("drop", "who web:ann2@example.org"))
    assert picked(page) == ["web:ann@example.org", "web:zoe@example.org"]
    assert desk.sent().only_draw
    assert page.all("button", name="drop")[-1]["aria-label"] == f"{words.REMOVE} Zoë Łęcka"


async def test_a_whole_name_that_is_one_persons_alone_is_taken_as_it_was_typed(desk: LogDesk) -> None:
    await desk.send(("find who", "lecka,  ZOE"))
    assert desk.sent() == Submit("log", "form-token", {"who": ("web:zoe@example.org",)})
    _, page = await desk.send(("find who", "Zoë Łęcka"), ("find", "who"))
    assert picked(page) == ["web:zoe@example.org"]
    assert words.added(["Zoë Łęcka"]) in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Ann Smith", words.found(2)),
        ("Zoë", words.found(1)),
        ("nobody", words.NOBODY_FOUND),
        ("an", words.TYPE_MORE),
        ("number", words.MORE_FOUND),
    ],
)
async def test_a_name_that_is_nobodys_alone_stops_the_form_and_says_why(
    desk: LogDesk, typed: str, said: str
) -> None:
    response, page = await desk.send(("what", "kept"), ("find who", typed))
    assert response.status_code == 422
    assert desk.sent() == Submit("log", "form-token", {"what": "kept", "who": (typed,)})
    assert f"Who was there?: {said}" in page.text
    assert [one["value"] for one in page.all("input", name="find who")] == [typed]
    assert picked(page) == []


async def test_of_several_names_typed_each_row_says_what_is_wrong_with_it(desk: LogDesk) -> None:
    rows = [("find who", one) for one in ("Zoë Łęcka", "Ann Smith", "nobody", "x")]
    _, page = await desk.send(*rows)
    assert picked(page) == ["web:zoe@example.org"]
    assert f"Name 1: {words.found(2)} Name 2: {words.NOBODY_FOUND} Name 3: {words.TYPE_MORE}" in page.text
    assert [one["value"] for one in page.all("input", name="find who")] == ["Ann Smith", "nobody", "x"]


async def test_a_hundred_names_at_once_make_no_large_page(desk: LogDesk) -> None:
    response, page = await desk.send(*[("find who", f"number{n:03}") for n in range(100)])
    assert len(page.all("input", name="find who")) == 100
    assert words.LOOK_NEXT in page.text
    assert len(response.content) <= 120_000


@pytest.mark.parametrize(("typed", "looks"), [("smi", True), ("", False)])
async def test_enter_looks_where_a_name_stands_in_a_box_and_else_sends(
    desk: LogDesk, typed: str, looks: bool
) -> None:
    _, page = await desk.browser.get("/f/log")
    first = page.all("button", class_="enter")[0]
    assert (first["name"], first["value"]) == ("find", "")
    await desk.send(("find who", typed), ("find", ""))
    assert desk.sent().only_draw is looks


async def test_a_button_of_the_form_itself_loses_no_name_that_was_typed(desk: LogDesk) -> None:
    proof = await desk.browser.csrf("/f/log")
    kept = (
        ("csrf", proof),
        ("shape", "people who"),
        ("tick who", "web:zoe@example.org"),
        ("find who", "smi"),
    )
    desk.browser.desk.view = FORM.filled({"who": ("web:zoe@example.org",)})
    _, page = await desk.browser.post("/f/log", *kept, ("press", "log form-token"))
    values: Values = {"who": ("web:zoe@example.org",)}
    assert desk.browser.desk.received[-1][1] == Press("log", "form-token", values)
    assert picked(page) == ["web:zoe@example.org"]
    assert page.all("input", name="find who")[0]["value"] == "smi"
    assert len(found(page)) == 2


async def test_find_beside_an_empty_box_says_what_to_type(desk: LogDesk) -> None:
    _, page = await desk.send(("find who", " "), ("find", "who"))
    assert words.TYPE_MORE in page.text
    assert desk.sent().only_draw


async def test_one_person_is_chosen_and_changed_in_the_same_way(browser: Browser) -> None:
    desk = LogDesk(browser, Form("log", "Log", (PersonInput("who", "Who is it?"),), "form-token", "Send"))
    _, page = await desk.send(("find who", "smith"), ("find", "who"))
    assert found(page, "radio") == ["web:ann2@example.org", "web:ann@example.org"]
    await desk.send(("who", "web:zoe@example.org"), ("who", "web:ann@example.org"), ("find who", ""))
    assert desk.sent().values == {"who": "web:ann@example.org"}
    _, page = await desk.send(("find who", "Ann Smith"))
    assert f"Who is it?: {words.found(2)}" in page.text


async def test_a_short_list_is_shown_whole_with_places(desk: LogDesk) -> None:
    desk.browser.desk.people = NAMED[:20]
    _, page = await desk.browser.get("/f/log")
    assert len(page.all("input", type="checkbox", name="who")) == 20
    assert "Ann Smith, Depot" in page.text
    assert not page.all("input", name="find who")


async def test_without_the_list_a_page_says_so_and_takes_addresses(desk: LogDesk) -> None:
    desk.browser.desk.people = ()
    _, page = await desk.browser.get("/f/log")
    assert words.LIST_AWAY in page.text
    assert len(page.all("input", type="text", name="who")) == 5
    response, page = await desk.send(("what", "kept"), ("who", "Ann@Example.org"), ("who", "Zoë Łęcka"))
    assert desk.sent().values["who"] == ("web:ann@example.org", "Zoë Łęcka")
    assert response.status_code == 422
    assert words.STILL_AWAY in page.text
    assert [one["value"] for one in page.all("input", name="who")][:2] == ["web:ann@example.org", "Zoë Łęcka"]


async def test_names_typed_while_the_list_was_away_are_found_once_it_is_there(desk: LogDesk) -> None:
    await desk.send(("who", "Zoë Łęcka"), ("who", "ann@example.org"))
    assert desk.sent() == Submit("log", "form-token", {"who": ("web:ann@example.org", "web:zoe@example.org")})


async def test_only_a_page_that_finds_people_may_run_our_script(desk: LogDesk) -> None:
    response, page = await desk.browser.get("/f/log")
    assert response.headers["content-security-policy"] == POLICY_FOR_SCRIPT
    assert "unsafe" not in POLICY_FOR_SCRIPT
    [script] = page.all("script")
    assert script["src"].startswith("/static/people.js?v=")
    desk.browser.desk.view = Form("log", "Log", (TextInput("what", "What?"),), "t", "Send")
    response, page = await desk.browser.get("/f/log")
    assert response.headers["content-security-policy"] == POLICY
    assert not page.all("script")


async def look(browser: Browser, *pairs: tuple[str, str], csrf: str | None = None) -> httpx.Response:
    proof = await browser.csrf("/f/log") if csrf is None else csrf
    return await browser.client.post(DOOR, **as_form(("csrf", proof), *pairs))


ASKED = (("shape", "people who"), ("find who", "smi"), ("who", "web:zoe@example.org"))


async def test_the_script_gets_the_parts_of_one_field_and_nothing_is_kept(desk: LogDesk) -> None:
    response = await look(desk.browser, *ASKED)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert "Ann Smith, Ward 7" in response.text and "Zoë Łęcka" in response.text
    assert "Person" not in response.text.replace(words.picked(1), "")
    assert desk.browser.told == []
    assert not [one for one in desk.browser.desk.received if isinstance(one[1], Submit)]


async def test_while_somebody_types_no_name_is_taken(desk: LogDesk) -> None:
    response = await look(desk.browser, ("shape", "people who"), ("find who", "Zoë Łęcka"))
    assert words.picked(0) in response.text
    assert words.found(1) in response.text


@pytest.mark.parametrize("who", ["alex", "nobody"])
async def test_nobody_finds_anybody_whose_forms_name_nobody(
    browsers: Callable[..., Browser], who: str
) -> None:
    desk = LogDesk(browsers())
    proof = await desk.browser.csrf("/f/log")
    desk.browser.desk.people = None
    desk.browser.client.cookies.clear()
    desk.browser.sign_in(who)
    response = await look(desk.browser, *ASKED, csrf=proof)
    assert response.status_code == 404
    assert "Ann" not in response.text


async def test_a_stranger_and_another_sessions_page_find_nobody(desk: LogDesk) -> None:
    proof = await desk.browser.csrf("/f/log")
    assert (await look(desk.browser, *ASKED, csrf="")).status_code == 404
    desk.browser.client.cookies.clear()
    assert (await look(desk.browser, *ASKED, csrf=proof)).status_code == 404
    desk.browser.sign_in("alex")
    assert (await look(desk.browser, *ASKED, csrf=proof)).status_code == 404


async def test_taking_somebody_out_says_how_many_are_left(desk: LogDesk) -> None:
    response = await look(desk.browser, *ASKED, ("drop", "who web:zoe@example.org"))
    assert f'<p data-part="said">{words.picked(0)}</p>' in response.text


async def test_the_list_is_asked_by_post_alone(desk: LogDesk) -> None:
    assert (await desk.browser.client.get(f"{DOOR}?find+who=smi")).status_code == 405


@pytest.mark.parametrize(
    ("pairs", "status"),
    [((), 400), ((("shape", "people a"), ("shape", "people b")), 400), ((("what", "x" * LIMIT),), 413)],
)
async def test_what_is_no_look_is_refused(
    desk: LogDesk, pairs: tuple[tuple[str, str], ...], status: int
) -> None:
    assert (await look(desk.browser, *pairs)).status_code == status


async def test_one_session_looks_only_so_often_and_loses_nothing(
    browsers: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "MOST_LOOKS", 3)
    desk = LogDesk(browsers())
    proof = await desk.browser.csrf("/f/log")
    for _ in range(3):
        assert (await look(desk.browser, ("shape", "people who"), csrf=proof)).status_code == 200
    response = await look(desk.browser, *ASKED, csrf=proof)
    assert response.status_code == 429
    assert "Ann" not in response.text and "Zoë" in response.text
    _, page = await desk.send(("what", "kept"), ("who", "web:ann@example.org"), ("find who", "Zoë Łęcka"))
    assert words.LOOKED_OFTEN in page.text
    assert picked(page) == ["web:ann@example.org"]
    assert page.all("input", name="find who")[0]["value"] == "Zoë Łęcka"


@pytest.mark.parametrize("field", ["find who", "who"])
async def test_every_name_counts_wherever_it_stands_in_a_form(
    browsers: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    """Else a form with names in place of addresses would read the list out, twenty a row and without an end."""
    monkeypatch.setattr(ports, "MOST_LOOKS", 6)
    desk = LogDesk(browsers())
    names = [(field, f"number0000{n}") for n in range(4)]
    _, page = await desk.send(*names, ("find", "who"))
    assert len(found(page)) == 4
    _, page = await desk.send(*names, ("find", "who"))
    assert found(page) == []
    assert words.LOOKED_OFTEN in page.text


async def test_of_very_many_names_some_are_looked_for_and_the_others_stay(
    desk: LogDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    named = NameIndex.named

    def counted(index: NameIndex, typed: str, **more: frozenset[str]) -> tuple[Colleague, ...]:
        looked.append(typed)
        return named(index, typed, **more)

    monkeypatch.setattr(NameIndex, "named", counted)
    rows = [("find who", f"Nobody {n}") for n in range(300)]
    _, page = await desk.send(*rows, ("find who", "Zoë Łęcka"))
    assert len(looked) == 2 * MOST_TRIED, "as it is sent, and as the page that answers is drawn"
    assert [one["value"] for one in page.all("input", name="find who")][-1] == "Zoë Łęcka"
    assert words.LOOK_NEXT in page.text


async def test_whoever_reads_pages_by_voice_hears_what_was_found(desk: LogDesk) -> None:
    _, page = await desk.send(("find who", "smi"), ("find", "who"))
    box = page.all("input", name="find who")[0]
    said = page.all("p", role="status")[0]
    assert said["id"] == box["aria-describedby"]
