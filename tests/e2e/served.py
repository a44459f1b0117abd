"""A deployment in a process of its own, as an administrator starts it, that can be killed and started again."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from dataclasses import dataclass, field

import httpx

from tests.e2e.deployment import Deployment
from tests.e2e.workplace import LONGEST_SECONDS

OPEN = b"trim_bot open"
RETRIES = 8
"""Each waits twice as long as the one before, from half a second on: a minute in all."""


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Served(Deployment):
    """`trim-bot serve` on this environment. `log` is what it wrote to standard error, over all its lives."""

    port: int = field(default_factory=free_port)
    log: bytes = b""
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and wait until it says that it is open."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "trim_bot", "serve", "--port", str(self.port)),
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        opened = asyncio.Event()
        self._reading = asyncio.create_task(self._read(self._process, opened))
        async with asyncio.timeout(LONGEST_SECONDS):
            await opened.wait()
        assert self._process.returncode is None, self.log.decode()

    async def _read(self, process: asyncio.subprocess.Process, opened: asyncio.Event) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self.log += line
            if OPEN in line:
                opened.set()
        opened.set()

    async def kill(self) -> None:
        """End it at once, without a word, as when the power goes."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
        if self._reading is not None:
            await self._reading
        await self._clients.aclose()
        self._side = None

    async def stop(self) -> None:
        """The same: there is nothing that would have to be ended in order."""
        await self.kill()

    async def client(self) -> httpx.AsyncClient:
        """A connection, tried again until the process listens."""
        return await self._clients.enter_async_context(
            httpx.AsyncClient(
                transport=httpx.AsyncHTTPTransport(retries=RETRIES),
                base_url=f"http://127.0.0.1:{self.port}",
                timeout=LONGEST_SECONDS,
            )
        )
