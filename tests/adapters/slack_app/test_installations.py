"""What is remembered of many workspaces: looked up once for many, renewed soon, bounded, of use in an outage."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from integrations.slack import workspaces
from integrations.slack.workspaces import ABSENT_SECONDS, FRESH_SECONDS, ManyWorkspaces
from trim_bot.app.installations.keeping import Access, Installed
from trim_bot.domain.errors import TryLater

pytestmark = pytest.mark.anyio


class Kept:
    """Installations in memory, which can be away."""

    def __init__(self) -> None:
        self.tokens = {"TA": "xoxb-a", "TB": "xoxb-b"}
        self.asked: list[str] = []
        self.away = False

    async def find(self, team: str) -> Access | None:
        self.asked.append(team)
        await asyncio.sleep(0)
        if self.away:
            raise TryLater
        token = self.tokens.get(team)
        return Access(token) if token else None

    async def teams(self) -> list[str]:
        if self.away:
            raise TryLater
        return sorted(self.tokens)

    async def keep(self, installed: Installed) -> None:
        raise AssertionError(installed.team)

    async def removed(self, team: str, at: datetime | None) -> None:
        raise AssertionError(team)


class Rig:
    """The memory over them, with a clock that stands."""

    def __init__(self) -> None:
        self.kept, self.now = Kept(), 100.0
        self.many = ManyWorkspaces(self.kept, lambda: self.now)


@pytest.fixture
def rig() -> Rig:
    return Rig()


async def test_many_at_once_share_one_question(rig: Rig) -> None:
    assert set(await asyncio.gather(*(rig.many.is_ours("TA") for _ in range(20)))) == {True}
    assert await rig.many.access("TA") == Access("xoxb-a")
    assert rig.many.known("TA") == Access("xoxb-a")
    assert rig.kept.asked == ["TA"]


async def test_a_newer_token_is_found_soon(rig: Rig) -> None:
    await rig.many.access("TA")
    rig.kept.tokens["TA"] = "xoxb-newer"
    assert await rig.many.access("TA") == Access("xoxb-a")
    rig.now += FRESH_SECONDS
    assert await rig.many.access("TA") == Access("xoxb-newer")
    rig.kept.tokens["TA"] = "xoxb-newest"
    rig.many.refused("TA")
    assert await rig.many.access("TA") == Access("xoxb-newest")


async def test_a_stranger_is_looked_for_again_after_a_moment(rig: Rig) -> None:
    assert await rig.many.is_ours("TC") is False
    rig.kept.tokens["TC"] = "xoxb-c"
    assert await rig.many.is_ours("TC") is False
    rig.now += ABSENT_SECONDS
    assert await rig.many.is_ours("TC") is True


async def test_while_the_store_is_away_known_workspaces_are_heard(rig: Rig) -> None:
    await rig.many.access("TA")
    rig.kept.away, rig.now = True, rig.now + 10 * FRESH_SECONDS
    assert await rig.many.is_ours("TA") is True
    assert await rig.many.is_ours("TB") is None
    with pytest.raises(TryLater):
        await rig.many.access("TB")


async def test_no_more_teams_are_remembered_than_a_bound(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspaces, "MOST", 3)
    for number in range(10):
        await rig.many.is_ours(f"T{number}")
    assert rig.many.known("T0") is None
    assert len(rig.many._held) == 3


async def test_each_team_has_its_turn_to_be_asked(rig: Rig) -> None:
    assert [await rig.many.next_team() for _ in range(5)] == ["TA", "TB", "TA", "TB", "TA"]
    rig.kept.tokens = {"TA": "", "TC": "xoxb-c"}
    rig.now += 1_000
    assert [await rig.many.next_team() for _ in range(2)] == ["TC", "TC"]
    rig.kept.tokens = {}
    assert await rig.many.next_team() is None
