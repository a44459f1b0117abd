"""The words of the pages as a template says them: in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from trim_bot.app.seam.in_language import here


class SpokenWords:
    """A file of words, each of whose sentences is looked up when a template names it."""

    def __init__(self, words: ModuleType) -> None:
        self._words = words

    def __getattr__(self, name: str) -> object:
        value = getattr(self._words, name)
        return _answering(value) if callable(value) else _spoken(value)


def _answering(say: Callable[..., object]) -> Callable[..., object]:
    return lambda *given: _spoken(say(*given))


def _spoken(value: object) -> object:
    match value:
        case str():
            return here(value)
        case tuple():
            return tuple(map(_spoken, value))
        case _:
            return value
