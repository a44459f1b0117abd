"""Sends requests over connections that stay open, as fast as the answers come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.server import CPU_PATH

READY_SECONDS = 30


@dataclass(slots=True)
class Connection:
    """One open connection to a server on this machine."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = await self.reader.readexactly(length) if length else b""
        return int(head[9:12]), body

    async def cpu(self) -> float:
        """Seconds of CPU the server has used."""
        request = b"GET " + CPU_PATH.encode() + b" HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
        return float((await self.ask(request))[1])


@asynccontextmanager
async def connected(port: int, count: int) -> AsyncIterator[list[Connection]]:
    """Some connections to a port."""
    pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    try:
        yield [Connection(*pair) for pair in pairs]
    finally:
        for _, writer in pairs:
            writer.close()


async def ready(connection: Connection, request: bytes) -> None:
    """Wait until a server answers this request well."""
    async with asyncio.timeout(READY_SECONDS):
        while (await connection.ask(request))[0] != 200:
            await asyncio.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Burst:
    """What a burst of requests cost."""

    wall: float
    """Seconds for one request, as many connections share them."""
    cpu: float
    """Seconds of the server's CPU for one request."""


async def burst(connections: list[Connection], request: bytes, seconds: float) -> Burst:
    """Send on all connections at once for some time. Every answer has to be 200."""
    done = 0
    used = await connections[0].cpu()
    begun = time.perf_counter()

    async def keep_on(connection: Connection) -> None:
        nonlocal done
        while time.perf_counter() - begun < seconds:
            status, _ = await connection.ask(request)
            assert status == 200, status
            done += 1

    await asyncio.gather(*(keep_on(one) for one in connections))
    wall = time.perf_counter() - begun
    return Burst(wall / done, (await connections[0].cpu() - used) / done)
