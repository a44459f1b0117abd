"""Socket Mode: the desk connects to Slack, and the same arrivals come by WebSocket instead of signed requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from integrations.ground.background_tasks import Tasks
from integrations.ground.drawing import Json
from integrations.ground.fault_lines import Reporter
from integrations.ground.outgoing_calls import is_loopback
from integrations.ground.untrusted_input import Malformed, mapping, text
from integrations.slack.endpoint import Door
from integrations.slack.payloads import read_payload
from integrations.slack.web_api import SlackRefused, SlackWebApi, staying
from trim_bot.domain.errors import Trouble, TryLater

MOST_BYTES = 512 * 1024
HEARTBEAT_SECONDS = 20.0
CONNECT_SECONDS = 10.0
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
FAULTS = (SlackRefused, TryLater, Malformed, aiohttp.ClientError, TimeoutError, OSError, ValueError)
"""What ends one connection and lets the next be tried."""
PLACE = "slack_socket"
"""Where the way out tells of it."""
STRANGE_ADDRESS = "socket_url"
"""What was given is not an address of Slack's."""
AWAY_AFTER = 3
"""So many connections in a row that did not come about count as being away; one that is refused does at once."""


@dataclass(eq=False, slots=True)
class _Line:
    """One connection."""

    ws: aiohttp.ClientWebSocketResponse
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once another connection is needed."""
    greeted: bool = False
    asked_to_leave: bool = False
    listening: asyncio.Task[None] | None = None


class Socket:
    """Keeps one connection open, and a second while Slack asks for a change. Must be closed.

    An envelope is acked with what the door answered with 200, and otherwise not at all, so that Slack sends it again.
    """

    def __init__(
        self,
        api: SlackWebApi,
        app_token: str,
        door: Door,
        reporter: Reporter,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._api = api
        self._token = app_token
        self._door = door
        self._reporter = reporter
        self._pause = pause
        self._session: aiohttp.ClientSession | None = None
        self._staying: asyncio.Task[None] | None = None
        self._lines: set[_Line] = set()
        self._answering = Tasks(reporter.failed)
        self.connected = asyncio.Event()
        """Set while Slack has said hello on a connection that is still open."""

    def start(self) -> None:
        """Connect, in the running loop, and stay connected."""
        self._staying = asyncio.get_running_loop().create_task(self._stay())

    async def close(self, seconds: float) -> None:
        """Hear nothing new, let what was heard be answered for so many seconds, and hang up."""
        lines = tuple(self._lines)
        tasks = [task for task in (self._staying, *(line.listening for line in lines)) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._answering.stop(seconds)
        for line in lines:
            await line.ws.close()
        self._lines.clear()
        self.connected.clear()
        if self._session is not None:
            await self._session.close()

    async def reach(self) -> None:
        """Ask Slack for an address to connect to. Raises TryLater."""
        try:
            await self._address()
        except FAULTS as error:
            raise _meaning(error) from None

    async def _stay(self) -> None:
        wait, failed = FIRST_WAIT_SECONDS, 0
        while True:
            try:
                line = _Line(await self._connect())
            except FAULTS as error:
                failed += 1
                later = _meaning(error)
                if isinstance(error, Malformed | SlackRefused) and later.trouble is not Trouble.NOT_TAKEN:
                    self._reporter.failed(error)
                if failed >= AWAY_AFTER or later.trouble is Trouble.NOT_TAKEN:
                    self._api.ways.heard(PLACE, later, 0.0)
            else:
                failed = 0
                self._lines.add(line)
                line.listening = asyncio.get_running_loop().create_task(self._listen(line))
                await line.leaving.wait()
                wait = FIRST_WAIT_SECONDS if line.greeted else wait
                if line.asked_to_leave:
                    continue
            await self._pause(wait)
            wait = min(LONGEST_WAIT_SECONDS, wait * 2)

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        address = await self._address()
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(trace_configs=[staying()])
        async with asyncio.timeout(CONNECT_SECONDS):
            ws = await self._session.ws_connect(
                address,
                heartbeat=HEARTBEAT_SECONDS,
                max_msg_size=MOST_BYTES,
                proxy=self._api.client.proxy,
            )
        return ws

    async def _address(self) -> str:
        # Without a breaker: whoever stays connected waits longer each time anyway, and holds up nobody else.
        async with asyncio.timeout(CONNECT_SECONDS):
            answer = await self._api.once("apps.connections.open", {}, token=self._token)
        address = text(answer, "url", 4000)
        parts = urlsplit(address)
        host = parts.hostname or ""
        slacks = parts.scheme == "wss" and host.endswith((".slack.com", ".slack-gov.com"))
        here = is_loopback(self._api.client.base_url) and is_loopback(address)
        if not (slacks or here):
            raise SlackRefused(STRANGE_ADDRESS)
        return address

    async def _listen(self, line: _Line) -> None:
        try:
            async for message in line.ws:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._hear(line, message.data)
        except FAULTS as error:
            self._reporter.failed(error)
        await line.ws.close()
        self._lines.discard(line)
        if not any(other.greeted for other in self._lines):
            self.connected.clear()
        line.leaving.set()

    def _hear(self, line: _Line, data: str) -> None:
        try:
            envelope = mapping(json.loads(data))
            kind = text(envelope, "type", 100)
            if kind == "hello":
                line.greeted = True
                self.connected.set()
                self._api.ways.heard(PLACE, None, 0.0)
            elif kind == "disconnect":
                # Slack is about to hang up: the next connection is made while this one still hears.
                line.asked_to_leave = True
                line.leaving.set()
            else:
                id = text(envelope, "envelope_id", 200)
                self._answering.start(self._answer(line.ws, id, envelope))
        except (Malformed, ValueError, RecursionError):
            self._reporter.note("malformed")

    async def _answer(
        self, ws: aiohttp.ClientWebSocketResponse, id: str, envelope: Mapping[str, object]
    ) -> None:
        try:
            arrival = read_payload(mapping(envelope.get("payload")))
        except Malformed:
            self._reporter.note("malformed")
            return
        answer = await self._door.receive(arrival)
        if answer.status != 200 or not id:
            return
        ack: Json = {"envelope_id": id}
        if answer.body and envelope.get("accepts_response_payload") is True:
            ack["payload"] = json.loads(answer.body)
        try:
            await ws.send_json(ack)
        except (aiohttp.ClientError, OSError):
            # Slack sends it again; the desk then gives the same answer, and has one effect.
            self._reporter.note("socket-ack-lost")


def _meaning(error: BaseException) -> TryLater:
    """Why there is no connection, as every way out says it."""
    match error:
        case TryLater():
            return error
        case SlackRefused(code=code) if code != STRANGE_ADDRESS:
            return TryLater(trouble=Trouble.NOT_TAKEN)
        case aiohttp.ClientConnectorError():
            return TryLater(trouble=Trouble.REFUSED, at=error.host)
        case TimeoutError():
            return TryLater(trouble=Trouble.SLOW)
        case _:
            return TryLater(trouble=Trouble.FAILING)
