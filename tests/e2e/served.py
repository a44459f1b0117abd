"""A deployment in a process of its own, as an administrator starts it, that can be killed and started again."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from tests.e2e.deployment import Deployment
from tests.e2e.workplace import LONGEST_SECONDS
from trim_bot.app.seam.log_events import LogEvent

OPEN = b"trim_bot open"
RETRIES = 8
"""Each waits twice as long as the one before, from half a second on: a minute in all."""


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


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
class Served(Deployment):
    """`trim-bot serve` on this environment."""

    port: int = field(default_factory=free_port)
    _process: Process | None = None
    _before: bytes = b""

    @property
    def log(self) -> bytes:
        """What it wrote to standard error, over all its lives."""
        return self._before + (self._process.log if self._process is not None else b"")

    async def start(self) -> None:
        """Start it, and wait until it says that it is open."""
        words = ("serve", "--port", str(self.port))
        self._process = Process(words, os.environ | {"PYTHONUNBUFFERED": "1"})
        await self._process.start()

    async def kill(self) -> None:
        """End it at once, without a word, as when the power goes."""
        if self._process is not None:
            await self._process.end(in_order=False)
        self._before, self._process = self.log, None
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
