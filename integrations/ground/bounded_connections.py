"""Ends what only stands: half-sent requests, idle connections, unread answers, and requests of two lengths at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""From the connection, or the first byte of a further request, to the end of its head."""
BODY_SECONDS = 30.0
"""From the end of the head to the end of the body; the longest that is taken has 512 KiB."""
IDLE_SECONDS = 5
"""Between an answer and the first byte of the next request on the same connection."""
UNREAD_SECONDS = 30.0
"""How long an answer may lie ready without any of it being fetched."""
TIMED_OUT = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class OneLength(h11.Connection):
    """Refuses a request whose end could be read in two ways, since something before us may read it the other way."""

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """The next event. Raises RemoteProtocolError."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            names = {name for name, _ in event.headers}
            two_ways = b"content-length" in names or event.http_version < b"1.1"
            if b"transfer-encoding" in names and two_ways:
                raise h11.RemoteProtocolError("Transfer-Encoding beside Content-Length, or before HTTP/1.1")
        return event


class BoundedProtocol(H11Protocol):
    """One connection, each part of which has to arrive in its time: 408 where nothing was answered yet, else its end.

    What the application takes to answer has no bound here.
    """

    head_seconds = HEAD_SECONDS
    body_seconds = BODY_SECONDS
    unread_seconds = UNREAD_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connected."""
        self.conn = OneLength(h11.SERVER)
        self._waits: dict[str, asyncio.TimerHandle] = {}
        super().connection_made(transport)
        self._wait("head", self.head_seconds, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._settle("head", "body", "unread", "closing")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something arrived."""
        if self.conn.their_state is h11.IDLE:
            self._wait("head", self.head_seconds, self._too_slow)
        super().data_received(data)

    def handle_events(self) -> None:
        """Deal with what has arrived, and see what is waited for next."""
        super().handle_events()
        if self.conn.their_state is not h11.IDLE:
            self._settle("head")
        if self.conn.their_state is h11.SEND_BODY:
            self._wait("body", self.body_seconds, self._too_slow)
        else:
            self._settle("body")

    def pause_writing(self) -> None:
        """More is ready than the other side fetches."""
        super().pause_writing()
        self._wait("unread", self.unread_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The other side fetches again."""
        self._settle("unread")
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing further was asked for a while."""
        super().timeout_keep_alive_handler()
        self._close()

    def _too_slow(self) -> None:
        begun = self.conn.their_state is h11.SEND_BODY or self.conn.trailing_data[0] != b""
        answering = self.cycle is not None and not self.cycle.response_complete
        if begun and not (answering and self.cycle.response_started):
            self.transport.write(TIMED_OUT)
        if answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._close()

    def _close(self) -> None:
        """Close, and do not wait for ever until what was written is fetched."""
        if not self.transport.is_closing():
            self.transport.close()
        self._wait("closing", self.unread_seconds, self.transport.abort)

    def _wait(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        if name not in self._waits:
            self._waits[name] = self.loop.call_later(seconds, then)

    def _settle(self, *names: str) -> None:
        for name in names:
            if (wait := self._waits.pop(name, None)) is not None:
                wait.cancel()
