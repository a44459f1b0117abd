"""A desk of several processes on PostgreSQL, as one runs it that outgrew one machine: each can be ended by itself."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.e2e.deployment import Stores, environment
from tests.e2e.served import OPEN, RETRIES, free_port
from tests.e2e.slack_side import SlackPerson, SlackSide
from tests.e2e.workplace import LONGEST_SECONDS, Workplace
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.storage.database_roles import DatabaseRole

WORKING = f"trim_bot {LogEvent.WORKER.value}".encode()
"""What a worker says when it has begun."""


@dataclass
class Process:
    """One `serve` or `worker`. `log` is what it wrote to standard error."""

    words: tuple[str, ...]
    environment: Mapping[str, str]
    log: bytes = b""
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and wait until it says that it is open."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "trim_bot", *self.words),
            env=self.environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        opened = asyncio.Event()
        self._reading = asyncio.create_task(self._read(self._process, opened))
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await opened.wait()
        except TimeoutError:
            raise AssertionError(self.log.decode()) from None
        assert self._process.returncode is None, self.log.decode()

    async def _read(self, process: asyncio.subprocess.Process, opened: asyncio.Event) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self.log += line
            if OPEN in line or WORKING in line:
                opened.set()
        opened.set()

    async def end(self, *, in_order: bool = True) -> None:
        """End it as asked, or at once without a word."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.terminate() if in_order else process.kill()
            async with asyncio.timeout(LONGEST_SECONDS):
                await process.wait()
        if self._reading is not None:
            await self._reading


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
