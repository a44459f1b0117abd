"""Brings up the real application of one environment, with a workplace on loopback, and everybody's doors to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from integrations.slack.answers import SlackPace
from integrations.teams.answers import TeamsPace
from tests.database_logins import Logins
from tests.e2e.browser_side import Browser
from tests.e2e.settling import MONDAY, SITE, Hire, settle
from tests.e2e.slack_side import SECRET, SlackPerson, SlackSide
from tests.e2e.teams_side import TeamsPerson, TeamsSide
from tests.e2e.tenancy import APP_ID, PASSWORD, TENANT, Tenancy
from tests.e2e.workplace import BOT_TOKEN, LONGEST_SECONDS, TEAM, Workplace
from trim_bot.bootstrap import app
from trim_bot.bootstrap.serving import Desktop
from trim_bot.crypto.keyring import Keyring
from trim_bot.settings.environment import Settings, load_settings
from trim_bot.settings.for_serving import settings_for_serving
from trim_bot.storage.database_roles import DatabaseRole

ORIGIN = "http://127.0.0.1:8000"
METRICS_TOKEN = "loopback-metrics-token-for-tests-only"


Settling = Callable[[Settings, Sequence[Hire], str, str], Awaitable[None]]
"""Brings an organisation into empty stores: its people, its site file and its workspace."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the three stores of a deployment are, for whoever may see all of it."""

    data: str
    keys: str
    ledger: str
    logins: Logins | None = None
    """On PostgreSQL, where web and worker are processes with a login each."""

    def of(self, role: DatabaseRole) -> dict[str, str]:
        """What one process is told of where everything is kept."""
        if self.logins is not None:
            return self.logins.environment(role)
        return {"DATABASE_URL": self.data, "KEYSTORE_URL": self.keys, "LEDGER_URL": self.ledger}

    @staticmethod
    def files(folder: Path) -> Stores:
        """Three SQLite files."""
        data, keys, ledger = (f"sqlite:///{folder / name}.sqlite" for name in ("data", "keys", "ledger"))
        return Stores(data, keys, ledger)


def environment(folder: Path, stores: Stores, slack_api: str) -> dict[str, str]:
    """The environment of a deployment in practice, with the keyring made if there is none."""
    keyring = folder / "keyring.json"
    if not keyring.exists():
        Keyring.new().save(keyring)
    return {
        **stores.of(DatabaseRole.WORKER),
        "HELP_FILE": str(folder / "trim_bot_help.json"),
        "TRIM_BOT_KEYRING": f"file:{keyring}",
        "TRIM_BOT_ENV": "test",
        "TRIM_BOT_CLOCK": "manual",
        "PUBLIC_URL": ORIGIN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": slack_api,
        "METRICS_TOKEN": METRICS_TOKEN,
    }


def teams_environment(place: Tenancy) -> dict[str, str]:
    """What is set so that the people of a Teams tenant are heard as well."""
    return {
        "TEAMS_APP_ID": APP_ID,
        "TEAMS_APP_PASSWORD": PASSWORD,
        "TEAMS_TENANT_ID": TENANT,
        "TEAMS_OPENID_URL": place.openid_url,
        "TEAMS_SERVICE_HOSTS": place.host,
        "ENTRA_AUTHORITY": place.url,
        "GRAPH_URL": place.graph_url,
    }


class Lifespan:
    """Starts and stops an ASGI application as a server does."""

    def __init__(self, application: ASGIApp) -> None:
        self._app = application
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> ASGIApp:
        async def send(message: Any) -> None:
            await self._out.put(message)

        async def run() -> None:
            await self._app({"type": "lifespan", "asgi": {"version": "3.0"}}, self._in.get, send)

        self._task = asyncio.create_task(run())
        await self._say("startup")
        return self._app

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._say("shutdown")
        if self._task is not None:
            await self._task

    async def _say(self, what: str) -> None:
        await self._in.put({"type": f"lifespan.{what}"})
        async with asyncio.timeout(LONGEST_SECONDS):
            answer = await self._out.get()
        assert answer["type"] == f"lifespan.{what}.complete", answer["type"]


@dataclass
class Deployment:
    """A running application. `restart` ends it and begins it again on what it kept.

    Where there are logins it is two: one that answers people as the web's, and one that does what is due as the
    worker's, which the environment is left with for commands.
    """

    workplace: Workplace
    stores: Stores
    folder: Path
    now: datetime = MONDAY
    asgi: ASGIApp | None = None
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)
    _clients: AsyncExitStack = field(default_factory=AsyncExitStack)
    _side: SlackSide | None = None
    tenant: Tenancy | None = None
    """Microsoft's side, where the deployment serves Teams."""
    _teams_side: TeamsSide | None = None

    _worker: httpx.AsyncClient | None = None

    async def start(self) -> None:
        """Begin."""
        if self.stores.logins is None:
            self.asgi = await self._running.enter_async_context(Lifespan(app()))
            return
        working = Desktop(settings_for_serving(), with_worker=True).app()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.stores.of(DatabaseRole.WEB).items():
                patch.setenv(name, value)
            answering = app()
        for one in (working, answering):
            self.asgi = await self._running.enter_async_context(Lifespan(one))
        self._worker = await self._connected(working)

    async def stop(self) -> None:
        """End in order."""
        await self._clients.aclose()
        self._side = self._teams_side = self._worker = None
        await self._running.aclose()

    async def restart(self) -> None:
        """End and begin again; browsers have to be opened anew."""
        await self.stop()
        await self.start()

    async def client(self) -> httpx.AsyncClient:
        """A browser's or server's connection, with cookies of its own."""
        assert self.asgi is not None
        return await self._connected(self.asgi)

    async def _connected(self, to: ASGIApp) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=to)
        return await self._clients.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url=ORIGIN)
        )

    async def side(self) -> SlackSide:
        """Slack's servers."""
        if self._side is None:
            self._side = SlackSide(await self.client(), self.workplace)
        return self._side

    async def slack(self, name: str) -> SlackPerson:
        """Somebody at Slack."""
        return SlackPerson(await self.side(), name)

    async def teams_side(self) -> TeamsSide:
        """The Bot Connector."""
        assert self.tenant is not None
        if self._teams_side is None:
            self._teams_side = TeamsSide(await self.client(), self.tenant)
        return self._teams_side

    async def teams(self, name: str) -> TeamsPerson:
        """Somebody at Teams."""
        return TeamsPerson(await self.teams_side(), name)

    async def web(self, name: str) -> Browser:
        """Somebody signed in at a browser."""
        return await Browser(await self.client(), name, self._worker).be()

    async def stranger(self) -> Browser:
        """Somebody at a browser, signed out."""
        return Browser(await self.client())

    async def to(self, when: datetime) -> int:
        """Move business time, and let everything that is due happen; returns how many things ran."""
        ran = 0
        # The worker first: what is due is its own to do, and the other is left with nothing but the time.
        for process in (self._worker, await self.client()):
            if process is not None:
                answer = await process.post("/practice/clock", json={"to": when.isoformat()})
                assert answer.status_code == 200, answer.status_code
                ran += int(answer.json()["ran"])
        self.now = when
        return ran

    async def drain(self) -> int:
        """Let everything that is due now happen."""
        return await self.to(self.now)

    async def pass_time(self, **by: float) -> int:
        """Let business time go by."""
        return await self.to(self.now + timedelta(**by))


async def deploy(
    patch: pytest.MonkeyPatch,
    workplace: Workplace,
    stores: Stores,
    folder: Path,
    hires: Sequence[Hire],
    site: str = SITE,
    tenant: Tenancy | None = None,
    *,
    both: bool = False,
    settling: Settling = settle,
) -> Deployment:
    """A deployment that is settled and started; it must be stopped.

    With a tenant it serves Teams, and no Slack: whatever is true there needs nothing of Slack's. With `both` the
    organisation has its workspace and its tenant.
    """
    patch.chdir(folder)
    # However busy this machine is: what a slow answer looks like is tested at the adapters, on a pace of its own.
    slow = partial(SlackPace, opening=LONGEST_SECONDS, submission=LONGEST_SECONDS)
    patch.setattr("integrations.slack.adapter.SlackPace", slow)
    patch.setattr("integrations.teams.adapter.TeamsPace", partial(TeamsPace, answer=LONGEST_SECONDS))
    wanted = environment(folder, stores, workplace.api_url)
    workspace = f"slack:{TEAM}"
    if tenant is not None:
        wanted |= teams_environment(tenant)
    if tenant is not None and not both:
        wanted = {name: value for name, value in wanted.items() if not name.startswith("SLACK_")}
        workspace = f"teams:{TENANT}"
    for name, value in wanted.items():
        patch.setenv(name, value)
    await settling(load_settings(), hires, site, workspace)
    deployment = Deployment(workplace, stores, folder, tenant=tenant)
    await deployment.start()
    return deployment
