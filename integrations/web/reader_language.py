"""In which language a browser's pages are read: as its owner chose once signed in, else as the browser asks."""

from __future__ import annotations

from starlette.requests import Request

from trim_bot.app.seam.languages import ENGLISH, Language, speak
from trim_bot.locale.languages import LANGUAGES

MOST = 20
"""So many languages of a header are looked at."""


def speak_as_asked(request: Request, chosen: str = "") -> None:
    """Draw this answer in the language `chosen`, or else in the one that the browser asks for."""
    speak(LANGUAGES.of(chosen) or language_asked(request) or ENGLISH)


def language_asked(request: Request) -> Language | None:
    """The language that a browser likes best of those there are; None where it names none of them."""
    given = request.headers.get("accept-language", "")
    ordered = sorted(map(_weighed, given.split(",")[:MOST]), key=lambda one: -one[0])
    return next((found for weight, code in ordered if weight and (found := LANGUAGES.of(code))), None)


def code_asked(request: Request) -> str:
    """The code of that language; empty where there is none."""
    found = language_asked(request)
    return found.code if found is not None else ""


def _weighed(part: str) -> tuple[float, str]:
    code, _, weight = part.partition(";")
    try:
        return (float(weight.strip().removeprefix("q=")) if weight else 1.0), code.strip()
    except ValueError:
        return 0.0, ""
