"""Where people in chat can be written to: kept when they have the app, gone when they have it no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import Town
from tests.reading import name_of
from trim_bot.app.workspaces.reaching import Reaching
from trim_bot.domain.errors import Undeliverable
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import GONE, Account, Address, Member, Profile

pytestmark = pytest.mark.anyio

ROUTE, OTHER = '{"conversation": "a:1"}', '{"conversation": "a:2"}'


async def routes(town: Town, name: str) -> list[str]:
    """The routes kept with somebody's accounts; none for somebody unknown."""
    text = town.actor(name).address.text
    return [one.route for one in await town.all(Account, address=text)]


def known(town: Town, name: str, left: bool = False) -> Address:
    """Somebody the platform tells of."""
    address = town.actor(name).address
    town.directory.profiles[address.text] = Profile(address, name.title(), left=left)
    return address


async def test_whoever_installs_is_met_and_welcomed_once(town: Town) -> None:
    nina, reaching = known(town, "nina"), Reaching(town.desk.outside)
    for _ in range(3):
        await reaching.arrived(nina, ROUTE)
    await town.clockwork.drain()
    assert await routes(town, "nina") == [ROUTE]
    assert len(town.messages("nina")) == 1
    assert name_of(await town.open("nina")) == "welcome"


async def test_a_welcome_that_had_no_way_comes_when_there_is_one(town: Town) -> None:
    nina = known(town, "nina")
    town.slack.always[nina.text] = Undeliverable()
    await town.say("nina", "support")
    await town.clockwork.drain()
    del town.slack.always[nina.text]
    await Reaching(town.desk.outside).arrived(nina, ROUTE)
    await town.clockwork.drain()
    assert len(town.messages("nina")) == 1
    assert name_of(await town.open("nina")) == "welcome"


async def test_having_the_app_puts_somebody_on_the_list_and_writing_to_it_does_not(town: Town) -> None:
    nina, reaching = known(town, "nina"), Reaching(town.desk.outside)

    async def listed() -> list[bool]:
        return [one.listed for one in await town.all(Member) if one.name == "Nina"]

    await reaching.wrote(nina, ROUTE)
    assert (await routes(town, "nina"), await listed()) == ([ROUTE], [False])
    await reaching.arrived(nina, ROUTE)
    assert await listed() == [True]


async def test_a_platform_that_is_down_delays_the_name_only(town: Town) -> None:
    nina = known(town, "nina")
    town.directory.down = True
    await Reaching(town.desk.outside).arrived(nina, ROUTE)
    assert await routes(town, "nina") == [ROUTE]
    town.directory.down = False
    await town.say("nina", "support")
    assert "Nina" in {one.name for one in await town.all(Member)}


async def test_guests_and_bots_are_not_entered(town: Town) -> None:
    robot = known(town, "robot", left=True)
    await Reaching(town.desk.outside).arrived(robot, ROUTE)
    assert await routes(town, "robot") == []


async def test_whoever_the_platform_does_not_know_is_not_entered(town: Town) -> None:
    nina = known(town, "nina")
    del town.directory.profiles[nina.text]
    await Reaching(town.desk.outside).arrived(nina, ROUTE)
    assert await routes(town, "nina") == []


async def test_a_new_place_is_kept_and_an_old_one_forgotten(town: Town) -> None:
    nina, reaching = known(town, "nina"), Reaching(town.desk.outside)
    await reaching.seen(nina, ROUTE)
    assert await routes(town, "nina") == [], "nobody is met by being heard alone"
    await reaching.arrived(nina, ROUTE)
    await reaching.seen(nina, OTHER)
    assert await routes(town, "nina") == [OTHER]


async def test_who_took_the_app_away_has_no_place_until_they_have_it_again(town: Town) -> None:
    nina, reaching = known(town, "nina"), Reaching(town.desk.outside)
    await reaching.arrived(nina, ROUTE)
    await reaching.gone(nina)
    assert await routes(town, "nina") == [GONE]
    await reaching.seen(nina, OTHER)
    assert await routes(town, "nina") == [GONE], "a late press is no wish to be written to"
    await reaching.arrived(nina, OTHER)
    assert await routes(town, "nina") == [OTHER]


async def test_what_is_no_news_is_not_written(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    nina, reaching = known(town, "nina"), Reaching(town.desk.outside)
    await reaching.arrived(nina, ROUTE)

    async def write(organisation: OrganisationId, body: object) -> None:
        raise AssertionError("nothing has changed")

    monkeypatch.setattr(town.store, "write", write)
    await reaching.seen(nina, ROUTE)


async def test_a_workspace_of_nobody_is_left_alone(town: Town) -> None:
    stranger = replace(known(town, "nina"), workspace="TOTHER")
    reaching = Reaching(town.desk.outside)
    await reaching.arrived(stranger, ROUTE)
    await reaching.seen(stranger, ROUTE)
    await reaching.gone(stranger)
    assert await routes(town, "nina") == []
