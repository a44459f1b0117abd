"""A start with the settings of one Teams app, and one without: what is served, and what is not even loaded."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.adapters.teams_app.person import command, installed
from tests.e2e.deployment import teams_environment
from tests.e2e.operating.conftest import Place
from tests.e2e.tenancy import TENANT, Tenancy, open_for_business
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.ports import Tx
from trim_bot.app.workspaces.founding import FirstStart
from trim_bot.app.workspaces.workspace_cache import KnownTenants
from trim_bot.bootstrap.process_log import tell
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import GONE, Account, Address, Platform
from trim_bot.domain.site import Organisation, Site
from trim_bot.storage.store import SqlStore

pytestmark = pytest.mark.anyio

PERSON = "44444444-eeee-4eee-8eee-444444444444"
ADDRESS = Address(Platform.TEAMS, TENANT, PERSON)
START = """
import asyncio, sys
from trim_bot.bootstrap.serving import Desktop
from trim_bot.settings.for_serving import settings_for_serving
from trim_bot.domain.chat_workspaces import ChatWorkspace

async def main():
    desktop = Desktop(settings_for_serving())
    async with desktop.lifespan():
        assert desktop.running is not None

asyncio.run(main())
sought = {"aiohttp", "integrations.slack.adapter", "integrations.teams.adapter", "msal", "slack_bolt", "slack_sdk"}
print(sorted(sought & set(sys.modules)))
"""


@pytest.fixture
async def tenancy(place: Place) -> AsyncIterator[Tenancy]:
    """Microsoft's side, named in the environment."""
    async with open_for_business() as fake:
        fake.hire(PERSON, "Nina")
        place.set(**teams_environment(fake))
        yield fake


async def home(desktop: Desktop) -> Organisation:
    """The tenant's organisation once it has been made, with its settings."""
    assert desktop.running is not None
    await desktop.running.settled()
    store = desktop.running.deployment.store
    found = await store.organisation_at(ChatWorkspace.parse(f"teams:{TENANT}"))
    assert found is not None
    site = await store.read(OrganisationId(found.id), lambda tx: tx.get(Site, "site"))
    assert site is not None
    assert site.numbers
    return found


async def posted(desktop: Desktop, tenancy: Tenancy, activity: dict[str, Any]) -> httpx.Response:
    """An activity with a good token."""
    transport = httpx.ASGITransport(app=desktop.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        body = json.dumps(activity).encode()
        return await client.post("/api/messages", content=body, headers=tenancy.headers())


async def test_the_first_start_makes_the_organisation_of_the_tenant(place: Place, tenancy: Tenancy) -> None:
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        assert (await home(desktop)).slug == "default"
        answer = await posted(desktop, tenancy, command("support", tenancy.service_url, person=PERSON))
        assert answer.json()["task"]["type"] == "continue"


async def test_an_organisation_that_is_there_already_gets_the_tenant(place: Place, tenancy: Tenancy) -> None:
    await asyncio.to_thread(place.run, "site", "apply", place.site_file())
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        assert (await home(desktop)).slug == "example-transport"


async def test_whoever_installs_the_app_is_met_and_can_be_reached(place: Place, tenancy: Tenancy) -> None:
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        id = OrganisationId((await home(desktop)).id)
        activity = installed(tenancy.service_url, person=PERSON)
        assert (await posted(desktop, tenancy, activity)).status_code == 200
        assert desktop.running is not None
        store = desktop.running.deployment.store

        def kept(tx: Tx) -> tuple[str, str]:
            member = member_at(tx, ADDRESS)
            assert member is not None
            return member.name, tx.find(Account, address=ADDRESS.text)[0].route

        name, route = await store.read(id, kept)
        assert name == "Nina"
        assert json.loads(route) == {"service_url": tenancy.service_url, "conversation": f"a:{PERSON}"}
        gone = installed(tenancy.service_url, "remove", person=PERSON)
        assert (await posted(desktop, tenancy, gone)).status_code == 200
        assert (await store.read(id, kept))[1] == GONE


async def test_the_store_is_asked_until_it_answers(place: Place, tenancy: Tenancy) -> None:
    desktop = Desktop(place.settings())
    waits: list[float] = []

    class Awkward(SqlStore):
        async def organisation_at(self, workspace: ChatWorkspace) -> Organisation | None:
            if len(waits) < 2:
                raise StoreUnavailable
            return await super().organisation_at(workspace)

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    async with desktop.lifespan():
        await home(desktop)
        assert desktop.running is not None
        store = desktop.running.deployment.store
        store.__class__ = Awkward
        start = FirstStart(desktop.running.deployment.founder, "", tell, pause)
        await start.settle_tenant(TENANT.upper())
        await start.settle_tenant("")
        store.__class__ = SqlStore
    assert waits == [2.0, 4.0]


async def test_a_known_tenant_is_remembered_for_a_moment_and_a_stranger_never(
    place: Place, tenancy: Tenancy
) -> None:
    desktop, now = Desktop(place.settings()), [0.0]
    async with desktop.lifespan():
        await home(desktop)
        assert desktop.running is not None
        store = desktop.running.deployment.store
        tenants = KnownTenants(store, "", lambda: now[0])
        assert not await tenants.knows("another")
        assert await tenants.knows(TENANT)
        await store.disconnect(ChatWorkspace.parse(f"teams:{TENANT}"))
        now[0] += 59
        assert await tenants.knows(TENANT)
        now[0] += 2
        assert not await tenants.knows(TENANT)
        await store.found("default", ChatWorkspace.parse("teams:another"))
        assert await tenants.knows("another")
        settled = KnownTenants(store, TENANT)
        assert not await settled.knows("another"), "only the tenant of the settings"
        with pytest.raises(StoreUnavailable):
            await settled.knows(TENANT)


async def test_while_the_store_is_gone_a_tenant_that_was_known_is_still_heard(
    place: Place, tenancy: Tenancy
) -> None:
    desktop, now = Desktop(place.settings()), [0.0]

    class Gone(SqlStore):
        async def organisation_at(self, workspace: ChatWorkspace) -> Organisation | None:
            raise StoreUnavailable

    async with desktop.lifespan():
        await home(desktop)
        assert desktop.running is not None
        store = desktop.running.deployment.store
        tenants = KnownTenants(store, "", lambda: now[0])
        assert await tenants.knows(TENANT)
        now[0] += 3600
        store.__class__ = Gone
        assert await tenants.knows(TENANT), "the desk says itself that nothing was saved, and numbers to ring"
        with pytest.raises(StoreUnavailable):
            await tenants.knows("another")
        store.__class__ = SqlStore
        await store.disconnect(ChatWorkspace.parse(f"teams:{TENANT}"))
        assert not await tenants.knows(TENANT)
        store.__class__ = Gone
        with pytest.raises(StoreUnavailable):
            await tenants.knows(TENANT)
        store.__class__ = SqlStore


async def test_without_teams_there_is_no_such_door_and_none_of_it_is_loaded(place: Place) -> None:
    place.set(
        SLACK_API_URL="http://127.0.0.1:9/api/", SLACK_BOT_TOKEN="xoxb-fake", SLACK_SIGNING_SECRET="a-secret"
    )
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        transport = httpx.ASGITransport(app=desktop.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            answer = await client.post("/api/messages", content=b"{}")
        assert answer.status_code == 404
    said = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", START], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == "['aiohttp', 'integrations.slack.adapter', 'slack_bolt', 'slack_sdk']"


async def test_with_teams_it_is_loaded(place: Place, tenancy: Tenancy) -> None:
    said = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", START], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == "['integrations.teams.adapter', 'msal']", "and nothing of Slack's"


async def test_the_doctor_asks_the_login(place: Place, tenancy: Tenancy) -> None:
    await asyncio.to_thread(place.run, "site", "apply", place.site_file())
    assert "warn teams" in await asyncio.to_thread(place.run, "doctor")
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        await home(desktop)
    assert "ok   teams" in await asyncio.to_thread(place.run, "doctor")
    place.set(TEAMS_APP_PASSWORD="a-wrong-one")
    assert "no token" in await asyncio.to_thread(place.run, "doctor", code=1)
    tenancy.keys_gone = True
    assert "login keys" in await asyncio.to_thread(place.run, "doctor", code=1)
