"""Pages that are no screen of the desk, in a language that nobody speaks: no sentence of theirs was forgotten."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from integrations.web import help_pages, reader_language
from tests.adapters.web.stand_ins import HELP
from tests.languages.pseudo import Pseudo
from trim_bot.app.words import page_words
from trim_bot.locale.crisis_numbers import countries

pytestmark = pytest.mark.anyio

WORD = re.compile(r"[A-Za-z]{3,}")
NOT_OURS = frozenset(
    word
    for text in (
        *(one.name for one in countries("fr")),
        *(part for one in (*HELP.site, *HELP.everywhere) for part in (one.label, one.number, one.source)),
    )
    for word in WORD.findall(text)
)
"""Names of countries, which the language brings with it, and what stands with a number."""


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


@pytest.fixture
def nobodys_language(monkeypatch: pytest.MonkeyPatch) -> None:
    class Languages:
        def of(self, code: str) -> Pseudo | None:
            return Pseudo() if code == "fr" else None

    monkeypatch.setattr(reader_language, "LANGUAGES", Languages())
    monkeypatch.setattr(help_pages, "_DRAWN", help_pages._DrawnHelp())


@pytest.mark.parametrize(
    "path", ["/", "/help-now", "/what-can-my-employer-see", "/sign-in", "/nowhere", "/teams/tab"]
)
async def test_no_sentence_of_a_page_was_forgotten(browser, nobodys_language, path):
    page = await browser.client.get(path, headers={"accept-language": "fr"})
    assert plain(page.text) - NOT_OURS == set()


async def test_a_forgotten_sentence_is_found(browser, nobodys_language, monkeypatch):
    monkeypatch.setattr(page_words, "WELCOME_LEAD", "Something that was forgotten.")
    page = await browser.client.get("/", headers={"accept-language": "fr"})
    assert "forgotten" in plain(page.text)
