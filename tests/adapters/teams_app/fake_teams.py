"""A stand-in for Microsoft's side on a loopback port: the login keys with tokens to match, and the Bot Connector."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

T = TypeVar("T")
LONGEST_SECONDS = 60
"""How long anything may be waited for; reached only when it never comes."""
APP_ID = "11111111-aaaa-4aaa-8aaa-111111111111"
TENANT = "22222222-bbbb-4bbb-8bbb-222222222222"
ISSUER = "https://api.botframework.com"
KEY_ID = "loopback-key"


@cache
def signing_key(name: str = KEY_ID) -> rsa.RSAPrivateKey:
    """A key pair by name, made once a process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(name: str = KEY_ID, **more: Any) -> dict[str, Any]:
    """A public key as the key document lists it; None takes a member out."""
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(signing_key(name).public_key()))
    whole = key | {"kid": name, "use": "sig", "alg": "RS256", "endorsements": ["msteams"]} | more
    return {member: value for member, value in whole.items() if value is not None}


@dataclass
class Call:
    """One request to the Bot Connector."""

    method: str
    path: str
    body: Any
    authorization: str


@dataclass
class Reply:
    """What to answer once instead of the usual."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class FakeTeams:
    """Put replies into `next["activities"]` or `next["conversations"]`; `calls` is what the connector got."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.next: dict[str, deque[Reply]] = defaultdict(deque)
        self.keys: list[dict[str, Any]] = [public_jwk()]
        self.key_fetches = 0
        self.keys_gone = False
        """While it is set, the login keys cannot be fetched."""
        self.keys_held: asyncio.Event | None = None
        """Until it is set, whoever asks for the login keys waits."""
        self.url = ""
        self._news = asyncio.Event()

    @property
    def openid_url(self) -> str:
        """TEAMS_OPENID_URL."""
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def service_url(self) -> str:
        """The connector's address, as activities carry it."""
        return f"{self.url}/amer/"

    @property
    def host(self) -> str:
        """TEAMS_SERVICE_HOSTS."""
        return self.url.removeprefix("http://")

    def token(self, *, key: str = KEY_ID, kid: str | None = None, **claims: Any) -> str:
        """A token of the Bot Connector; a claim of None is left out. Times are seconds since 1970."""
        now = time.time()
        usual = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 5,
            "exp": now + 600,
            "serviceurl": self.service_url,
        }
        whole = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode(whole, signing_key(key), "RS256", {"kid": key if kid is None else kid})

    def headers(self, **claims: Any) -> dict[str, str]:
        """The headers of a good request."""
        return {"authorization": f"Bearer {self.token(**claims)}", "content-type": "application/json"}

    def sent(self) -> list[dict[str, Any]]:
        """The activities the app sent, oldest first."""
        return [call.body for call in self.calls if call.path.endswith("/activities")]

    async def until(self, found: Callable[[], T | None]) -> T:
        """Wait until something has been sent."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while True:
                self._news.clear()
                result = found()
                if result is not None:
                    return result
                await self._news.wait()

    async def openid(self, _request: web.Request) -> web.Response:
        """The OpenID document."""
        self.key_fetches += 1
        if self.keys_held is not None:
            await self.keys_held.wait()
        if self.keys_gone:
            return web.Response(status=500)
        keys = f"{self.url}/v1/.well-known/keys"
        document = {"issuer": ISSUER, "jwks_uri": keys, "id_token_signing_alg_values_supported": ["RS256"]}
        return web.json_response(document)

    async def key_document(self, _request: web.Request) -> web.Response:
        """The login keys."""
        return web.json_response({"keys": self.keys})

    async def conversations(self, request: web.Request) -> web.Response:
        """The 1:1 conversation with somebody, by their object id."""
        members = (await request.json()).get("members") or [{"id": "nobody"}]
        return await self._answer(request, "conversations", 201, {"id": f"a:{members[0]['id']}"})

    async def activities(self, request: web.Request) -> web.Response:
        """An activity for a conversation."""
        return await self._answer(request, "activities", 201, {"id": f"activity-{len(self.calls) + 1}"})

    async def _answer(self, request: web.Request, kind: str, status: int, usual: Any) -> web.Response:
        authorization = request.headers.get("Authorization", "")
        self.calls.append(Call(request.method, request.path, await request.json(), authorization))
        self._news.set()
        if self.next[kind]:
            reply = self.next[kind].popleft()
            return web.json_response(reply.body, status=reply.status, headers=reply.headers)
        return web.json_response(usual, status=status)

    def application(self) -> web.Application:
        """Everything it answers."""
        app = web.Application()
        app.router.add_get("/v1/.well-known/openidconfiguration", self.openid)
        app.router.add_get("/v1/.well-known/keys", self.key_document)
        app.router.add_post("/amer/v3/conversations", self.conversations)
        app.router.add_post("/amer/v3/conversations/{id}/activities", self.activities)
        return app


@asynccontextmanager
async def running() -> AsyncIterator[FakeTeams]:
    """A stand-in that listens while the block runs."""
    teams = FakeTeams()
    runner = web.AppRunner(teams.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        teams.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield teams
    finally:
        await runner.cleanup()
