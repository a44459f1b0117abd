"""What a workspace handed over is kept, found, replaced and destroyed, on the small fakes alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes import FakeClock, FakeStore
from tests.fakes.telling import Telling
from trim_bot.app.installations.keeping import Access, Installed, NotRenewed, Renewal, StoredInstallations
from trim_bot.app.workspaces.founding import Founder
from trim_bot.domain.chat_workspaces import ChatWorkspace, Installation
from trim_bot.domain.errors import TryLater
from trim_bot.locale.crisis_numbers import numbers_for

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST = Installed("TA", "token-1", "UBOT", "refresh-1", NOW + timedelta(hours=12))


class Notes:
    """Implements the port `Notes`, in memory."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        return self.held.get(name)

    async def put(self, name: str, value: str) -> None:
        self.held[name] = value


class Kept:
    """The use case on a fake store, with what it said and which keys it ended."""

    def __init__(self) -> None:
        self.store, self.clock = FakeStore(run_twice=True), FakeClock(NOW)
        self.said: list[str] = []
        self.ended: list[str] = []
        founder = Founder(self.store, self.clock, numbers_for)
        self.case = StoredInstallations(founder, self, Notes(), self.clock, Telling(self.said))

    def destroy(self, key_ids: Iterable[str], /) -> None:
        ended = list(key_ids)
        self.ended += ended
        self.store.destroy_keys(ended)

    async def all(self) -> list[Installation]:
        return [
            one
            for organisation in await self.store.organisations()
            for one in self.store.all(organisation.id, Installation)
        ]


async def test_an_added_workspace_has_an_organisation_of_its_own_and_its_token() -> None:
    kept = Kept()
    await kept.case.keep(FIRST)
    home = await kept.store.organisation_at(ChatWorkspace.parse("slack:TA"))
    assert home is not None and home.slug == "slack-ta"
    assert await kept.case.find("TA") == Access("token-1", "UBOT")
    assert await kept.case.find("TB") is None
    assert kept.said == ["slack workspace added"]
    assert kept.ended == []


async def test_added_again_the_earlier_key_is_ended() -> None:
    kept = Kept()
    await kept.case.keep(FIRST)
    (first,) = await kept.all()
    await kept.case.keep(Installed("TA", "token-2", "UBOT"))
    assert await kept.case.find("TA") == Access("token-2", "UBOT")
    assert kept.ended == [first.key_id]


async def test_an_old_notice_of_removal_takes_nothing_and_a_new_one_all() -> None:
    kept = Kept()
    await kept.case.keep(FIRST)
    await kept.case.removed("TA", NOW - timedelta(hours=1))
    assert await kept.case.find("TA") is not None
    home = await kept.store.organisation_at(ChatWorkspace.parse("slack:TA"))
    assert home is not None
    await kept.case.removed("TA", NOW + timedelta(hours=1))
    assert await kept.store.organisation_at(ChatWorkspace.parse("slack:TA")) is None
    assert len(kept.ended) == 1
    await kept.case.keep(FIRST)
    again = await kept.store.organisation_at(ChatWorkspace.parse("slack:TA"))
    assert again is not None and again.id == home.id, "it comes back to what is its own"


async def test_while_the_store_is_away_everybody_is_told_to_try_later() -> None:
    kept = Kept()
    kept.store.unavailable = True
    for attempt in (kept.case.find("TA"), kept.case.keep(FIRST), kept.case.removed("TA", None)):
        with pytest.raises(TryLater):
            await attempt


@pytest.mark.parametrize(("used_up", "left"), [(True, ""), (False, "refresh-1")])
async def test_a_refused_refresh_token_is_given_up_only_where_it_is_used_up(used_up: bool, left: str) -> None:
    kept = Kept()
    await kept.case.keep(FIRST)

    class Refusing:
        async def renew(self, team: str, refresh: str) -> Installed:
            assert (team, refresh) == ("TA", "refresh-1")
            raise NotRenewed("some_word", used_up=used_up)

    later = NOW + timedelta(hours=11)
    assert await Renewal(kept.store, Refusing(), lambda: later, Telling(kept.said)).sweep() == 0
    (held,) = await kept.all()
    assert (held.refresh, held.token) == (left, "token-1")
    assert kept.said[-1] == "slack token refused some_word"
