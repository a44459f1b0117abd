"""The Slack and Entra of `emulate`: started with our people in it, and a go-between that notes what is asked."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin

import aiohttp
import httpx
from aiohttp import web

from integrations.slack.manifest import SCOPES
from tests.adapters.slack_app.fake_slack import BOT_TOKEN, Call
from tests.adapters.slack_app.rules import faults_of_message, faults_of_view
from tests.e2e.served import free_port
from tests.e2e.slack_side import SECRET, SlackPerson, SlackSide
from tests.e2e.workplace import Workplace
from tests.peers.parts import MODULES, node, running

APP_ID = "A000000001"
BOT_USER = "U0000000BT"
CLIENT_ID, CLIENT_SECRET = "12345.67890", "loopback-client-secret"
LOOKER = "xoxb-loopback-looker"
"""A second token, with which the tests look at what arrived."""
MAY_LOOK = ["channels:read", "im:history", "im:read", "users:read"]


def seed(
    people: Sequence[str], redirect: str = "http://127.0.0.1:8000/slack/oauth_redirect"
) -> dict[str, Any]:
    """What a workspace of these people starts with: our app with the scopes of its manifest, and nothing said yet.

    The emulator refuses every call that needs a scope which the token has not.
    """
    bot = {"app_id": APP_ID, "bot_id": "B000000001", "bot_user_id": BOT_USER}
    return {
        "slack": {
            "team": {"name": "Acme", "domain": "acme"},
            "users": [{"name": one, "real_name": one.title(), "email": f"{one}@acme.example"} for one in people],
            "oauth_apps": [
                {
                    "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "name": "Peer Support",
                    "redirect_uris": [redirect], "scopes": list(SCOPES), "bot_name": "peer-support", **bot,
                }
            ],
            "tokens": [
                {"token": token, "type": "bot", "user_id": BOT_USER, "scopes": scopes, **bot}
                for token, scopes in ((BOT_TOKEN, list(SCOPES)), (LOOKER, MAY_LOOK))
            ],
            "signing_secret": SECRET,
            "strict_scopes": True,
        }
    }  # fmt: skip


async def agree(http: httpx.AsyncClient, address: str, who: str) -> str:
    """Go to a page of the emulator that asks who one is, choose somebody, and get the address it leads back to."""
    page = (await http.get(address)).text
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if who in form)
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)"\s+value="([^"]*)"', form)}
    action = re.findall(r'action="([^"]*)"', form)[0]
    answer = await http.post(urljoin(address, unescape(action)), data=fields)
    assert answer.status_code == 302, answer.status_code
    return str(answer.headers["location"])


@contextmanager
def emulated(services: str, seed: Mapping[str, Any], folder: Path, *more: str) -> Iterator[str]:
    """The address of a running `emulate` with these services."""
    file, port = folder / "seed.json", free_port()
    file.write_text(json.dumps(seed), encoding="utf-8")
    program = str(MODULES / "emulate" / "dist" / "index.js")
    options = ("--service", services, "--port", str(port), "--seed", str(file), *more)
    with running([node(), program, "start", *options], port, folder):
        yield f"http://127.0.0.1:{port}"


class Emulated(Workplace):
    """A workplace whose Slack is `emulate`: each call is passed on word for word, and its answer back.

    The emulator shows nobody what stands on a screen, so that the calls and answers that pass are noted.
    """

    def __init__(self, emulator: str) -> None:
        super().__init__()
        self.emulator = emulator
        self.channels: dict[str, str] = {}
        self._asking: aiohttp.ClientSession | None = None

    def ask(self, method: str, **arguments: object) -> dict[str, Any]:
        """Call the emulator ourselves, as Slack's own servers or an administrator would."""
        answer = httpx.post(
            f"{self.emulator}/api/{method}",
            json=arguments,
            headers={"Authorization": f"Bearer {LOOKER}"},
            trust_env=False,
        )
        found: dict[str, Any] = answer.json()
        return found

    def ids(self) -> dict[str, str]:
        """The id of everybody by name."""
        return {user["name"]: user["id"] for user in self.ask("users.list")["members"]}

    async def api(self, request: web.Request) -> web.Response:
        """Pass one call on."""
        method, body = request.match_info["method"], await request.read()
        if self._asking is None:
            self._asking = aiohttp.ClientSession()
        kept = {
            name: request.headers[name]
            for name in ("Authorization", "Content-Type")
            if name in request.headers
        }
        url = f"{self.emulator}/api/{method}"
        async with self._asking.request(
            request.method, url, params=request.query, data=body, headers=kept
        ) as got:
            answered = await got.read()
        arguments = _read(request, body)
        self.calls.append(Call(method, arguments))
        answer = json.loads(answered) if got.content_type == "application/json" else {"ok": False}
        arguments["answer"] = answer.get("error", "")
        if answer["ok"]:
            self._note(method, arguments, answer)
        self._news.set()
        return web.Response(body=answered, status=got.status, content_type=got.content_type)

    def _note(self, method: str, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        match method:
            case "conversations.open":
                self.channels[answer["channel"]["id"]] = asked["users"]
            case "chat.postMessage":
                self.faults += faults_of_message(asked["blocks"])
            case "views.open" | "views.update" | "views.publish":
                self.faults += faults_of_view(asked["view"])
                shown = copy.deepcopy(asked["view"]) | {
                    "id": answer["view"]["id"],
                    "hash": answer["view"]["hash"],
                }
                self.views.setdefault(shown["id"], []).append(shown)
                if method == "views.open":
                    self.opened[asked["trigger_id"]] = shown["id"]
                if method == "views.publish":
                    self.homes[asked["user_id"]] = shown

    def messages(self, user: str) -> list[dict[str, Any]]:
        """What stands in somebody's conversation with the app, as the emulator tells it, oldest first."""
        channel = next((id for id, of in self.channels.items() if of == user), None)
        if channel is None:
            return []
        history = self.ask("conversations.history", channel=channel)
        return sorted(history["messages"], key=lambda one: one["ts"])

    def put(self, id: str, drawn: dict[str, Any]) -> dict[str, Any]:
        """Let the emulator's screen show what the app answered to a submission, as Slack does by itself."""
        answer = self.ask("views.update", view_id=id, view=drawn)
        assert answer["ok"], answer
        shown = copy.deepcopy(drawn) | {"id": id, "hash": answer["view"]["hash"]}
        self.views[id].append(shown)
        return shown

    async def respond(self, request: web.Request) -> web.Response:
        """A line where somebody typed a command; the emulator has no such address."""
        answer = await super().respond(request)
        self._news.set()
        return answer

    async def go(self) -> None:
        """Refuse every connection."""
        await super().go()
        if self._asking is not None:
            await self._asking.close()
            self._asking = None


class EmulatedSide(SlackSide):
    """Slack's servers, with trigger ids that the emulator makes: good for three seconds, and once."""

    async def trigger(self, user: str) -> str:
        """A new one."""
        assert isinstance(self.workplace, Emulated)
        return str(self.workplace.ask("views.generateTriggerId", user_id=user)["trigger_id"])


class EmulatedPerson(SlackPerson):
    """Somebody with an account at the emulator."""

    def __init__(self, side: EmulatedSide, name: str, user: str) -> None:
        super().__init__(side, name)
        self.user = user


def _read(request: web.Request, body: bytes) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(json.loads(body or b"{}"))
    return dict(request.query) | dict(parse_qsl(body.decode()))
