"""The browser adapter's one entrance: every page's address, made into routes for the application to mount."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.web import entrance, forms, in_teams, practice, public, sign_in, sign_in_work, tenants
from integrations.web.headers import in_frame, safe
from integrations.web.help_now import HelpPage
from integrations.web.ports import Consent, Desk, Practice, Web, WorkSignIn
from integrations.web.posted import BadPost
from integrations.web.shell import not_open, trouble
from integrations.web.visit import unknown
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import NotOpen, SafeError

Page = Callable[[Web, Request], Awaitable[Response]]
Answerer = Callable[[Request], Awaitable[Response]]
FaultHandler = Callable[[Request, Exception], Awaitable[Response]]

_READ: tuple[tuple[str, Page], ...] = (
    ("/", forms.home),
    ("/f/{form}", forms.open_form),
    ("/me", forms.me),
    ("/status", forms.status),
    ("/o/{slug}/{form}", entrance.enter),
    ("/sign-in", sign_in.show),
    ("/help-now", public.help_now),
    ("/what-can-my-employer-see", public.employer),
    ("/bulletins", public.bulletins),
    ("/static/desk.css", public.style),
    ("/static/icon.svg", public.icon),
)
_SENT: tuple[tuple[str, Page], ...] = (
    ("/f/{form}", forms.send_form),
    ("/o/{slug}/{form}", entrance.send),
    ("/sign-in", sign_in.redeem),
    ("/sign-out", sign_in.sign_out),
)

_WITH_TEAMS = (
    sign_in_work.BEGIN,
    sign_in_work.BACK,
    tenants.INSTALL,
    tenants.INSTALLED,
    in_teams.TAB,
)
ADDRESSES = (
    *(f"GET {path}" for path in (*(path for path, _ in _READ), *_WITH_TEAMS)),
    *(f"POST {path}" for path, _ in _SENT),
)
"""Every page's method and path, those of practice apart; some are served only where Teams is set up."""
WITH_TEAMS = (in_teams.TAB, sign_in_work.BEGIN, sign_in_work.BACK, tenants.INSTALL, tenants.INSTALLED)
"""Pages that are there only where Teams is set up."""


def build_web(
    desk: Desk,
    *,
    help_numbers: Callable[[], HelpPage],
    entry_words: Callable[[str], tuple[str, ...] | None],
    opens: Callable[[str], bool],
    default_slug: Callable[[], str | None],
    practice: Practice | None,
    secret: bytes,
    https: bool,
    work: WorkSignIn | None = None,
    consent: Consent | None = None,
    tab: bool = False,
) -> tuple[list[Route], dict[int, FaultHandler]]:
    """The routes of all pages, and calm pages for 404, 405 and 500 as Starlette's `exception_handlers`.

    `secret` (32 bytes or more) proves our own forms. `entry_words` tells the words for a form with no token,
    and `opens` whether a name only shows something, so that a link may carry its token.
    With `practice` None there are no practice addresses; the same holds for `work`, `consent` and `tab`.
    """
    web = Web(
        desk, help_numbers, entry_words, opens, default_slug, practice, secret, https,
        work=work, consent=consent, tab=tab,
    )  # fmt: skip
    routes = [_route(web, path, "GET", _only_showing(page)) for path, page in _READ]
    routes += [_route(web, path, "POST", page) for path, page in _SENT]
    if practice is not None:
        routes += _practice_routes(web, practice)
    if work is not None:
        routes.append(_route(web, sign_in_work.BEGIN, "GET", sign_in_work.begin))
        routes.append(_route(web, sign_in_work.BACK, "GET", sign_in_work.back))
    if consent is not None:
        routes.append(_route(web, tenants.INSTALL, "GET", tenants.install))
        routes.append(_route(web, tenants.INSTALLED, "GET", tenants.installed))
    if tab:
        routes.append(_route(web, in_teams.TAB, "GET", in_teams.tab, framed=True))
    return routes, fault_pages(web)


def fault_pages(web: Web) -> dict[int, FaultHandler]:
    """Calm pages for what no page answered; they ask nothing of the desk."""

    async def missing(request: Request, fault: Exception) -> Response:
        return safe(not_open(web, request, unknown(web, request)), web.https)

    async def wrong_method(request: Request, fault: Exception) -> Response:
        return _calm(web, request, 405, words.METHOD_TITLE, words.ODD_TEXT)

    async def fault(request: Request, fault: Exception) -> Response:
        return _calm(web, request, 500, words.FAULT_TITLE, words.FAULT_TEXT)

    return {404: missing, 405: wrong_method, 500: fault}


def _practice_routes(web: Web, given: Practice) -> list[Route]:
    def with_practice(page: Callable[[Web, Practice, Request], Awaitable[Response]]) -> Page:
        return lambda web, request: page(web, given, request)

    return [
        _route(web, "/practice/clock", "POST", with_practice(practice.move_clock)),
        _route(web, "/practice/as", "POST", with_practice(practice.be_someone)),
        _route(web, "/practice/press", "POST", with_practice(practice.press)),
        _route(web, "/practice/messages", "GET", with_practice(practice.messages)),
    ]


def _only_showing(page: Page) -> Page:
    """A page whose link changes nothing, since another site can make anybody's browser follow one."""

    async def shown(web: Web, request: Request) -> Response:
        name = request.path_params.get("form")
        if "t" in request.query_params and name is not None and not web.opens(str(name)):
            raise NotOpen
        return await page(web, request)

    return shown


def _route(web: Web, path: str, method: str, page: Page, *, framed: bool = False) -> Route:
    async def answered(request: Request) -> Response:
        response = safe(await _answered(web, request, page), web.https)
        return in_frame(response) if framed else response

    return Route(path, answered, methods=[method], name=f"{method} {path}")


async def _answered(web: Web, request: Request, page: Page) -> Response:
    try:
        return await page(web, request)
    except BadPost as bad:
        title, text = _BAD.get(bad.status, (words.ODD_TITLE, words.ODD_TEXT))
        return trouble(web, request, unknown(web, request), bad.status, title, text)
    except NotOpen:
        return not_open(web, request, unknown(web, request))
    except SafeError:
        return trouble(web, request, unknown(web, request), 503, words.LATER_TITLE, words.LATER_TEXT)


def _calm(web: Web, request: Request, status: int, title: str, text: str) -> Response:
    return safe(trouble(web, request, unknown(web, request), status, title, text), web.https)


_BAD = {413: (words.LARGE_TITLE, words.LARGE_TEXT)}
