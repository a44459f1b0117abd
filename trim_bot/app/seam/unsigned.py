"""What screens are drawn with: forms and pages whose buttons carry their commands, until one pass signs them.

Every other block is as it goes out (`views.py`). The way through turns what is drawn here into a view, with the
references that `Signer` makes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from trim_bot.app.seam.command import Command, Opening
from trim_bot.app.seam.ports import Tokens
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
from trim_bot.domain.policy import POLICY


@dataclass(frozen=True, slots=True)
class Button:
    """A way on: pressing it makes this command. Buttons that follow one another stand in a row."""

    label: str
    command: Command
    weight: Weight = Weight.EQUAL
    to_all: bool = False
    """Carries no token, so that it does not run out: it opens what everyone may open about themselves."""


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


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs references of one organisation at one real time."""

    tokens: Tokens
    organisation: str
    real: datetime

    def form(self, name: str, **refs: str) -> str:
        """For a form: 24 hours, one success."""
        return self._fleeting(name, refs)

    def press(self, action: str, **refs: str) -> str:
        """For a button: 24 hours, one effect."""
        return self._fleeting(action, refs)

    def lasting(self, action: str, **refs: str) -> str:
        """For a button in a message: no end, no nonce."""
        return self.tokens.sign(self.organisation, action, refs, nonce=None, expires_at=None)

    def _fleeting(self, name: str, refs: dict[str, str]) -> str:
        nonce, until = secrets.token_urlsafe(12), self.real + POLICY.form_lasts
        return self.tokens.sign(self.organisation, name, refs, nonce=nonce, expires_at=until)
