"""Finds words in plain letters on a page: in a language that nobody speaks each is somebody's own, or was forgotten."""

from __future__ import annotations

import re
from html.parser import HTMLParser

WORD = re.compile(r"[A-Za-z]{3,}")


class Spoken(HTMLParser):
    """Collects what is read or read out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("style", "script")
        self.said += [
            value for name, value in attrs if value and name in ("aria-label", "alt", "title", "placeholder")
        ]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def plain(page: str) -> set[str]:
    """Words in plain letters."""
    spoken = Spoken()
    spoken.feed(page)
    return set(WORD.findall(" ".join(spoken.said)))
