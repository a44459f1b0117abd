"""A Teams tenant on loopback: the stand-in for Microsoft's side, with everybody's chat with the app."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.adapters.teams_app.fake_cloud import PASSWORD, FakeCloud
from tests.adapters.teams_app.fake_teams import APP_ID, TENANT

Card = dict[str, Any]


class Tenancy(FakeCloud):
    """Keeps the cards in each chat. A conversation is called after the person it is with."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: list[tuple[str, Card]] = []
        """Every card that was taken, with the id of its conversation, oldest first."""

    def hire(self, person: str, name: str, **more: Any) -> None:
        """Somebody has an account."""
        self.accounts[person] = {
            "id": person,
            "displayName": name,
            "preferredLanguage": "en-GB",
            "accountEnabled": True,
            "userType": "Member",
        } | more
        self.mailboxes[person] = {"timeZone": "Europe/London"}

    def cards_to(self, person: str) -> list[Card]:
        """The cards in the chat that somebody has with the app."""
        return [card for chat, card in self.posted if chat in (f"a:{person}", f"a:{person[:8]}")]

    def stored_messages(self) -> list[str]:
        """Each message as Teams would store it."""
        return [json.dumps(call.body) for call in self.calls if call.path.endswith("/activities")]

    def sent_bytes(self) -> bytes:
        """What every message says, as Teams would store it."""
        stored = [call.body for call in self.calls if call.path.endswith("/activities")]
        return json.dumps(stored, ensure_ascii=False).encode()

    async def activities(self, request: web.Request) -> web.Response:
        """Keep what was taken."""
        answer = await super().activities(request)
        if answer.status < 300:
            [attached] = (await request.json())["attachments"]
            self.posted.append((request.match_info["id"], attached["content"]))
            self._news.set()
        return answer


@asynccontextmanager
async def open_for_business() -> AsyncIterator[Tenancy]:
    """A tenant that listens while the block runs."""
    place = Tenancy()
    runner = web.AppRunner(place.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield place
    finally:
        await runner.cleanup()


__all__ = ["APP_ID", "PASSWORD", "TENANT", "Tenancy", "open_for_business"]
