"""Taking in a tenant: an administrator's own browser comes back, and the app gets a token there; nothing less does."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest

from integrations.web.work_account import TenantConsent
from tests.adapters.web.conftest import Browser
from tests.adapters.web.entra import APP, HOST, TENANT
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import TryLater

pytestmark = pytest.mark.anyio
BACK = "https://desk.test/teams/installed"


class Login:
    """Which tenants agreed, and which were taken in."""

    def __init__(self) -> None:
        self.agreed = {TENANT}
        self.taken: list[str] = []
        self.down = False

    async def has(self, tenant: str) -> bool:
        if self.down:
            raise TryLater
        return tenant in self.agreed

    async def take_in(self, tenant: str) -> None:
        self.taken.append(tenant)


@pytest.fixture
def login() -> Login:
    return Login()


@pytest.fixture
def browser(browsers: Callable[..., Browser], login: Login) -> Browser:
    return browsers(consent=TenantConsent(HOST, APP, BACK, b"secret of the pages", login.has, login.take_in))


async def go(browser: Browser, **change: str) -> tuple[int, str]:
    away = await browser.client.get("/teams/install")
    assert away.status_code == 303
    asked = dict(parse_qsl(urlsplit(away.headers["location"]).query))
    assert away.headers["location"].startswith(f"{HOST}/organizations/v2.0/adminconsent?")
    assert (asked["client_id"], asked["redirect_uri"]) == (APP, BACK)
    answer = {"admin_consent": "True", "tenant": TENANT, "state": asked["state"], "scope": "x"} | change
    back = await browser.client.get("/teams/installed", params=answer)
    return back.status_code, back.text


async def test_an_administrator_who_agrees_brings_their_tenant_in(browser: Browser, login: Login) -> None:
    status, text = await go(browser)
    assert status == 200 and words.TENANT_TITLE in text
    assert login.taken == [TENANT]


@pytest.mark.parametrize(
    "change",
    [
        {"state": "another"},
        {"state": ""},
        {"tenant": "99999999-2222-3333-4444-555555555555"},
        {"tenant": "common"},
        {"tenant": f"{TENANT}/../x"},
        {"admin_consent": "False"},
        {"admin_consent": ""},
        {"error": "access_denied"},
    ],
)
async def test_anything_less_brings_nobody_in_and_looks_the_same(
    browser: Browser, login: Login, change: dict[str, str]
) -> None:
    status, text = await go(browser, **change)
    assert status == 403 and words.NO_TENANT_TITLE in text and "another" not in text
    assert login.taken == []


async def test_another_browser_brings_nobody_in(browser: Browser, login: Login) -> None:
    away = await browser.client.get("/teams/install")
    asked = dict(parse_qsl(urlsplit(away.headers["location"]).query))
    browser.client.cookies.clear()
    answer = {"admin_consent": "True", "tenant": TENANT, "state": asked["state"]}
    assert (await browser.client.get("/teams/installed", params=answer)).status_code == 403
    assert login.taken == []


async def test_while_the_login_is_down_nothing_is_said_of_the_tenant(browser: Browser, login: Login) -> None:
    login.down = True
    status, text = await go(browser)
    assert status == 503 and words.LATER_TITLE in text and login.taken == []
