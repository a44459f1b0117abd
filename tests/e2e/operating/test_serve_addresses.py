"""Under which addresses the desk answers: its own, written exactly, and never a redirect to another host."""

from __future__ import annotations

import asyncio

import pytest

from integrations.web.middleware import OwnHost
from tests.e2e.operating.conftest import SITE, Place
from tests.e2e.operating.test_serve import never, served
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.words import page_words as words
from trim_bot.bootstrap.process_log import set_up_logging
from trim_bot.bootstrap.serving import Desktop
from trim_bot.locale.crisis_numbers import LOCAL_EMERGENCY

pytestmark = pytest.mark.anyio
OTHERS = [
    "evil.example",
    "peer.example.org.evil.example",
    "peer.example.org@evil.example",
    "",
    "[::1",
    "\xff",
]


@pytest.mark.parametrize("keyring", ["own", "file:nowhere.key"])
@pytest.mark.parametrize(
    "path", ["/help-now/", "/me/", "/f/log/", "/sign-in/", "/o/default/ask/", "/healthz/"]
)
async def test_a_slash_too_many_leads_nowhere(place: Place, path: str, keyring: str) -> None:
    if keyring != "own":
        place.set(TRIM_BOT_KEYRING=keyring)
    async with served(Desktop(place.settings(), pause=never)) as client:
        answer = await client.get(path, headers={"host": "evil.example"})
    assert answer.status_code == (404 if keyring == "own" else 503)
    assert "location" not in answer.headers
    # No country is guessed before there are settings; the page leads to the numbers of all.
    assert LOCAL_EMERGENCY.number in answer.text and 'href="/help-now"' in answer.text


@pytest.mark.parametrize("host", OTHERS)
@pytest.mark.parametrize("keyring", ["own", "file:nowhere.key"])
async def test_in_production_only_our_own_host_is_answered(place: Place, host: str, keyring: str) -> None:
    await asyncio.to_thread(place.run, "site", "apply", place.site_file(SITE))
    place.set(TRIM_BOT_ENV="production", PUBLIC_URL="https://peer.example.org")
    if keyring != "own":
        place.set(TRIM_BOT_KEYRING=keyring)
    async with served(Desktop(place.settings(), pause=never)) as client:
        for path in ("/", "/sign-in", "/slack/events"):
            answer = await client.get(path, headers=[(b"host", host.encode("latin-1"))])
            assert answer.status_code == 400
            assert words.WRONG_ADDRESS_TITLE in answer.text
        assert (await client.get("/help-now", headers={"host": "evil.example"})).status_code == 200
        assert (await client.get("/healthz", headers={"host": "10.0.0.1"})).status_code == 200
        for own in ("peer.example.org", "PEER.example.org", "peer.example.org:443"):
            answer = await client.get("/sign-in", headers={"host": own})
            assert answer.status_code == (200 if keyring == "own" else 503)


def test_another_host_is_told_at_once_and_then_once_an_hour_without_a_word_of_it() -> None:
    told: list[str] = []
    now = [0.0]

    def tell(event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
        told.append(f"{event.value} {about}")
        return ""

    ours = OwnHost("peer.example.org", tell, lambda: now[0])
    seen = [
        ours({"headers": [(b"host", name)]})
        for name in (b"peer.example.org", b"CANARY\n\x1b[31m", b"CANARY", b"peer.example.org")
    ]
    assert seen == [True, False, False, True]
    assert told == ["asked for another host 1 of 2 PUBLIC_URL"]
    now[0] = 3600.0
    ours({"headers": [(b"host", b"peer.example.org")]})
    ours({"headers": []})
    assert told[1:] == ["asked for another host 2 of 4 PUBLIC_URL"]


async def test_a_proxy_that_changes_the_host_is_said_in_the_log_and_on_the_page(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    place.set(TRIM_BOT_ENV="production", PUBLIC_URL="https://peer.example.org")
    set_up_logging()
    async with served(Desktop(place.settings(), pause=never)) as client:
        for _ in range(3):
            answer = await client.get("/", headers={"host": "10.0.0.7:8000"})
            assert answer.status_code == 400 and "PUBLIC_URL" in answer.text
            assert "peer.example.org" not in answer.text
    log = capfd.readouterr().err
    assert log.count("asked for another host 1 of 1 PUBLIC_URL") == 1 and "10.0.0.7" not in log


async def test_two_hosts_are_none(place: Place) -> None:
    place.set(
        TRIM_BOT_ENV="production", PUBLIC_URL="https://peer.example.org", TRIM_BOT_KEYRING="file:no.key"
    )
    twice = [("host", "peer.example.org"), ("host", "peer.example.org")]
    async with served(Desktop(place.settings(), pause=never)) as client:
        assert (await client.get("/", headers=twice)).status_code == 400
