"""Crisis help is there when nothing else is."""

from dataclasses import replace

import pytest
from markupsafe import Markup

from integrations.web import public_pages
from integrations.web.prepared_page import takes_gzip
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
async def test_help_is_drawn_once_for_as_long_as_its_numbers_are_the_same(browsers, monkeypatch):
    browser, changed = browsers(), browsers(numbers=replace(HELP, answer_working_days=5))
    await browser.get("/help-now")
    drawn = []

    def body(given):
        drawn.append(given)
        return Markup("new")

    monkeypatch.setattr(public_pages, "_help_body", body)
    for _ in range(3):
        await browser.get("/help-now")
    assert drawn == []
    for _ in range(3):
        _, page = await changed.get("/help-now")
        assert "new" in page.text
    assert len(drawn) == 1


@pytest.mark.anyio
async def test_help_is_sent_small_and_kept_for_a_short_while(browser):
    small = await browser.client.get("/help-now", headers={"accept-encoding": "br, gzip"})
    whole = await browser.client.get("/help-now", headers={"accept-encoding": "identity"})
    assert (small.headers["content-encoding"], whole.headers.get("content-encoding")) == ("gzip", None)
    assert small.text == whole.text
    assert int(small.headers["content-length"]) < int(whole.headers["content-length"]) / 2
    for one in (small, whole):
        assert one.headers["cache-control"] == "public, max-age=300"
        assert one.headers["vary"] == "Accept-Encoding"
        assert "set-cookie" not in one.headers
    assert small.headers["etag"] != whole.headers["etag"], "one is not the other's bytes"
    for one, takes in ((small, "gzip"), (whole, "identity")):
        tag = {"if-none-match": f'"other", W/{one.headers["etag"]}', "accept-encoding": takes}
        again = await browser.client.get("/help-now", headers=tag)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", one.headers["etag"])
        other = "identity" if takes == "gzip" else "gzip"
        elsewhere = await browser.client.get("/help-now", headers=tag | {"accept-encoding": other})
        assert elsewhere.status_code == 200


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True), ("br;q=1, GZIP;q=0.5", True), ("gzip;q=0.001", True),
        ("", False), ("br", False), ("gzip;q=0", False), ("gzip; q=0.000", False), ("x-gzipped", False),
    ],
)  # fmt: skip
def test_only_who_takes_it_gets_it_small(header, takes):
    assert takes_gzip(header) is takes


@pytest.mark.anyio
async def test_no_page_with_anything_of_anybodys_is_sent_small_or_kept(browsers):
    """Beside what somebody typed, the length of an answer tells a secret in it."""
    for practice in (False, True):
        browser = browsers(practice=practice)
        browser.sign_in()
        for path in ("/", "/me", "/sign-in", "/f/log", "/nothing-here", "/what-can-my-employer-see"):
            response = await browser.client.get(path, headers={"accept-encoding": "gzip"})
            assert "content-encoding" not in response.headers
            assert response.headers["cache-control"] == "no-store"
    response = await browser.client.get("/help-now", headers={"accept-encoding": "gzip"})
    assert response.headers["cache-control"] == "no-store", "in practice people stand around it"


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
