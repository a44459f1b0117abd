"""Which organisation a deployment begins with, and which one a workspace or a person belongs to."""

from __future__ import annotations

import pytest

from tests.fakes import FakeStore
from trim_bot.app.clock.clocks import RealClock
from trim_bot.app.workspaces.founding import (
    BadSlug,
    Founder,
    NoOrganisation,
    WhichOrganisation,
    organisation_for,
    slug_of,
)
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.people import Address
from trim_bot.domain.site import Site
from trim_bot.locale.crisis_numbers import numbers_for
from trim_bot.settings.checks import host_of


def founder(store: FakeStore) -> Founder:
    """Founds organisations here, with the shipped numbers."""
    return Founder(store, RealClock(), numbers_for)


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://peer.example.org", "peer"),
        ("https://www.example.org", "default"),
        ("http://localhost:8000", "default"),
        ("http://127.0.0.1:8000", "default"),
        ("https://10.example.org", "10"),
        ("", "default"),
    ],
)
def test_a_slug_from_the_public_address(url: str, slug: str) -> None:
    assert slug_of(host_of(url)) == slug


@pytest.mark.anyio
async def test_settings_are_made_once() -> None:
    store = FakeStore(run_twice=True)
    one = await founder(store).found("acme")
    assert await founder(store).found("acme") == one
    (site,) = store.all(one.id, Site)
    assert (site.slug, site.zone) == ("acme", "Europe/London")
    assert site.numbers
    with pytest.raises(BadSlug):
        await founder(store).found("Not a slug")


@pytest.mark.anyio
async def test_a_second_workspace_of_a_platform_gets_its_own_organisation() -> None:
    store = FakeStore()
    first = await founder(store).workspace_home(ChatWorkspace.parse("slack:T1"), "peer.example.org")
    second = await founder(store).workspace_home(ChatWorkspace.parse("slack:T2"), "peer.example.org")
    assert (first.slug, second.slug) == ("peer", "slack-t2")
    assert await founder(store).workspace_home(ChatWorkspace.parse("slack:T1"), "") == first


@pytest.mark.anyio
async def test_which_organisation_a_command_means() -> None:
    store = FakeStore()
    person = Address.parse("slack:T1:U1")
    with pytest.raises(NoOrganisation):
        await organisation_for(store, person, None)
    one = await founder(store).found("one", ChatWorkspace.parse("slack:T1"))
    assert (await organisation_for(store, None, None)).id == one.id
    two = await founder(store).found("two")
    assert (await organisation_for(store, person, None)).id == one.id
    assert (await organisation_for(store, person, "two")).id == two.id
    with pytest.raises(WhichOrganisation):
        await organisation_for(store, Address.parse("web:someone@example.org"), None)
    with pytest.raises(NoOrganisation):
        await organisation_for(store, None, "three")
