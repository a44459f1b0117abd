"""A webhook and a mail server on this machine, just enough of each to take what the desk sends."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Hook:
    """What was posted; `status` is what it answers, with the way to another place."""

    port: int = 0
    status: int = 200
    paths: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/planted-secret"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.partition(":")[2])
            for line in head.splitlines()
            if line.lower().startswith("content-length")
        )
        self.paths.append(head.split()[1])
        self.bodies.append(json.loads(await reader.readexactly(length)))
        where = f"Location: http://127.0.0.1:{self.port}/elsewhere\r\n"
        writer.write(
            f"HTTP/1.1 {self.status} X\r\n{where}Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()


@dataclass
class Post:
    """What was mailed; `refuses` are words, alone or with an address, and what answers them in place of a yes."""

    port: int = 0
    refuses: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[str, list[str], str, str]] = field(default_factory=list)
    """From whom, to whom, subject and text."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?to=ops@example.org&to=night@example.org&from=desk@example.org"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sender, receivers = "", list[str]()
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            address = line.partition("<")[2].partition(">")[0]
            if (answer := self.refuses.get(verb) or self.refuses.get(f"{verb} {address}")) is not None:
                writer.write(f"{answer}\r\n".encode())
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                raw = (await reader.readuntil(b"\r\n.\r\n"))[:-5]
                letter = email.message_from_bytes(raw, policy=email.policy.default)
                self.letters.append(
                    (sender, receivers, letter["Subject"], letter.get_content().replace("\r\n", "\n"))
                )
                writer.write(b"250 taken\r\n")
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                sender = address if verb == "MAIL" else sender
                receivers += [address] if verb == "RCPT" else []
                writer.write(b"250 fine\r\n")


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[Hook, Post]]:
    """Both, until the end."""
    hook, post = Hook(), Post()
    talks: set[asyncio.Task[None]] = set()

    def answering(
        one: Hook | Post,
    ) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            mine = asyncio.current_task()
            assert mine is not None
            talks.add(mine)
            try:
                await one.serve(reader, writer)
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()

        return talk

    servers = []
    for one in (hook, post):
        server = await asyncio.start_server(answering(one), "127.0.0.1", 0)
        one.port = server.sockets[0].getsockname()[1]
        servers.append(server)
    try:
        yield hook, post
    finally:
        for server in servers:
            server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
