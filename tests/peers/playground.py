"""Microsoft's Agents Playground as the Teams that the app meets, and what stands between the two."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from tests.e2e.teams_side import TeamsSide, object_id
from tests.e2e.tenancy import APP_ID, TENANT, Tenancy
from tests.peers.parts import MODULES, node, running

CHAT = "personal-chat"
OTHERS = 5
"""Its configuration wants so many people besides the one who is at the screen."""


def _account(name: str) -> dict[str, str]:
    return {
        "id": f"29:{name}",
        "name": name.title(),
        "userPrincipleName": f"{name}@acme.example",
        "aadObjectId": object_id(name),
        "givenName": name.title(),
        "surname": "Example",
        "email": f"{name}@acme.example",
    }


def people_file(at_screen: str, others: Sequence[str]) -> str:
    """The Playground's configuration. JSON is YAML as well."""
    names = [*others, *(f"someone{n}" for n in range(OTHERS))][:OTHERS]
    return json.dumps(
        {
            "version": "0.1.1",
            "tenantId": TENANT,
            "bot": {"id": f"28:{APP_ID}", "name": "Peer Support"},
            "currentUser": _account(at_screen),
            "users": [_account(name) for name in names],
            "personalChat": {"id": CHAT},
            "groupChat": {"id": "group-chat", "name": "Group Chat"},
            "team": {
                "id": "team",
                "name": "Team",
                "aadGroupId": object_id("team"),
                "channels": [{"id": "announcements", "name": "Announcements"}],
            },
        }
    )


@contextmanager
def playing(
    between: Between, port: int, at_screen: str, others: Sequence[str], folder: Path
) -> Iterator[None]:
    """A running Playground with somebody at its screen; it listens at every address of its network."""
    (folder / ".m365agentsplayground.yml").write_text(people_file(at_screen, others), encoding="utf-8")
    program = MODULES / "@microsoft" / "m365agentsplayground" / "cli.js"
    command = [
        node(), str(program), "--app-endpoint", f"{between.url}/api/messages", "--channel-id", "msteams",
        "--port", str(port), "--service-url", between.connector(at_screen), "--disable-telemetry",
    ]  # fmt: skip
    between.playgrounds[at_screen] = f"http://127.0.0.1:{port}"
    with running(command, port, folder):
        yield


class Between:
    """Stands between Playgrounds and the app. Nothing that passes is changed, and all of it is noted.

    To what comes in it adds the token that the Bot Connector would: the Playground can send none that could be
    checked offline, and the app's check is never left out.
    """

    def __init__(self, place: Tenancy) -> None:
        self._place = place
        self._runner: web.AppRunner | None = None
        self._http = httpx.AsyncClient(trust_env=False, timeout=30)
        self.app = ""
        """The app's address, once it listens."""
        self.playgrounds: dict[str, str] = {}
        self.heard: list[tuple[dict[str, Any], int, Any]] = []
        """Every activity, with the status and the body of its answer."""
        self.said: list[tuple[str, str, int, Any]] = []
        """What the app asked of a connector: who is at its screen, path, status, body."""
        self.watching: list[Callable[[], None]] = []
        self.bearers: set[str] = set()
        """Every authorization that the app showed to a connector."""
        self.url = ""

    async def begin(self) -> None:
        """Listen on a free port."""
        listening = web.Application()
        listening.router.add_post("/api/messages", self._in)
        listening.router.add_route("*", "/{name}/_connector/{path:.*}", self._out)
        self._runner = web.AppRunner(listening, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def end(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self._http.aclose()

    def connector(self, name: str) -> str:
        """The service address of the Playground that somebody is at."""
        return f"{self.url}/{name}/_connector"

    async def send(self, activity: dict[str, Any]) -> tuple[int, Any]:
        """Send one activity to the app as the Bot Connector would."""
        headers = self._place.headers(serviceurl=activity["serviceUrl"])
        answer = await self._http.post(f"{self.app}/api/messages", json=activity, headers=headers)
        body = answer.json() if answer.content else None
        self.heard.append((activity, answer.status_code, body))
        return answer.status_code, body

    async def _in(self, request: web.Request) -> web.Response:
        status, body = await self.send(await request.json())
        return web.json_response(body, status=status) if body is not None else web.Response(status=status)

    async def _out(self, request: web.Request) -> web.Response:
        name, path = request.match_info["name"], request.match_info["path"]
        self.bearers.add(request.headers.get("authorization", ""))
        sent = await request.read()
        answer = await self._http.request(
            request.method,
            f"{self.playgrounds[name]}/_connector/{path}",
            params=dict(request.query),
            content=sent,
            headers={"content-type": request.headers.get("content-type", "application/json")},
        )
        self.said.append((name, path, answer.status_code, json.loads(sent) if sent else None))
        for told in self.watching:
            told()
        kind = answer.headers.get("content-type", "application/json").partition(";")[0]
        return web.Response(body=answer.content, status=answer.status_code, content_type=kind)


class Sender(Tenancy):
    """The connector of one Playground, as an activity from there names it."""

    def __init__(self, between: Between, name: str) -> None:
        super().__init__()
        self._between = between
        self._name = name
        between.watching.append(self._news.set)

    @property
    def service_url(self) -> str:
        """Where answers go."""
        return self._between.connector(self._name)

    def cards_to(self, person: str) -> list[dict[str, Any]]:
        """Every card that the Playground took into its chat, oldest first."""
        taken = [
            body
            for name, path, status, body in self._between.said
            if name == self._name and path.endswith("/activities") and status < 300
        ]
        return [one["content"] for body in taken for one in body.get("attachments", [])]


class BesidePlayground(TeamsSide):
    """Sends what a Playground cannot, a button that asks for a dialog, from its own chat and with a good token."""

    def __init__(self, between: Between, name: str) -> None:
        super().__init__(httpx.AsyncClient(), Sender(between, name))
        self._between = between

    async def post(self, activity: Mapping[str, Any], **headers: str) -> httpx.Response:
        """An activity in the chat with the app."""
        here = dict(activity)
        if here["conversation"].get("conversationType") == "personal":
            here["conversation"] = here["conversation"] | {"id": CHAT}
        status, body = await self._between.send(here)
        return httpx.Response(status, json=body) if body is not None else httpx.Response(status)
