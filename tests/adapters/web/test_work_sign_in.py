"""Signing in with the work account through the pages: away, back, one session, and one answer to all that fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from integrations.web import ports
from integrations.web.rate_limit import MOST
from integrations.web.work_account import WorkAccount
from tests.adapters.web.conftest import Browser
from tests.adapters.web.entra import APP, BACK, HOST, PASSWORD, PERSON, TENANT, Entra
from trim_bot.app.words import page_words as words

pytestmark = pytest.mark.anyio
ACCOUNT = f"teams:{TENANT}:{PERSON}"
BEGIN = "/sign-in/microsoft"


@pytest.fixture
def entra() -> Entra:
    return Entra()


@pytest.fixture
def browser(browsers: Callable[..., Browser], entra: Entra) -> Browser:
    """A browser on a desk where Sam has a work account."""
    made = browsers(
        work=WorkAccount(entra, HOST, APP, PASSWORD, "", BACK, b"secret of the pages, long enough")
    )
    made.desk.work[ACCOUNT] = "acme.sam"
    return made


async def go(browser: Browser, entra: Entra, **change: str) -> tuple[int, str]:
    """Away and back; the status and where it leads, or the page's title."""
    away = await browser.client.get(BEGIN)
    assert away.status_code == 303
    answer = entra.log_in(away.headers["location"]) | change
    back = await browser.client.get(BACK, params=answer)
    if back.status_code == 303:
        return 303, back.headers["location"]
    return back.status_code, back.text


async def test_somebody_known_is_signed_in_and_the_code_leaves_the_address(
    browser: Browser, entra: Entra
) -> None:
    assert await go(browser, entra) == (303, "/")
    assert browser.client.cookies.get("__Host-peer-session") == "acme.sam"
    assert browser.client.cookies.get("__Host-peer-work") is None
    _, page = await browser.get("/")
    assert "Sam Okafor" in page.text


async def test_what_the_browser_keeps_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    away = await browser.client.get(BEGIN)
    cookie = away.headers["set-cookie"].lower()
    assert "httponly" in cookie and "secure" in cookie and "samesite=lax" in cookie
    assert away.headers["location"].startswith(HOST)
    assert away.headers["cache-control"] == "no-store"


async def test_every_failure_looks_the_same(browser: Browser, entra: Entra) -> None:
    seen = set()
    for change in ({"state": "x"}, {"code": "x"}, {"code": ""}, {"state": ""}):
        seen.add(await go(browser, entra, **change))
    browser.desk.work.clear()
    seen.add(await go(browser, entra))
    entra.claims["aud"] = "another"
    seen.add(await go(browser, entra))
    seen.add(_told(await browser.client.get(BACK)))
    seen.add(_told(await browser.client.get(BACK, params={"error": "access_denied", "state": "x"})))
    seen.add(_told(await browser.client.get(BACK, params={"code": "x" * 9000, "state": "x"})))
    [(status, text)] = seen
    assert status == 403 and words.WORK_TITLE in text
    assert browser.client.cookies.get("__Host-peer-session") is None


def _told(response) -> tuple[int, str]:
    return response.status_code, response.text


async def test_coming_back_twice_signs_in_once(browser: Browser, entra: Entra) -> None:
    away = await browser.client.get(BEGIN)
    answer = entra.log_in(away.headers["location"])
    kept = browser.client.cookies.get("__Host-peer-work") or ""
    assert (await browser.client.get(BACK, params=answer)).status_code == 303
    assert (await browser.client.get(BACK, params=answer)).status_code == 403
    browser.client.cookies.set("__Host-peer-work", kept, domain="desk.test", path="/")
    assert (await browser.client.get(BACK, params=answer)).status_code == 403


async def test_another_browsers_answer_signs_nobody_in(
    browsers: Callable[..., Browser], browser: Browser, entra: Entra
) -> None:
    away = await browser.client.get(BEGIN)
    answer = entra.log_in(away.headers["location"])
    browser.client.cookies.clear()
    assert (await browser.client.get(BACK, params=answer)).status_code == 403


async def test_while_the_login_is_down_it_says_so(browser: Browser, entra: Entra) -> None:
    entra.down = True
    response = await browser.client.get(BEGIN)
    assert response.status_code == 503 and words.LATER_TITLE in response.text


async def test_a_whole_workplace_may_come_from_one_address(browser: Browser, entra: Entra) -> None:
    browser.client.headers["x-forwarded-for"] = "9.9.9.9"
    for _ in range(MOST + 5):
        assert await go(browser, entra) == (303, "/")


async def test_who_comes_back_without_end_is_put_off_before_the_login_is_asked(
    browsers: Callable[..., Browser], entra: Entra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "MOST_SIGN_INS", 3)
    work = WorkAccount(entra, HOST, APP, PASSWORD, "", BACK, b"secret of the pages, long enough")
    made = browsers(work=work)
    made.client.headers["x-forwarded-for"] = "9.9.9.9"
    away = await made.client.get(BEGIN)
    kept = made.client.cookies.get("__Host-peer-work") or ""
    state = entra.log_in(away.headers["location"])["state"]
    seen = []
    for number in range(4):
        made.client.cookies.set("__Host-peer-work", kept, domain="desk.test", path="/")
        back = await made.client.get(BACK, params={"state": state, "code": f"guess{number}"})
        seen.append(back.status_code)
    assert seen == [403, 403, 429, 429]


async def test_without_teams_there_is_no_such_page(browsers: Callable[..., Browser]) -> None:
    plain = browsers()
    for path in (BEGIN, BACK, "/teams/tab", "/teams/install", "/teams/installed"):
        assert (await plain.client.get(path)).status_code == 404
    assert words.WORK_BUTTON not in (await plain.client.get("/sign-in")).text


async def test_the_sign_in_page_leads_there(browser: Browser) -> None:
    _, page = await browser.get("/sign-in")
    assert page.all("a", href=BEGIN)


async def test_the_tab_may_be_framed_by_teams_alone_and_is_the_same_for_all(
    browsers: Callable[..., Browser], entra: Entra
) -> None:
    made = browsers(tab=True, work=WorkAccount(entra, HOST, APP, PASSWORD, "", BACK, b"secret of the pages"))
    out, page = await made.get("/teams/tab")
    policy = out.headers["content-security-policy"]
    ancestors = next(part for part in policy.split(";") if "frame-ancestors" in part).split()[1:]
    assert ancestors and all(one.startswith("https://") for one in ancestors)
    assert {one.rpartition("*.")[2].removeprefix("https://") for one in ancestors} >= {"teams.microsoft.com"}
    assert "default-src 'none'" in policy and "x-frame-options" not in out.headers
    assert "set-cookie" not in out.headers
    made.sign_in()
    again, _ = await made.get("/teams/tab")
    assert again.content == out.content
    assert made.desk.calls == 0
    assert out.text.index("999") < out.text.index(words.TAB_ASK_TITLE) < out.text.index(BEGIN)
    assert page.all("a", href=BEGIN, target="_blank")
    other = await made.client.get("/sign-in")
    assert other.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
