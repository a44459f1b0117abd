"""The stand-in with the two services the app asks by itself: Entra's login, and Graph."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.adapters.outages import Away
from tests.adapters.teams_app.fake_teams import APP_ID, TENANT, Call, FakeTeams, Reply

PASSWORD = "app-password-marker"
TOKEN = "app-token-marker"
PERSON = "33333333-cccc-4ccc-8ccc-333333333333"
PAGE = 2


def refusal(status: int, code: str) -> Reply:
    """The connector's way to say no."""
    return Reply(status, {"error": {"code": code, "message": "said in words that are never shown"}})


class FakeCloud(FakeTeams, Away):
    """Set `shape` for an outage of the connector, `graph_away` for one of Graph, `login_away` for one of the login.

    Put replies into `next` by what is asked: `token`, `activities`, `members`, `users`, `mailbox` and so on.

    A reply whose body is a string is sent as it is, as a page of a proxy would be.
    """

    def __init__(self) -> None:
        FakeTeams.__init__(self)
        Away.__init__(self)
        self.graph_away, self.login_away = Away(), Away()
        self.logins: list[dict[str, str]] = []
        self.token_seconds: object = 3600
        self.consent = True
        self.mailbox_consent = True
        self.accounts: dict[str, dict[str, Any]] = {}
        self.mailboxes: dict[str, dict[str, Any]] = {}
        self.not_installed: set[str] = set()
        self.outage: Reply | None = None
        """What every call of the connector is answered with while it is set."""

    @property
    def authority(self) -> str:
        """ENTRA_AUTHORITY."""
        return self.url

    @property
    def graph_url(self) -> str:
        """GRAPH_URL."""
        return f"{self.url}/graph"

    def asked(self, ending: str) -> list[Call]:
        """The calls whose path ends so."""
        return [call for call in self.calls if call.path.endswith(ending)]

    async def discovery(self, request: web.Request) -> web.Response:
        """The login's own document, with the addresses it would have outside."""
        base = f"https://login.example/{request.match_info['tenant']}"
        if self.next["discovery"]:
            return self._drawn(self.next["discovery"].popleft())
        return web.json_response(
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
            }
        )

    async def login(self, request: web.Request) -> web.Response:
        """A token of the app's own."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        wall = await self.login_away.in_the_way(
            request,
            lambda: web.json_response({"error": "invalid_client", "error_codes": [7000215]}, status=401),
        )
        if wall is not None:
            return wall
        self.logins.append(form | {"tenant": request.match_info["tenant"]})
        if self.next["token"]:
            return self._drawn(self.next["token"].popleft())
        proven = form.get("client_secret") == PASSWORD or bool(form.get("client_assertion"))
        if not proven or form.get("client_id") != APP_ID:
            return web.json_response({"error": "invalid_client", "error_codes": [7000215]}, status=401)
        return web.json_response(
            {
                "token_type": "Bearer",
                "expires_in": self.token_seconds,
                "access_token": f"{TOKEN}-{len(self.logins)}",
            }
        )

    async def conversations(self, request: web.Request) -> web.Response:
        body = await request.json()
        person = body["members"][0]["id"]
        if person in self.not_installed:
            self.next["conversations"].appendleft(refusal(403, "ForbiddenOperationException"))
        return await self._answer(request, "conversations", 201, {"id": f"a:{person[:8]}"})

    async def member(self, request: web.Request) -> web.Response:
        account = self.accounts.get(request.match_info["person"], {})
        usual = {"name": account.get("displayName", ""), "userRole": "user", "tenantId": TENANT}
        return await self._answer(request, "members", 200, usual)

    async def users(self, request: web.Request) -> web.Response:
        start = int(request.query.get("$skiptoken", "0"))
        every = list(self.accounts.values())
        page: dict[str, Any] = {"value": every[start : start + PAGE]}
        if start + PAGE < len(every):
            page["@odata.nextLink"] = f"{self.graph_url}/v1.0/users?$skiptoken={start + PAGE}"
        return await self._graph(request, "users", page if self.consent else None)

    async def user(self, request: web.Request) -> web.Response:
        account = self.accounts.get(request.match_info["id"])
        if self.consent and account is None:
            self.next["user"].append(refusal(404, "Request_ResourceNotFound"))
        return await self._graph(request, "user", account if self.consent else None)

    async def mailbox(self, request: web.Request) -> web.Response:
        settings = self.mailboxes.get(request.match_info["id"], {"timeZone": ""})
        return await self._graph(request, "mailbox", settings if self.mailbox_consent else None)

    async def batch(self, request: web.Request) -> web.Response:
        parts = []
        for one in (await request.json())["requests"]:
            settings = self.mailboxes.get(one["url"].split("/")[2])
            status = 403 if not self.mailbox_consent else 404 if settings is None else 200
            parts.append({"id": one["id"], "status": status, "body": settings or {}})
        return await self._graph(request, "batch", {"responses": parts})

    async def _graph(self, request: web.Request, kind: str, usual: Any) -> web.Response:
        if usual is None:
            self.next[kind].append(refusal(403, "Authorization_RequestDenied"))
        return await self._answer(request, kind, 200, usual)

    async def _answer(self, request: web.Request, kind: str, status: int, usual: Any) -> web.Response:
        authorization = request.headers.get("Authorization", "")
        text = await request.text()
        body = json.loads(text) if text else None
        self.calls.append(Call(request.method, request.path, body, authorization))
        self._news.set()
        away: Away = self if "/v3/" in request.path else self.graph_away
        wall = await away.in_the_way(request, lambda: web.json_response({}, status=401))
        if wall is not None:
            return wall
        if self.outage is not None and "/v3/" in request.path:
            return self._drawn(self.outage)
        if self.next[kind]:
            return self._drawn(self.next[kind].popleft())
        if not authorization.startswith(f"Bearer {TOKEN}"):
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        return web.json_response(usual, status=status)

    def _drawn(self, reply: Reply) -> web.Response:
        raw = isinstance(reply.body, str)
        text = reply.body if raw else json.dumps(reply.body)
        kind = "text/html" if raw else "application/json"
        return web.Response(text=text, status=reply.status, headers=reply.headers, content_type=kind)

    def application(self) -> web.Application:
        """Everything it answers."""
        app = super().application()
        for place in ("amer", "teams"):
            conversation = f"/{place}/v3/conversations/{{id}}"
            if place == "teams":
                app.router.add_post(f"/{place}/v3/conversations", self.conversations)
                app.router.add_post(f"{conversation}/activities", self.activities)
            app.router.add_get(f"{conversation}/members/{{person}}", self.member)
        app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self.discovery)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self.login)
        app.router.add_get("/graph/v1.0/users", self.users)
        app.router.add_get("/graph/v1.0/users/{id}", self.user)
        app.router.add_get("/graph/v1.0/users/{id}/mailboxSettings", self.mailbox)
        app.router.add_post("/graph/v1.0/$batch", self.batch)
        return app


@asynccontextmanager
async def listening() -> AsyncIterator[FakeCloud]:
    """A stand-in that listens while the block runs."""
    cloud = FakeCloud()
    runner = web.AppRunner(cloud.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        cloud.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield cloud
    finally:
        await runner.cleanup()
