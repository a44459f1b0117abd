"""What Slack would send, signed just now, and a way to hand it to an application without a network."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Scope

SECRET = "loopback-signing-secret"
TOKEN = "xoxb-loopback-marker"
TEAM = "T0123456789"
USER = "U0123456789"
PATH = "/slack/events"
KIND = "application/x-www-form-urlencoded"
HELP = urlencode(
    {
        "token": "x" * 24,
        "team_id": TEAM,
        "team_domain": "acme",
        "channel_id": "C0123456789",
        "channel_name": "directmessage",
        "user_id": USER,
        "user_name": "someone",
        "command": "/peer",
        "text": "help",
        "api_app_id": "A0123456789",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T0123456789/1/abcdefghij",
        "trigger_id": "123.456.abcdef0123456789abcdef0123456789",
    }
).encode()
"""The body of `/peer help`."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A body and the headers Slack would send with it at this moment."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    def on_wire(self) -> bytes:
        """The whole request as it goes over a connection that is kept open."""
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in self.headers)
        return b"POST " + PATH.encode() + b" HTTP/1.1\r\nhost: 127.0.0.1\r\n" + lines + b"\r\n" + self.body


def sign(body: bytes = HELP) -> Signed:
    """Sign afresh; Slack's signatures run out after five minutes."""
    stamp = str(int(time.time())).encode()
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
    return Signed(
        body,
        (
            (b"content-type", KIND.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"x-slack-request-timestamp", stamp),
            (b"x-slack-signature", b"v0=" + digest.encode()),
        ),
    )


async def post(app: ASGIApp, signed: Signed, path: str = PATH) -> int:
    """Hand a request to an application in this process; the status it answers with."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": list(signed.headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    status = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": signed.body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    await app(scope, receive, send)
    return status
