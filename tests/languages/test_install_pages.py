"""Pages on which the app is added to Slack, in a language nobody speaks: whoever comes there is known to no desk."""

from __future__ import annotations

import inspect

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.web import reader_language
from integrations.web.ports import HelpPage
from integrations.web.public_pages import web_without_desk
from tests.languages.plain_letters import plain
from tests.languages.pseudo import Pseudo
from trim_bot.app.seam.views import Done
from trim_bot.app.words import install_answers
from trim_bot.bootstrap.slack_pages import drawing

ANSWERS: dict[str, Done] = {
    name: made("https://slack.example/yes") if inspect.signature(made).parameters else made()
    for name, made in inspect.getmembers(install_answers, inspect.isfunction)
    if made.__module__ == install_answers.__name__
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> Pseudo:
    language = Pseudo()

    class Languages:
        def of(self, code: str) -> Pseudo | None:
            return language if code == "fr" else None

    monkeypatch.setattr(reader_language, "LANGUAGES", Languages())
    return language


async def page_of(view: Done) -> str:
    draw = drawing(web_without_desk(HelpPage, b"secret", https=True))

    async def shown(request: Request) -> Response:
        return draw(request, view, 200)

    transport = httpx.ASGITransport(Starlette(routes=[Route("/", shown)]))
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.example") as browser:
        return (await browser.get("/", headers={"accept-language": "fr"})).text


def test_there_is_one_for_each_end() -> None:
    assert {"begin", "added", "not_added", "later"} <= ANSWERS.keys()


@pytest.mark.anyio
@pytest.mark.parametrize("name", sorted(ANSWERS))
async def test_no_sentence_was_forgotten(name: str, spoken: Pseudo) -> None:
    page = await page_of(ANSWERS[name])
    assert plain(page) == set()
    assert spoken.unknown == []
    assert '<html lang="fr"' in page


@pytest.mark.anyio
async def test_a_forgotten_sentence_is_found(spoken: Pseudo) -> None:
    assert "forgotten" in plain(await page_of(Done("x", "This was forgotten")))
    assert spoken.unknown == ["This was forgotten"]
