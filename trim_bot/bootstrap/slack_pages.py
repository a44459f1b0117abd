"""The addresses Slack comes to, and the pages by which it is added: apart, since only who serves draws pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.web import render
from integrations.web.blocks import FormTarget
from integrations.web.browser_session import unknown
from integrations.web.page_layout import respond, safe
from integrations.web.ports import HelpPage, Web
from integrations.web.public_pages import web_without_desk
from integrations.web.reader_language import speak_as_asked
from trim_bot.app.seam.in_language import in_language
from trim_bot.app.seam.languages import spoken_here
from trim_bot.app.seam.views import Done
from trim_bot.bootstrap.deployment import Deployment

if TYPE_CHECKING:
    from integrations.slack.adapter import Slack
    from integrations.slack.install_pages import Draw


def slack_routes(
    slack: Slack,
    deployment: Deployment,
    help_numbers: Callable[[], HelpPage],
    *,
    https: bool,
    added: Callable[[str], None] = lambda team: None,
) -> list[Route]:
    """Signed requests where a secret checks them, and the install pages; `added` is told the team just added."""
    # Only here, so that a desk without Slack starts without its libraries.
    from integrations.slack.manifest import INSTALL_PATH, PATH, REDIRECT_PATH

    routes = []
    if slack.endpoint is not None:
        routes.append(Route(PATH, slack.endpoint, methods=["POST"]))
    web = web_without_desk(help_numbers, deployment.keyring.derive("browser"), https=https)
    secret = deployment.keyring.derive("slack-install")
    pages = slack.install_pages(
        drawing(web), secret, https=https, added=added, too_often=web.sign_in_limit.refuses
    )
    if pages is not None:
        routes.append(Route(INSTALL_PATH, pages.install, methods=["GET"]))
        routes.append(Route(REDIRECT_PATH, pages.back, methods=["GET"]))
    return routes


def drawing(web: Web) -> Draw:
    """Draws an answer as a page in the language that the browser asks for."""

    def draw(request: Request, view: Done, status: int) -> Response:
        speak_as_asked(request)
        said = in_language(view, spoken_here())
        body = render.draw(said, FormTarget(csrf=""))
        return safe(respond(web, request, unknown(web, request), render.title(said), body, status), web.https)

    return draw
