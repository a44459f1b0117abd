"""What somebody meets on a screen, in order, told apart from the way a platform draws it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

SLACK, TEAMS, WEB = "slack", "teams", "web"
PLATFORMS = (SLACK, TEAMS, WEB)


class Part(Enum):
    """What an item of an outline is."""

    TITLE = "title"
    """The name of the screen, with the name its form is sent under."""
    STEP = "step"
    """Where in a form of several steps one is."""
    FAULT = "fault"
    """One line of what is to mend, above the fields."""
    HEADING = "heading"
    """A line above what belongs together."""
    PERSON = "person"
    """The name of somebody, above how they are reached."""
    LINE = "line"
    """A line to read."""
    FIELD = "field"
    """Something to fill in."""
    BUTTON = "button"
    """Something to press."""
    LINK = "link"
    """A way to a page."""
    SUBMIT = "submit"
    """The button that sends the form, with its token."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on a screen; only those parts are filled that belong to its kind."""

    part: Part
    text: str
    name: str = ""
    """Of a field, an action or a form; the address of a link."""
    token: str = ""
    main: bool = False
    kind: str = ""
    required: bool = False
    multiline: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    value: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    error: str = ""


Outline = list[Item]


def lines(text: str) -> Outline:
    """The lines of a text that say something."""
    found = (" ".join(line.replace("\u2060", "").split()) for line in text.splitlines())
    return [Item(Part.LINE, line) for line in found if line]
