"""Crisis help is there when nothing else is."""

from dataclasses import replace

import pytest

from integrations.web.public_pages import by_country, country_name
from tests.adapters.web.stand_ins import HELP
from trim_bot.app.words import common_answers
from trim_bot.app.words import page_words as words
from trim_bot.domain.site import CrisisNumber


@pytest.mark.anyio
@pytest.mark.parametrize("practice", [False, True])
async def test_help_asks_nothing_of_the_desk(browsers, practice):
    browser = browsers(practice=practice)
    browser.sign_in()
    browser.desk.fault = RuntimeError("no database and no key")
    response, page = await browser.get("/help-now")
    assert response.status_code == 200
    assert browser.desk.calls == 0
    assert page.all("a", href="tel:999")
    assert words.NOT_WATCHED in page.text
    assert "within 2 working days" in page.text


@pytest.mark.anyio
async def test_help_says_how_far_each_number_can_be_trusted(browser):
    _, page = await browser.get("/help-now")
    assert "Checked by your site on 1 October 2026." in page.text
    assert page.text.count(words.NOT_VERIFIED) == len(HELP.everywhere)
    assert "Source: example.org" in page.text
    site = page.text.index(words.HELP_SITE)
    assert site < page.text.index(words.HELP_COUNTRIES) < page.text.index("Sweden")


@pytest.mark.anyio
@pytest.mark.parametrize(("path", "status"), [("/me", 503), ("/nothing-here", 404), ("/teams/tab", 200)])
async def test_where_the_sites_numbers_are_not_known_no_country_is_guessed(browsers, path, status):
    browser = browsers(tab=True, numbers=replace(HELP, site=()))
    browser.sign_in()
    browser.desk.view = common_answers.try_again("4f2a9c")
    response, page = await browser.get(path)
    assert response.status_code == status
    assert "your local emergency number" in page.text
    assert not [link for link in page.all("a") if link["href"].startswith(("tel:", "sms:"))]
    assert page.all("a", href="/help-now")


def test_countries_stand_in_the_order_of_their_names_with_everywhere_first():
    names = [country.name for country in by_country(HELP.everywhere)]
    assert names == [words.HELP_EVERYWHERE, "Sweden", "United Kingdom"]


def test_numbers_of_one_place_stay_together_and_none_is_lost():
    given = [CrisisNumber(str(n), str(n), place) for n, place in enumerate(["SE", "GB", "se", "QQ"])]
    groups = by_country(given)
    assert sorted(number.label for group in groups for number in group.numbers) == ["0", "1", "2", "3"]
    assert len({group.anchor for group in groups}) == len(groups) == 3


def test_a_place_without_a_name_keeps_its_code():
    assert country_name("QQ") == "QQ"
