"""What only stands ends, over real sockets; and a request whose end can be read in two ways is refused."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from integrations.ground.bounded_connections import IDLE_SECONDS, BoundedProtocol
from trim_bot.cli import serve

pytestmark = pytest.mark.anyio
SOON, NEVER = 0.05, 600.0
HEAD = b"POST /x HTTP/1.1\r\nhost: desk.test\r\n"


@dataclass
class Place:
    """A server, and what its application met."""

    port: int
    seen: list[str] = field(default_factory=list)
    state: ServerState = field(default_factory=ServerState)

    async def say(self, *parts: bytes, gap: float = 0.0) -> bytes:
        """Send parts on a connection of its own, and return everything until the server hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(gap)
            async with asyncio.timeout(30):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def serving_at(**seconds: float) -> AsyncIterator[Place]:
    """A server whose waits are as told, and else never end."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            place.seen.append("broke off")
            return
        place.seen.append(body.decode())
        if scope["path"] == "/slow":
            await asyncio.sleep(4 * SOON)
        if scope["path"] == "/long":
            await StreamingResponse(b"x" * 65536 for _ in range(400))(scope, receive, send)
            return
        await PlainTextResponse("taken")(scope, receive, send)

    waits = {"head_seconds": NEVER, "body_seconds": NEVER, "unread_seconds": NEVER} | seconds
    keep_alive = waits.pop("keep_alive", NEVER)
    protocol = type("Protocol", (BoundedProtocol,), waits)
    config = uvicorn.Config(
        app, ws="none", access_log=False, log_config=None, timeout_keep_alive=int(keep_alive)
    )
    config.load()
    config_state = ServerState()

    def connected() -> asyncio.Protocol:
        made: BoundedProtocol = protocol(config=config, server_state=config_state, app_state={})
        made.timeout_keep_alive = keep_alive  # type: ignore[assignment]  # less than a second
        return made

    server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
    place = Place(server.sockets[0].getsockname()[1], state=config_state)
    try:
        yield place
    finally:
        server.close()
        await server.wait_closed()


async def test_a_whole_request_is_answered_and_a_second_on_the_same_connection() -> None:
    async with serving_at(keep_alive=SOON) as place:
        one = HEAD + b"content-length: 2\r\n\r\nhi"
        said = await place.say(one + one)
        assert said.count(b"HTTP/1.1 200 OK") == 2
        assert place.seen == ["hi", "hi"]


async def test_a_connection_on_which_nothing_comes_ends() -> None:
    async with serving_at(head_seconds=SOON) as place:
        said = await asyncio.gather(*(place.say() for _ in range(50)))
        assert set(said) == {b""}
        assert not place.state.connections


@pytest.mark.parametrize("parts", [[b"G"], [HEAD], [b"GET /x HTTP/1.1\r\nx: " + b"y" * 500]])
async def test_a_head_that_does_not_end_is_408(parts: list[bytes]) -> None:
    async with serving_at(head_seconds=SOON) as place:
        assert (await place.say(*parts)).startswith(b"HTTP/1.1 408 ")
        assert place.seen == []


async def test_a_byte_now_and_then_buys_no_time() -> None:
    async with serving_at(head_seconds=4 * SOON) as place:
        said = await place.say(*[bytes([letter]) for letter in HEAD * 20], gap=SOON / 4)
        assert b" 200 " not in said
        assert place.seen == []


async def test_a_further_request_on_a_connection_has_its_time_too() -> None:
    async with serving_at(head_seconds=SOON) as place:
        said = await place.say(HEAD + b"content-length: 2\r\n\r\nhi", HEAD, gap=SOON / 5)
        assert said.startswith(b"HTTP/1.1 200 ")
        assert said.endswith(
            b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        )


@pytest.mark.parametrize(
    "part", [b"content-length: 9\r\n\r\nhalf", b"transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n"]
)
async def test_a_body_that_does_not_end_is_408_and_the_application_is_told(part: bytes) -> None:
    async with serving_at(body_seconds=SOON) as place:
        said = await place.say(HEAD + part)
        assert said.startswith(b"HTTP/1.1 408 ") and said.count(b"HTTP/1.1") == 1
        assert place.seen == ["broke off"]


async def test_an_application_that_takes_its_time_is_not_hurried() -> None:
    async with serving_at(head_seconds=SOON, body_seconds=SOON, unread_seconds=SOON) as place:
        said = await place.say(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 200 ")


async def test_an_answer_that_is_long_is_sent_whole() -> None:
    async with serving_at() as place:
        said = await place.say(b"GET /long HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert said.count(b"x") == 400 * 65536


async def test_an_answer_that_nobody_fetches_ends() -> None:
    async with serving_at(unread_seconds=SOON) as place:
        reader, writer = await asyncio.open_connection("127.0.0.1", place.port, limit=1)
        assert isinstance(writer.transport, asyncio.ReadTransport)
        writer.transport.pause_reading()
        writer.write(b"GET /long HTTP/1.1\r\nhost: x\r\n\r\n")
        async with asyncio.timeout(30):
            while not place.seen or place.state.connections:
                await asyncio.sleep(SOON / 5)
        writer.close()
        del reader


TWO_WAYS = {
    "both": HEAD + b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, the other way round": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": HEAD + b"content-length: 4\r\ncontent-length: 5\r\n\r\nabcd",
    "two lengths in one": HEAD + b"content-length: 4, 5\r\n\r\nabcd",
    "a list of codings": HEAD + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunks before their time": b"POST /x HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("kind", TWO_WAYS)
async def test_a_request_that_can_be_read_in_two_ways_is_400_and_the_connection_ends(kind: str) -> None:
    async with serving_at() as place:
        hidden = b"GET /hidden HTTP/1.1\r\nhost: x\r\n\r\n"
        said = await place.say(TWO_WAYS[kind] + hidden)
        assert said.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")) and said.count(b"HTTP/1.1") == 1
        assert place.seen == []


def test_the_desk_is_served_with_these_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[uvicorn.Config] = []

    class Server:
        started = True

        def __init__(self, config: uvicorn.Config) -> None:
            made.append(config)

        def run(self, sockets: list[socket.socket]) -> None:
            """Nothing is served."""

    class Desktop:
        def app(self) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
            async def app(scope: Scope, receive: Receive, send: Send) -> None:
                """Answers nothing."""

            return app

    monkeypatch.setattr(uvicorn, "Server", Server)
    serve.run_server(Desktop(), [])  # type: ignore[arg-type]  # it is never served
    assert made[0].http is BoundedProtocol
    assert BoundedProtocol.head_seconds + BoundedProtocol.body_seconds <= 60
    assert made[0].timeout_keep_alive == IDLE_SECONDS
