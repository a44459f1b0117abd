"""The web application: it always starts, shows help come what may, and opens the desk as soon as it can: one file,
since whatever is opened here has to be closed here.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.web.figures import FiguresNow, ProcessFigures
from integrations.web.help_file import HelpNumbers
from integrations.web.middleware import CountingAnswers, OwnHost, answer_metrics, exact, has_token
from integrations.web.pages import build_web
from integrations.web.public_pages import WRONG_ADDRESS, help_only_app
from trim_bot.app.desk.routes import entry_words, opens
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.watch.alert_conditions import closed_alert, kinds_of
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.app.watch.not_ready_words import look_at
from trim_bot.app.watch.ready_answer import not_ready_answer, ready_answer
from trim_bot.bootstrap.alerts import make_alerting
from trim_bot.bootstrap.practice import MakePractice, bare_practice
from trim_bot.bootstrap.process_log import described, tell
from trim_bot.bootstrap.readiness import WORDS, Closed, reason_of, store_of
from trim_bot.bootstrap.running import Running, open_running
from trim_bot.bootstrap.slack_pages import slack_routes
from trim_bot.bootstrap.teams import WorkPages, open_work_pages
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.settings.checks import host_of
from trim_bot.settings.environment import LINK, Mode, Settings
from trim_bot.settings.for_serving import fault_names
from trim_bot.settings.store_addresses import help_file

OPEN_AGAIN_SECONDS = 5.0


class Desktop:
    """One process that serves. `pause` waits between two tries to open the desk.

    `alone` is called before each try, and raises a SafeError where this process may not open it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        link: str = "",
        with_worker: bool = True,
        make_practice: MakePractice = bare_practice,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        alone: Callable[[], None] = lambda: None,
    ) -> None:
        self.settings = settings
        self.running: Running | None = None
        self.reason: NotReady = NotReady.STARTING
        self.store = ""
        """Which store the reason is about; empty where it is about none."""
        self.opened = asyncio.Event()
        """Set once the desk is open."""
        self.figures = ProcessFigures()
        self.alerting = make_alerting(settings)
        """Tells the administrator, also while the desk is closed."""
        self._telling: asyncio.Task[None] | None = None
        self._closed_at: float | None = None
        self._met = ""
        self._closing = asyncio.Lock()
        self._link = settings.public_url or link or LINK
        self._https = self._link.startswith("https:")
        self._with_worker = with_worker
        self._make_practice = make_practice
        self._pause = pause
        self._alone = alone
        self._help = HelpNumbers(help_file(settings))
        self._ours = OwnHost(_own_host(settings), tell)
        closed = partial(help_only_app, self._help, secrets.token_bytes(32), https=self._https)
        self._closed: ASGIApp = closed()
        self._elsewhere: ASGIApp = closed(why=WRONG_ADDRESS)
        self._pages: ASGIApp = self._closed
        self._work = WorkPages()

    def app(self) -> ASGIApp:
        """The application to serve."""
        routes = [
            Route("/healthz", self._health),
            Route("/readyz", self._ready),
            Route("/metrics", self._metrics),
            Mount("/", app=self._serve_pages),
        ]
        app = exact(Starlette(routes=routes, lifespan=lambda _: self.lifespan()))
        return CountingAnswers(app, self.figures)

    async def try_to_open(self) -> bool:
        """Open the desk if nothing stands in the way; else remember what does."""
        try:
            if self.settings.faults:
                raise Closed(NotReady.SETTINGS)
            self._alone()
            running = await self._start()
        except SafeError as error:
            database = error.database if isinstance(error, StoreUnavailable) else ""
            self._stay_closed(reason_of(error), store_of(database, self.settings))
            return False
        except Exception as error:  # noqa: BLE001 (help must be shown whatever stands in the way)
            if described(error) != self._met:
                self._met = described(error)
                tell(LogEvent.OPENING, error)
            self._stay_closed(NotReady.OPENING_FAILED)
            return False
        self.running, self._pages = running, self._open_pages(running)
        self.alerting.alerts = ()
        self.opened.set()
        self._say_open()
        return True

    async def _start(self) -> Running:
        running = await open_running(
            self.settings,
            link=self._link,
            with_worker=self._with_worker,
            make_practice=self._make_practice,
            alerting=self.alerting,
        )
        try:
            await running.start()
        except BaseException:
            await running.stop()
            raise
        return running

    def _stay_closed(self, reason: NotReady, store: str = "") -> None:
        if (reason, store) != (self.reason, self.store):
            tell(LogEvent.CLOSED, about=" ".join(filter(None, (reason.value, self._look_at(reason, store)))))
        if self._closed_at is None:
            self._closed_at = time.monotonic()
        self.reason, self.store = reason, store

    def _look_at(self, reason: NotReady, store: str) -> str:
        """The variables to look at."""
        return look_at(reason, store) or fault_names(self.settings.faults)

    def _say_open(self) -> None:
        """Where it could not be opened before, with how long that lasted; what comes after is told anew."""
        away = "" if self._closed_at is None else f"after {round(time.monotonic() - self._closed_at)} s"
        self.reason, self.store, self._met, self._closed_at = NotReady.STARTING, "", "", None
        tell(LogEvent.OPEN, about=away)

    def _open_pages(self, running: Running) -> ASGIApp:
        secret = running.deployment.keyring.derive("browser")
        self._work = open_work_pages(
            self.settings, self._link, secret, running.deployment.founder, running.chats.ways.heard
        )
        routes, faults = build_web(
            running.front,
            help_numbers=self._help,
            entry_words=entry_words,
            opens=opens,
            default_slug=lambda: running.front.only_slug,
            practice=running.practice,
            secret=secret,
            https=self._https,
            work=self._work.work,
            consent=self._work.consent,
            tab=self._work.tab,
            slack_home=self.settings.slack_home,
            tell=tell,
        )
        if running.slack is not None:
            routes += slack_routes(
                running.slack,
                running.deployment,
                self._help,
                https=self._https,
                added=running.workspace_added,
            )
        if running.teams is not None:
            routes.append(Route("/api/messages", running.teams.endpoint, methods=["POST"]))
        return exact(Starlette(routes=routes, exception_handlers={**faults}))

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open the desk, now or as soon as it can be; at the end, stop it in order."""
        await self.try_to_open()
        keeping = asyncio.create_task(self._keep_open())
        try:
            yield
        finally:
            begun = [task for task in (keeping, self._telling) if task is not None]
            for task in begun:
                task.cancel()
            await asyncio.gather(*begun, return_exceptions=True)
            await self._close()

    async def _keep_open(self) -> None:
        """Try until the desk is open; when its keyring was rotated, close it and open it with the new one."""
        while True:
            if self.running is not None:
                await self.running.outdated.wait()
                self._stay_closed(NotReady.KEYS_WRONG)
                await asyncio.shield(self._close())
            else:
                await self._pause(OPEN_AGAIN_SECONDS)
            if not await self.try_to_open() and (self._telling is None or self._telling.done()):
                # Beside it: a way that takes long keeps no desk closed.
                self._telling = asyncio.create_task(self.tell_closed())

    async def tell_closed(self) -> None:
        """Tell the administrator why the desk shows help alone, once that has lasted."""
        lasted = 0.0 if self._closed_at is None else time.monotonic() - self._closed_at
        since = self.alerting.now() - timedelta(seconds=lasted)
        try:
            await self.alerting.look_while_closed(
                closed_alert(self._look_at(self.reason, self.store), WORDS[self.reason], since)
            )
        except Exception as error:  # noqa: BLE001 (nothing about telling may keep the desk from opening)
            tell(LogEvent.SWEEP, error, "alerts")

    async def _close(self) -> None:
        async with self._closing:
            self._pages = self._closed
            self.opened.clear()
            running, self.running = self.running, None
            work, self._work = self._work, WorkPages()
            await work.close()
            if running is not None:
                await running.stop()

    async def _serve_pages(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            pages = self._pages if self._ours(scope) else self._elsewhere
            await pages(scope, receive, send)
        except Exception as error:  # noqa: BLE001 (a page was sent; the error's text may hold anything)
            if "told" not in scope.get("state", {}):
                tell(LogEvent.PAGE, error)

    async def _health(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _ready(self, request: Request) -> Response:
        whole = has_token(request, self.settings.metrics_token.get_secret_value())
        reason, running, alerts = await self._fault(), self.running, self.alerting.alerts
        if reason is not None or running is None:
            store = running.probe.store if running is not None else self.store
            return JSONResponse(not_ready_answer(reason or self.reason, store, alerts, whole=whole), 503)
        return JSONResponse(ready_answer(running.chats.away(), running.heart.wrong(), alerts, whole=whole))

    async def _fault(self) -> NotReady | None:
        if self.running is None:
            return self.reason
        return await self.running.probe.fault()

    async def _metrics(self, request: Request) -> Response:
        wrong, running = kinds_of(self.alerting.alerts), self.running
        shown = FiguresNow(ready=await self._fault() is None, wrong=wrong)
        if running is not None:
            store, every = running.deployment.store, running.heart.figures()
            keys = store.openings.told()
            altered = running.trial.through.altered(store.altered, store.in_doubt)
            shown = FiguresNow(shown.ready, running.ticker.age_seconds, keys, altered, wrong, every)
        text = self.figures.text(shown)
        return answer_metrics(request, self.settings.metrics_token.get_secret_value(), text)


def _own_host(settings: Settings) -> str:
    """The host of PUBLIC_URL in production; empty where every host will do."""
    return host_of(settings.public_url) if settings.mode is Mode.PRODUCTION else ""
