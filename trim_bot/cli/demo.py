"""`demo`: the practice workspace in the browser, or its story as panels in the terminal: one file, since
nothing else draws them.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterable
from typing import Annotated, NoReturn, assert_never

import typer
import uvicorn
from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Line

from trim_bot.app.seam.views import (
    Alert,
    Block,
    Bullets,
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    Facts,
    FieldErrors,
    Figures,
    Form,
    Heading,
    Link,
    Message,
    Nothing,
    PeopleInput,
    PersonCard,
    PersonInput,
    Text,
    TextInput,
    TimeInput,
    Toggle,
    Tone,
    View,
    Weight,
)
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL, TONES, step_line
from trim_bot.bootstrap.process_log import set_up_logging
from trim_bot.bootstrap.serving import Desktop
from trim_bot.cli.faults import ExitCode
from trim_bot.cli.listening import listening
from trim_bot.cli.printing import say
from trim_bot.cli.tables import say_drawn
from trim_bot.practice.story.playing import play
from trim_bot.practice.workspace import practice_ground, practice_workspace

HOST = "127.0.0.1"


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
    link = f"http://{HOST}:{port}"
    signal.signal(signal.SIGTERM, _leave)
    with listening(HOST, port) as sockets, practice_ground(link) as (folder, settings):
        application = Desktop(settings, link=link, make_practice=practice_workspace).app()
        config = uvicorn.Config(application, log_config=None, access_log=False)
        try:
            _Greeting(config, link).run(sockets)
        except (KeyboardInterrupt, SystemExit):
            # Leaving is how practice ends; what comes next says what was removed.
            say("")
    say(f"Practice has ended. Its keyring and its three databases in {folder} were removed.")


class TerminalTeller:
    """Shows the story as panels, and each step as a plain line that a program can read."""

    def screen(self, who: str, did: str, view: View) -> None:
        """Show what one member sees, as a panel in the terminal."""
        say_drawn(panel(who, did, view), width=WIDTH)

    def note(self, text: str) -> None:
        """Print one line of the story between two panels."""
        say_drawn(Line(text, style="dim"), width=WIDTH)

    def passed(self, number: int, step: str) -> None:
        """Print that a step held, as `ok 3 offer-opened`."""
        say(f"ok {number} {step}")

    def failed(self, number: int, step: str, why: str) -> None:
        """`not ok 3 offer-opened`, and why."""
        say(f"not ok {number} {step}: {why}")


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


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


WIDTH = 84


def panel(who: str, did: str, view: View) -> Panel:
    """One screen, under the name of whoever sees it and what they did to get it."""
    title, rows = _inside(view)
    head = Line.assemble((who, "bold"), f" {did}")
    return Panel(
        Group(Line(title, style="bold"), *rows),
        title=head,
        title_align="left",
        box=box.ROUNDED,
        border_style="dim",
        width=WIDTH,
    )


def _inside(view: View) -> tuple[str, list[RenderableType]]:
    match view:
        case Form():
            step = [Line(step_line(view.step), style="dim")] if view.step else []
            send = [view.submit] if view.submit else []
            back = [view.back.label] if view.back else []
            return view.title, [*step, *_blocks(view.blocks), *_buttons([*send, *back])]
        case FieldErrors(form, errors):
            title, rows = _inside(form)
            return title, [Line("To mend: " + " ".join(errors.values()), style="yellow"), *rows]
        case Done():
            return view.title, _blocks(view.blocks)
        case Message():
            return MESSAGE_TEXT, _buttons([OPEN_LABEL, STOP_LABEL])
        case Nothing():
            return "Nothing is shown", []
        case _:
            assert_never(view)


def _blocks(blocks: Iterable[Block]) -> list[RenderableType]:
    rows: list[RenderableType] = []
    labels: list[str] = []
    for block in blocks:
        if isinstance(block, Button):
            labels.append(f"({block.label})" if block.weight is Weight.QUIET else block.label)
            continue
        rows += _buttons(labels)
        labels = []
        rows.append(_drawn(block))
    return rows + _buttons(labels)


def _buttons(labels: list[str]) -> list[RenderableType]:
    return [Line("  ".join(f"[ {label} ]" for label in labels), style="cyan")] if labels else []


def _drawn(  # noqa: C901  (a case for each kind of block)
    block: Heading | Text | Facts | Figures | Bullets | Alert | PersonCard | Link | TextInput | Choice | Choices
    | DateInput | TimeInput | PersonInput | PeopleInput | Toggle,
) -> RenderableType:  # fmt: skip
    match block:
        case Heading(text):
            return Line(text, style="bold underline")
        case Text(text, quiet):
            return Line(text, style="dim" if quiet else "")
        case Facts(rows):
            return _facts(rows)
        case Figures(figures):
            return _facts([(row.label, row.said) for row in figures])
        case Bullets(items):
            return Line("\n".join(f"• {item}" for item in items))
        case Alert(tone, text, lines):
            style = "dim" if tone is Tone.HELP else "yellow"
            return Line(" · ".join([f"{TONES[tone]}: {text}", *lines]), style=style)
        case PersonCard(name, phone, reach, best_time, talk=talk):
            known = [
                ("Name", name),
                ("Talk", talk),
                ("Phone", phone),
                ("Reach", reach),
                ("Best time", best_time),
            ]
            return _facts([row for row in known if row[1]])
        case Link(label, url):
            return Line(f"{label}: {url}", style="cyan")
        case (
            TextInput(_, label, value=value)
            | DateInput(_, label, value=value)
            | TimeInput(_, label, value=value)
        ):
            return _field(label, value or "…")
        case PersonInput(_, label, value=value):
            return _field(label, value or "…")
        case PeopleInput(_, label, value=chosen):
            return _field(label, ", ".join(chosen) or "…")
        case Choice(_, label, options, value=value):
            return _field(label, " / ".join(_mark(one.label, one.value == value) for one in options))
        case Choices(_, label, options, value=several):
            return _field(label, " / ".join(_mark(one.label, one.value in several) for one in options))
        case Toggle(_, label, value=ticked):
            return _field(label, "yes" if ticked else "not ticked")
        case _:
            assert_never(block)


def _field(label: str, value: str) -> Line:
    return Line.assemble((f"{label}: ", "bold"), value)


def _mark(label: str, chosen: bool) -> str:
    return f"●{label}" if chosen else label


def _facts(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", max_width=28)
    table.add_column()
    for name, what in rows:
        table.add_row(Line(name), Line(what))
    return table
