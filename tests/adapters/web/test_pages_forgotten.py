"""Pages that are no screen of the desk, in a language that nobody speaks: no sentence of theirs was forgotten."""

from __future__ import annotations

import pytest

from integrations.web import help_pages, reader_language
from tests.adapters.web.stand_ins import HELP
from tests.languages.plain_letters import WORD, plain
from tests.languages.pseudo import Pseudo
from trim_bot.app.words import page_words
from trim_bot.locale.crisis_numbers import countries

pytestmark = pytest.mark.anyio

NOT_OURS = frozenset(
    word
    for text in (
        *(one.name for one in countries("fr")),
        *(part for one in (*HELP.site, *HELP.everywhere) for part in (one.label, one.number, one.source)),
    )
    for word in WORD.findall(text)
)
"""Names of countries, which the language brings with it, and what stands with a number."""


@pytest.fixture
def nobodys_language(monkeypatch: pytest.MonkeyPatch) -> None:
    class Languages:
        def of(self, code: str) -> Pseudo | None:
            return Pseudo() if code == "fr" else None

    monkeypatch.setattr(reader_language, "LANGUAGES", Languages())
    monkeypatch.setattr(help_pages, "_DRAWN", help_pages._DrawnHelp())


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/help-now",
        "/help-now?country=all",
        "/what-can-my-employer-see",
        "/sign-in",
        "/nowhere",
        "/teams/tab",
    ],
)
async def test_no_sentence_of_a_page_was_forgotten(browser, nobodys_language, path):
    page = await browser.client.get(path, headers={"accept-language": "fr"})
    assert plain(page.text) - NOT_OURS == set()


async def test_a_forgotten_sentence_is_found(browser, nobodys_language, monkeypatch):
    monkeypatch.setattr(page_words, "WELCOME_LEAD", "Something that was forgotten.")
    page = await browser.client.get("/", headers={"accept-language": "fr"})
    assert "forgotten" in plain(page.text)
