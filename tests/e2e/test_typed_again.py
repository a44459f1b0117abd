"""Nothing typed is lost: whatever is refused comes back filled, with nothing done, to whoever typed it alone."""

from __future__ import annotations

import pytest

from integrations.web.browser_session import session_cookie
from tests.e2e.browser_side import FORM, Browser, Page
from tests.e2e.counting import count
from tests.e2e.deployment import Deployment
from trim_bot.app.words import page_words as words
from trim_bot.app.words import unsent_words

pytestmark = pytest.mark.anyio
TYPED = "It has all been too much since the spring"
ON_SQLITE = pytest.mark.parametrize("stores", ["sqlite"], indirect=True)


async def filled(browser: Browser) -> Page:
    """A form with something typed into it, which is not sent yet."""
    page = await browser.say("support")
    page.fill(name="named", text=TYPED, contact="Ring after four")
    return page


async def become(browser: Browser, name: str) -> None:
    """Sign in as somebody in another tab of the same browser."""
    actor = f"web:{name}@acme.example" if name else ""
    answer = await browser.http.post("/practice/as", json={"actor": actor})
    assert answer.status_code == 200


def asked(at: Deployment) -> int:
    """How many have asked for support."""
    return count(at, "support_request")


@ON_SQLITE
async def test_after_signing_in_again_in_another_tab_the_form_comes_back_filled(
    at_browser: Deployment,
) -> None:
    nurse = await at_browser.web("nurse")
    page = await filled(nurse)
    await become(nurse, "nurse")
    again = await page.submit()
    assert (again.status, again.form) == (403, "support")
    assert unsent_words.STALE_CHECK in again.text and TYPED in again.text
    assert again.standing("contact") == "Ring after four"
    assert asked(at_browser) == 0
    assert (await again.submit()).title == "We have your request"
    assert asked(at_browser) == 1


async def test_another_member_is_shown_nothing_and_whoever_typed_it_has_it_at_their_sign_in(
    at_browser: Deployment,
) -> None:
    nurse = await at_browser.web("nurse")
    page = await filled(nurse)
    await become(nurse, "driver")
    refused = await page.submit()
    assert (refused.status, refused.title) == (403, unsent_words.UNSENT_TITLE)
    assert unsent_words.UNSENT_OTHER_TEXT in refused.text and TYPED not in refused.html
    for path in ("/", "/me"):
        assert TYPED not in (await nurse.get(path)).html
    assert unsent_words.UNSENT_WAITS_TITLE not in (await nurse.get("/")).text
    await become(nurse, "nurse")
    home = await nurse.get("/")
    assert unsent_words.UNSENT_WAITS_TITLE in home.text and TYPED not in home.html
    form = next(one for one in home.forms if one.action == "/unsent")
    csrf = next(one.value for one in form.controls if one.name == "csrf")
    show = home.html.partition('name="show" value="')[2].partition('"')[0]
    # Somebody else's browser can do nothing with its id.
    driver = await at_browser.web("driver")
    theirs = (await driver.get("/")).html.partition('name="csrf" value="')[2].partition('"')[0]
    await driver.post("/unsent", f"csrf={theirs}&show={show}".encode())
    shown = await nurse.post("/unsent", f"csrf={csrf}&show={show}".encode())
    assert (shown.form, shown.standing("contact")) == ("support", "Ring after four") and TYPED in shown.text
    assert asked(at_browser) == 0
    assert (await shown.submit()).title == "We have your request"
    assert unsent_words.UNSENT_WAITS_TITLE not in (await nurse.get("/")).text
    assert asked(at_browser) == 1


@ON_SQLITE
async def test_after_the_session_ended_it_waits_for_the_same_member(at_browser: Deployment) -> None:
    nurse = await at_browser.web("nurse")
    page = await filled(nurse)
    home = await nurse.get("/")
    csrf = home.html.partition('action="/sign-out"')[2].partition('value="')[2].partition('"')[0]
    await nurse.http.post("/sign-out", content=f"csrf={csrf}", headers={"content-type": FORM})
    refused = await page.submit()
    assert (refused.status, refused.title) == (403, unsent_words.UNSENT_TITLE)
    assert TYPED not in refused.html and "/sign-in" in refused.links
    await become(nurse, "nurse")
    assert unsent_words.UNSENT_WAITS_TITLE in (await nurse.get("/")).text
    other = await at_browser.web("nurse")
    assert unsent_words.UNSENT_WAITS_TITLE not in (await other.get("/")).text


@ON_SQLITE
async def test_what_is_too_long_comes_back_with_all_of_it(at_browser: Deployment) -> None:
    nurse = await at_browser.web("nurse")
    page = await filled(nurse)
    page.fill(text=TYPED + "x" * 300_000)
    again = await page.submit()
    assert again.status == 413 and words.LARGE_TEXT in again.text
    assert again.standing("text") == TYPED + "x" * 300_000
    again.fill(text=TYPED)
    assert (await again.submit()).title == "We have your request"
    assert asked(at_browser) == 1


@ON_SQLITE
async def test_signed_out_what_was_typed_comes_back_and_can_be_sent(at_browser: Deployment) -> None:
    stranger = await at_browser.stranger()
    page = await stranger.get("/o/acme/ask")
    page.fill(text=TYPED)
    stranger.http.cookies.clear()
    again = await page.submit()
    assert (again.status, again.title) == (403, words.STALE_TITLE) and TYPED in again.text
    assert asked(at_browser) == 0
    assert (await again.browser.post("/o/acme/ask", again.body())).title == "We have your request"
    assert asked(at_browser) == 1


@ON_SQLITE
async def test_signed_out_and_too_long_it_comes_back_all_the_same(at_browser: Deployment) -> None:
    stranger = await at_browser.stranger()
    page = await stranger.get("/o/acme/ask")
    page.fill(text=TYPED + " x" * 150_000)
    stranger.http.cookies.clear()
    again = await page.submit()
    assert (again.status, again.title) == (413, words.LARGE_TITLE) and TYPED in again.text
    assert asked(at_browser) == 0


@ON_SQLITE
async def test_too_long_after_the_session_ended_it_waits_for_the_same_member(at_browser: Deployment) -> None:
    nurse = await at_browser.web("nurse")
    page = await filled(nurse)
    page.fill(text=TYPED + "x" * 300_000)
    nurse.http.cookies.delete(session_cookie(https=False))
    refused = await page.submit()
    assert (refused.status, refused.title) == (403, unsent_words.UNSENT_TITLE)
    assert TYPED not in refused.html
    await become(nurse, "nurse")
    assert unsent_words.UNSENT_WAITS_TITLE in (await nurse.get("/")).text


@ON_SQLITE
async def test_too_long_and_without_any_cookie_nothing_is_kept(at_browser: Deployment) -> None:
    nurse = await at_browser.web("nurse")
    page = await filled(nurse)
    page.fill(text=TYPED + "x" * 300_000)
    nurse.http.cookies.clear()
    kept = count(at_browser, "kept_page")
    refused = await page.submit()
    assert (refused.status, refused.title) == (413, words.LARGE_TITLE)
    assert count(at_browser, "kept_page") == kept


@ON_SQLITE
async def test_what_another_site_sent_is_given_back_to_nobody(at_browser: Deployment) -> None:
    stranger = await at_browser.stranger()
    page = await stranger.get("/o/acme/ask")
    page.fill(text=TYPED)
    stranger.http.cookies.clear()
    headers = {"content-type": FORM, "sec-fetch-site": "cross-site"}
    answer = await stranger.http.post("/o/acme/ask", content=page.body(), headers=headers)
    assert answer.status_code == 403 and TYPED not in answer.text
    nurse = await at_browser.web("nurse")
    forged = await nurse.post("/f/support", f"csrf=x&by=web:acme/nurse&t=x&text={TYPED}".encode())
    assert forged.status == 403 and TYPED not in forged.html
