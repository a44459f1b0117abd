"""A staff list is read page by page: it waits by itself, keeps its place, and costs nothing where it is unchanged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.own.test_profile import fill
from tests.builders import Town
from tests.fakes import FakeClock, FakeDirectory
from trim_bot.app.seam.ports import ListPage, Tx
from trim_bot.app.workspaces import staff_lists
from trim_bot.app.workspaces.list_places import NotesInMemory, list_places
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import PlaceUnknown, StoreUnavailable, Trouble, TryLater
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Account, Address, Member, Platform, Profile
from trim_bot.domain.site import Site
from trim_bot.domain.staff_lists import LONGEST_READING, LONGEST_WAIT, PLACE_LASTS

pytestmark = pytest.mark.anyio
TEAM = "T1"
HERE = ChatWorkspace(Platform.SLACK, TEAM)
A_MINUTE = timedelta(minutes=1)


def people(count: int, team: str = TEAM) -> list[Profile]:
    """Colleagues as a list tells of them."""
    return [Profile(Address(Platform.SLACK, team, f"U{n:05}"), f"Name {n}") for n in range(count)]


class Limited(FakeDirectory):
    """A list that gives so many pages a minute, and asks to wait for the rest of it."""

    def __init__(
        self, clock: FakeClock, profiles: list[Profile], page_size: int, calls_a_minute: int
    ) -> None:
        super().__init__(profiles)
        self.page_size = page_size
        self.cursors: list[str] = []
        self._clock = clock
        self._most = calls_a_minute
        self._since = clock.real()
        self._calls = 0

    async def page(self, workspace: str, cursor: str = "") -> ListPage:
        real = self._clock.real()
        if real >= self._since + A_MINUTE:
            self._since, self._calls = real, 0
        self._calls += 1
        if self._calls > self._most:
            raise TryLater((self._since + A_MINUTE - real).total_seconds(), Trouble.ASKED_TO_WAIT)
        self.cursors.append(cursor)
        return await super().page(workspace, cursor)


def staff_of(town: Town, directory: FakeDirectory, notes: NotesInMemory) -> Staff:
    """Whoever reads the lists of a town, as a process that has just started."""
    return Staff(replace(town.desk.outside, directories={"slack": directory}), notes)


async def met(town: Town) -> Counter[str]:
    """How often each name is known."""
    return Counter(one.name for one in await town.all(Member) if one.name.startswith("Name "))


async def test_six_thousand_are_met_behind_a_limit_of_twenty_calls_a_minute(town: Town) -> None:
    clock, notes = town.clock, NotesInMemory()
    directory = Limited(clock, people(6_008), page_size=200, calls_a_minute=20)
    staff = staff_of(town, directory, notes)
    began = clock.real()
    await staff.meet_everyone()
    assert sum((await met(town)).values()) == 4_000, "what could be read is entered before it waits"
    place = (await list_places(notes))[HERE]
    assert (place.taken, place.again_at) == (4_000, began + A_MINUTE)
    for seconds in (30, 29):
        clock.move_real(timedelta(seconds=seconds))
        assert await staff.go_on() == 0
        assert len(directory.cursors) == 20, "nobody asks before the minute is over"
    clock.move_real(timedelta(seconds=1))
    await staff.go_on()
    assert await met(town) == Counter(one.name for one in people(6_008))
    assert directory.cursors[20] == "4000", "it goes on where it stood"
    assert len(directory.cursors) == 31
    assert not (await list_places(notes))[HERE].is_under_way


async def test_while_one_list_waits_the_others_are_read(town: Town) -> None:
    other = await town.store.found("other", ChatWorkspace(Platform.SLACK, "T2"))
    [site] = await town.all(Site)
    await town.store.write(OrganisationId(other.id), lambda tx: tx.add(replace(site, key_id=tx.new_key())))
    directory = Limited(town.clock, people(30), page_size=10, calls_a_minute=99)

    class OneWaits(FakeDirectory):
        async def page(self, workspace: str, cursor: str = "") -> ListPage:
            if workspace == TEAM:
                raise TryLater(3_000, Trouble.ASKED_TO_WAIT)
            return await directory.page(workspace, cursor)

    directory.profiles |= {one.address.text: one for one in people(7, "T2")}
    await staff_of(town, OneWaits(), NotesInMemory()).meet_everyone()
    there = await town.store.read(OrganisationId(other.id), lambda tx: tx.find(Member))
    assert len(there) == 7
    assert not await met(town)


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("killed_at", range(1, 8))
@pytest.mark.parametrize("where", ["before the page", "before its people", "after its people"])
async def test_killed_at_any_page_nobody_is_forgotten_or_met_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch, killed_at: int, where: str
) -> None:
    monkeypatch.setattr(staff_lists, "MOST_HELD", 10)
    everyone, notes = people(68), NotesInMemory()
    calls = Counter[str]()

    class Dying(FakeDirectory):
        async def page(self, workspace: str, cursor: str = "") -> ListPage:
            calls["page"] += 1
            if where == "before the page" and calls["page"] == killed_at:
                raise Killed
            return await super().page(workspace, cursor)

    write = town.store.write

    async def dying(organisation: OrganisationId, body: Callable[[Tx], object]) -> object:
        calls["write"] += 1
        due = calls["write"] == killed_at and where != "before the page"
        if due and where == "before its people":
            raise Killed
        done = await write(organisation, body)
        if due:
            raise Killed
        return done

    first = Dying(everyone)
    first.page_size = 10
    monkeypatch.setattr(town.store, "write", dying)
    with pytest.raises(Killed):
        await staff_of(town, first, notes).meet_everyone()
    monkeypatch.setattr(town.store, "write", write)
    assert not [one for one in await town.all(Member) if one.left], "half a list makes nobody gone"
    again = Limited(town.clock, everyone, page_size=10, calls_a_minute=99)
    await staff_of(town, again, notes).meet_everyone()
    assert await met(town) == Counter(one.name for one in everyone)
    assert len(again.cursors) == 7 - (killed_at - 1), "what was kept is not asked for again"


async def test_a_list_that_is_as_it_was_opens_and_writes_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = NotesInMemory()
    robot = replace(people(1)[0], address=Address(Platform.SLACK, TEAM, "UROBOT"), left=True)
    directory = Limited(town.clock, [*people(60), robot], page_size=25, calls_a_minute=99)
    await staff_of(town, directory, notes).meet_everyone()
    kept = dict(notes.kept)

    async def no_writing(_organisation: OrganisationId, _body: object) -> object:
        raise AssertionError("something was written")

    def no_opening(*_asked: object, **_more: object) -> object:
        raise AssertionError("somebody was opened")

    monkeypatch.setattr(town.store, "write", no_writing)
    monkeypatch.setattr("tests.fakes.tx.FakeTx.find", no_opening)
    assert await staff_of(town, directory, notes).meet_everyone() == 0
    assert notes.kept == kept


async def test_one_change_on_the_list_is_one_person_looked_at(town: Town) -> None:
    notes, everyone = NotesInMemory(), people(60)
    directory = Limited(town.clock, everyone, page_size=25, calls_a_minute=99)
    await staff_of(town, directory, notes).meet_everyone()
    directory.profiles[everyone[7].address.text] = replace(everyone[7], left=True)
    assert await staff_of(town, directory, notes).meet_everyone() == 1
    [gone] = [one.name for one in await town.all(Member) if one.left]
    assert gone == "Name 7"


async def test_whoever_is_missing_on_a_list_that_stops_is_not_gone(town: Town) -> None:
    notes, everyone = NotesInMemory(), people(30)
    await staff_of(town, Limited(town.clock, everyone, 10, 99), notes).meet_everyone()
    short = Limited(town.clock, everyone, page_size=10, calls_a_minute=1)
    await staff_of(town, short, notes).meet_everyone()
    del short.profiles[everyone[25].address.text]
    await staff_of(town, short, notes).meet_everyone()
    assert not [one for one in await town.all(Member) if one.left]


async def test_a_place_that_the_platform_knows_no_more_leads_to_the_beginning(town: Town) -> None:
    notes, everyone = NotesInMemory(), people(30)
    await staff_of(town, Limited(town.clock, everyone, 10, 1), notes).meet_everyone()

    class Forgetful(FakeDirectory):
        async def page(self, workspace: str, cursor: str = "") -> ListPage:
            if cursor == "10":
                raise PlaceUnknown
            return await super().page(workspace, cursor)

    town.clock.move_real(A_MINUTE)
    directory = Forgetful(everyone)
    directory.page_size = 20
    await staff_of(town, directory, notes).meet_everyone()
    assert await met(town) == Counter(one.name for one in everyone)


async def test_a_place_that_stood_for_hours_is_left(town: Town) -> None:
    notes, everyone = NotesInMemory(), people(30)
    await staff_of(town, Limited(town.clock, everyone, 10, 1), notes).meet_everyone()
    town.clock.move_real(PLACE_LASTS + A_MINUTE)
    later = Limited(town.clock, everyone, 10, 99)
    await staff_of(town, later, notes).meet_everyone()
    assert later.cursors[0] == ""


@pytest.mark.parametrize("further", ["same", "round"])
async def test_a_list_that_goes_round_in_a_circle_comes_to_an_end_and_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch, further: str
) -> None:
    monkeypatch.setattr(staff_lists, "MOST_PAGES", 20)
    notes, calls = NotesInMemory(), Counter[str]()

    class Circle(FakeDirectory):
        async def page(self, workspace: str, cursor: str = "") -> ListPage:
            calls[cursor] += 1
            return ListPage(tuple(people(5)), "a" if further == "same" or cursor != "a" else "b")

    staff = staff_of(town, Circle(), notes)
    for _ in range(3):
        await staff.meet_everyone()
        town.clock.move_real(LONGEST_READING / 2)
    assert calls.total() <= 61
    assert len(await met(town)) == 5
    assert (await list_places(notes))[HERE].stands(town.clock.real())


async def test_what_somebody_takes_back_of_themself_is_filled_by_the_list_again(town: Town) -> None:
    nina = Profile(town.actor("nina").address, "Nina", "Europe/Paris")
    staff = staff_of(town, FakeDirectory([nina]), NotesInMemory())
    await staff.meet_everyone()
    for zone, then in (("Europe/Dublin", "Europe/Dublin"), ("", "Europe/Paris")):
        await fill(town, "nina", zone=zone)
        await staff.meet_everyone()
        [member] = [one for one in await town.all(Member) if one.name == "Nina"]
        assert member.zone == then


async def test_no_account_of_the_list_stands_out_by_its_digest(town: Town) -> None:
    """Whoever used the desk a moment ago has a digest like everybody, and it is not the one that they had."""
    nina, otto = (Profile(town.actor(name).address, name.title()) for name in ("nina", "otto"))
    staff = staff_of(town, FakeDirectory([nina, otto]), NotesInMemory())
    await staff.meet_everyone()
    before = await _digests(town, nina, otto)
    await fill(town, "nina", zone="")
    after = await _digests(town, nina, otto)
    assert before[1] == after[1] and before[0] != after[0]
    assert {len(one) for one in (*before, *after)} == {len(before[0])} != {0}


async def _digests(town: Town, *profiles: Profile) -> list[str]:
    def body(tx: Tx) -> list[str]:
        return [tx.find(Account, address=one.address.text)[0].listed_as for one in profiles]

    return await town.write(body)


async def test_a_list_that_a_clock_ran_ahead_of_is_read_once_the_clock_is_right(town: Town) -> None:
    """The wait was noted three months ahead: until then nobody would be met, and nobody would hear of it."""
    town.clock.move_real(timedelta(days=90))
    notes = NotesInMemory()
    directory = Limited(town.clock, people(30), page_size=10, calls_a_minute=1)
    staff = staff_of(town, directory, notes)
    await staff.meet_everyone()
    assert (await list_places(notes))[HERE].again_at is not None
    town.clock.move_real(timedelta(days=-90))
    now = Limited(town.clock, people(30), page_size=10, calls_a_minute=99)
    await staff_of(town, now, notes).meet_everyone()
    assert sum((await met(town)).values()) == 30
    directory.profiles |= {one.address.text: one for one in people(31)}
    directory._most = 99
    await staff.go_on()
    assert sum((await met(town)).values()) == 31, "the process that lived through it goes on as well"


@pytest.mark.parametrize("asked", [timedelta(days=11_000).total_seconds(), 1e11])
async def test_no_platform_is_waited_for_longer_than_a_day(town: Town, asked: float) -> None:
    class Strange(FakeDirectory):
        async def page(self, workspace: str, cursor: str = "") -> ListPage:
            raise TryLater(asked, Trouble.ASKED_TO_WAIT)

    notes = NotesInMemory()
    await staff_of(town, Strange(), notes).meet_everyone()
    town.clock.move_real(LONGEST_WAIT)
    await staff_of(town, FakeDirectory(people(30)), notes).meet_everyone()
    assert sum((await met(town)).values()) == 30


async def test_a_reading_that_failed_is_tried_again_soon(town: Town) -> None:
    """As where the database was away for a moment: the next of all readings is six hours off."""
    broken = [True]

    class Breaks(FakeDirectory):
        async def page(self, workspace: str, cursor: str = "") -> ListPage:
            if broken:
                raise StoreUnavailable
            return await super().page(workspace, cursor)

    staff = staff_of(town, Breaks(people(30)), NotesInMemory())
    with pytest.raises(StoreUnavailable):
        await staff.meet_everyone()
    broken.clear()
    town.clock.move_real(staff_lists.AGAIN_AFTER)
    await staff.go_on()
    assert sum((await met(town)).values()) == 30
