"""What the tests of the Slack adapter share: a desk, a stand-in for Slack, signed requests through ASGI."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pytest
import stamina
from starlette.applications import Starlette
from starlette.routing import Route

from integrations.ground.outgoing_calls import OutgoingCalls
from integrations.slack.adapter import One, Slack, build_slack
from integrations.slack.answers import SlackPace
from tests.adapters.slack_app.desk import FakeDesk
from tests.adapters.slack_app.fake_slack import BOT_TOKEN, FakeSlack, running
from tests.adapters.slack_app.person import FORM, interaction
from tests.fakes.telling import Telling
from trim_bot.app.seam.views import Button, Done, Text
from trim_bot.app.words.adapter_words import Names

SECRET = "loopback-signing-secret"
PATIENT = SlackPace(opening=60, submission=60, settle=0)
HASTY = SlackPace(opening=0, submission=0, settle=0)
"""Nothing is ever ready in time."""
HOME = Done("home", "Peer Support", (Text("The same for everybody."), Button("ask", "", "Ask for support")))


@dataclass
class Rig:
    """The adapter with everything around it."""

    slack: Slack
    desk: FakeDesk
    fake: FakeSlack
    http: httpx.AsyncClient
    reports: list[str]
    removed: list[str]
    heard: list[datetime]
    """What Slack's clock said."""
    fail_removal: list[Exception] = field(default_factory=list)

    async def post(
        self, body: bytes, *, kind: str = FORM, headers: dict[str, str] | None = None, age: int = 0
    ) -> httpx.Response:
        """A signed request, `age` seconds old."""
        signed = sign(body, age) | {"content-type": kind} | (headers or {})
        return await self.http.post("/slack/events", content=body, headers=signed)

    async def interact(self, payload: dict[str, Any], **more: Any) -> httpx.Response:
        """A signed interaction."""
        return await self.post(interaction(payload), **more)


def sign(body: bytes, age: int = 0, secret: str = SECRET) -> dict[str, str]:
    """The headers Slack would send with a body, `age` seconds ago."""
    stamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


async def first_word(team: str, typed: str) -> str | None:
    """The shipped names of the commands."""
    return Names().first_word(typed)


Start = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """What is tried again is tried at once."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """A function that starts a rig at a pace; everything is put away after the test."""
    async with AsyncExitStack() as after:

        async def begin(
            pace: SlackPace = PATIENT,
            *,
            token: str = BOT_TOKEN,
            ways: OutgoingCalls | None = None,
            secrets: Sequence[str] = (SECRET,),
        ) -> Rig:
            fake = await after.enter_async_context(running())
            desk = FakeDesk()
            reports: list[str] = []
            removed: list[str] = []
            failures: list[Exception] = []
            heard: list[datetime] = []

            async def remove(team: str, at: datetime | None) -> None:
                if failures:
                    raise failures.pop()
                removed.append(team)

            slack = build_slack(
                desk,
                One(token, remove),
                signing_secrets=secrets,
                api_url=fake.api_url,
                first_word=first_word,
                tell=Telling(reports),
                home=lambda: HOME,
                link="https://desk.example.org",
                pace=pace,
                ways=ways,
                heard=heard.append,
            )
            after.push_async_callback(slack.close)
            assert slack.endpoint is not None
            app = Starlette(routes=[Route("/slack/events", slack.endpoint, methods=["POST"])])
            http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk.test")
            await after.enter_async_context(http)
            return Rig(slack, desk, fake, http, reports, removed, heard, failures)

        yield begin


@pytest.fixture
async def rig(start: Start) -> Rig:
    """A rig in which the desk answers in time."""
    ready: Rig = await start()
    return ready
