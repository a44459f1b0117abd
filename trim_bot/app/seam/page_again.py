"""What shows a page again: the gesture that opens it, with what was typed and what has to be mended; never a screen.

A browser is led to a page of its own after everything it sends, so that *Back*, *Forward* and a second look do nothing.
The page is asked for afresh each time, authorised and journalled as any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from trim_bot.app.seam.views import Nothing
from trim_bot.domain.ids import KeptPageId

Pairs = tuple[tuple[str, str], ...]
"""The fields of a form as a browser sent them, in order."""


class ShownBy(Enum):
    """By which gesture a page is shown again."""

    PRESS = "press"
    """By pressing what opens it."""
    FILL = "fill"
    """By drawing a form with what was typed, while nothing is done."""
    SEND = "send"
    """By sending a form that only looks something up."""


@dataclass(frozen=True, slots=True)
class PageAgain:
    """A page that can be shown again: by what, under which name and token, and what stood in its fields."""

    by: ShownBy
    name: str
    token: str = field(repr=False)
    pairs: Pairs = field(default=(), repr=False)
    errors: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What to mend, by field."""

    def as_text(self) -> str:
        """All of it as text, to be sealed."""
        return json.dumps(
            [self.by.value, self.name, self.token, self.pairs, dict(self.errors)], ensure_ascii=False
        )

    @classmethod
    def from_text(cls, text: str) -> PageAgain:
        """What `as_text` made a text of."""
        by, name, token, pairs, errors = json.loads(text)
        return cls(ShownBy(by), name, token, tuple((one, value) for one, value in pairs), errors)


@dataclass(frozen=True, slots=True)
class PageKey:
    """Where a page is kept, and with what it is sealed: a browser's secret and the random handle in an address."""

    secret: str = field(repr=False)
    handle: str = field(repr=False)

    @property
    def holder(self) -> str:
        """What is kept of the secret: the id of its session."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    @property
    def id(self) -> KeptPageId:
        """What is kept of both. A handle of another browser leads to nothing."""
        return KeptPageId(hashlib.sha256(f"{self.secret} {self.handle}".encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class LedOn(Nothing):
    """Nothing is shown here: the answer is a page of its own, which is asked for by its handle."""
