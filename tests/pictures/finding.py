"""Finds people by name in Chromium, by the keyboard alone, on a form among three hundred; and takes pictures of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import BrowserContext, Locator, Page, expect
from starlette.applications import Starlette

from integrations.web.browser_session import session_cookie
from integrations.web.pages import build_web
from tests.adapters.web.stand_ins import HELP, SECRET, FakeDesk
from tests.pictures.camera import Camera
from trim_bot.app.desk.routes import opens
from trim_bot.app.seam.gestures import Gesture, Press, Submit
from trim_bot.app.seam.views import Done, Form, PeopleInput, PersonInput, Text, TextInput, View
from trim_bot.app.words import page_words as words
from trim_bot.domain.name_search import Colleague

HOST = "127.0.0.1"
FIRST = ("Ann", "Hannah", "Joanna", "Bo", "Zoë", "José", "דנה", "王小明")
LAST = ("Smith", "Berg", "Łęcka", "García Márquez de la Torre", "van der Berg-Öztürk", "O’Brien")
PEOPLE = tuple(
    Colleague(f"web:p{at}@example.org", f"{FIRST[at % 8]} {LAST[at // 8 % 6]}", f"Ward {at // 48}")
    for at in range(300)
)
DIRECT, ONE = "Who was directly involved", "Who is it?"
FORM = Form(
    "log",
    "Log a hard event",
    (
        TextInput("what", "What happened?", required=False),
        PeopleInput("direct", DIRECT, required=False),
        PersonInput("one", ONE, required=False),
    ),
    "token",
    "Log and offer",
)


class _Repeats:
    """Answers with what it was sent, and again on the page of its own that this leads to."""

    def __init__(self) -> None:
        self._sent: View = FORM

    def __call__(self, gesture: Gesture) -> View:
        if isinstance(gesture, Press) and gesture.action == "again":
            return self._sent
        if not isinstance(gesture, Submit):
            return FORM
        if gesture.only_draw:
            return FORM.filled(gesture.values)
        self._sent = Done("logged", "Logged", (Text(repr(dict(gesture.values))),))
        return self._sent


@contextmanager
def _server() -> Iterator[str]:
    """The address of pages over a desk that repeats what it was sent."""
    desk = FakeDesk(people=PEOPLE, answer=_Repeats())
    routes, faults = build_web(
        desk,
        help_numbers=lambda: HELP,
        entry_words={"log": ("peer", "log")}.get,
        opens=opens,
        default_slug=lambda: "acme",
        practice=None,
        secret=SECRET,
        https=False,
    )
    app = Starlette(routes=routes, exception_handlers=faults)
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://{HOST}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def find_people(camera: Camera) -> None:
    """Type, pick, take out and send by the keyboard; then the same box without the script. Raises AssertionError."""
    with _server() as link:
        _sign_in(camera.page.context, link)
        _with_script(camera, link)
        _without_script(camera, link)


def _sign_in(context: BrowserContext, link: str) -> None:
    cookie: SetCookieParam = {"name": session_cookie(https=False), "value": "acme.sam", "url": link}
    context.add_cookies([cookie])


def _with_script(camera: Camera, link: str) -> None:
    page = camera.page
    page.goto(f"{link}/f/log")
    camera.take("finding/empty")
    direct = page.get_by_role("group", name=DIRECT)
    box, said = direct.get_by_label(words.FIND_LABEL), direct.get_by_role("status")
    box.focus()
    page.keyboard.type("ann")
    expect(said).to_have_text(words.MORE_FOUND)
    camera.take("finding/matches", dark=True)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(said).to_have_text(words.picked(1))
    assert _focused(page) == "find direct"
    page.keyboard.type("zoe lecka")
    expect(direct.get_by_role("checkbox").first).to_be_visible()
    expect(direct.get_by_role("checkbox", name="Zoë Łęcka, Ward 1")).to_be_visible()
    camera.take("finding/picked", dark=True)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(said).to_have_text(words.picked(2))
    page.keyboard.type("nobody at all")
    expect(said).to_have_text(words.NOBODY_FOUND)
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    first = direct.get_by_role("button", name=words.REMOVE).first
    first.focus()
    page.keyboard.press("Enter")
    expect(said).to_have_text(words.picked(1))
    assert _focused(page) == "find direct"
    one = page.get_by_role("group", name=ONE)
    _choose_one(page, one)
    page.get_by_label("What happened?").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Logged")).to_be_visible()
    sent = page.locator("main").inner_text()
    assert sent.count("web:p") == 2, sent


def _choose_one(page: Page, one: Locator) -> None:
    one.get_by_label(words.FIND_LABEL).focus()
    page.keyboard.type("小明")
    expect(one.get_by_role("radio").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    # Going through radio buttons chooses none of them.
    expect(one.locator("[type=hidden][name=one]")).to_have_count(0)
    page.keyboard.press("Space")
    expect(one.get_by_role("status")).to_have_text(words.picked(1))


def _without_script(camera: Camera, link: str) -> None:
    browser = camera.page.context.browser
    assert browser is not None
    with browser.new_context(java_script_enabled=False) as context:
        _sign_in(context, link)
        page = context.new_page()
        page.goto(f"{link}/f/log")
        direct = page.get_by_role("group", name=DIRECT)
        for typed in ("smith ann", "berg zo"):
            direct.get_by_label(words.FIND_LABEL).fill(typed)
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            direct.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Log and offer").click()
        expect(page.get_by_role("heading", name="Logged")).to_be_visible()
        assert page.locator("main").inner_text().count("web:p") == 2


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name"))
