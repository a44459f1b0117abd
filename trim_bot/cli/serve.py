"""`serve` and `worker`: the desk at work."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
import uvicorn

from integrations.ground.bounded_connections import IDLE_SECONDS, BoundedProtocol
from trim_bot.bootstrap.process_log import set_up_logging, tell_unknown_variables
from trim_bot.bootstrap.serving import Desktop
from trim_bot.bootstrap.store_opening import single_process
from trim_bot.cli.faults import CommandRefused, Misuse
from trim_bot.cli.listening import listening
from trim_bot.cli.printing import say, say_aside
from trim_bot.cli.working import Worker
from trim_bot.settings.checks import SettingsErrors, beyond_this_machine, port_of
from trim_bot.settings.environment import Mode, Settings, load_settings
from trim_bot.settings.for_serving import settings_for_serving
from trim_bot.storage.backup.private_folder import FolderUnusable, destroy_left

DRAIN_SECONDS = 10


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.", min=1, max=65535)] = 8000,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="On PostgreSQL, do the worker's part here too.")
    ] = False,
) -> None:
    """Serve the desk. On SQLite this process does the worker's part too."""
    settings = settings_for_serving()
    _check_host(host, settings)
    for fault in settings.faults:
        say_aside(str(fault))
    here = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
    set_up_logging()
    tell_unknown_variables()
    if port_of(settings.public_url) == port and settings.mode is Mode.PRODUCTION:
        say_aside(
            f"PUBLIC_URL names port {port}, at which this process speaks no https: is your proxy's meant?"
        )
    _destroy_left()
    with _one_process(settings) as alone, listening(host, port) as sockets:
        say(f"The desk listens at {here}. Stop it with Ctrl+C.")
        say(f"Is it ready? {here}/readyz   Help for everyone: {here}/help-now")
        worker_too = with_worker or settings.is_sqlite
        desktop = Desktop(settings, link=here, with_worker=worker_too, alone=alone)
        run_server(desktop, sockets)


@contextmanager
def _one_process(settings: Settings) -> Iterator[Callable[[], None]]:
    """What keeps a second process out, as `single_process`; where no store can be named there is nothing to keep."""
    if settings.faults:
        yield lambda: None
        return
    with single_process(settings) as only:
        yield only.take


def _check_host(host: str, settings: Settings) -> None:
    if not beyond_this_machine(host):
        return
    if settings.mode is Mode.PRODUCTION and any(fault.name == "PUBLIC_URL" for fault in settings.faults):
        raise SettingsErrors(settings.faults)
    if settings.manual_clock:
        raise Misuse("A desk whose clock is moved by hand serves this machine alone: leave out --host")
    if settings.mode is Mode.PRODUCTION and not settings.public_url:
        raise Misuse("Set PUBLIC_URL to the https address people use, or leave out --host")


def run_server(desktop: Desktop, sockets: list[socket.socket]) -> None:
    """Serve until told to stop. Requests are never logged: an address may hold a token."""
    set_up_logging()
    config = uvicorn.Config(
        desktop.app(),
        http=BoundedProtocol,
        ws="none",
        timeout_keep_alive=IDLE_SECONDS,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = uvicorn.Server(config)
    with _stopping(server):
        server.run(sockets)
    if not server.started:
        raise CommandRefused("The desk could not be served: the log says why")


@contextmanager
def _stopping(server: uvicorn.Server) -> Iterator[None]:
    """See that stopping as asked ends well: uvicorn sends itself the signal again after a clean stop."""

    def stop(_signal: int, _frame: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def worker() -> None:
    """Do what is due, beside `serve`, on PostgreSQL."""
    settings = load_settings()
    if settings.is_sqlite:
        raise CommandRefused("On SQLite one process does everything: run trim-bot serve alone")
    set_up_logging()
    tell_unknown_variables()
    _destroy_left()
    asyncio.run(_work(settings))


def _destroy_left() -> None:
    """Take away copies of keys that a killed drill left. Whatever stands in the way keeps no desk closed."""
    try:
        destroy_left()
    except FolderUnusable:
        say_aside("TMPDIR names no folder that can be written: a drill will be refused. Set it to another.")
    except OSError:
        say_aside(
            "Copies of keys that a killed drill left could not be taken away: trim-bot doctor says where."
        )


async def _work(settings: Settings) -> None:
    ended = asyncio.Event()
    for stop in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(stop, ended.set)
    await Worker(settings, ended).work()
