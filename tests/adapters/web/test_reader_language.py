"""Pages are in the language that a browser asks for, until somebody signed in chose one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.web.blocks import FormTarget
from integrations.web.page_layout import for_everybody
from integrations.web.render import draw
from tests.adapters.web import stand_ins
from tests.languages.pseudo import Pseudo
from trim_bot.app.seam.in_language import in_language
from trim_bot.app.seam.languages import speaking
from trim_bot.app.seam.views import Done, PersonCard, Text
from trim_bot.locale.languages import LANGUAGES

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("fr", "fr"), ("fr-CA,fr;q=0.9,en;q=0.5", "fr"), ("de, en;q=0.8, fr;q=0.5", "en-GB"),
        ("de, fr;q=0.5", "fr"), ("de", "en-GB"), ("", "en-GB"), ("fr;q=0", "en-GB"), ("fr;q=x, *", "en-GB"),
        (",".join(["xx"] * 500 + ["fr"]), "en-GB"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/help-now", "/what-can-my-employer-see", "/nowhere", "/sign-in"])
async def test_a_page_is_in_the_language_that_the_browser_likes_best(browser, path, header, code):
    answer = await browser.client.get(path, headers={"accept-language": header})
    assert f'<html lang="{code}">' in answer.text
    assert ("Aide immédiate" in answer.text) is (code == "fr")
    assert ("Help now" in answer.text) is (code == "en-GB")


async def test_help_that_is_kept_for_one_language_is_not_shown_in_another(browser):
    french = await browser.client.get("/help-now?country=GB", headers={"accept-language": "fr"})
    english = await browser.client.get("/help-now?country=GB", headers={"accept-language": "en"})
    assert "Royaume-Uni" in french.text and "United Kingdom" in english.text
    assert "Accept-Language" in french.headers["vary"]


async def test_whoever_signed_in_reads_as_they_chose_and_tells_the_desk_what_the_browser_asks(
    browser, monkeypatch
):
    browser.sign_in()
    await browser.client.get("/me", headers={"accept-language": "fr-BE"})
    assert browser.desk.received[-1][0].language == "fr"
    sam = stand_ins.SESSIONS["acme.sam"]
    chosen = replace(sam, actor=replace(sam.actor, language="en"))
    monkeypatch.setitem(stand_ins.SESSIONS, "acme.sam", chosen)
    page = await browser.client.get("/me", headers={"accept-language": "fr-BE"})
    assert browser.desk.received[-1][0].language == "en"
    assert '<html lang="en-GB">' in page.text


async def test_what_is_round_a_view_is_in_the_language_of_the_view(browser):
    browser.sign_in()
    french = LANGUAGES.of("fr")
    assert french is not None
    browser.desk.view = in_language(Done("x", "Open", (Text("That is saved"),)), french)
    page = await browser.client.get("/me", headers={"accept-language": "en"})
    assert '<html lang="fr">' in page.text and "Aide immédiate" in page.text and "Se déconnecter" in page.text


async def test_a_language_that_runs_from_right_to_left_is_laid_out_so():
    language = Pseudo("he", right_to_left=True)
    view = in_language(
        Done("x", "Open", (PersonCard("Alex Byrne", "07700 900111", "By phone", ""),)), language
    )
    with speaking(language):
        page = for_everybody("x", draw(view, FormTarget("proof")))
    assert '<html lang="he" dir="rtl">' in page
    assert "07700 900111" in page and "\u2068" not in page, "no mark may stand in an address or a token"
