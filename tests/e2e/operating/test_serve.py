"""What the web application answers, from the first second on, with and without its keyring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.e2e.operating.conftest import SITE, Place
from trim_bot.app.words.adapter_words import MESSAGE_TEXT
from trim_bot.bootstrap.serving import Desktop
from trim_bot.crypto.keyring import Keyring
from trim_bot.locale.crisis_numbers import LOCAL_EMERGENCY

pytestmark = pytest.mark.anyio
TOKEN = "0123456789abcdef"
PERSON = "web:someone@example.org"


async def never(_seconds: float) -> None:
    """Waits until the desk is stopped."""
    await asyncio.Event().wait()


@asynccontextmanager
async def served(desktop: Desktop) -> AsyncIterator[httpx.AsyncClient]:
    """The application between its start and its end."""
    app = desktop.app()
    async with (
        desktop.lifespan(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as client,
    ):
        yield client


async def status(client: httpx.AsyncClient, *paths: str) -> list[int]:
    return [(await client.get(path)).status_code for path in paths]


async def help_is_one_tap_away(client: httpx.AsyncClient) -> None:
    """Where no country is known: whom to ring anywhere, the countries to choose, and all numbers behind one link."""
    first = await client.get("/help-now")
    assert first.status_code == 200
    assert LOCAL_EMERGENCY.number in first.text and '<option value="SE">' in first.text
    assert 'href="/help-now?country=all"' in first.text
    assert 'href="tel:112"' in (await client.get("/help-now?country=all")).text
    assert 'href="tel:999"' in (await client.get("/help-now?country=GB")).text


async def test_a_desk_with_its_keyring_is_ready(place: Place) -> None:
    async with served(Desktop(place.settings())) as client:
        assert await status(client, "/healthz", "/readyz", "/", "/help-now", "/sign-in") == [200] * 5
        assert await status(client, "/practice/messages", "/nothing") == [404, 404]
        assert (await client.post("/slack/events")).status_code == 404


@pytest.mark.parametrize(
    ("address", "code"),
    [("", "keys_missing"), ("file:nowhere.key", "keys_missing"), ("file:other.key", "keys_wrong")],
)
async def test_without_its_keyring_only_help_is_open(place: Place, address: str, code: str) -> None:
    async with served(Desktop(place.settings())):
        pass
    Keyring.new().save(place.folder / "other.key")
    place.set(TRIM_BOT_ENV="production", TRIM_BOT_KEYRING=address)
    async with served(Desktop(place.settings(), pause=never)) as client:
        assert await status(client, "/healthz", "/help-now", "/static/desk.css") == [200] * 3
        assert await status(client, "/", "/me", "/sign-in", "/o/default/ask") == [503] * 4
        assert (await client.post("/slack/events")).status_code == 503
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "code": code})
        await help_is_one_tap_away(client)
        assert LOCAL_EMERGENCY.number in (await client.get("/")).text


async def test_help_shows_the_sites_own_numbers_without_a_key(place: Place) -> None:
    own = '[[numbers]]\nlabel = "Our line"\nnumber = "01632 960002"\nsource = "poster"\n'
    async with served(Desktop(place.settings(), pause=never)) as client:
        assert "01632 960002" not in (await client.get("/help-now")).text
    await asyncio.to_thread(place.run, "site", "apply", place.site_file(SITE + own))
    place.set(TRIM_BOT_KEYRING="file:nowhere.key")
    async with served(Desktop(place.settings(), pause=never)) as client:
        assert "01632 960002" in (await client.get("/help-now")).text
        (place.folder / "trim_bot_help.json").write_text("{", encoding="utf-8")
        assert (await client.get("/help-now")).status_code == 200


async def test_the_desk_opens_by_itself_once_the_keyring_is_there(place: Place) -> None:
    place.set(TRIM_BOT_KEYRING=f"file:{place.folder / 'late.key'}")
    tried = asyncio.Event()
    let_on = asyncio.Event()

    async def pause(_seconds: float) -> None:
        tried.set()
        await let_on.wait()

    desktop = Desktop(place.settings(), pause=pause)
    async with served(desktop) as client:
        await tried.wait()
        assert await status(client, "/readyz", "/") == [503, 503]
        Keyring.new().save(place.folder / "late.key")
        let_on.set()
        await desktop.opened.wait()
        assert await status(client, "/readyz", "/") == [200, 200]


async def test_figures_need_their_own_token_and_tell_only_of_the_process(place: Place) -> None:
    async with served(Desktop(place.settings())) as client:
        assert (await client.get("/metrics", headers={"authorization": "Bearer "})).status_code == 404
    place.set(METRICS_TOKEN=TOKEN)
    async with served(Desktop(place.settings())) as client:
        assert (await client.get("/metrics")).status_code == 401
        assert (await client.get("/metrics", headers={"authorization": "Bearer x"})).status_code == 401
        text = (await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})).text
    names = {line.split("{")[0].split()[0] for line in text.splitlines() if not line.startswith("#")}
    assert names - {"trim_bot_tick_age_seconds", "trim_bot_beat_age_seconds"} == {
        "trim_bot_uptime_seconds",
        "trim_bot_ready",
        "trim_bot_resident_bytes",
        "trim_bot_http_responses_total",
        "trim_bot_keys_opened_total",
        "trim_bot_keys_held_back_total",
        "trim_bot_altered_records",
        "trim_bot_trouble",
    }
    assert 'trim_bot_http_responses_total{status="401"} 2' in text


async def test_the_clock_is_moved_kept_and_never_set_back(place: Place) -> None:
    place.set(TRIM_BOT_CLOCK="manual")
    async with served(Desktop(place.settings())) as client:
        moved = await client.post("/practice/clock", json={"to": "2031-05-06T09:00:00+02:00"})
        assert (moved.status_code, moved.json()["now"]) == (200, "2031-05-06T07:00:00+00:00")
        assert isinstance(moved.json()["ran"], int)
        back = await client.post("/practice/clock", json={"to": "2031-05-06T06:59:59+00:00"})
        assert back.status_code == 409
        assert (await client.post("/practice/clock", json={"to": "soon"})).status_code == 400
    async with served(Desktop(place.settings())) as client:
        again = await client.post("/practice/clock", json={"to": "2031-05-06T07:00:00+00:00"})
        assert again.json()["now"] == "2031-05-06T07:00:00+00:00"


async def test_somebody_met_in_practice_signs_in_and_gets_the_welcome(place: Place) -> None:
    place.set(TRIM_BOT_CLOCK="manual")
    async with served(Desktop(place.settings())) as client:
        # Met on a Sunday: in working hours the welcome goes out at once, and a message of a later day beside it.
        await client.post("/practice/clock", json={"to": "2031-05-04T10:00:00+00:00"})
    await asyncio.to_thread(place.run, "members", "grant", "coordinator", PERSON, "--name", "Sam")
    async with served(Desktop(place.settings())) as client:
        assert (await client.post("/practice/as", json={"actor": "web:no@example.org"})).status_code == 404
        assert (await client.post("/practice/as", json={"actor": PERSON})).status_code == 200
        assert await status(client, "/me", "/status") == [200, 200]
        # A Tuesday in working hours: the day before is a public holiday, when no message goes out.
        await client.post("/practice/clock", json={"to": "2031-05-06T10:00:00+00:00"})
        chat = (await client.get("/practice/messages", params={"actor": PERSON})).json()
        assert [one["text"] for one in chat] == [MESSAGE_TEXT]


async def test_a_one_time_link_signs_in_once(place: Place) -> None:
    await asyncio.to_thread(place.run, "members", "grant", "coordinator", PERSON, "--name", "Sam")
    told = await asyncio.to_thread(place.json, "members", "link", PERSON)
    assert isinstance(told, dict)
    key = httpx.URL(told["url"]).params["k"]
    async with served(Desktop(place.settings())) as client:
        page = (await client.get("/sign-in", params={"k": key})).text
        proof = page.split('name="csrf" value="')[1].split('"')[0]
        assert (await client.post("/sign-in", data={"csrf": proof, "k": key})).status_code == 303
        assert "Sam" in (await client.get("/")).text
        assert (await client.post("/sign-in", data={"csrf": proof, "k": key})).status_code == 410
