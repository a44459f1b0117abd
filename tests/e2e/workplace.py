"""A chat workplace on loopback: the stand-in for Slack, with everybody's screen, that can go away and come back."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from tests.adapters.slack_app.fake_slack import BOT_TOKEN, FakeSlack, Reply
from tests.adapters.slack_app.person import TEAM

T = TypeVar("T")
LONGEST_SECONDS = 60
"""How long anything may be waited for; reached only when it never comes."""
OUTAGES = ("conversations.open", "chat.postMessage")


class Workplace(FakeSlack):
    """Keeps every view that is on a screen, by the trigger that opened it and by its id."""

    def __init__(self) -> None:
        super().__init__()
        self.views: dict[str, list[dict[str, Any]]] = {}
        self.opened: dict[str, str] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.hold: asyncio.Event | None = None
        """Until it is set, messages from number `hold_from` on are taken and not answered."""
        self.hold_from = 0
        self.outage: Reply | None = None
        """What every attempt to write to somebody is answered with while it is set."""
        self.unreachable: dict[str, str] = {}
        """Accounts nobody can write to, each with what Slack says of it."""
        self._runner: web.AppRunner | None = None
        self._port = 0

    def hire(self, user: str, name: str, **more: Any) -> None:
        """Somebody has an account."""
        self.users[user] = {
            "id": user,
            "team_id": TEAM,
            "real_name": name,
            "tz": "Europe/London",
            "locale": "en-GB",
        } | more

    def messages(self, user: str) -> list[dict[str, Any]]:
        """What the app posted to somebody and Slack took, oldest first."""
        return [
            call
            for call in self.called("chat.postMessage")
            if call["channel"] == f"D{user[1:]}" and call.get("taken")
        ]

    def stored_messages(self) -> list[str]:
        """Each message as Slack would store it."""
        return [
            json.dumps([call.arguments["text"], call.arguments["blocks"]])
            for call in self.calls
            if call.method == "chat.postMessage"
        ]

    def sent_bytes(self) -> bytes:
        """What every message, Home view and notification says, as Slack would store it."""
        stored = [
            {name: value for name, value in call.arguments.items() if name not in ("channel", "user_id")}
            for call in self.calls
            if call.method in ("chat.postMessage", "views.publish")
        ]
        return json.dumps([stored, self.answered], ensure_ascii=False).encode()

    async def wait(self, found: Callable[[], T | None]) -> T:
        """Wait until something has been called or shown."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while True:
                self._news.clear()
                result = found()
                if result is not None:
                    return result
                await self._news.wait()

    async def shown_for(self, trigger: str) -> dict[str, Any]:
        """The view that a command or press opened."""
        id = await self.wait(lambda: self.opened.get(trigger))
        return self.views[id][-1]

    async def shown_after(self, id: str, count: int) -> dict[str, Any]:
        """The newest state of a view that has been drawn more than `count` times."""
        return await self.wait(lambda: self.views[id][-1] if len(self.views[id]) > count else None)

    def put(self, id: str, drawn: dict[str, Any]) -> dict[str, Any]:
        """A view as it now stands on the screen, after an answer of the app replaced it."""
        history = self.views[id]
        shown = copy.deepcopy(drawn) | {"id": id, "hash": f"{len(history)}.{id}"}
        history.append(shown)
        return shown

    def _usual(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method == "conversations.open" and arguments["users"] in self.unreachable:
            return {"ok": False, "error": self.unreachable[arguments["users"]]}
        answer = super()._usual(method, arguments)
        if method == "chat.postMessage":
            arguments["taken"] = True
        return answer

    def _view(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method == "views.publish":
            self.homes[arguments["user_id"]] = arguments["view"]
            return super()._view(method, arguments)
        if method == "views.update":
            history = self.views.get(arguments["view_id"])
            if history is None:
                return {"ok": False, "error": "not_found"}
            if arguments.get("hash") not in (None, history[-1]["hash"]):
                return {"ok": False, "error": "hash_conflict"}
        answer = super()._view(method, arguments)
        if not answer["ok"]:
            return answer
        id = answer["view"]["id"]
        self.views.setdefault(id, [])
        answer["view"] = self.put(id, arguments["view"])
        if method == "views.open":
            self.opened[arguments["trigger_id"]] = id
        return answer

    async def api(self, request: web.Request) -> web.Response:
        """Answer one call, unless there is an outage or messages are being held."""
        method = request.match_info["method"]
        if self.outage is not None and method in OUTAGES:
            self.next[method].append(self.outage)
        answer = await super().api(request)
        held = method == "chat.postMessage" and len(self.called(method)) >= self.hold_from
        if self.hold is not None and held:
            await self.hold.wait()
        return answer

    async def come(self) -> None:
        """Listen, at the same port as before if there was one."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self.api)
        app.router.add_post("/respond", self.respond)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def go(self) -> None:
        """Refuse every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


__all__ = ["BOT_TOKEN", "TEAM", "Workplace"]
