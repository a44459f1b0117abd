"""A stand-in for Slack with many workspaces: it lets the app in by code, ages its tokens, and opens sockets."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import WSMsgType, web

CLIENT_ID = "111.222"
CLIENT_SECRET = "loopback-client-secret-marker"
APP_TOKEN = "xapp-loopback-marker"
LIFE_SECONDS = 43_200


@dataclass
class ManySlack:
    """`workspaces` are the teams an administrator may choose; `ageing` makes tokens end."""

    ageing: bool = False
    enterprise: bool = False
    down: bool = False
    life: int = LIFE_SECONDS
    url: str = ""
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """Team, method and arguments of every call with a token that is good."""
    refreshes: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    hold: asyncio.Event | None = None
    """While it is not set, refreshing waits."""
    cut: bool = False
    """Whether the answer to a refresh gets lost on its way."""
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    socket_moved_to: str = ""
    """Where whoever connects is sent on to, if anywhere."""
    acks: list[dict[str, Any]] = field(default_factory=list)
    _codes: dict[str, str] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)
    _refresh: dict[str, str] = field(default_factory=dict)
    _used: dict[str, str] = field(default_factory=dict)
    _made: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def allow(self, authorize_url: str, team: str) -> str:
        """An administrator says yes for a team; returns the address Slack sends them back to, with code and state."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(authorize_url).query).items()}
        assert urlsplit(authorize_url).path == "/oauth/v2/authorize"
        assert asked["client_id"] == CLIENT_ID
        assert set(asked["scope"].split(",")) == {"chat:write", "commands", "im:write", "users:read"}
        assert "user_scope" not in asked
        code = self._new("code")
        self._codes[code] = team
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def end(self, team: str) -> None:
        """The app is taken out of a team: its tokens are good for nothing."""
        self._tokens = {token: owner for token, owner in self._tokens.items() if owner != team}

    def good_tokens(self, team: str) -> list[str]:
        return [token for token, owner in self._tokens.items() if owner == team]

    def called(self, team: str, method: str) -> list[dict[str, Any]]:
        return [arguments for owner, name, arguments in self.calls if (owner, name) == (team, method)]

    async def until(self, found: Any) -> Any:
        """Wait until something is there."""
        async with asyncio.timeout(30):
            while not (result := found()):
                self._news.clear()
                await self._news.wait()
        return result

    def _new(self, kind: str) -> str:
        self._made += 1
        return f"{kind}-marker-{self._made}"

    def _pair(self, team: str) -> dict[str, Any]:
        token = self._new("xoxb")
        self._tokens[token] = team
        if not self.ageing:
            return {"access_token": token}
        refresh = self._new("xoxe")
        self._refresh[refresh] = team
        return {"access_token": token, "refresh_token": refresh, "expires_in": self.life}

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if self.down:
            return web.json_response({"ok": False, "error": "service_unavailable"}, status=503)
        given: dict[str, Any] = {}
        if request.content_type == "application/json":
            given = await request.json()
        else:
            given = {key: str(value) for key, value in (await request.post()).items()}
        proof = request.headers.get("Authorization", "")
        if method == "oauth.v2.access":
            return web.json_response(await self._access(given, proof))
        token = proof.removeprefix("Bearer ")
        if method == "apps.connections.open":
            good = token == APP_TOKEN
            answer = (
                {"ok": True, "url": f"{self.url}/socket"} if good else {"ok": False, "error": "invalid_auth"}
            )
            return web.json_response(answer)
        team = self._tokens.get(token)
        if team is None:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        self.calls.append((team, method, given))
        self._news.set()
        return web.json_response(self._usual(team, token, method, given))

    def _usual(self, team: str, token: str, method: str, given: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "conversations.open":
                return {"ok": True, "channel": {"id": f"D{given['users'][1:]}"}}
            case "chat.postMessage":
                return {"ok": True, "ts": "1700000000.000100"}
            case "users.info":
                return {"ok": True, "user": {"id": given["user"], "team_id": team, "real_name": "Somebody"}}
            case "users.list":
                return {"ok": True, "members": []}
            case "auth.revoke":
                self.revoked.append(token)
                self._tokens.pop(token)
                return {"ok": True, "revoked": True}
            case _:
                return {"ok": True, "view": {"id": "V1", "hash": "1.h"}}

    async def _access(self, given: dict[str, Any], proof: str) -> dict[str, Any]:
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if proof != f"Basic {expected}":
            return {"ok": False, "error": "bad_client_secret"}
        if given.get("grant_type") == "refresh_token":
            return await self._renew(given["refresh_token"])
        team = self._codes.pop(given["code"], None)
        if team is None:
            return {"ok": False, "error": "invalid_code"}
        answer = {"ok": True, "token_type": "bot", "bot_user_id": "UBOT", **self._pair(team)}
        if self.enterprise:
            return answer | {"team": None, "enterprise": {"id": "E1"}, "is_enterprise_install": True}
        return answer | {"team": {"id": team, "name": "Acme"}, "is_enterprise_install": False}

    async def _renew(self, refresh: str) -> dict[str, Any]:
        self.refreshes.append(refresh)
        self._news.set()
        if self.hold is not None:
            await self.hold.wait()
        if refresh in self._used:
            # The harshest Slack there could be: a refresh token that comes twice ends every token of the team.
            self.end(self._used[refresh])
            return {"ok": False, "error": "invalid_refresh_token"}
        team = self._refresh.pop(refresh, None)
        if team is None:
            return {"ok": False, "error": "invalid_refresh_token"}
        self._used[refresh] = team
        pair = self._pair(team)
        if self.cut:
            return {"ok": False, "error": "internal_error"}
        return {"ok": True, "token_type": "bot", "team": {"id": team}, **pair}

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        if self.socket_moved_to:
            raise web.HTTPFound(self.socket_moved_to)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        self.sockets.append(ws)
        await ws.send_json({"type": "hello", "num_connections": 1})
        self._news.set()
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                self.acks.append(json.loads(message.data))
                self._news.set()
        self._news.set()
        return ws


@asynccontextmanager
async def many_running(slack: ManySlack | None = None) -> AsyncIterator[ManySlack]:
    """A stand-in that listens while the block runs."""
    slack = slack or ManySlack()
    app = web.Application()
    app.router.add_post("/api/{method}", slack.api)
    app.router.add_get("/socket", slack.socket)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield slack
    finally:
        await runner.cleanup()
