"""`demo`: the practice workspace in the browser, or with `--script` the whole story in the terminal."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from typing import Annotated, NoReturn

import typer
import uvicorn
from rich.console import Console

from trim_bot.app.seam.views import View
from trim_bot.bootstrap import Desktop
from trim_bot.bootstrap.process_log import set_up_logging
from trim_bot.cli.faults import CommandRefused, ExitCode, say
from trim_bot.cli.terminal_panels import WIDTH, panel
from trim_bot.practice import practice_workspace
from trim_bot.practice.story import play
from trim_bot.practice.workspace import practice_ground

HOST = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add `demo`."""
    app.command(name="demo")(demo)


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where on this machine to serve.")] = 8000,
    script: Annotated[bool, typer.Option("--script", help="Play the whole story in the terminal.")] = False,
) -> None:
    """Try everything out with made-up people; nothing leaves this machine."""
    set_up_logging()
    logging.getLogger("trim_bot").setLevel(logging.WARNING)
    if script:
        happened = asyncio.run(play(TerminalTeller()))
        say("" if happened else "The story stopped here.")
        say(
            "The whole story happened. Try it yourself: trim-bot demo"
            if happened
            else "Nothing is kept of it."
        )
        raise typer.Exit(ExitCode.GOOD if happened else ExitCode.FAULT)
    _check_port(port)
    link = f"http://{HOST}:{port}"
    signal.signal(signal.SIGTERM, _leave)
    with practice_ground(link) as (folder, settings):
        application = Desktop(settings, link=link, make_practice=practice_workspace).app()
        config = uvicorn.Config(application, host=HOST, port=port, log_config=None, access_log=False)
        try:
            _Greeting(config, link).run()
        except (KeyboardInterrupt, SystemExit):
            # Leaving is how practice ends; what comes next says what was removed.
            say("")
    say(f"Practice has ended. Its keyring and its three databases in {folder} were removed.")


class TerminalTeller:
    """Shows the story as panels, and each step as a plain line that a program can read."""

    def __init__(self) -> None:
        self._console = Console(
            file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, highlight=False
        )

    def screen(self, who: str, did: str, view: View) -> None:
        """Show what one member sees, as a panel in the terminal."""
        self._console.print(panel(who, did, view))

    def note(self, text: str) -> None:
        """Print one line of the story between two panels."""
        self._console.print(text, style="dim", markup=False)

    def passed(self, number: int, step: str) -> None:
        """Print that a step held, as `ok 3 offer-opened`."""
        self._plain(f"ok {number} {step}")

    def failed(self, number: int, step: str, why: str) -> None:
        """`not ok 3 offer-opened`, and why."""
        self._plain(f"not ok {number} {step}: {why}")

    def _plain(self, line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


class _Greeting(uvicorn.Server):
    """Says where the workspace is once it can be opened."""

    def __init__(self, config: uvicorn.Config, link: str) -> None:
        super().__init__(config)
        self._link = link

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the server, then print its address."""
        await super().startup(sockets)
        if self.started:
            say(f"The practice workspace is open: {self._link}")
            say("Everybody in it is made up, the clock can be moved, and nothing leaves this machine.")
            say("Press Ctrl+C to end it. Everything it made is then removed.")
            sys.stdout.flush()


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise CommandRefused(f"Port {port} is taken or not allowed: choose another with --port") from None


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
