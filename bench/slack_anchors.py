"""The plain Bolt applications that the Slack adapter is measured against: one listener that acks."""

from __future__ import annotations

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bench.slack_requests import PATH, SECRET, TEAM, TOKEN


def bolt(*, before_response: bool) -> ASGIApp:
    """Bolt's AsyncApp behind Starlette.

    `before_response` answers after the listener; without it Bolt polls for the ack, which is its default.
    """

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token=TOKEN, bot_user_id="UBOT")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=before_response)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command("/peer")(acknowledge)
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route(PATH, endpoint, methods=["POST"])])
