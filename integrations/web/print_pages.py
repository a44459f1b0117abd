"""The poster and the leaflet as sheets of paper: what the desk draws, with a square that a phone reads."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from integrations.web import render
from integrations.web.browser_session import arrive
from integrations.web.page_layout import form_target_for, not_open
from integrations.web.ports import Web
from integrations.web.template_environment import page
from trim_bot.app.seam.gestures import Invoke
from trim_bot.app.seam.views import Done, Link
from trim_bot.domain.clean_text import cleaned

SHEETS = ("poster", "leaflet")


async def sheet(web: Web, request: Request) -> Response:
    """`/print/{sheet}`: one sheet of A4, for whoever may print it and for nobody else."""
    name = str(request.path_params["sheet"])
    visit = await arrive(web, request)
    if visit.actor is None or name not in SHEETS:
        return not_open(web, request, visit)
    view = await web.desk.receive(visit.actor, Invoke(("peer", name)))
    addresses = [one.url for one in view.blocks if isinstance(one, Link)] if isinstance(view, Done) else []
    if not isinstance(view, Done) or view.name != name or not addresses:
        return not_open(web, request, visit)
    body = render.draw(view, await form_target_for(web, visit, view))
    html = page("sheet.html", title=view.title, sheet=name, body=body, square=square(addresses[0]))
    return HTMLResponse(cleaned(html))


def square(address: str) -> Markup:
    """A QR code of an address as a drawing, black on white, readable with a quarter of it dirty or torn."""
    # Loaded when something is printed: no other page and no start waits for it.
    import segno

    drawn: str = segno.make(address, error="q", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", svgclass="square", lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704  (drawn from squares alone)
