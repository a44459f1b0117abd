"""The note to everybody is queued a page of members at a time: nobody twice, and nobody forgotten, wherever it is cut
short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest

from tests.builders import Town
from trim_bot.app.people import note_days
from trim_bot.app.people.note_days import begin_note, days_of_note
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.people import Member
from trim_bot.domain.policy import DAY, POLICY
from trim_bot.domain.records import NoteSent
from trim_bot.domain.steps import Outgoing

pytestmark = pytest.mark.anyio
PEOPLE = 11
PAGES = 4
"""Three to a page."""


class Killed(BaseException):
    """The process is gone."""


async def crowd(town: Town, monkeypatch: pytest.MonkeyPatch) -> set[MemberId]:
    """So many people whose notes go out a few at a time."""
    monkeypatch.setattr(note_days, "MEMBERS_A_PAGE", 3)
    for at in range(PEOPLE - len(await town.all(Member))):
        await town.add(f"p{at}")
    return {one.id for one in await town.all(Member)}


async def queued(town: Town) -> Counter[MemberId]:
    """How many notes each was queued."""
    return Counter(one.member_id for one in await town.all(Outgoing, kind=note_days.KIND))


async def days(town: Town, count: int) -> None:
    """Let days go by, at each of which the clock looks."""
    for _ in range(count):
        await town.clockwork.keep_steady()
        town.clock.move(DAY)


async def begin(town: Town) -> None:
    """Press the button."""
    await town.write(lambda tx: begin_note(tx, town.clock.now()))


async def test_everybody_is_queued_once_on_their_own_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = await crowd(town, monkeypatch)
    began = town.clock.now()
    await begin(town)
    assert not await queued(town), "the press itself queues nobody"
    await days(town, POLICY.note_spread_days + 5)
    assert await queued(town) == Counter(dict.fromkeys(everybody, 1))
    own = await town.write(lambda tx: days_of_note(tx, everybody, began))
    assert {one.member_id: one.due_at for one in await town.all(Outgoing, kind=note_days.KIND)} == own


@pytest.mark.parametrize("killed_at", range(1, PAGES + 3))
async def test_cut_short_at_any_page_nobody_is_forgotten_or_queued_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    everybody = await crowd(town, monkeypatch)
    await town.clockwork.keep_steady()
    await begin(town)
    # The desk stood still until all were due: each page has something to queue.
    town.clock.move(POLICY.note_spread_days * DAY)
    write, calls = town.store.write, Counter[str]()

    async def dying(organisation: OrganisationId, body: Callable[[Tx], object]) -> object:
        done = await write(organisation, body)
        calls["write"] += 1
        if calls["write"] == killed_at:
            raise Killed
        return done

    monkeypatch.setattr(town.store, "write", dying)
    try:
        await town.clockwork.keep_steady()
    except Killed:
        monkeypatch.setattr(town.store, "write", write)
        some = await queued(town)
        assert max(some.values(), default=0) <= 1
    monkeypatch.setattr(town.store, "write", write)
    await days(town, 3)
    assert await queued(town) == Counter(dict.fromkeys(everybody, 1))


async def test_a_page_is_a_transaction_of_its_own(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await crowd(town, monkeypatch)
    await begin(town)
    town.clock.move(POLICY.note_spread_days * DAY)
    opened: list[int] = []
    of_all = note_days.days_of_note

    def noted(tx: Tx, ids: Iterable[MemberId], since: datetime) -> dict[MemberId, datetime]:
        asked = tuple(ids)
        opened.append(len(asked))
        return of_all(tx, asked, since)

    monkeypatch.setattr(note_days, "days_of_note", noted)
    await town.clockwork.keep_steady()
    assert len(opened) == PAGES
    assert sum(opened) == PEOPLE
    assert max(opened) < PEOPLE


async def test_a_new_note_first_queues_what_is_left_of_the_one_before(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = await crowd(town, monkeypatch)
    first = town.clock.now()
    await begin(town)
    await days(town, 5)
    town.clock.move(30 * DAY)
    second = town.clock.now()
    await begin(town)
    await days(town, POLICY.note_spread_days + 1)
    assert await queued(town) == Counter(dict.fromkeys(everybody, 2))
    for began in (first, second):
        own = await town.write(lambda tx: days_of_note(tx, everybody, began))  # noqa: B023
        found = {(one.member_id, one.due_at) for one in await town.all(Outgoing, kind=note_days.KIND)}
        assert set(own.items()) <= found


async def test_a_new_note_takes_the_place_of_days_of_the_last_that_have_not_come(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = await crowd(town, monkeypatch)
    await begin(town)
    await days(town, 2)
    before = await queued(town)
    town.clock.move(timedelta(hours=-3))
    await begin(town)
    await days(town, POLICY.note_spread_days + 1)
    assert await queued(town) == before + Counter(dict.fromkeys(everybody, 1))


async def test_a_note_that_an_older_desk_began_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = await crowd(town, monkeypatch)

    def older(tx: Tx) -> None:
        for id in (note_days.KIND, note_days.QUEUED):
            tx.add(NoteSent(id, town.clock.now()))

    await town.write(older)
    await days(town, POLICY.note_spread_days)
    assert await queued(town) == Counter(dict.fromkeys(everybody, 1))
