"""Each organisation's names of the two commands are found, change soon, and outlive a store that is away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes import FakeStore
from trim_bot.app.clock.clocks import RealClock
from trim_bot.app.seam.ports import Tx
from trim_bot.app.words.adapter_words import Names
from trim_bot.app.workspaces.founding import Founder
from trim_bot.app.workspaces.workspace_cache import FRESH_SECONDS, HASTE_SECONDS, CommandNames
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Address
from trim_bot.domain.site import Organisation, Site
from trim_bot.locale.crisis_numbers import numbers_for

pytestmark = pytest.mark.anyio
HERE = "slack:T0001"


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def rename(store: FakeStore, organisation: Organisation, work: str, ask: str) -> None:
    def body(tx: Tx) -> None:
        site = tx.get(Site, "site")
        assert site is not None
        tx.save(replace(site, work_command=work, ask_command=ask))

    await store.write(OrganisationId(organisation.id), body)


def founder(store: FakeStore) -> Founder:
    """Founds organisations here, with the shipped numbers."""
    return Founder(store, RealClock(), numbers_for)


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


async def test_two_organisations_call_them_differently(store: FakeStore) -> None:
    await rename(store, await founder(store).found("one", ChatWorkspace.parse(HERE)), "care", "ask-us")
    await rename(
        store, await founder(store).found("two", ChatWorkspace.parse("teams:tenant")), "team", "talk"
    )
    names = CommandNames(store)
    assert await names.first_word(ChatWorkspace.parse(HERE), "care") == "peer"
    assert await names.first_word(ChatWorkspace.parse(HERE), "ask-us") == "support"
    assert await names.first_word(ChatWorkspace.parse("teams:tenant"), "talk") == "support"
    assert await names.first_word(ChatWorkspace.parse(HERE), "talk") is None
    assert await names.names(ChatWorkspace.parse("web:two")) == Names("team", "talk")
    assert names.at(Address.parse(f"{HERE}:U1")) == Names("care", "ask-us")
    await names.close()


async def test_the_shipped_words_go_on_unless_they_mean_the_other(store: FakeStore) -> None:
    home = await founder(store).found("one", ChatWorkspace.parse(HERE))
    await rename(store, home, "care", "ask-us")
    names = CommandNames(store)
    assert await names.first_word(ChatWorkspace.parse(HERE), "peer") == "peer"
    assert Names(work="support", ask="help-me").first_word("support") == "peer"


async def test_a_new_name_is_heard_at_once_and_an_old_one_forgotten_soon(store: FakeStore) -> None:
    home, seconds = await founder(store).found("one", ChatWorkspace.parse(HERE)), Seconds()
    await rename(store, home, "care", "ask-us")
    names = CommandNames(store, seconds)
    assert await names.first_word(ChatWorkspace.parse(HERE), "care") == "peer"
    await rename(store, home, "team", "ask-us")
    assert await names.first_word(ChatWorkspace.parse(HERE), "team") is None
    seconds.now += HASTE_SECONDS + 1
    assert await names.first_word(ChatWorkspace.parse(HERE), "team") == "peer"
    await rename(store, home, "crew", "ask-us")
    seconds.now += FRESH_SECONDS + 1
    assert await names.first_word(ChatWorkspace.parse(HERE), "team") == "peer", (
        "used once more while it is looked up"
    )
    for task in tuple(names._looking.values()):
        await task
    assert await names.first_word(ChatWorkspace.parse(HERE), "team") is None


async def test_while_the_store_is_away_what_was_known_is_used(store: FakeStore) -> None:
    home, seconds = await founder(store).found("one", ChatWorkspace.parse(HERE)), Seconds()
    await rename(store, home, "care", "ask-us")
    names = CommandNames(store, seconds)
    await names.names(ChatWorkspace.parse(HERE))
    store.unavailable = True
    seconds.now += FRESH_SECONDS * 10
    assert await names.first_word(ChatWorkspace.parse(HERE), "care") == "peer"
    assert await names.first_word(ChatWorkspace.parse("slack:T0002"), "support") == "support"
    assert await names.first_word(ChatWorkspace.parse("slack:T0002"), "care") is None
    await names.close()


async def test_a_workspace_nobody_knows_has_the_shipped_names(store: FakeStore) -> None:
    assert await CommandNames(store).names(ChatWorkspace.parse("slack:T0404")) == Names()
