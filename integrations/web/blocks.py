"""Draws the blocks one reads and the buttons one presses; numbers dial, and forms know where they are sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from typing import assert_never
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from integrations.web.direct_message import SLACK_HOME, chat_url
from integrations.web.drawn_bands import ABOVE, BESIDE, drawing
from integrations.web.people_search import PeopleFields
from integrations.web.template_environment import part
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.views import (
    Alert,
    Block,
    Bullets,
    Button,
    Facts,
    Figures,
    Heading,
    Input,
    Link,
    PersonCard,
    Text,
    Tone,
    Weight,
)
from trim_bot.app.words import page_words as words
from trim_bot.locale.phone_numbers import NumberLink, number_links, url_of

THREE = 3
"""From so many equal ways on, nothing stands beside them."""


def draw_all(blocks: Iterable[Block], target: FormTarget, field: Callable[[Input], Markup]) -> Markup:
    """All blocks in order; buttons that follow one another share a row."""
    drawn = Markup()
    for are_buttons, group in groupby(blocks, key=lambda block: isinstance(block, Button)):
        if are_buttons:
            drawn += row((block for block in group if isinstance(block, Button)), target)
            continue
        for block in group:
            drawn += field(block) if isinstance(block, Input) else draw(block, target)
    return drawn


def row(buttons: Iterable[Button], target: FormTarget) -> Markup:
    """Buttons side by side, stacked on a phone; equal ones take equal room, with what is quiet below.

    What only shows something is a link: it can be opened twice, in another tab, or come back to.
    """
    given = tuple(buttons)
    ways = tuple(takewhile(lambda button: button.weight is Weight.EQUAL, given))
    if THREE <= len(ways) < len(given):
        return row(ways, target) + row(given[len(ways) :], target)
    equal = len(given) > 1 and all(button.weight is Weight.EQUAL for button in given)
    drawn = [(button, target.way(button.action, button.token) if button.goes else "") for button in given]
    return part("blocks.html", "row", buttons=drawn, equal=equal)


def draw(
    block: Heading | Text | Facts | Figures | Bullets | Alert | PersonCard | Button | Link, target: FormTarget
) -> Markup:
    """One block that is not a field."""
    match block:
        case Heading():
            return part("blocks.html", "heading", text=block.text, level=target.level + 1)
        case Text():
            return part("blocks.html", "text", text=block.text, quiet=block.quiet)
        case Facts():
            return part("blocks.html", "facts", rows=block.rows, in_time=block.in_time)
        case Figures():
            wide, narrow = drawing(block.rows, BESIDE), drawing(block.rows, ABOVE)
            return part("blocks.html", "figures", rows=block.rows, wide=wide, narrow=narrow)
        case Bullets():
            return part("blocks.html", "bullets", items=block.items)
        case Alert():
            rings = block.tone in (Tone.HELP, Tone.DANGER)
            lines = [ringable(line) if rings else escape(line) for line in block.lines]
            mark, kind = tone(block.tone), block.tone.value
            return part("blocks.html", "alert", kind=kind, mark=mark, text=block.text, lines=lines)
        case PersonCard():
            return part(
                "blocks.html",
                "person",
                card=block,
                tel=url_of(block.phone),
                chat_url=chat_url(block.chat, target.slack_home),
                level=target.level + 1,
            )
        case Button():
            return row((block,), target)
        case Link():
            return part("blocks.html", "link", label=block.label, url=safe_url(block.url))
        case _:
            assert_never(block)


def tone(tone: Tone) -> str:
    """The word that says what the colour says."""
    match tone:
        case Tone.HELP:
            return here(words.HELP_TONE)
        case Tone.WAITING:
            return here(words.WAITING_TONE)
        case Tone.DANGER:
            return here(words.DANGER_TONE)
        case _:
            assert_never(tone)


def safe_url(url: str) -> str:
    """The address if a person may safely follow it, or nothing: pages, mail, telephone and texts only."""
    if url.startswith("/") and not url.startswith(("//", "/\\")):
        return url
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    return url if scheme in ("https", "http", "mailto", "tel", "sms") else ""


@dataclass(frozen=True, slots=True)
class FormTarget:
    """The surroundings of one drawn view. `level` is the level of its title, 1 or 2."""

    csrf: str = field(repr=False)
    base: str = "/f/"
    people: PeopleFields = field(default=PeopleFields(), repr=False)
    level: int = 1
    prefix: str = "f"
    by: str = field(default="", repr=False)
    """For whom the page is drawn, sealed; empty for somebody signed out."""
    slack_home: str = SLACK_HOME
    """Where a browser is led on to a conversation in Slack."""

    def action(self, name: str) -> str:
        """Where a form of this name is sent."""
        return self.base + quote(name, safe="")

    def way(self, name: str, token: str) -> str:
        """The address of what a button of this name shows."""
        return f"{self.action(name)}?t={quote(token, safe='')}" if token else self.action(name)


class Ids:
    """Gives each field of a page an id of its own, whatever the fields are called."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._used: set[str] = set()

    def give(self, name: str) -> str:
        """`f-when` for the field `when`, with a number after it when that is taken."""
        plain = f"{self._prefix}-{re.sub(r'[^A-Za-z0-9_]', '_', name)}"
        chosen, number = plain, 2
        while chosen in self._used:
            chosen, number = f"{plain}~{number}", number + 1
        self._used.add(chosen)
        return chosen


def ringable(line: str) -> Markup:
    """A line with every number in it made a link; what is no number is left as it is."""
    return _linked(line, number_links(line), 0)


def _linked(line: str, ways: tuple[NumberLink, ...], start: int) -> Markup:
    drawn = Markup()
    for way in ways:
        drawn += escape(line[start : way.start])
        drawn += part("blocks.html", "number", tel=way.url, text=line[way.start : way.end])
        start = way.end
    return drawn + escape(line[start:])
