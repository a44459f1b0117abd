"""A stand-in for Slack's Web API on a loopback port: it keeps the calls and refuses what Slack would."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.adapters.outages import Away
from tests.adapters.slack_app.person import TEAM
from tests.adapters.slack_app.rules import faults_of_message, faults_of_view

BOT_TOKEN = "xoxb-loopback-marker"


@dataclass
class Call:
    """One call of a method."""

    method: str
    arguments: dict[str, Any]


@dataclass
class Reply:
    """What to answer once instead of the usual."""

    body: dict[str, Any] | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """A page of something in between, as it stands."""

    text: str
    kind: str
    status: int


def error(code: str) -> Reply:
    """Slack's way to say no."""
    return Reply({"ok": False, "error": code})


class FakeSlack(Away):
    """Put replies into `next[method]` to be given in turn; `calls` is what came in. `shape` is an outage of all."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.next: dict[str, deque[Reply | Page]] = defaultdict(deque)
        self.faults: list[str] = []
        self.answered: list[str] = []
        self.users: dict[str, dict[str, Any]] = {}
        self.url = ""
        self._used: set[str] = set()
        self._news = asyncio.Event()
        self._views = 0

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def response_url(self) -> str:
        return f"{self.url}/respond"

    async def until(self, method: str) -> None:
        """Wait until a method has been called at least once."""
        async with asyncio.timeout(30):
            while not self.called(method):
                self._news.clear()
                await self._news.wait()

    def called(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of a method."""
        return [call.arguments for call in self.calls if call.method == method]

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            arguments |= await request.json()
        elif request.can_read_body:
            arguments |= {key: str(value) for key, value in (await request.post()).items()}
        self.calls.append(Call(method, arguments))
        self._news.set()
        wall = await self.in_the_way(
            request, lambda: web.json_response({"ok": False, "error": "token_revoked"})
        )
        if wall is not None:
            return wall
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if self.next[method]:
            reply = self.next[method].popleft()
            if isinstance(reply, Page):
                return web.Response(text=reply.text, status=reply.status, content_type=reply.kind)
            body = None if reply.body is None else json.dumps(reply.body)
            kind = "application/json" if body is not None else "text/html"
            return web.Response(
                text=body or "busy", status=reply.status, headers=reply.headers, content_type=kind
            )
        return web.json_response(self._usual(method, arguments))

    def _usual(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {"ok": True, "team_id": TEAM, "user_id": "UBOT", "bot_id": "B1"}
            case "conversations.open":
                return {"ok": True, "channel": {"id": f"D{arguments['users'][1:]}"}}
            case "chat.postMessage":
                self.faults += faults_of_message(arguments["blocks"])
                return {"ok": True, "channel": arguments["channel"], "ts": "1700000000.000100"}
            case "chat.postEphemeral":
                self.faults += faults_of_message(arguments["blocks"])
                return {"ok": True, "message_ts": "1700000000.000100"}
            case "users.info":
                user = self.users.get(arguments["user"])
                return {"ok": True, "user": user} if user else {"ok": False, "error": "user_not_found"}
            case "views.open" | "views.update" | "views.publish":
                return self._view(method, arguments)
            case _:
                return {"ok": False, "error": "unknown_method"}

    def _view(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self.faults += faults_of_view(arguments["view"])
        if method == "views.open":
            trigger = arguments["trigger_id"]
            if trigger == "expired":
                return {"ok": False, "error": "expired_trigger_id"}
            if trigger in self._used:
                return {"ok": False, "error": "exchanged_trigger_id"}
            self._used.add(trigger)
            self._views += 1
        id = arguments.get("view_id", f"V{self._views}")
        return {"ok": True, "view": arguments["view"] | {"id": id, "hash": f"{len(self.calls)}.h"}}

    async def respond(self, request: web.Request) -> web.Response:
        self.answered.append((await request.json())["text"])
        return web.Response(text="ok")


@asynccontextmanager
async def running() -> AsyncIterator[FakeSlack]:
    """A stand-in that listens while the block runs; every view it is given has to be one Slack takes."""
    slack = FakeSlack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.api)
    app.router.add_post("/respond", slack.respond)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield slack
        assert slack.faults == []
    finally:
        await runner.cleanup()
