"""A desk of several processes on PostgreSQL, as one runs it that outgrew one machine: each can be ended by itself."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.e2e.deployment import Stores, environment
from tests.e2e.served import RETRIES, Process, free_port
from tests.e2e.slack_side import SlackPerson, SlackSide
from tests.e2e.workplace import LONGEST_SECONDS, Workplace
from trim_bot.storage.database_roles import DatabaseRole


@dataclass
class Fleet:
    """Several that answer people, each at a port of its own, and several that do what is due."""

    workplace: Workplace
    stores: Stores
    folder: Path
    serving: list[Process] = field(default_factory=list)
    working: list[Process] = field(default_factory=list)
    sides: list[SlackSide] = field(default_factory=list)
    """Slack's servers as each of those that answer meets them, in the order of `serving`."""
    _clients: AsyncExitStack = field(default_factory=AsyncExitStack)

    def _environment(self, role: DatabaseRole) -> dict[str, str]:
        own = environment(self.folder, self.stores, self.workplace.api_url) | self.stores.of(role)
        return os.environ | own | {"PYTHONUNBUFFERED": "1"}

    async def serve(self, number: int) -> None:
        """Start so many more that answer."""
        ports = [free_port() for _ in range(number)]
        web = self._environment(DatabaseRole.WEB)
        new = [Process(("serve", "--port", str(port)), web) for port in ports]
        self.serving += new
        await asyncio.gather(*(one.start() for one in new))
        for port in ports:
            client = httpx.AsyncClient(
                # A connection that was kept may be closed in the very moment in which it is used again.
                transport=httpx.AsyncHTTPTransport(
                    retries=RETRIES, limits=httpx.Limits(max_keepalive_connections=0)
                ),
                base_url=f"http://127.0.0.1:{port}",
                timeout=LONGEST_SECONDS,
            )
            self.sides.append(SlackSide(await self._clients.enter_async_context(client), self.workplace))

    async def work(self, number: int) -> None:
        """Start so many more that do what is due."""
        new = [Process(("worker",), self._environment(DatabaseRole.WORKER)) for _ in range(number)]
        self.working += new
        await asyncio.gather(*(one.start() for one in new))

    def person(self, name: str, at: int) -> SlackPerson:
        """Somebody whose next gesture comes to this process of those that answer."""
        return SlackPerson(self.sides[at % len(self.sides)], name)

    async def end(self) -> None:
        """End what still runs."""
        await self._clients.aclose()
        for one in (*self.serving, *self.working):
            await one.end(in_order=False)
