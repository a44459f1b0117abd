"""A deployment that any Slack workspace can be added to, with the stand-in for Slack and everybody's doors."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import MetaData, create_engine, select

from tests.adapters.slack_app import person as wire
from tests.adapters.slack_app.many_slack import CLIENT_ID, CLIENT_SECRET, ManySlack
from tests.database_logins import bring_up
from tests.e2e.deployment import ORIGIN, Lifespan, Stores, environment
from tests.e2e.slack_side import signed
from trim_bot.app.oversight.role_grants import give_role
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.ports import Tx
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.people import Address, Role, Training
from trim_bot.domain.records import JournalEntry
from trim_bot.settings.environment import load_settings

_triggers = (f"{number}.many" for number in itertools.count(1))


@dataclass
class Many:
    """A running deployment."""

    desktop: Desktop
    slack: ManySlack
    http: httpx.AsyncClient
    stores: Stores

    async def begin(self, browser: httpx.AsyncClient | None = None) -> str:
        """Open the install page in a browser; returns the address at Slack it leads to."""
        page = await (browser or self.http).get("/slack/install")
        assert page.status_code == 200
        start = page.text.index('href="' + self.slack.url) + len('href="')
        return page.text[start : page.text.index('"', start)].replace("&amp;", "&")

    async def add(self, team: str) -> httpx.Response:
        """Add the app to a team, all the way."""
        back = self.slack.allow(await self.begin(), team)
        return await self.http.get(back.removeprefix(ORIGIN))

    async def organisation(self, team: str) -> OrganisationId | None:
        """Whose team it is."""
        assert self.desktop.running is not None
        found = await self.desktop.running.deployment.store.organisation_at(
            ChatWorkspace.parse(f"slack:{team}")
        )
        return OrganisationId(found.id) if found is not None else None

    async def appoint(self, team: str, user: str, *roles: Role) -> None:
        """Give somebody roles, and training."""
        assert self.desktop.running is not None
        deployment, organisation = self.desktop.running.deployment, await self.organisation(team)
        assert organisation is not None
        address = Address.parse(f"slack:{team}:{user}")
        for role in roles:
            await give_role(deployment, organisation, address, role, f"{user} of {team}")

        def train(tx: Tx) -> None:
            member = member_at(tx, address)
            assert member is not None
            tx.add(
                Training(new_id(), member.key_id, member.id, "Trainer", date(2026, 1, 5), date(2030, 1, 5))
            )

        await deployment.store.write(organisation, train)

    async def journal(self, team: str) -> list[JournalEntry]:
        """Every row of a team's organisation."""
        assert self.desktop.running is not None
        organisation = await self.organisation(team)
        assert organisation is not None
        return await self.desktop.running.deployment.store.journal_entries(organisation, 0, 1000)

    async def post(self, body: bytes, **headers: str) -> httpx.Response:
        """A request as Slack would sign it."""
        return await self.http.post("/slack/events", content=body, headers=signed(body) | headers)

    async def command(self, team: str, user: str, name: str, words: str = "") -> dict[str, Any]:
        """Somebody types a command; returns the modal they see."""
        body = wire.command(name, words, trigger=next(_triggers), team=team, user=user)
        return await self._seen(team, body)

    async def press(self, team: str, user: str, action: str, token: str) -> dict[str, Any]:
        """Somebody presses a button, however they came by it; returns the modal they see."""
        payload = wire.press(action, token, trigger=next(_triggers), team=team, user=user)
        return await self._seen(team, wire.interaction(payload))

    async def submit(
        self, team: str, user: str, view: dict[str, Any], typed: dict[str, dict[str, Any]]
    ) -> dict[str, Any]:
        """Somebody sends a form with what they typed; returns what Slack is to do."""
        filled = wire.on_screen(view, typed)
        answer = await self.post(wire.interaction(wire.submission(filled, team=team, user=user)))
        assert answer.status_code == 200, answer.status_code
        return dict(answer.json())

    async def event(self, kind: str, team: str, **outer: Any) -> httpx.Response:
        """An event."""
        body = json.dumps(json.loads(wire.event(kind, team=team)) | outer).encode()
        return await self.post(body, **{"content-type": "application/json"})

    async def _seen(self, team: str, body: bytes) -> dict[str, Any]:
        before = len(self.slack.calls)
        answer = await self.post(body)
        assert (answer.status_code, answer.content) == (200, b"")
        assert self.desktop.running is not None
        assert self.desktop.running.slack is not None
        await self.desktop.running.slack.drain()
        shown = [
            (owner, given) for owner, name, given in self.slack.calls[before:] if name.startswith("views.")
        ]
        assert {owner for owner, _ in shown} == {team}, "only the asker's own workspace is written to"
        return dict(shown[-1][1]["view"])


@asynccontextmanager
async def many_workspaces(
    patch: pytest.MonkeyPatch, stores: Stores, folder: Path, slack: ManySlack, **more: str
) -> AsyncIterator[Many]:
    """A deployment with the install page."""
    patch.chdir(folder)
    for name, value in environment(folder, stores, slack.api_url).items():
        patch.setenv(name, value)
    patch.delenv("SLACK_BOT_TOKEN")
    patch.setenv("TRIM_BOT_CLOCK", "real")
    patch.setenv("SLACK_CLIENT_ID", CLIENT_ID)
    patch.setenv("SLACK_CLIENT_SECRET", CLIENT_SECRET)
    for name, value in more.items():
        patch.setenv(name, value)
    bring_up(load_settings())
    desktop = Desktop(load_settings())
    async with (
        Lifespan(desktop.app()) as application,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url=ORIGIN) as http,
    ):
        assert desktop.running is not None
        yield Many(desktop, slack, http, stores)


def kept_bytes(stores: Stores) -> bytes:
    """Everything both databases hold, as far as their rows tell."""
    found: list[object] = []
    for url in (stores.data, stores.keys):
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        kept = MetaData()
        kept.reflect(engine)
        with engine.connect() as connection:
            for table in kept.sorted_tables:
                found += [tuple(map(_plain, row)) for row in connection.execute(select(table))]
        engine.dispose()
    return repr(found).encode()


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview | bytearray) else value
