"""Turns a gesture into a call of one route, after checking the token it carried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import assert_never

from trim_bot.app.desk.routes import ROUTES, WITHOUT_TOKEN, WORDS
from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit, Values
from trim_bot.app.seam.ports import TokenLike, Tokens
from trim_bot.app.seam.route import Route
from trim_bot.domain.errors import NotOpen, SafeError
from trim_bot.domain.people import Address

SUPPORT = ("support",)
"""Whoever types this gets the form, whatever they typed after it."""


HELP = ("peer", "help")
"""What leads to the short help."""


class UnknownWords(Exception):
    """Nothing is known under these words."""


class Wish(Enum):
    """What a call asks of its route."""

    SHOW = "show"
    """To open it."""
    PRESS = "press"
    """To do what a button does."""
    SEND = "send"
    """To send a filled form."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the desk. `routes` holds more than one only for words, where the asker's roles decide."""

    wish: Wish
    routes: tuple[Route, ...]
    refs: Mapping[str, str] = field(default_factory=dict)
    nonce: str = ""
    values: Values = field(default_factory=dict, repr=False)

    def people(self) -> Iterator[Address]:
        """Addresses in the fields that take people; what cannot be read is left for the form to say."""
        for name in self.routes[0].people if self.wish is Wish.SEND else ():
            value = self.values.get(name, ())
            for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
                try:
                    yield Address.parse(text)
                except ValueError:
                    continue


def known_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """What the desk makes of typed words: those of them it knows, so that nothing else need be kept; else help."""
    for some in (words, words[:2]):
        if some in WORDS:
            return some
    return SUPPORT if words[:1] == SUPPORT else HELP


def read_gesture(gesture: Gesture, tokens: Tokens, organisation: str, real: datetime) -> Call:
    """The call a gesture makes.

    Raises UnknownWords for words nobody knows, and NotOpen for a token that is forged, expired, or made for another
    form, button or organisation.
    """
    match gesture:
        case Invoke(words):
            known = known_words(words)
            if known not in WORDS:
                raise UnknownWords
            return Call(Wish.SHOW, tuple(ROUTES[name] for name in WORDS[known]))
        case Press(action, "", _):
            if action not in WITHOUT_TOKEN:
                raise NotOpen("token")
            return Call(Wish.SHOW, (ROUTES[action],))
        case Press(action, token, values):
            read = _token(tokens, token, organisation, action, real)
            route = ROUTES[action]
            wish = Wish.SHOW if route.shows is not None else Wish.PRESS
            return Call(wish, (route,), read.refs, read.nonce or "", values)
        case Submit(name, token, values):
            read = _token(tokens, token, organisation, name, real)
            if ROUTES[name].shows is None or ROUTES[name].does is None or not read.nonce:
                raise NotOpen("token")
            return Call(Wish.SEND, (ROUTES[name],), read.refs, read.nonce, values)
        case _:
            assert_never(gesture)


def _token(tokens: Tokens, text: str, organisation: str, name: str, real: datetime) -> TokenLike:
    try:
        read = tokens.read(text, real)
    except SafeError:
        raise NotOpen("token") from None
    if read.org != organisation or read.name != name or name not in ROUTES:
        raise NotOpen("token")
    return read
