"""Lets one town live: time goes on to the next thing, people come and go, and the model looks at all of it."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine

from tests.simulator import facts as stands
from tests.simulator import follow_up
from tests.simulator import machine as machines
from tests.simulator import town as towns
from tests.simulator.findings import Broken, Finding, Rule
from tests.simulator.keys import missing_keys
from tests.simulator.killing import Killer
from tests.simulator.machine import Machine
from tests.simulator.messages import Judge, lost_with_process
from tests.simulator.model import Kept, Model
from tests.simulator.people import Person
from tests.simulator.place import Place, outside_engine
from tests.simulator.platforms import Accepted, Chats
from tests.simulator.tally import Tally
from tests.simulator.watching import Watch
from tests.simulator.world_time import BEGIN, WorldTime
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import SafeError
from trim_bot.domain.incidents import Incident

EVER = datetime.min.replace(tzinfo=UTC)
"""Before any token's end, whatever a wrong clock made that."""
T = TypeVar("T")
STRIDE = timedelta(hours=6)
"""How far time goes on when nothing is due."""
MOST_ROUNDS = 60
STAFF_EVERY = timedelta(hours=48)
RETENTION_EVERY = timedelta(hours=60)
HOLD_OFF = timedelta(minutes=1)
ALL_OF_IT = 0.15
"""At how many beats the worker looks for work also where nothing is due."""
SWEEPS = 0.05
"""At how many beats its rarer sweeps come round."""


@dataclass
class Life:
    """Everything of one running town, for those who make trouble and those who act in it."""

    seed: int
    place: Place
    time: WorldTime
    killer: Killer
    chats: dict[str, Chats]
    town: towns.Town
    model: Model
    judge: Judge = field(default_factory=Judge)
    tally: Tally = field(default_factory=Tally)
    machine: Machine | None = None
    chance: random.Random = field(default_factory=random.Random)
    muted: frozenset[Rule] = frozenset()
    """Rules that are not looked at, while one that is known to be broken hides others."""
    log: list[str] = field(default_factory=list)
    """What happened, newest last, so that a fault can be followed."""
    wrong_until: datetime | None = None
    """When the machine's clock is put right."""
    backed_up: tuple[Path, Kept, datetime] | None = None
    """The newest backup, what was promised then, and when that was."""
    _back: datetime | None = None
    _acted: bool = True
    """Whether anything but the clock may have changed something since the last look."""
    _shaken: datetime = BEGIN
    watch: Watch = field(init=False)
    _reader: stands.Reader = field(init=False)
    _engines: dict[str, Engine] = field(default_factory=dict)
    _visits: list[tuple[datetime, int, Person]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _heard: dict[str, int] = field(default_factory=dict)
    _due: set[tuple[str, datetime]] = field(default_factory=set)
    _before: stands.Facts | None = None
    """What stood when the last beat began."""
    _sweeps: bool = True
    """Whether the rarer sweeps come at once: a process does each at its start, and soon after its clock is right."""

    def __post_init__(self) -> None:
        self._reader = stands.Reader(self.killer.written)
        self.watch = Watch(self.town, self.model, self.chats, self)

    def refs(self, token: str) -> Mapping[str, str]:
        """The ids that a button carries, if it carries any; also one whose time is over."""
        return self.desk.deployment.tokens.read(token, EVER).refs if token else {}

    @property
    def desk(self) -> Machine:
        """The running process."""
        assert self.machine is not None
        return self.machine

    def note(self, text: str) -> None:
        """Remember what happened."""
        self.log.append(f"{self.time.true:%d %b %H:%M:%S} {text}")

    def engine(self, name: str = "data") -> Engine:
        """The simulator's own way into a store."""
        if name not in self._engines:
            self._engines[name] = outside_engine(self.place.url(name))
        return self._engines[name]

    def facts(self) -> stands.Facts:
        """What stands now."""
        return self._reader.read(self.engine())

    def forget_engines(self) -> None:
        """The stores were put elsewhere."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        self._reader.forget()

    def expect_visit(self, person: Person, within: float) -> None:
        """Somebody will come within so many hours."""
        at = self.time.true + timedelta(hours=self.chance.uniform(0.1, within))
        heapq.heappush(self._visits, (at, next(self._numbers), person))

    def is_expected(self, person: Person) -> bool:
        """Whether somebody will come anyhow."""
        return any(who is person for _, _, who in self._visits)

    def next_visit(self) -> datetime | None:
        """When somebody comes next."""
        return self._visits[0][0] if self._visits else None

    def visitor(self) -> Person | None:
        """Whoever comes now."""
        if self._visits and self._visits[0][0] <= self.time.true:
            return heapq.heappop(self._visits)[2]
        return None

    async def boot(self) -> None:
        """Start a process. A desk that does not open is a fault."""
        try:
            self.machine = await machines.start(self.place, self.chats)
        except Exception as fault:
            raise Broken(
                Finding(Rule.CLOSED, f"does not open: {type(fault).__name__}", self.time.true)
            ) from fault

    async def again(self) -> None:
        """The process has ended: a new one, after a moment."""
        where = self.killer.where[-1] if self.killer.where else ""
        self.note(f"killed at {where}")
        await machines.end(self.killer)
        self.desk.die()
        self._sweeps = True
        for chats in self.chats.values():
            unheard = chats.accepted[self._heard.get(str(id(chats)), 0) :]
            lost_with_process(unheard, self.facts(), self.town.people, self.time.shown)
        self.time.true += HOLD_OFF
        self.trouble(HOLD_OFF)
        await self.boot()
        self._acted = True
        self.kept_head()

    async def alive(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """The outcome of a call; None when the process ended meanwhile, in it or beside it."""
        loop = asyncio.get_running_loop()
        death: asyncio.Future[None] = loop.create_future()
        self.killer.died = lambda: None if death.done() else death.set_result(None)
        task = asyncio.ensure_future(call())
        try:
            both: set[asyncio.Future[Any]] = {task, death}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not self.killer.dead:
                return await task
        finally:
            self.killer.died = lambda: None
        await self.killed()
        return None

    async def killed(self) -> None:
        """Count that the process ended, and begin a new one."""
        self.tally.counted["kills"] += 1
        self.tally.counted[f"kill at a {self.killer.where[-1]}"] += 1
        await self.again()

    def trouble(self, lasts: timedelta, *, halted: bool = True) -> None:
        """Nobody may be reached from now on for so long, and a little longer; on no platform at all if `halted`."""
        now = self.time.true
        span = now - timedelta(minutes=5), now + lasts + timedelta(hours=1, minutes=15)
        self.model.troubled.append(span)
        if halted:
            self.model.halted.append(span)

    @property
    def shaken(self) -> bool:
        """Whether the database was taken away in the last minutes, so that a gesture may have to be made again."""
        return self.killer.away or self.time.true < self._shaken or self.killer.cut is not None

    def shake(self, lasts: timedelta = timedelta(minutes=30)) -> None:
        """The database may not answer for a while."""
        self._shaken = self.time.true + lasts

    def store_away(self, lasts: timedelta) -> None:
        """The database answers nobody for so long."""
        self.killer.away = True
        self._back = self.time.true + lasts
        self.trouble(lasts)
        self.shake(lasts + timedelta(minutes=30))

    def go_on_to(self, moments: Iterable[object]) -> None:
        """Let time go on to the soonest of some moments; at least a second, so that it always goes on."""
        soonest = min(one for one in (*moments, self._back) if isinstance(one, datetime))
        self.time.true = max(self.time.true + timedelta(seconds=1), soonest)

    def put_clock_right(self) -> None:
        """End what was wrong with the clock and the database, once its time has come."""
        if self.wrong_until is not None and self.time.true >= self.wrong_until:
            self.time.wrong_by, self.wrong_until, self._sweeps = timedelta(), None, True
            self.note("clock put right")
        if self._back is not None and self.time.true >= self._back:
            self.killer.away, self._back = False, None

    def wait_for_database(self) -> None:
        """Let time go on until the database answers again."""
        self.time.true = max(self.time.true, self._back or self.time.true)
        self.put_clock_right()

    async def sweep(self, name: str, call: Callable[[], Awaitable[object]]) -> None:
        """One of the rarer things the worker does; it may fail while the database is away, and comes again."""
        try:
            await self.alive(call)
        except SafeError as refused:
            self.note(f"{name}: {type(refused).__name__}")
            if not self.shaken and self.time.wrong_by == timedelta():
                self.fail(Rule.CLOSED, f"{name} ends in {type(refused).__name__}")
        self.tally.counted[f"sweep: {name}"] += 1
        self._acted = True

    def erasing(self, person: Person) -> bool:
        """Whether somebody's wish to be erased stands."""
        return person.member_id in stands.asked_to_be_erased(self.engine())

    def goes(self, person: Person) -> None:
        """The model watches somebody no more."""
        person.left = True
        self.model.people.pop(person.member_id, None)

    def platform_lets_go(self, person: Person) -> None:
        """Every platform says that somebody is not there any more."""
        person.left, person.changed_at = True, self.time.true
        for address in person.addresses:
            profiles = self.chats[address.platform.value].profiles
            profiles[address.text] = replace(profiles[address.text], left=True)

    def came_back(self, since: datetime) -> None:
        """A backup is back: what was heard and due before counts no more."""
        self._due.clear()
        self.judge.came_back(since)
        self.watch.came_back(self.time.shown, since)

    def fail(self, rule: Rule, text: str) -> None:
        """A promise is broken."""
        self.tell([Finding(rule, text, self.time.true)])

    def tell(self, found: list[Finding]) -> None:
        """Stop at the first promise that was broken."""
        for one in found:
            if one.rule not in self.muted:
                raise Broken(one)

    def kept_head(self) -> None:
        """Nothing that was answered is gone."""
        seq, digest = self.model.kept.head
        if seq and stands.link(self.engine(), seq) != digest:
            self.fail(Rule.LOST, f"row {seq} of the journal, written before an answer, is gone")

    def acted(self) -> None:
        """Something but the clock may have changed what stands."""
        self._acted = True

    def acknowledged(self) -> None:
        """A gesture was answered: all that stands now has to stand."""
        self._acted = True
        self.model.kept.head = stands.head(self.engine())

    async def beat(self) -> None:
        """Do all that is due now, and look at what came of it."""
        since = self.time.true
        self._before = before = self.facts()
        self.model.follow(before, since, since, by_clock=False)
        self.tell(list(self.watch.look(before, since, self.time.shown, by_clock=False)))
        for step in before.steps.values():
            if step.state in stands.OPEN and step.due_at <= self.time.shown:
                place = step.id, step.due_at
                self.tally.due += place not in self._due
                self._due.add(place)
        for _ in range(MOST_ROUNDS):
            ran = await self.alive(self._ticked)
            due = stands.next_due(self.engine())
            if ran == 0 or due is None or due > self.time.shown:
                break
        else:
            self.fail(Rule.RESTS, "the same things are due for ever")
        self.hear(since, by_clock=True)

    async def _ticked(self) -> int:
        """A round; what fails in it is told to the log by the ticker, and comes again at the next beat."""
        try:
            return await self._round()
        except Exception as fault:  # noqa: BLE001 (as the ticker does)
            if not self.shaken:
                self.fail(Rule.CLOSED, f"the beat ends in {type(fault).__name__}: {fault}")
            return 0

    async def _round(self) -> int:
        """What the worker does at a beat, where anything is due; now and then all of it, and then its rarer sweeps."""
        work, upkeep = self.desk.clockwork, self.desk.upkeep
        whole = self.chance.random() < ALL_OF_IT or self._sweeps
        if whole:
            await work.keep_steady()
        due, ran = stands.due(self.engine(), self.time.shown), 0
        if due.calls or whole:
            ran += await work.run_due(urgent=True)
        if due.steps or whole:
            ran += await work.run_due()
        if whole or stands.due(self.engine(), self.time.shown).messages:
            ran += await work.deliver()
        if whole or due.wishes:
            ran += await upkeep.erase_asked()
        if self.chance.random() < SWEEPS or self._sweeps:
            await upkeep.close_weeks()
            await work.bring_back()
            await upkeep.settle_revocations()
            self.desk.deployment.vault.prove_spares(every=True)
            await self.desk.deployment.settle()
            self._sweeps = False
        return ran

    def hear(self, since: datetime, *, by_clock: bool) -> None:
        """Judge the messages that came, and all that stands."""
        before, facts = self._before, self.facts()
        found = self.model.follow(facts, since, self.time.true, by_clock=by_clock)
        for chats in self.chats.values():
            start = self._heard.get(str(id(chats)), 0)
            self._heard[str(id(chats))] = len(chats.accepted)
            for one in chats.accepted[start:]:
                found += self._message(one, facts, before)
        calm = not self.killer.away and self.time.wrong_by == timedelta()
        found += self.model.look(facts, self.time.true, settled=by_clock and calm)
        found += self.watch.look(facts, self.time.true, self.time.shown, by_clock=by_clock)
        self.tally.checks += 1
        self.tell(found)

    def _message(self, one: Accepted, facts: stands.Facts, before: stands.Facts | None) -> list[Finding]:
        self.tally.messages += 1
        self.tally.in_window += one.yes_was_lost
        person = next((who for who in self.town.people if one.address in who.addresses), None)
        if person is None:
            return []
        self.note(f"{person.name} gets a message")
        self.model.reached(facts, person.member_id, one.at)
        if self.chance.random() < person.diligence and not person.left and not self.is_expected(person):
            self.expect_visit(person, 30)
        looks = (facts,) if before is None else (facts, before)
        found = list(self.judge.judge(one, person.member_id, self.model, looks, self.model.wrong))
        self.tally.doubled_in_window = self.judge.doubled_in_window
        return found

    async def check_follow_up(self) -> None:
        """Everybody who said yes has the conversations of each of their events before them or behind them."""

        def ends(tx: Tx) -> dict[str, datetime]:
            return {one.id: one.ended_at for one in tx.find(Incident)}

        ended = await self.alive(lambda: self.desk.deployment.store.read(self.town.id, ends))
        if ended is not None:
            facts, owed = self.facts(), stands.contacts_owed(self.engine())
            self.tell(list(follow_up.broken(facts, ended, self.time.true)))
            self.tell(list(follow_up.without_contact(facts, owed, self.time.true)))
            self.tell(list(self.watch.weeks(self.time.true)))

    def check_keys(self) -> None:
        """Every row that stands can be opened."""
        gone = missing_keys(self.engine("data"), self.engine("keys"))
        if gone:
            self.fail(Rule.KEYS, f"{len(gone)} rows cannot be opened, of {sorted(set(gone))}")
