"""What comes in through the seam: every platform speaks to the desk in these three gestures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trim_bot.domain.people import Address

Value = str | bool | tuple[str, ...]
"""What one field can hold: text (also dates as ISO, one choice, one person), a toggle, or several choices."""

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who made a gesture, as the platform vouches for them."""

    address: Address
    language: str = ""
    """In which language the platform is shown to them, such as `fr` or `fr-CA`; empty where it does not say."""


@dataclass(frozen=True, slots=True)
class Invoke:
    """Words typed after a slash command, or an entry page opened: `("peer", "log")`. Verbs only, never people."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed, with the signed token it carried.

    `values` is what stood in the fields beside the button, so that stepping back or calling for help loses nothing.
    Buttons of the home screen carry an empty token: they open what everyone may open.
    """

    action: str
    token: str = field(repr=False)
    values: Values = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Submit:
    """A form sent, with its signed token and what was typed, keyed by field name.

    Dates come as `2026-11-22`, times as `07:30`, people as `Address.text`, a toggle as a bool.
    """

    form: str
    token: str = field(repr=False)
    values: Values = field(default_factory=dict, repr=False)
    only_draw: bool = False
    """Nothing is checked, done or kept: the form is drawn again with all that was typed, as a look within it needs."""


Gesture = Invoke | Press | Submit
"""What somebody did, on whichever platform."""
