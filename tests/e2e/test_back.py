"""Back, Forward and Refresh in a browser: each answer has a page of its own, which does nothing again."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.e2e.browser_side import FORM, Browser, Page
from tests.e2e.deployment import Deployment
from tests.e2e.story import event
from trim_bot.app.events.check_screens import CHECK_TITLE
from trim_bot.app.words.unsent_words import PAGE_GONE_TITLE
from trim_bot.domain.policy import POLICY

pytestmark = pytest.mark.anyio
WORDS = "It has all been too much since the spring"
TOO_LONG = WORDS + "x" * 9000


async def sent(browser: Browser, page: Page, action: str) -> httpx.Response:
    """The bare answer to a form, before the browser follows it."""
    return await browser.http.post(action, content=page.body(), headers={"content-type": FORM})


def rows(at: Deployment, table: str) -> list[str]:
    """Every row of a table, as it lies in the database."""
    engine = create_engine(at.stores.data.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT set_config('trim_bot.organisation', 'all:rows', true)"))
        found = [repr(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
    engine.dispose()
    return found


async def test_what_is_sent_leads_on_to_a_page_that_does_nothing(at_browser: Deployment) -> None:
    nurse = await at_browser.web("nurse")
    page = await nurse.say("support")
    page.fill(name="named", text=WORDS, contact="Ring after four")
    answer = await sent(nurse, page, "/f/support")
    assert (answer.status_code, answer.text) == (303, "")
    way = answer.headers["location"]
    assert way.startswith("/p/") and len(way) > 30
    assert answer.headers["cache-control"] == "no-store"
    seen = [await nurse.get(way) for _ in range(3)]
    assert {one.title for one in seen} == {"We have your request"}
    assert len(rows(at_browser, "support_request")) == 1


async def test_what_is_to_be_mended_comes_back_filled_and_is_done_once(at_browser: Deployment) -> None:
    nurse = await at_browser.web("nurse")
    page = await nurse.say("support")
    page.fill(name="named", text=TOO_LONG, contact="")
    answer = await sent(nurse, page, "/f/support")
    mend = await nurse.get(answer.headers["location"])
    assert mend.status == 422 and mend.errors
    again = await nurse.get(answer.headers["location"])
    assert again.errors == mend.errors and again.token == mend.token
    again.fill(text=WORDS)
    done = await again.submit()
    assert done.title == "We have your request"
    # Back to the form that was mended: it was sent, and what came of it is shown.
    assert (await nurse.get(answer.headers["location"])).title == "We have your request"
    mend.fill(text=WORDS)
    assert (await mend.submit()).title == "We have your request"
    assert len(rows(at_browser, "support_request")) == 1


async def test_who_gets_an_offer_is_seen_on_a_page_that_can_be_opened_again(at_browser: Deployment) -> None:
    priya = await at_browser.web("priya")
    page = await priya.say("peer", "log")
    many = POLICY.offers_at_once + 1
    page.fill(**event(unlisted="\n".join(f"Somebody {n}, 07700 9001{n:02}" for n in range(many))))
    way = (await sent(priya, page, "/f/log")).headers["location"]
    looked = [await priya.get(way) for _ in range(2)]
    for one in looked:
        assert one.title == CHECK_TITLE
        assert f"{many} people get an offer" in one.text and "Somebody 0" in one.text
    assert rows(at_browser, "incident") == []
    # What was changed since is looked at again.
    looked[0].fill(ended_at="99:99")
    mend = await looked[0].submit()
    assert mend.status == 422 and mend.errors
    mend.fill(ended_at="08:00")
    again = await mend.submit()
    assert again.title == CHECK_TITLE
    done = await again.submit()
    assert done.title.startswith("The event is logged")
    assert (await looked[1].submit()).title == done.title
    assert len(rows(at_browser, "incident")) == 1


async def test_a_handle_opens_in_its_own_session_and_no_longer(at_browser: Deployment) -> None:
    nurse, driver = await at_browser.web("nurse"), await at_browser.web("driver")
    page = await nurse.say("support")
    page.fill(name="named", text=TOO_LONG, contact="")
    way = (await sent(nurse, page, "/f/support")).headers["location"]
    theirs, unknown = await driver.get(way), await driver.get("/p/" + "x" * 32)
    assert (theirs.status, theirs.title, theirs.text) == (404, PAGE_GONE_TITLE, unknown.text)
    assert "/" in theirs.links
    home = await nurse.get("/")
    csrf = home.html.partition('action="/sign-out"')[2].partition('value="')[2].partition('"')[0]
    out = await nurse.http.post("/sign-out", content=f"csrf={csrf}", headers={"content-type": FORM})
    assert out.status_code == 303
    assert rows(at_browser, "kept_page") == []
    after = await nurse.http.get(way)
    assert (after.status_code, after.headers["location"]) == (303, "/sign-in")
    await nurse.be()
    assert (await nurse.get(way)).title == PAGE_GONE_TITLE


async def test_nothing_that_is_kept_of_a_page_can_be_read(at_browser: Deployment) -> None:
    nurse = await at_browser.web("nurse")
    page = await nurse.say("support")
    page.fill(name="named", text=TOO_LONG, contact="")
    way = (await sent(nurse, page, "/f/support")).headers["location"]
    assert WORDS in (await nurse.get(way)).text
    [kept] = rows(at_browser, "kept_page")
    assert WORDS not in kept and "support" not in kept
    assert way.rpartition("/")[2] not in kept


async def test_signed_out_the_answer_has_a_page_of_its_own_too(at_browser: Deployment) -> None:
    stranger = await at_browser.stranger()
    page = await stranger.get("/o/acme/ask")
    page.fill(text=TOO_LONG)
    mend = await page.submit()
    assert mend.status == 422
    mend.fill(text=WORDS)
    answer = await sent(stranger, mend, "/o/acme/ask")
    way = answer.headers["location"]
    assert answer.status_code == 303 and way.startswith("/o/acme/p/")
    assert (await stranger.get(way)).title == (await stranger.get(way)).title
    assert (await (await at_browser.stranger()).get(way)).title == PAGE_GONE_TITLE
    assert len(rows(at_browser, "support_request")) == 1
