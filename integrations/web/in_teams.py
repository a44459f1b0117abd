"""The tab in Teams: one page, the same for everybody, that asks for nothing and sets no cookie."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from integrations.web.numbers import call
from integrations.web.paper import page
from integrations.web.ports import Web
from integrations.web.sign_in_work import BEGIN

TAB = "/teams/tab"


async def tab(web: Web, request: Request) -> Response:
    """`GET /teams/tab`: help numbers, how to ask, and the way to one's own pages in the browser."""
    given = web.help_numbers()
    numbers = given.site or given.everywhere[:3]
    return HTMLResponse(
        page("tab.html", numbers=numbers, call=call, sign_in=BEGIN if web.work else "/sign-in")
    )
