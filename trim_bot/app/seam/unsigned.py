"""What screens are drawn with: forms and pages whose buttons carry their commands, until one pass signs them.

Every other block is as it goes out (`views.py`). The way through turns what is drawn here into a view, with the
references that `route.Signer` makes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from trim_bot.app.seam.command import Command, Opening
from trim_bot.app.seam.views import (
    Alert,
    Answer,
    Bullets,
    Done,
    Facts,
    Figures,
    File,
    Heading,
    Input,
    Link,
    PersonCard,
    Text,
    Weight,
)


@dataclass(frozen=True, slots=True)
class Button:
    """A way on: pressing it makes this command. Buttons that follow one another stand in a row."""

    label: str
    command: Command
    weight: Weight = Weight.EQUAL
    to_all: bool = False
    """Carries no token, so that it does not run out: it opens what everyone may open about themselves."""
    about: str = field(default="", repr=False)
    """As in `views.Button`."""


Plain = Heading | Text | Facts | Figures | Bullets | Alert | PersonCard | Link | Input
"""A block that leads nowhere in the desk, and so needs no token."""

Block = Plain | Button


@dataclass(frozen=True, slots=True)
class Form:
    """Something to fill in. It has the name of what shows it, and sending it carries the same ids.

    The rest is as in `views.Form`.
    """

    shown_by: Opening
    title: str
    blocks: tuple[Block, ...]
    submit: str
    step: tuple[int, int] | None = None
    revision: int = 0
    back: Button | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An answer with nothing to fill in; its buttons lead on."""

    name: str
    title: str
    blocks: tuple[Block, ...] = ()
    answer: Answer = Answer.OK
    files: tuple[File, ...] = ()


Screen = Form | Page | Done
"""What a handler may draw. An answer with no way on needs no signing, so it is a view already."""
