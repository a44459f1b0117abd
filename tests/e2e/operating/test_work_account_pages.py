"""A desk with Teams set up: signing in with a work account and taking in tenants, against a login on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.adapters.web.entra import APP, PASSWORD, PERSON, TENANT, Entra
from tests.e2e.operating.conftest import Place
from trim_bot.app.people.meeting import meet
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Address, Member, Platform, Profile

pytestmark = pytest.mark.anyio
ORIGIN = "http://127.0.0.1:8000"


@dataclass
class Running:
    """The login, the desk, and a browser."""

    entra: Entra
    desktop: Desktop
    browser: httpx.AsyncClient

    async def sign_in(self) -> httpx.Response:
        """Away and back."""
        away = await self.browser.get("/sign-in/microsoft")
        answer = self.entra.log_in(away.headers["location"])
        return await self.browser.get("/sign-in/microsoft/back", params=answer)

    async def agree(self, tenant: str) -> httpx.Response:
        """An administrator agrees for a tenant."""
        away = await self.browser.get("/teams/install")
        asked = dict(parse_qsl(urlsplit(away.headers["location"]).query))
        assert away.headers["location"].startswith(f"{self.entra.host}/organizations/v2.0/adminconsent?")
        answer = {"admin_consent": "True", "tenant": tenant, "state": asked["state"]}
        return await self.browser.get("/teams/installed", params=answer)


@pytest.fixture
async def running(place: Place) -> AsyncIterator[Running]:
    entra = Entra(back=f"{ORIGIN}/sign-in/microsoft/back")

    async def get(request: web.Request) -> web.Response:
        told = entra.get(str(request.url))
        return web.Response(text=told.text, status=told.status_code, content_type="application/json")

    async def post(request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        told = entra.post(str(request.url), data=form)
        return web.Response(text=told.text, status=told.status_code, content_type="application/json")

    application = web.Application()
    application.router.add_get("/{rest:.*}", get)
    application.router.add_post("/{rest:.*}", post)
    async with TestServer(application) as server:
        entra.host = str(server.make_url("")).rstrip("/")
        place.set(
            TRIM_BOT_ENV="test", PUBLIC_URL=ORIGIN, ENTRA_AUTHORITY=entra.host, TEAMS_APP_ID=APP,
            TEAMS_APP_PASSWORD=PASSWORD, TEAMS_OPENID_URL=f"{entra.host}/bot/openid-configuration",
            TEAMS_SERVICE_HOSTS=urlsplit(entra.host).netloc, GRAPH_URL=f"{entra.host}/graph",
        )  # fmt: skip
        desktop = Desktop(place.settings())
        async with desktop.lifespan():
            await desktop.opened.wait()
            transport = httpx.ASGITransport(desktop.app())
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
                yield Running(entra, desktop, browser)


async def meet_somebody(running: Running) -> None:
    """The tenant's person is met, as the bot does."""
    assert running.desktop.running is not None
    store = running.desktop.running.deployment.store
    home = await store.organisation_at(ChatWorkspace.parse(f"teams:{TENANT}"))
    assert home is not None
    profile = Profile(Address(Platform.TEAMS, TENANT, PERSON), "Sam")
    now = running.desktop.running.deployment.clock.now()
    await store.write(OrganisationId(home.id), lambda tx: meet(tx, profile, now))
    [member] = await store.read(OrganisationId(home.id), lambda tx: tx.find(Member))
    assert member.name == "Sam"


async def test_a_tenant_is_taken_in_and_its_people_sign_in(running: Running) -> None:
    assert (await running.agree(TENANT.replace("1", "9"))).status_code == 403, "nobody agreed at the login"
    assert (await running.sign_in()).status_code == 403, "the tenant is not known yet"
    running.entra.agreed.add(TENANT)
    assert (await running.agree(TENANT)).status_code == 200
    assert (await running.sign_in()).status_code == 403, "the person is not known yet"
    await meet_somebody(running)
    back = await running.sign_in()
    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert "Sam" in (await running.browser.get("/")).text


async def test_each_tenant_gets_an_organisation_of_its_own(running: Running) -> None:
    other = TENANT.replace("1", "9")
    running.entra.agreed |= {TENANT, other}
    for tenant in (TENANT, other, TENANT):
        assert (await running.agree(tenant)).status_code == 200
    assert running.desktop.running is not None
    every = await running.desktop.running.deployment.store.organisations()
    homes = {workspace: one.id for one in every for workspace in one.workspaces}
    assert len(every) == 2 and len(set(homes.values())) == 2
    assert len({one.key_id for one in every}) == 2


async def test_the_tab_is_there(running: Running) -> None:
    page = await running.browser.get("/teams/tab")
    assert page.status_code == 200 and "frame-ancestors https://" in page.headers["content-security-policy"]


async def test_where_one_tenant_is_named_no_other_is_taken_in(place: Place) -> None:
    place.set(
        TRIM_BOT_ENV="test", PUBLIC_URL=ORIGIN, TEAMS_APP_ID=APP, TEAMS_APP_PASSWORD=PASSWORD,
        TEAMS_TENANT_ID=TENANT, ENTRA_AUTHORITY="http://127.0.0.1:9", GRAPH_URL="http://127.0.0.1:9",
        TEAMS_OPENID_URL="http://127.0.0.1:9/x", TEAMS_SERVICE_HOSTS="127.0.0.1:9",
    )  # fmt: skip
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        await desktop.opened.wait()
        transport = httpx.ASGITransport(desktop.app())
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
            assert (await browser.get("/teams/install")).status_code == 404
            assert (await browser.get("/sign-in/microsoft")).status_code == 503
