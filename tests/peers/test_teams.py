"""The Teams adapter at work with Microsoft's Agents Playground in Chromium, and with a login of somebody else's."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import jwt
import pytest
from playwright.async_api import Locator, Page, async_playwright

from tests.adapters.teams_app import person as wire
from tests.e2e.deployment import ORIGIN, Stores, environment, teams_environment
from tests.e2e.screens import send
from tests.e2e.served import Served, free_port
from tests.e2e.settling import MONDAY, Hire, settle
from tests.e2e.story import event
from tests.e2e.teams_side import TeamsPerson, object_id
from tests.e2e.tenancy import APP_ID, PASSWORD, TENANT, Tenancy, open_for_business
from tests.e2e.workplace import Workplace
from tests.peers.alone import is_alone
from tests.peers.emulator import agree, emulated
from tests.peers.playground import BesidePlayground, Between, playing
from tests.pictures.camera import ARGUMENTS, CHROMIUM
from trim_bot.app.seam import mending
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL
from trim_bot.domain.people import Role
from trim_bot.settings.environment import load_settings

pytestmark = pytest.mark.anyio

ROLES = {"priya": (Role.PRACTITIONER,), "lena": (Role.PRACTITIONER, Role.LEAD), "nurse": ()}
MAIL = "somebody.else@acme.example"
BACK = f"{ORIGIN}/sign-in/microsoft/back"
AT_SCREENS = ("priya", "nurse")
LONGEST_MS = 15_000
WELCOME = MESSAGE_TEXT
WAITING = MESSAGE_TEXT
SEND = "Ask for support"
NAMED = "Use my name"
RECEIVED = "asked"
TOMORROW = MONDAY.date() + timedelta(days=1)
ANOTHER_DAY = "Another day"
OTHER_DAY = "If it was another day"
PUT_RIGHT = "Put it right"
UNLISTED = "Porter Example, 01632 960123"


@dataclass
class Screen:
    """One Playground, in Chromium, with the one person who is at it."""

    page: Page
    person: TeamsPerson

    async def type(self, words: str) -> None:
        """Type to the app."""
        box = self.page.locator("[contenteditable=true]").first
        await box.click()
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Enter")

    async def begin(self) -> None:
        """Go to the chat with the app."""
        await self.page.get_by_text("Personal Chat", exact=True).first.click()

    async def command(self, name: str) -> Locator:
        """Choose a command of the message extension, and see the dialog that opens."""
        await self.page.get_by_role("button", name="Trigger Message Extension App").click()
        await self.page.get_by_text("Action Command").click()
        await self.page.get_by_placeholder("Input command id or leave blanks").fill(name)
        await self.page.get_by_role("button", name="Create", exact=True).click()
        await self.page.locator("[role=dialog] .ac-adaptiveCard").last.wait_for()
        return self.page.locator("[role=dialog]").last

    async def close(self) -> None:
        """Leave the dialog, as somebody does who loads the page anew."""
        await self.page.reload()
        await self.begin()


@dataclass
class AtPlayground:
    """Everything that takes part."""

    desk: Served
    between: Between
    screens: dict[str, Screen]
    asked: list[str]
    entra: str


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AtPlayground]:
    """A desk that serves Teams, with the Playground as its Teams and `emulate` as its Entra."""
    folder = tmp_path_factory.mktemp("teams")
    async with AsyncExitStack() as after:
        patch = after.enter_context(pytest.MonkeyPatch.context())
        place = await after.enter_async_context(open_for_business())
        for name in ROLES:
            place.hire(object_id(name), name.title())
        entra = after.enter_context(emulated("microsoft", entra_seed(), folder))
        between = Between(place)
        await between.begin()
        after.push_async_callback(between.end)
        ports = {name: free_port() for name in AT_SCREENS}
        desk = await serve(folder, place, entra, between.url, patch)
        after.push_async_callback(desk.kill)
        between.app = f"http://127.0.0.1:{desk.port}"
        playwright = await after.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        after.push_async_callback(browser.close)
        asked: list[str] = []
        screens = {}
        for name, port in ports.items():
            others = [one for one in ROLES if one != name]
            own = folder / name
            own.mkdir()
            after.enter_context(playing(between, port, name, others, own))
            page = await browser.new_page(viewport={"width": 1280, "height": 1000})
            page.set_default_timeout(LONGEST_MS)
            page.on("request", lambda request: asked.append(request.url))
            await page.goto(f"http://127.0.0.1:{port}/")
            screens[name] = Screen(page, TeamsPerson(BesidePlayground(between, name), name))
            await screens[name].begin()
        yield AtPlayground(desk, between, screens, asked, entra)
        assert b"Traceback" not in desk.log


def entra_seed() -> dict[str, object]:
    """The app as Entra knows it."""
    client = {"client_id": APP_ID, "client_secret": PASSWORD, "name": "Peer Support", "tenant_id": TENANT}
    somebody = {"email": MAIL, "name": "Somebody Else", "tenant_id": TENANT}
    return {"microsoft": {"oauth_clients": [client | {"redirect_uris": [BACK]}], "users": [somebody]}}


async def serve(folder: Path, place: Tenancy, entra: str, between: str, patch: pytest.MonkeyPatch) -> Served:
    """`trim-bot serve`, for Teams alone."""
    stores = Stores.files(folder)
    wanted = environment(folder, stores, "")
    wanted = {name: value for name, value in wanted.items() if not name.startswith("SLACK_")}
    wanted |= teams_environment(place)
    wanted |= {"ENTRA_AUTHORITY": entra, "TEAMS_SERVICE_HOSTS": between.removeprefix("http://")}
    patch.chdir(folder)
    for name, value in wanted.items():
        patch.setenv(name, value)
    hires = [Hire(f"teams:{TENANT}:{object_id(name)}", name.title(), roles) for name, roles in ROLES.items()]
    await settle(load_settings(), [one for one in hires if one.roles], workspace=f"teams:{TENANT}")
    desk = Served(Workplace(), stores, folder)
    await desk.start()
    return desk


async def test_installation(at: AtPlayground) -> None:
    """its installation events are taken, and the welcome stands in the chat once, with Open and Stop"""
    nurse = at.screens["nurse"]
    await at.desk.drain()
    await nurse.page.get_by_text(WELCOME).first.wait_for()
    assert await nurse.page.get_by_text(WELCOME).count() == 1
    kinds = [(sent["type"], status) for sent, status, _ in at.between.heard]
    assert {("installationUpdate", 200), ("conversationUpdate", 200)} <= set(kinds)
    for label in (OPEN_LABEL, STOP_LABEL):
        await nurse.page.get_by_role("button", name=label).first.wait_for()


async def test_typed_words(at: AtPlayground) -> None:
    """words typed to the bot are answered by one neutral card with a button"""
    priya = at.screens["priya"]
    await priya.type("peer log")
    await priya.page.get_by_text(words.OPENS_BESIDE).first.wait_for()
    assert await priya.page.get_by_text(words.OPENS_BESIDE).count() == 1
    [card] = priya.person.replies()
    assert "priya" not in json.dumps(card).casefold()


async def test_task_fetch(at: AtPlayground) -> None:
    """the button of that card opens its form (asked for by ourselves: the Playground has no task/fetch)"""
    priya = at.screens["priya"]
    form = await priya.person.press_in(priya.person.replies()[-1])
    assert form.form == "log"
    assert "not supported yet" in await priya.page.locator("body").inner_text()


async def test_client_side_check(at: AtPlayground) -> None:
    """a command opens its dialog, whose required field is checked by the client before anything is sent"""
    nurse = at.screens["nurse"]
    dialog = await nurse.command("support")
    before = len(at.between.heard)
    await dialog.get_by_role("button", name=SEND).click()
    await dialog.get_by_text(mending.CHOOSE_ONE).first.wait_for()
    assert len(at.between.heard) == before
    await dialog.get_by_text(NAMED, exact=True).click()
    await dialog.locator("textarea").first.fill("I would like to talk to somebody outside my team.")
    await dialog.get_by_role("button", name=SEND).click()
    await nurse.page.get_by_text(RECEIVED).first.wait_for()
    await nurse.close()
    chat = json.dumps(nurse.person.cards())
    assert "outside my team" not in chat


async def test_server_error(at: AtPlayground) -> None:
    """a fault that only the desk can see comes back beside its field with everything typed, and then it is done"""
    priya = at.screens["priya"]
    dialog = await priya.command("peer")
    await dialog.get_by_role("button", name="Log a hard event").click()
    await dialog.get_by_text(ANOTHER_DAY, exact=True).click()
    await dialog.get_by_label(OTHER_DAY).fill(TOMORROW.isoformat())
    await dialog.get_by_role("combobox", name="What kind of event").click()
    await priya.page.get_by_role("option").nth(1).click()
    await dialog.get_by_label("Time it ended").fill("08:00")
    await dialog.get_by_label("Someone not listed").fill(UNLISTED)
    await dialog.get_by_role("checkbox", name="Yes").check()
    await dialog.get_by_role("button", name="Log and offer").click()
    await dialog.get_by_text("This is in the future").first.wait_for()
    assert await dialog.get_by_label("Someone not listed").input_value() == UNLISTED
    assert await dialog.get_by_label(OTHER_DAY).input_value() == f"{TOMORROW:%B %-d, %Y}"
    assert await dialog.get_by_role("checkbox", name="Yes").is_checked()
    await dialog.get_by_label(OTHER_DAY).fill(MONDAY.date().isoformat())
    await dialog.get_by_role("button", name="Log and offer").click()
    await priya.page.get_by_role("button", name=PUT_RIGHT).first.wait_for()
    await priya.close()
    assert UNLISTED not in json.dumps(priya.person.cards())


async def test_reminder(at: AtPlayground) -> None:
    """a message that nobody asked for arrives: the offer, and to whoever holds the talk the reminder of day 3"""
    priya, nurse = at.screens["priya"], at.screens["nurse"]
    form = await priya.person.say("peer", "log")
    await send(form, **event(nurse.person, mine=True))
    await at.desk.drain()
    await nurse.page.get_by_text(WAITING).first.wait_for()
    offer = await nurse.person.open_newest()
    await offer.press("offer_yes")
    # Of what came before, a page that was loaded anew may show some for a while: only the connector counts truly.
    told = await priya.person.told()
    await at.desk.pass_time(days=3)
    assert await priya.person.told() == told + 1
    await priya.page.get_by_text(WAITING).last.wait_for()
    case = await (await priya.person.say("peer", "cases")).press("case")
    assert case.has("interview") and "Nurse" in case.text
    stored = json.dumps([body for _, _, _, body in at.between.said if body])
    assert not [word for word in ("Nurse", "violence", "practitioner") if word in stored]


async def test_stop_replaces_the_card(at: AtPlayground) -> None:
    """Stop puts a neutral line in the place of the card, and no message comes any more"""
    nurse = at.screens["nurse"]
    before = await nurse.page.get_by_text(WAITING).count()
    await nurse.page.get_by_role("button", name=STOP_LABEL).last.click()
    await nurse.page.get_by_text(words.PRESSED).first.wait_for()
    assert await nurse.page.get_by_text(WAITING).count() == before - 1
    told = await nurse.person.told()
    form = await at.screens["priya"].person.say("peer", "log")
    await send(form, **event(nurse.person, on=at.desk.now.date(), at="07:00", mine=True))
    await at.desk.drain()
    assert await nurse.person.told() == told


async def test_the_login(at: AtPlayground) -> None:
    """each call to the connector carries a token that msal got from the emulator's Entra, once for them all"""
    assert at.between.said
    assert len(at.between.bearers) == 1
    assert at.between.bearers.pop().startswith("Bearer ")


async def test_the_work_account(at: AtPlayground) -> None:
    """msal signs somebody in by code and PKCE at the emulator's Entra: a stranger is refused, a member is let in"""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{at.desk.port}", trust_env=False) as browser:
        away = await browser.get("/sign-in/microsoft")
        asked = dict(parse_qsl(urlsplit(away.headers["location"]).query))
        assert asked["code_challenge_method"] == "S256" and asked["redirect_uri"] == BACK
        back = urlsplit(await agree(browser, away.headers["location"], MAIL))
        assert (await browser.get(f"{back.path}?{back.query}")).status_code == 403
        person = await object_id_at(browser, away.headers["location"])
        nurse = at.screens["nurse"].person
        arrival = wire.installed(nurse.side.place.service_url, person=person)
        assert (await nurse.side.post(arrival)).status_code == 200
        away = await browser.get("/sign-in/microsoft")
        back = urlsplit(await agree(browser, away.headers["location"], MAIL))
        let_in = await browser.get(f"{back.path}?{back.query}")
        assert (let_in.status_code, let_in.headers["location"]) == (303, "/")
        assert (await browser.get("/me")).status_code == 200


async def object_id_at(http: httpx.AsyncClient, address: str) -> str:
    """The id that the emulator gave to somebody, from a sign-in of our own."""
    login = urlsplit(address)
    asked = {
        "client_id": APP_ID,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid",
        "state": "x",
    }
    entra = f"{login.scheme}://{login.netloc}/oauth2/v2.0"
    back = dict(parse_qsl(urlsplit(await agree(http, f"{entra}/authorize?{urlencode(asked)}", MAIL)).query))
    form = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": BACK}
    form |= {"client_id": APP_ID, "client_secret": PASSWORD}
    token = (await http.post(f"{entra}/token", data=form)).json()["id_token"]
    return str(jwt.decode(token, options={"verify_signature": False})["oid"])


async def test_nobody_else_is_asked(at: AtPlayground) -> None:
    """the Playground's page asks nobody but this machine, save for pictures it does not get"""
    outside = {urlsplit(url).hostname for url in at.asked} - {"127.0.0.1", "localhost", None}
    assert outside <= {"res-1.cdn.office.net"}
    if is_alone():
        with pytest.raises(OSError, match="unreachable"):
            socket.create_connection(("192.0.2.1", 443), timeout=1)
