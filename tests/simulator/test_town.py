"""What the town takes to be so is so on the desk: leave that was said, and a backup that came back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

import pytest

from tests.simulator import town as towns
from tests.simulator.driver import Life
from tests.simulator.findings import Broken
from tests.simulator.happening import happen
from tests.simulator.leave import takes_leave
from tests.simulator.living import town
from tests.simulator.people import Person
from tests.simulator.restoring import backup, restore
from tests.simulator.running import SQLITE, Ground
from tests.simulator.troubles import Kind, Trouble
from tests.simulator.world_time import JumpingLoop, jumping
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member

SEED = 3
AN_HOUR = timedelta(hours=1)


@contextmanager
def settled() -> Iterator[tuple[Life, JumpingLoop]]:
    """A town in which nothing goes wrong by itself."""
    with ExitStack() as stack:
        place = stack.enter_context(Ground(stack).place(SEED, SQLITE))
        life, site, _ = stack.enter_context(town(SEED, place, 1, (), frozenset(), coming=()))
        loop = stack.enter_context(jumping(life.time))
        loop.run_until_complete(life.boot())
        loop.run_until_complete(towns.settle(life.town, site, life.desk, life.chats))
        life.model.people = {one.member_id: one for one in life.town.people}
        yield life, loop


def on_leave_until(life: Life, loop: JumpingLoop, person: Person) -> datetime | None:
    """When the desk takes somebody to be back."""
    store = life.desk.deployment.store
    reading = store.read(life.town.id, lambda tx: tx.get(Member, MemberId(person.member_id)))
    member = loop.run_until_complete(reading)
    assert member is not None
    return member.away_until


def both(life: Life, loop: JumpingLoop, person: Person) -> tuple[datetime | None, datetime | None]:
    """When somebody is back, as the model and as the desk has it."""
    return (person.away[1] if person.away else None), on_leave_until(life, loop, person)


@pytest.mark.parametrize("after", [False, True])
def test_leave_stands_although_the_process_ends_while_it_is_said(after: bool) -> None:
    with settled() as (life, loop):
        serving = [one for one in life.town.people if one.serves]
        for number, person in enumerate(serving):
            life.killer.at_commit, life.killer.after_commit = 0, after
            loop.run_until_complete(takes_leave(life, number))
            model, desk = both(life, loop, person)
            assert model is not None
            assert model == desk
        assert life.tally.counted["kills"] == len(serving)


def test_leave_that_was_not_kept_is_no_leave() -> None:
    with settled() as (life, loop):
        person = next(one for one in life.town.people if one.serves)
        life.killer.away = True
        loop.run_until_complete(takes_leave(life, 0))
        life.killer.away = False
        assert both(life, loop, person) == (None, None)


def test_leave_said_after_a_backup_stands_when_the_backup_is_back() -> None:
    # The ledger keeps it, and so what the model knows of leave need not go back with a backup.
    with settled() as (life, loop):
        first, second = [one for one in life.town.people if one.serves][:2]
        loop.run_until_complete(takes_leave(life, 0))
        loop.run_until_complete(backup(life))
        loop.run_until_complete(takes_leave(life, 1))
        loop.run_until_complete(restore(life))
        for person in (first, second):
            model, desk = both(life, loop, person)
            assert model is not None
            assert model == desk


def test_a_backup_comes_back_although_the_database_answers_nobody_for_a_while() -> None:
    with settled() as (life, loop):
        loop.run_until_complete(backup(life))
        life.store_away(AN_HOUR)
        begun = life.time.true
        loop.run_until_complete(restore(life))
        assert life.tally.counted["restore"] == 1
        assert life.time.true >= begun + AN_HOUR


@pytest.mark.parametrize(("statement", "commit"), [(20, None), (60, None), (None, 3), (None, 6)])
def test_a_backup_comes_back_although_the_restoring_is_killed(
    statement: int | None, commit: int | None
) -> None:
    with settled() as (life, loop):
        loop.run_until_complete(backup(life))
        life.killer.at_statement, life.killer.at_commit = statement, commit
        loop.run_until_complete(restore(life))
        assert life.tally.counted["kill at a restore"] == life.tally.counted["restore"] == 1
        loop.run_until_complete(life.beat())


def test_a_restore_is_refused_by_nothing_else() -> None:
    with settled() as (life, loop):
        loop.run_until_complete(backup(life))
        assert life.backed_up is not None
        shutil.rmtree(life.backed_up[0])
        with pytest.raises(Broken, match="restore is refused"):
            loop.run_until_complete(restore(life))


@pytest.mark.parametrize("away", [False, True])
def test_a_role_that_was_not_ended_is_still_held(away: bool) -> None:
    with settled() as (life, loop):
        serving = [one for one in life.town.people if one.serves]
        for number, person in enumerate(serving[:-3]):
            life.killer.away, life.killer.at_commit = away, 0
            loop.run_until_complete(happen(life, Trouble(life.time.true, Kind.ROLE_ENDED, number=number)))
            life.killer.disarm()
            grants = life.facts().grants.values()
            assert {one.value for one in person.roles} == {
                one.role for one in grants if one.member_id == person.member_id
            }
            assert person.roles
