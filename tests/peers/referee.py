"""Runs in the peers' own environment: Microsoft's library behind its own door, as a second opinion on ours."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from typing import Any

import jwt
from microsoft_teams.api import InvokeResponse
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
from microsoft_teams.apps import App


class Door:
    """The one way in that the library asks for: it is given each request, and nothing listens."""

    def __init__(self) -> None:
        self.handler: Any = None

    def register_route(self, method: str, path: str, handler: Any) -> None:
        """Keep the handler."""
        if path == "/api/messages":
            self.handler = handler

    def serve_static(self, path: str, directory: str) -> None:
        """Nothing of ours is served."""


def own_token(scope: str, tenant: str | None = None) -> str:
    """The app's own token: the library reads it, and nobody is ever shown it."""
    return jwt.encode({"aud": scope, "exp": int(time.time()) + 3600}, "k" * 32)


async def main(app_id: str, openid_url: str) -> None:
    """Judge what comes in, one JSON object a line: headers and body; answer with the status, one a line."""
    logging.disable(logging.CRITICAL)
    door = Door()
    app = App(
        client_id=app_id,
        client_secret="unused",
        tenant_id="unused",
        http_server_adapter=door,
        cloud=with_overrides(PUBLIC, openid_metadata_url=openid_url),
        token=own_token,
    )
    seen: list[str] = []

    @app.on_message
    async def typed(_: Any) -> None:
        seen.append("message")

    @app.on_dialog_open
    async def opened(_: Any) -> Any:
        seen.append("dialog opened")
        return InvokeResponse(status=200, body={"task": {"type": "message", "value": "x"}})

    @app.on_dialog_submit
    async def sent(_: Any) -> Any:
        seen.append("dialog sent")
        return InvokeResponse(status=200, body={"task": {"type": "message", "value": "x"}})

    @app.on_message_ext_open
    async def command(_: Any) -> Any:
        seen.append("dialog opened")
        return InvokeResponse(status=200, body={"task": {"type": "message", "value": "x"}})

    @app.on_message_ext_submit
    async def command_sent(_: Any) -> Any:
        seen.append("dialog sent")
        return InvokeResponse(status=200, body={"task": {"type": "message", "value": "x"}})

    @app.on_card_action
    async def pressed(_: Any) -> Any:
        seen.append("card pressed")
        return InvokeResponse(status=200, body={"statusCode": 200, "type": "x", "value": "x"})

    @app.on_install_add
    async def installed(_: Any) -> None:
        seen.append("installed")

    @app.on_install_remove
    async def removed(_: Any) -> None:
        seen.append("removed")

    @app.on_conversation_update
    async def changed(_: Any) -> None:
        seen.append("conversation")

    await app.initialize()
    for line in sys.stdin:
        asked = json.loads(line)
        seen.clear()
        answer = await door.handler({"body": asked["body"], "headers": asked["headers"]})
        print(json.dumps({"status": answer["status"], "seen": list(seen)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
