"""Draws the numbers in a line of help so that a phone dials or texts them, each as large as a thumb."""

from __future__ import annotations

from markupsafe import Markup, escape

from integrations.web.paper import part
from trim_bot.domain.site import CrisisNumber
from trim_bot.locale.phone_numbers import NumberLink, number_links


def ringable(line: str) -> Markup:
    """A line with every number in it made a link; what is no number is left as it is."""
    return _linked(line, number_links(line), 0)


def call(number: CrisisNumber) -> Markup:
    """The number alone, without its label, each part of it that can be dialled or texted as a link."""
    # The label says whether a line takes texts: "Shout, by text message".
    head = f"{number.label}: "
    line = head + number.number
    ways = tuple(way for way in number_links(line) if way.start >= len(head))
    if len(ways) == 1:
        return part("blocks.html", "number", tel=ways[0].url, text=number.number)
    if not ways:
        return Markup('<strong class="number">') + escape(number.number) + Markup("</strong>")
    return Markup("<span>") + _linked(line, ways, len(head)) + Markup("</span>")


def _linked(line: str, ways: tuple[NumberLink, ...], start: int) -> Markup:
    drawn = Markup()
    for way in ways:
        drawn += escape(line[start : way.start])
        drawn += part("blocks.html", "number", tel=way.url, text=line[way.start : way.end])
        start = way.end
    return drawn + escape(line[start:])
