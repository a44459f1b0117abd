"""The list of who works here is held in memory, follows those who come and go, and tells nothing that anybody did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pytest

from tests.builders import Town, log_values
from tests.fakes.tx import FakeTx
from trim_bot.app.desk.browser_front import BrowserFront
from trim_bot.app.people import people_list
from trim_bot.app.people.people_list import IDLE_SECONDS, PATIENCE_SECONDS, WHOLE_SECONDS, PeopleLists
from trim_bot.app.people.sessions import Sessions
from trim_bot.app.seam.ports import Tx
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.name_search import Colleague, NameIndex
from trim_bot.domain.people import Member, Profile
from trim_bot.domain.records import Erasure

pytestmark = pytest.mark.anyio
T = TypeVar("T")


class Seconds:
    """A steady time that a test moves; each look at it takes a hundredth of a second."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.01
        return self.now


@dataclass
class Reads:
    """How often the store was read, and whether it is away."""

    many: int = 0
    away: bool = False


@pytest.fixture
def reads(town: Town, monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Watches the store of the town."""
    found, read = Reads(), town.store.read

    async def watched(organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        found.many += 1
        if found.away:
            raise StoreUnavailable
        return await read(organisation, body)

    monkeypatch.setattr(town.store, "read", watched)
    return found


@pytest.fixture
async def staffed(town: Town) -> Town:
    """A town whose platform lists three more, two of one name."""
    for user, name, place in (
        ("u1", "Ann Smith", "Ward 7"),
        ("u2", "Ann Smith", "Depot"),
        ("u3", "Bo Li", ""),
    ):
        actor = town.actor(user)
        town.directory.profiles[actor.address.text] = Profile(actor.address, name, place=place)
    await Staff(town.desk.outside).meet_everyone()
    return town


def lists(town: Town, seconds: Seconds | None = None) -> PeopleLists:
    return PeopleLists(town.store, seconds or Seconds())


async def of(held: PeopleLists, town: Town) -> NameIndex:
    found = await held.of(OrganisationId(town.organisation.id))
    assert found is not None
    return found


async def test_those_the_platform_lists_are_there_with_their_place(staffed: Town) -> None:
    held = lists(staffed)
    found = (await of(held, staffed)).find("smith").people
    assert [(one.name, one.place) for one in found] == [("Ann Smith", "Depot"), ("Ann Smith", "Ward 7")]


async def test_within_its_time_a_copy_asks_nothing_of_the_store(staffed: Town, reads: Reads) -> None:
    held = lists(staffed)
    first = await of(held, staffed)
    before = reads.many
    assert await of(held, staffed) is first
    assert reads.many == before


async def test_whoever_comes_or_goes_is_seen_and_nobody_else_is_read_again(
    staffed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = Seconds()
    held = lists(staffed, seconds)
    await of(held, staffed)
    read: list[str] = []
    people = people_list._people

    def watched(ids: Sequence[MemberId], tx: Tx) -> dict[MemberId, Colleague]:
        read.extend(ids)
        return people(ids, tx)

    monkeypatch.setattr(people_list, "_people", watched)
    new, gone = staffed.actor("u4").address, staffed.actor("u3").address
    staffed.directory.profiles[new.text] = Profile(new, "Cy Young")
    staffed.directory.profiles[gone.text] = Profile(gone, "Bo Li", left=True)
    await Staff(staffed.desk.outside).meet_everyone()
    seconds.now += 60.0
    index = await of(held, staffed)
    assert index.find("young").people and not index.named("bo li")
    assert len(read) == 1


async def test_a_changed_name_or_place_is_seen_within_the_hour(staffed: Town) -> None:
    seconds = Seconds()
    held = lists(staffed, seconds)
    await of(held, staffed)
    address = staffed.actor("u1").address
    staffed.directory.profiles[address.text] = Profile(address, "Ann Smith", place="Ward 9")
    await Staff(staffed.desk.outside).meet_everyone()
    seconds.now += WHOLE_SECONDS
    assert {one.place for one in (await of(held, staffed)).find("smith").people} == {"Depot", "Ward 9"}


async def test_a_copy_that_nobody_uses_is_let_go(staffed: Town) -> None:
    seconds = Seconds()
    held = lists(staffed, seconds)
    await of(held, staffed)
    assert len(held._held) == 1
    seconds.now += IDLE_SECONDS
    await held.of(OrganisationId("another"))
    assert OrganisationId(staffed.organisation.id) not in held._held
    await held.close()
    assert not held._held


async def test_while_the_store_is_away_what_was_known_is_used_and_without_it_there_is_no_list(
    staffed: Town, reads: Reads
) -> None:
    seconds = Seconds()
    held = lists(staffed, seconds)
    reads.away = True
    assert await held.of(OrganisationId(staffed.organisation.id)) is None
    reads.away = False
    first = await of(held, staffed)
    reads.away, seconds.now = True, seconds.now + 600.0
    assert await of(held, staffed) is first


async def test_a_long_look_keeps_no_page_waiting_beyond_its_time(
    staffed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds, going = Seconds(), asyncio.Event()
    held, read = lists(staffed, seconds), staffed.store.read

    async def slow(organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        await going.wait()
        return await read(organisation, body)

    monkeypatch.setattr(staffed.store, "read", slow)
    id = OrganisationId(staffed.organisation.id)
    assert await held.of(id, patience=0.02) is None
    # Nothing is waited for here: the test would stand still otherwise.
    seconds.now += PATIENCE_SECONDS
    assert await held.of(id) is None
    going.set()
    seconds.now = 0.0
    assert (await of(held, staffed)).find("smith").people


async def test_the_list_is_the_same_whatever_anybody_did(staffed: Town) -> None:
    async def now() -> list[Colleague]:
        held = lists(staffed)
        return list((await of(held, staffed)).people)

    before = await now()
    await staffed.say("u1", "support")
    await staffed.press("u1", await staffed.say("u1", "me"), "stop")
    assert any(one.messages_stopped for one in await staffed.all(Member))
    assert await now() == before
    form = await staffed.say("paul", "peer", "log")
    await staffed.send("paul", form, **log_values(direct=(staffed.actor("u2").address.text,)))
    assert await staffed.all(Offer)
    assert await now() == before
    await staffed.send("u3", await staffed.press("u3", await staffed.say("u3", "me"), "erase"), sure=True)
    assert await staffed.all(Erasure)
    assert await now() == before, "until it is carried out nobody who looks often sees that they asked"


async def test_only_those_whose_forms_name_people_find_anybody(staffed: Town) -> None:
    front = BrowserFront(staffed.desk, Sessions(staffed.store, staffed.clock))
    for name in ("nurse", "u1", "nobody"):
        assert await front.people_to_choose(staffed.actor(name)) is None
    choice = await front.people_to_choose(staffed.actor("paul"))
    assert choice is not None and choice.find("smith").people
    assert staffed.actor("paul").address.text not in {one.address for one in choice.few()}
    await front.close()


async def test_nobody_is_found_while_the_journal_is_not_whole(
    staffed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = BrowserFront(staffed.desk, Sessions(staffed.store, staffed.clock))
    doubted = property(lambda self: True, lambda self, value: None)
    monkeypatch.setattr(FakeTx, "in_doubt", doubted, raising=False)
    assert await front.people_to_choose(staffed.actor("paul")) is None
