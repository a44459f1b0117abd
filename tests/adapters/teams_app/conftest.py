"""What the tests of the Teams adapter share: a desk, a stand-in for Microsoft's side, activities through ASGI."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route as Path

from integrations.teams.adapter import App, Teams, build_teams
from integrations.teams.answers import TeamsPace
from tests.adapters.slack_app.desk import FakeDesk
from tests.adapters.teams_app.fake_cloud import PASSWORD, FakeCloud, listening
from tests.adapters.teams_app.fake_teams import APP_ID, TENANT
from tests.fakes.telling import Telling
from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.languages import SpokenAt, english_everywhere
from trim_bot.domain.people import Address
from trim_bot.locale.windows_zones import iana_zone

PATIENT = TeamsPace(answer=60)
HASTY = TeamsPace(answer=0)
"""Nothing is ever ready in time."""
COMMANDS = {"peer": "peer", "support": "support", "talk": "support"}


@dataclass
class FakePresence:
    """Keeps what it is told, as (word, address, route). `failures` are raised in turn."""

    told: list[tuple[str, str, str]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    async def arrived(self, address: Address, route: str) -> None:
        self._tell("arrived", address, route)

    async def wrote(self, address: Address, route: str) -> None:
        self._tell("wrote", address, route)

    async def seen(self, address: Address, route: str) -> None:
        self._tell("seen", address, route)

    async def gone(self, address: Address) -> None:
        self._tell("gone", address, "")

    def _tell(self, word: str, address: Address, route: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.told.append((word, address.text, route))


@dataclass
class Rig:
    """The adapter with everything around it."""

    teams: Teams
    desk: FakeDesk
    fake: FakeCloud
    http: httpx.AsyncClient
    presence: FakePresence
    reports: list[str]
    tenants: list[str]
    failures: list[Exception]
    """Raised in turn when a tenant is looked up."""
    people: list[tuple[str, str]]
    """Whom the desk may list."""
    asked: list[Actor]
    """Who they were listed to."""
    listing_failures: list[Exception]
    """Raised in turn when they are asked for."""

    @property
    def said(self) -> list[tuple[str, dict[str, Any]]]:
        """The cards that were sent into a chat, each with its conversation."""
        sent = [call for call in self.fake.calls if call.path.endswith("/activities")]
        return [(call.path.split("/")[-2], call.body["attachments"][0]["content"]) for call in sent]

    @property
    def url(self) -> str:
        """The service address of every good activity."""
        return self.fake.service_url

    async def post(
        self, activity: Any, *, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> httpx.Response:
        """An activity with a good token."""
        content = json.dumps(activity).encode() if body is None else body
        return await self.http.post("/api/messages", content=content, headers=headers or self.fake.headers())


Start = Callable[..., Any]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """A function that starts a rig at a pace; everything is put away after the test."""
    async with AsyncExitStack() as after:

        async def begin(pace: TeamsPace = PATIENT, spoken: SpokenAt = english_everywhere) -> Rig:
            fake = await after.enter_async_context(listening())
            desk, presence = FakeDesk(), FakePresence()
            reports: list[str] = []
            tenants = [TENANT]
            failures: list[Exception] = []
            listing_failures: list[Exception] = []
            people: list[tuple[str, str]] = []
            asked: list[Actor] = []

            async def knows(tenant: str) -> bool:
                if failures:
                    raise failures.pop(0)
                return tenant in tenants

            async def first_word(tenant: str, typed: str) -> str | None:
                assert tenant == TENANT
                return COMMANDS.get(typed)

            async def listed(actor: Actor) -> tuple[tuple[str, str], ...]:
                asked.append(actor)
                if listing_failures:
                    raise listing_failures.pop(0)
                return tuple(people)

            app = App(APP_ID, PASSWORD, TENANT, (fake.host,), fake.authority, fake.graph_url)
            teams = build_teams(
                desk,
                app,
                openid_url=fake.openid_url,
                knows=knows,
                first_word=first_word,
                presence=presence,
                listed=listed,
                iana_zone=iana_zone,
                link="https://desk.example.org",
                tell=Telling(reports),
                pace=pace,
                spoken=spoken,
            )
            after.push_async_callback(teams.close)
            served = Starlette(routes=[Path("/api/messages", teams.endpoint, methods=["POST"])])
            http = httpx.AsyncClient(transport=httpx.ASGITransport(app=served), base_url="http://desk.test")
            await after.enter_async_context(http)
            return Rig(
                teams, desk, fake, http, presence, reports, tenants, failures, people, asked, listing_failures
            )

        yield begin


@pytest.fixture
async def rig(start: Start) -> Rig:
    """A rig in which the desk answers in time."""
    ready: Rig = await start()
    return ready
