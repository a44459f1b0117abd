"""One town from its first day to its last: who comes, what goes wrong, and what the clock asks for."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from tests.simulator import facts as stands
from tests.simulator import town as towns
from tests.simulator import troubles
from tests.simulator.driver import RETENTION_EVERY, STAFF_EVERY, STRIDE, Life
from tests.simulator.findings import Broken, Rule
from tests.simulator.happening import happen
from tests.simulator.killing import Killed, Killer, watched
from tests.simulator.machine import clocks_of
from tests.simulator.model import Model
from tests.simulator.place import Place
from tests.simulator.platforms import Chats
from tests.simulator.randomness import seeded
from tests.simulator.tally import Tally
from tests.simulator.troubles import Kind, Trouble
from tests.simulator.visits import ask_signed_out, log_event, visit
from tests.simulator.world_time import WorldTime, jumping
from tests.store_looks import journal_break

WEEKS = 10
LUMP = timedelta(minutes=30)
EVENT_HOURS = 60
AGAIN = timedelta(minutes=2)
AWAY_AGAIN = timedelta(minutes=40)
Pulse = Callable[[Tally], None]
"""Told of what a town has gone through so far."""


@contextmanager
def town(
    seed: int,
    place: Place,
    weeks: int,
    only: tuple[Kind, ...],
    muted: frozenset[Rule],
    coming: Sequence[Trouble] | None = None,
    small: bool = False,
) -> Iterator[tuple[Life, str, list[Trouble]]]:
    """A town that has not begun yet."""
    time, killer = WorldTime(), Killer()
    chance = random.Random(f"life {seed}")
    chats = {name: Chats(time, killer, random.Random(f"{name} {seed}")) for name in ("slack", "teams")}
    made, site = towns.drawn(seed, weeks, time, small=small)
    model = Model((made.zone, made.country, made.region), {}, days=made.rung)
    life = Life(seed, place, time, killer, chats, made, model, chance=chance, muted=muted)
    if coming is None:
        chance = random.Random(f"trouble {seed}")
        server = place.kind == "postgresql"
        coming = troubles.drawn(chance, time.true, weeks, postgresql=server, only=only)
    with seeded(seed), watched(killer), clocks_of(time):
        yield life, site, list(coming)
    life.forget_engines()


def live(
    seed: int,
    place: Place,
    *,
    weeks: int = WEEKS,
    only: tuple[Kind, ...] = (),
    muted: frozenset[Rule] = frozenset(),
    coming: Sequence[Trouble] | None = None,
    small: bool = False,
    until: float = float("inf"),
    pulse: Pulse = lambda _tally: None,
) -> tuple[Tally, Broken | None, list[str]]:
    """A whole town; what it went through, the promise that was broken if one was, and what happened before.

    `coming` are its troubles, in order of time, where they are not drawn; a `small` town has a handful of people.
    `until` is a moment of the monotonic clock at which it ends early; `pulse` hears often how far it has come.
    """
    with (
        town(seed, place, weeks, only, muted, coming, small) as (life, site, troubled),
        jumping(life.time) as loop,
    ):
        broken: Broken | None = None
        try:
            loop.run_until_complete(_live(life, site, troubled, until, pulse))
        except Broken as fault:
            broken = fault
            life.tally.found[fault.finding.rule.value] += 1
        life.tally.towns = 1
        life.tally.years = (life.time.true - life.time.booted).total_seconds() / (365.25 * 86400)
        return life.tally, broken, life.log


async def _live(life: Life, site: str, coming: Sequence[Trouble], until: float, pulse: Pulse) -> None:
    await life.boot()
    await towns.settle(life.town, site, life.desk, life.chats)
    life.model.people = {one.member_id: one for one in life.town.people}
    for person in life.town.people:
        life.expect_visit(person, 48 if person.serves else 300)
    end = life.time.true + timedelta(weeks=life.town.weeks)
    left = list(coming)
    staff = retention = event = life.time.true
    while life.time.true < end and monotonic() < until:
        pulse(life.tally)
        life.go_on_to(_next(life, left))
        life.put_clock_right()
        while left and left[0].at <= life.time.true:
            try:
                await happen(life, left.pop(0))
            except Killed:
                # A process ended that was only begun for this, such as a second worker that opens its stores.
                await life.killed()
        await life.beat()
        while (guest := life.visitor()) is not None:
            if not guest.left:
                await visit(life, guest)
                if not life.is_expected(guest):
                    life.expect_visit(guest, 140 if guest.serves else 700)
        if life.time.true >= event:
            event = life.time.true + timedelta(hours=life.chance.uniform(10, EVENT_HOURS))
            await log_event(life)
        if life.time.true >= staff + STAFF_EVERY:
            staff = life.time.true
            await life.sweep("staff", life.desk.upkeep.meet_everyone)
            if life.chance.random() < 0.1:
                await ask_signed_out(life)
        if life.time.true >= retention + RETENTION_EVERY:
            retention = life.time.true
            await life.sweep("retention", life.desk.upkeep.retain)
        if life.chance.random() < 0.02 and not life.killer.away:
            life.check_keys()
            await life.check_follow_up()
    life.tally.ended_early = int(life.time.true < end)
    await _last_look(life)


def _next(life: Life, left: Sequence[Trouble]) -> Iterator[object]:
    yield life.next_visit()
    yield left[0].at if left else None
    yield life.wrong_until
    over = [one.until for chats in life.chats.values() for one in chats.outages if one.until > life.time.true]
    yield from over
    due = stands.next_due(life.engine())
    if due is not None and not life.killer.away:
        # What is due and could not be done is tried again at a later beat; while somebody is away, not at each.
        pause = AWAY_AGAIN if over else AGAIN if due <= life.time.shown else timedelta()
        yield in_lumps(max(due - life.time.wrong_by, life.time.true + pause))
    yield life.time.true + STRIDE


def in_lumps(at: datetime) -> datetime:
    """The next half hour at or after a moment: what is due within them is done together."""
    over = at.timestamp() % LUMP.total_seconds()
    return at + LUMP - timedelta(seconds=over) if over else at


async def _last_look(life: Life) -> None:
    life.killer.disarm()
    life.check_keys()
    await life.check_follow_up()
    broken = await journal_break(life.desk.deployment.store, life.town.id)
    if broken is not None:
        life.fail(Rule.JOURNAL, f"the chain breaks at row {broken}")
    life.desk.close()
