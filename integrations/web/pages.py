"""The browser adapter's one entrance: every page's address, those of Teams where it is set up, made into routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from integrations.web import (
    form_pages,
    help_pages,
    kept_pages,
    leaving_pages,
    people_pages,
    practice_pages,
    print_pages,
    public_pages,
    sign_in_pages,
    typed_again,
)
from integrations.web.browser_session import (
    MOST_SIGNED,
    BadPost,
    consent_cookie,
    cookie,
    forget,
    keep,
    unknown,
)
from integrations.web.direct_message import SLACK_HOME
from integrations.web.page_layout import in_frame, not_open, numbers_at_hand, safe, trouble
from integrations.web.ports import Consent, Desk, HelpPage, Practice, Web, WorkSignIn
from integrations.web.sign_in_pages import BEGIN
from integrations.web.template_environment import page
from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import NotOpen, SafeError, StoreUnavailable

INSTALL, INSTALLED = "/teams/install", "/teams/installed"
MOST_ANSWER = 8000


async def install(web: Web, request: Request) -> Response:
    """`GET /teams/install`: on to the login, where an administrator agrees for their tenant."""
    if web.consent is None:
        return not_open(web, request, unknown(web, request))
    address, kept = web.consent.begin()
    response = RedirectResponse(address, 303)
    keep(response, consent_cookie(web.https), kept, web.https)
    return response


async def installed(web: Web, request: Request) -> Response:
    """`GET /teams/installed`: what came of it. Whether a tenant was here already makes no difference to the page."""
    visit = unknown(web, request)
    if web.signed_out_limit.refuses(request):
        return trouble(web, request, visit, 429, words.OFTEN_TITLE, words.OFTEN_TEXT)
    kept = cookie(request, consent_cookie(web.https), MOST_SIGNED)
    answer = dict(request.query_params)
    short = len(str(request.url.query)) <= MOST_ANSWER
    done = web.consent is not None and kept != "" and short and await web.consent.finish(kept, answer)
    if done:
        response = trouble(web, request, visit, 200, words.TENANT_TITLE, words.TENANT_TEXT)
    else:
        response = trouble(web, request, visit, 403, words.NO_TENANT_TITLE, words.NO_TENANT_TEXT)
    forget(response, consent_cookie(web.https), web.https)
    return response


TAB = "/teams/tab"


async def teams_tab(web: Web, request: Request) -> Response:
    """`GET /teams/tab`: help numbers, how to ask, and the way to one's own pages in the browser."""
    return HTMLResponse(
        page(
            "tab.html",
            numbers=numbers_at_hand(web),
            sign_in=BEGIN if web.work else "/sign-in",
        )
    )


Page = Callable[[Web, Request], Awaitable[Response]]
FaultHandler = Callable[[Request, Exception], Awaitable[Response]]

_READ: tuple[tuple[str, Page], ...] = (
    ("/", form_pages.home),
    ("/f/{form}", form_pages.open_form),
    ("/p/{handle}", kept_pages.open_kept),
    ("/me", form_pages.me),
    ("/status", form_pages.status),
    ("/status.csv", form_pages.status_table),
    ("/o/{slug}/{form}", form_pages.open_unnamed),
    ("/o/{slug}/p/{handle}", kept_pages.open_kept_unnamed),
    ("/sign-in", sign_in_pages.show),
    ("/help-now", help_pages.help_now),
    ("/what-can-my-employer-see", public_pages.employer),
    ("/bulletins", form_pages.bulletins),
    ("/bulletins/{bulletin}", form_pages.bulletin),
    ("/print/{sheet}", print_pages.sheet),
    ("/static/desk.css", public_pages.style),
    ("/static/icon.svg", public_pages.icon),
    ("/static/people.js", public_pages.script),
)
_SENT: tuple[tuple[str, Page], ...] = (
    ("/f/{form}", form_pages.send_form),
    ("/find-people", people_pages.find),
    ("/o/{slug}/{form}", form_pages.send_unnamed),
    ("/sign-in", sign_in_pages.redeem),
    ("/sign-out", leaving_pages.sign_out),
    (leaving_pages.AWAY, leaving_pages.leave),
    (typed_again.UNSENT, typed_again.take),
)

WITH_TEAMS = (
    sign_in_pages.BEGIN,
    sign_in_pages.BACK,
    INSTALL,
    INSTALLED,
    TAB,
)
"""Pages that are there only where Teams is set up."""
ADDRESSES = (
    *(f"GET {path}" for path in (*(path for path, _ in _READ), *WITH_TEAMS)),
    *(f"POST {path}" for path, _ in _SENT),
)
"""Every page's method and path, those of practice apart; some are served only where Teams is set up."""


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
    slack_home: str = SLACK_HOME,
    tell: Tell = lambda event, error=None, about="": "",
) -> tuple[list[Route], dict[int, FaultHandler]]:
    """The routes of all pages, and calm pages for 404, 405 and 500 as Starlette's `exception_handlers`.

    `secret` (32 bytes or more) proves our own forms. `entry_words` tells the words for a form with no token,
    and `opens` whether a name only shows something, so that a link may carry its token.
    With `practice` None there are no practice addresses; the same holds for `work`, `consent` and `tab`. `tell` is told
    of each page whose place says that something went wrong.
    """
    web = Web(
        desk, help_numbers, entry_words, opens, default_slug, practice, secret, https,
        work=work, consent=consent, tab=tab, slack_home=slack_home, tell=tell,
    )  # fmt: skip
    routes = [_route(web, path, "GET", _only_showing(page)) for path, page in _READ]
    routes += [_route(web, path, "POST", page) for path, page in _SENT]
    if practice is not None:
        routes += _practice_routes(web, practice)
    if work is not None:
        routes.append(_route(web, sign_in_pages.BEGIN, "GET", sign_in_pages.begin))
        routes.append(_route(web, sign_in_pages.BACK, "GET", sign_in_pages.back))
    if consent is not None:
        routes.append(_route(web, INSTALL, "GET", install))
        routes.append(_route(web, INSTALLED, "GET", installed))
    if tab:
        routes.append(_route(web, TAB, "GET", teams_tab, framed=True))
    return routes, fault_pages(web)


def fault_pages(web: Web) -> dict[int, FaultHandler]:
    """Calm pages for what no page answered; they ask nothing of the desk."""

    async def missing(request: Request, fault: Exception) -> Response:
        return safe(not_open(web, request, unknown(web, request)), web.https)

    async def wrong_method(request: Request, fault: Exception) -> Response:
        return _calm(web, request, 405, words.METHOD_TITLE, words.ODD_TEXT)

    async def fault(request: Request, fault: Exception) -> Response:
        request.state.told = True
        reference = web.tell(LogEvent.PAGE, fault)
        return _calm(web, request, 500, words.FAULT_TITLE, words.FAULT_TEXT, reference)

    return {404: missing, 405: wrong_method, 500: fault}


def _practice_routes(web: Web, given: Practice) -> list[Route]:
    def with_practice(page: Callable[[Web, Practice, Request], Awaitable[Response]]) -> Page:
        return lambda web, request: page(web, given, request)

    return [
        _route(web, "/practice/clock", "POST", with_practice(practice_pages.move_clock)),
        _route(web, "/practice/as", "POST", with_practice(practice_pages.be_someone)),
        _route(web, "/practice/press", "POST", with_practice(practice_pages.press)),
        _route(web, "/practice/messages", "GET", with_practice(practice_pages.messages)),
    ]


def _only_showing(page: Page) -> Page:
    """A page whose link changes nothing, since another site can make anybody's browser follow one."""

    async def shown(web: Web, request: Request) -> Response:
        if "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", "")):
            # Nobody has asked to see it yet, and what is shown is written down as read.
            return Response(status_code=503)
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
    except StoreUnavailable as away:
        reference = web.tell(LogEvent.STORE_AWAY, away)
    except SafeError as fault:
        reference = web.tell(LogEvent.PAGE, fault)
    title, text = words.LATER_TITLE, words.LATER_TEXT
    return trouble(web, request, unknown(web, request), 503, title, text, reference=reference)


def _calm(web: Web, request: Request, status: int, title: str, text: str, reference: str = "") -> Response:
    page = trouble(web, request, unknown(web, request), status, title, text, reference=reference)
    return safe(page, web.https)


_BAD = {413: (words.LARGE_TITLE, words.LARGE_TEXT)}
