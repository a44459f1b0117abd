"""Draws what a member sees as a panel in the terminal: short, and the same words as everywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

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
    block: Heading | Text | Facts | Bullets | Alert | PersonCard | Link | TextInput | Choice | Choices
    | DateInput | TimeInput | PersonInput | PeopleInput | Toggle,
) -> RenderableType:  # fmt: skip
    match block:
        case Heading(text):
            return Line(text, style="bold underline")
        case Text(text, quiet):
            return Line(text, style="dim" if quiet else "")
        case Facts(rows):
            return _facts(rows)
        case Bullets(items):
            return Line("\n".join(f"• {item}" for item in items))
        case Alert(tone, text, lines):
            style = "dim" if tone is Tone.HELP else "yellow"
            return Line(" · ".join([f"{TONES[tone]}: {text}", *lines]), style=style)
        case PersonCard(name, phone, reach, best_time):
            known = [("Name", name), ("Phone", phone), ("Reach", reach), ("Best time", best_time)]
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
