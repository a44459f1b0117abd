"""Crisis help is there when nothing else is: one's own country first, each number a thing to press."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from markupsafe import Markup

from integrations.web import help_pages, ports
from integrations.web.help_numbers import every_country, to_ring
from integrations.web.ports import HelpPage
from integrations.web.prepared_page import takes_gzip
from tests.adapters.web import stand_ins
from tests.adapters.web.stand_ins import HELP
from trim_bot.app.words import common_answers
from trim_bot.app.words import page_words as words
from trim_bot.domain.site import CrisisNumber
from trim_bot.locale.crisis_numbers import LOCAL_EMERGENCY, gathered_on, shipped_numbers

TODAY = date(2026, 11, 30)
WHOLE = HelpPage(everywhere=shipped_numbers())


def dialled(page):
    """What a phone would ring or text, in the order of the page."""
    return [link["href"] for link in page.all("a") if link["href"].startswith(("tel:", "sms:"))]


@pytest.mark.anyio
@pytest.mark.parametrize("practice", [False, True])
@pytest.mark.parametrize("path", ["/help-now", "/help-now?country=SE", "/help-now?country=all"])
async def test_help_asks_nothing_of_the_desk(browsers, practice, path):
    browser = browsers(practice=practice)
    browser.sign_in()
    browser.desk.fault = RuntimeError("no database and no key")
    response, page = await browser.get(path)
    assert response.status_code == 200
    assert browser.desk.calls == 0
    assert page.all("a", href="tel:112" if path.endswith("SE") else "tel:999")
    assert words.NOT_WATCHED in page.text
    assert "within 2 working days" in page.text


@pytest.mark.anyio
async def test_ones_own_country_stands_first_and_alone_each_number_a_button(browser):
    _, page = await browser.get("/help-now")
    assert dialled(page) == ["tel:999"]
    assert [link["class"] for link in page.all("a", href="tel:999")] == ["ring danger"]
    assert "Sweden" in page.text, "to be chosen"
    assert not page.all("a", href="tel:112")


@pytest.mark.anyio
async def test_another_country_is_chosen_without_a_script_and_remembered_by_the_browser(browser):
    _, page = await browser.get("/help-now")
    assert page.all("form", method="get", action="/help-now")
    assert {"SE", "IE", "KP"} <= {option["value"] for option in page.all("option")}
    assert not page.all("script")
    response, page = await browser.get("/help-now?country=SE")
    assert dialled(page) == ["tel:112"]
    kept = response.headers["set-cookie"]
    assert kept.startswith("__Host-peer-country=SE;")
    assert response.headers["cache-control"] == "private, max-age=300"
    response, page = await browser.get("/help-now")
    assert dialled(page) == ["tel:112"]
    assert "set-cookie" not in response.headers


@pytest.mark.anyio
@pytest.mark.parametrize("odd", ["", "QQ", "se%00", "../..", "SE%0d%0aset-cookie:a", "<b>", "ALL" * 900])
async def test_what_is_no_country_changes_nothing_and_is_not_said_again(browser, odd):
    plain = await browser.client.get("/help-now")
    response = await browser.client.get(f"/help-now?country={odd}")
    assert (response.text, "set-cookie" in response.headers) == (plain.text, False)
    browser.client.cookies.set(
        "__Host-peer-country", odd[:40].replace("\r", ""), domain="desk.test", path="/"
    )
    assert (await browser.client.get("/help-now")).text == plain.text


@pytest.mark.anyio
@pytest.mark.parametrize("numbers", [replace(HELP, home="", places=("GB", "SE")), WHOLE], ids=["two", "none"])
async def test_where_the_country_is_not_known_choosing_it_comes_first_and_none_is_guessed(browsers, numbers):
    _, page = await browsers(numbers=numbers).get("/help-now")
    choice, number = page.text.index(words.HELP_WHERE), page.text.index(LOCAL_EMERGENCY.number)
    assert choice < number
    assert dialled(page) == []
    near = [link["href"] for link in page.all("a", class_="button")]
    assert near == [f"/help-now?country={code}" for code in numbers.places]


@pytest.mark.anyio
async def test_the_header_leads_those_at_a_place_of_its_own_to_its_country(browsers, monkeypatch):
    browser = browsers()
    browser.sign_in()
    placed = replace(stand_ins.SESSIONS["acme.sam"], country="SE")
    monkeypatch.setitem(stand_ins.SESSIONS, "acme.sam", placed)
    _, page = await browser.get("/me")
    assert page.all("a", href="/help-now?country=SE", class_="help")


@pytest.mark.anyio
async def test_every_country_stands_on_one_page_for_a_copy_and_leads_nowhere_else(browsers):
    browser = browsers(numbers=replace(WHOLE, home="GB", places=("GB",)))
    response, page = await browser.get("/help-now?country=all")
    assert len(page.all("h3")) > 180
    assert dialled(page)[:2] == ["tel:999", "tel:112"], "one's own first"
    places = {link["href"] for link in page.all("a") if link["href"].startswith("#place")}
    assert places == {f"#{id}" for id in page.ids() if id.startswith("place-")}
    assert not page.all("form", action="/help-now")
    assert "set-cookie" not in response.headers


@pytest.mark.anyio
async def test_help_is_drawn_once_for_a_country_as_long_as_numbers_and_day_are_the_same(
    browsers, monkeypatch
):
    browser, changed = browsers(), browsers(numbers=replace(HELP, answer_working_days=5))
    await browser.get("/help-now")
    drawn = []

    def body(given, choice, today):
        drawn.append((choice.country, today))
        return Markup("new")

    monkeypatch.setattr(help_pages, "_help_body", body)
    for _ in range(3):
        await browser.get("/help-now")
    assert drawn == []
    for _ in range(3):
        _, page = await changed.get("/help-now")
        assert "new" in page.text
        await changed.get("/help-now?country=all")
    assert len(drawn) == 2
    monkeypatch.setattr(ports, "real_now", lambda: datetime(2036, 1, 1, tzinfo=UTC))
    await changed.get("/help-now")
    assert drawn[2:] == [("GB", date(2036, 1, 1))]


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/help-now", "/help-now?country=GB", "/help-now?country=all"])
async def test_help_is_sent_small_and_kept_for_a_short_while(browser, path):
    await browser.client.get(path)  # Whoever chooses for the first time is given a cookie.
    small = await browser.client.get(path, headers={"accept-encoding": "br, gzip"})
    whole = await browser.client.get(path, headers={"accept-encoding": "identity"})
    assert (small.headers["content-encoding"], whole.headers.get("content-encoding")) == ("gzip", None)
    assert small.text == whole.text
    assert int(small.headers["content-length"]) < int(whole.headers["content-length"]) / 2
    for one in (small, whole):
        assert one.headers["cache-control"] == "public, max-age=300"
        assert one.headers["vary"] == "Accept-Encoding, Accept-Language, Cookie"
        assert "set-cookie" not in one.headers
    assert small.headers["etag"] != whole.headers["etag"], "one is not the other's bytes"
    for one, takes in ((small, "gzip"), (whole, "identity")):
        tag = {"if-none-match": f'"other", W/{one.headers["etag"]}', "accept-encoding": takes}
        again = await browser.client.get(path, headers=tag)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", one.headers["etag"])
        other = "identity" if takes == "gzip" else "gzip"
        elsewhere = await browser.client.get(path, headers=tag | {"accept-encoding": other})
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
async def test_help_says_how_far_each_number_can_be_trusted(browser, monkeypatch):
    monkeypatch.setattr(ports, "real_now", lambda: datetime(2026, 11, 30, tzinfo=UTC))
    _, page = await browser.get("/help-now")
    assert words.verified("1 October 2026") in page.text
    assert "Source: example.org" in page.text
    assert not page.all("p", class_="doubt")
    _, page = await browser.get("/help-now?country=SE")
    assert words.gathered("28 November 2026") in page.text
    assert words.NOT_VERIFIED in page.text


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "said"), [("/help-now", "1 October 2026"), ("/help-now?country=SE", "28 November 2026")]
)
async def test_a_date_of_more_than_a_year_ago_is_said_with_a_warning(browser, monkeypatch, path, said):
    monkeypatch.setattr(ports, "real_now", lambda: datetime(2027, 12, 1, tzinfo=UTC))
    _, page = await browser.get(path)
    assert page.all("p", class_="doubt")
    assert said in page.text
    assert "over a year ago" in page.text


@pytest.mark.anyio
@pytest.mark.parametrize(("path", "status"), [("/me", 503), ("/nothing-here", 404), ("/teams/tab", 200)])
async def test_where_the_sites_numbers_are_not_known_no_country_is_guessed(browsers, path, status):
    browser = browsers(tab=True, numbers=replace(HELP, site=(), home="", places=()))
    browser.sign_in()
    browser.desk.view = common_answers.try_again("4f2a9c")
    response, page = await browser.get(path)
    assert response.status_code == status
    assert "your local emergency number" in page.text
    assert dialled(page) == []
    assert page.all("a", href="/help-now")


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/me", "/nothing-here", "/teams/tab"])
async def test_a_page_about_something_else_has_the_sites_numbers_as_buttons(browsers, path):
    browser = browsers(tab=True)
    browser.sign_in()
    browser.desk.view = common_answers.try_again("4f2a9c")
    _, page = await browser.get(path)
    assert [link["class"] for link in page.all("a", href="tel:999")] == ["ring danger"]


def test_the_emergency_number_stands_first_also_where_a_site_forgot_it_or_put_it_last():
    line = CrisisNumber("Police care line", "0300 012 0030", "GB", "the site", TODAY)
    first, *rest = to_ring(replace(WHOLE, site=(line,)), "GB", TODAY)
    assert (first.danger, [way.url for way in first.ways]) == (True, ["tel:999", "tel:112"])
    assert [one.label for one in rest] == ["Police care line"]
    last = CrisisNumber("Emergency", "999", "GB", "the site", TODAY)
    assert [one.label for one in to_ring(replace(WHOLE, site=(line, last)), "GB", TODAY)] == [
        "Emergency",
        "Police care line",
    ]


def test_a_sites_lines_are_shown_in_their_own_country_and_for_no_other():
    numbers = replace(
        WHOLE,
        site=(CrisisNumber("Nurses", "01 679 0000", "IE"), CrisisNumber("Rail", "0345 000 0000", "GB")),
    )
    assert "Nurses" not in [one.label for one in to_ring(numbers, "GB", TODAY)]
    assert "Nurses" in [one.label for one in to_ring(numbers, "IE", TODAY)]
    assert "Samaritans" in [one.label for one in to_ring(WHOLE, "IE", TODAY)]


def test_each_way_to_reach_a_line_is_a_button_and_what_the_buttons_do_not_say_is_written():
    shown = {one.label: one for one in to_ring(WHOLE, "GB", TODAY)}
    text = shown["Shout"]
    assert ([way.url for way in text.ways], text.said) == (["sms:85258?body=SHOUT"], "")
    option = shown["NHS mental health line, England and Wales"]
    assert ([way.url for way in option.ways], option.said) == (["tel:111"], "111, option 2")
    both = {one.label: one for one in to_ring(WHOLE, "US", TODAY)}["Suicide and Crisis Lifeline"]
    assert ([way.url for way in both.ways], both.said) == (["tel:988", "sms:988"], "")


def test_every_country_has_what_to_ring_in_danger_first_and_none_is_lost():
    shown = every_country(WHOLE, "", TODAY)
    assert {one.code for one in shown} == {number.place for number in shipped_numbers()}
    assert all(one.numbers[0].danger and one.numbers[0].ways for one in shown)
    assert len({one.anchor for one in shown}) == len(shown)
    assert sum(len(one.numbers) for one in shown) == len(shipped_numbers())


@pytest.mark.parametrize("country", ["", "KP"])
def test_where_no_number_is_known_none_is_made_up(country):
    (only,) = to_ring(WHOLE, country, TODAY)
    assert (only.ways, only.said, only.danger) == ((), LOCAL_EMERGENCY.number, True)


def test_the_day_of_the_shipped_numbers_is_no_day_to_come():
    assert date(2026, 1, 1) < gathered_on() <= TODAY
