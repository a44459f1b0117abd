"""Whatever begins, ends, flaps, restarts or fails: each way hears of it, calmly, and of nothing that is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.watch.alert_conditions import Integrity
from trim_bot.app.watch.alert_state import DAY, FIRST_DAILY, Judged
from trim_bot.app.watch.alert_watch import AlertWatch, DailyLook, Sources
from trim_bot.app.watch.alert_words import AlertText
from trim_bot.app.watch.alerting import Alerting
from trim_bot.app.watch.heart import Heart
from trim_bot.app.watch.looking_through import LookThrough
from trim_bot.app.watch.outages import Outages
from trim_bot.app.watch.sends import SendMinutes
from trim_bot.domain.alerts import AdminAlert, AlertKind
from trim_bot.domain.errors import StoreUnavailable, TryLater
from trim_bot.domain.process_beats import Beat, ProcessRole, Pulse

T = TypeVar("T")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALL: Judged = dict.fromkeys(AlertKind, timedelta())
KINDS = (AlertKind.STORE, AlertKind.PLATFORM, AlertKind.SAFETY_NOBODY)
ALERTS = {kind: AdminAlert(kind, "one", "Something is wrong.") for kind in KINDS}
WAYS = ("https a.example.org", "smtp b.example.org")
LOOKS = 20
"""In each stretch of time."""
MOST_TOLD_A_DAY = 16
"""Of one alert by one way: its quiet doubles with each return, from two minutes to an hour and on to a day."""


@dataclass
class World:
    """What is true now, and what every way was told of it."""

    now: datetime = START
    wrong: frozenset[AlertKind] = frozenset()
    failing: frozenset[str] = frozenset()
    database: bool = True
    notes: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, datetime, str, str]] = field(default_factory=list)

    async def get(self, name: str) -> str | None:
        self._must_be_there()
        return self.notes.get(name)

    async def change(self, name: str, body: Callable[[str | None], tuple[str, T]]) -> T:
        self._must_be_there()
        self.notes[name], answer = body(self.notes.get(name))
        return answer

    def _must_be_there(self) -> None:
        if not self.database:
            raise StoreUnavailable

    def process(self) -> Alerting:
        """One that has just been started."""
        return Alerting([Recorder(self, name) for name in WAYS], say_nothing, "", lambda: self.now)

    async def look(self, process: Alerting) -> None:
        await process.look([ALERTS[kind] for kind in KINDS if kind in self.wrong], ALL, self)

    def heard(self, way: str, kind: AlertKind) -> list[tuple[datetime, str]]:
        return [(at, news) for name, at, of, news in self.told if (name, of) == (way, kind.value)]


@dataclass
class Recorder:
    world: World
    name: str

    async def send(self, text: AlertText) -> None:
        if self.name in self.world.failing:
            raise TryLater
        lines = text.fields["alerts"]
        assert isinstance(lines, list)
        for line in lines:
            kind, news = AlertKind(line["kind"]), line["news"]
            # Nobody is told that something is wrong which is over, or the reverse.
            assert (kind in self.world.wrong) is (news != "over")
            self.world.told.append((self.name, self.world.now, line["kind"], news))


def say_nothing(event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
    return ""


@dataclass(frozen=True)
class Stretch:
    """Some time in which nothing changes."""

    minutes: int
    wrong: frozenset[AlertKind]
    failing: frozenset[str] = frozenset()
    database: bool = True
    restarted: bool = False


STRETCHES = st.builds(
    Stretch,
    st.sampled_from([2, 4, 10, 70, 130, 400, 1500, 3000]),
    st.frozensets(st.sampled_from(KINDS)),
    st.frozensets(st.sampled_from(WAYS)),
    st.booleans(),
    st.booleans(),
)
WELL = Stretch(4 * 24 * 60, frozenset())


def lived(stretches: Sequence[Stretch], processes: int) -> World:
    """What every way was told in this history."""

    async def live() -> World:
        world = World()
        running = [world.process() for _ in range(processes)]
        for one in stretches:
            world.wrong, world.failing, world.database = one.wrong, one.failing, one.database
            if one.restarted:
                running = [world.process() for _ in range(processes)]
            for _ in range(LOOKS):
                world.now += timedelta(minutes=one.minutes) / LOOKS
                for process in running:
                    await world.look(process)
        return world

    return asyncio.run(live())


def with_database(stretches: Sequence[Stretch]) -> list[Stretch]:
    return [Stretch(one.minutes, one.wrong, one.failing, restarted=one.restarted) for one in stretches]


@settings(max_examples=25, deadline=None)
@given(st.lists(STRETCHES, max_size=6), st.integers(1, 2))
def test_what_begins_is_told_once_and_what_was_told_ends(stretches: list[Stretch], processes: int) -> None:
    world = lived([*with_database(stretches), WELL], processes)
    for way in WAYS:
        for kind in KINDS:
            heard = [news for _, news in world.heard(way, kind)]
            plain = [news for news in heard if news != "still"]
            assert plain[::2] == ["began" if n == 0 else plain[2 * n] for n in range(len(plain[::2]))]
            assert set(plain[::2]) <= {"began", "again"}
            assert set(plain[1::2]) <= {"over"}
            assert not heard or heard[-1] == "over"


@settings(max_examples=25, deadline=None)
@given(st.lists(STRETCHES, max_size=6), st.integers(1, 2))
def test_it_stays_calm(stretches: list[Stretch], processes: int) -> None:
    world = lived([*with_database(stretches), WELL], processes)
    for way in WAYS:
        for kind in KINDS:
            heard = world.heard(way, kind)
            before: datetime | None = None
            for at, news in heard:
                assert news != "still" or (before is not None and at - before >= DAY)
                before = at
                assert sum(at <= other < at + DAY for other, _ in heard) <= MOST_TOLD_A_DAY


@settings(max_examples=25, deadline=None)
@given(st.lists(STRETCHES, max_size=5), st.sampled_from(KINDS), st.booleans())
def test_what_lasts_is_told_in_the_end(stretches: list[Stretch], kind: AlertKind, restarted: bool) -> None:
    long = Stretch(60 * 60, frozenset({kind}), restarted=restarted)
    world = lived([*stretches, long], 2)
    for way in WAYS:
        assert world.heard(way, kind)[-1][1] in ("began", "again", "still")


@settings(max_examples=25, deadline=None)
@given(st.lists(STRETCHES, max_size=6), st.integers(1, 2))
def test_without_its_database_each_process_tells_by_itself_and_all_is_told_over(
    stretches: list[Stretch], processes: int
) -> None:
    world = lived([*stretches, WELL], processes)
    for way in WAYS:
        for kind in KINDS:
            heard = [news for _, news in world.heard(way, kind)]
            restarts = 1 + sum(one.restarted for one in stretches)
            for n in range(len(heard)):
                alike = heard[n : n + processes * restarts + 1]
                assert len(alike) <= processes * restarts or set(alike) not in ({"began"}, {"over"})
            if kind is not AlertKind.STORE:
                assert "began" not in [b for a, b in pairwise(heard) if a == "began"]


def test_a_store_that_comes_and_goes_every_few_minutes_is_no_flood() -> None:
    away = Stretch(4, frozenset({AlertKind.STORE}))
    world = lived([away, Stretch(6, frozenset())] * 100, 1)
    heard = [news for _, news in world.heard(WAYS[0], AlertKind.STORE)]
    assert heard == ["began", "over", "again"]


def test_several_at_one_moment_are_one_message() -> None:
    async def live() -> list[AlertText]:
        sent: list[AlertText] = []

        class Only:
            name = "https a.example.org"

            async def send(self, text: AlertText) -> None:
                sent.append(text)

        world = World()
        process = Alerting([Only()], say_nothing, "desk.example.org", lambda: world.now)
        both = [AdminAlert(AlertKind.STORE, one, "Words.", since=START) for one in ("data", "keys")]
        for minutes in (0, 1, 2, 3):
            world.now = START + timedelta(minutes=minutes)
            await process.look(both, ALL, world)
        return sent

    [text] = asyncio.run(live())
    assert text.text.count("- store: since 2026-03-02 09:00 +00:00") == 2
    assert text.subject == "Peer support desk at desk.example.org: something to look at"


def test_the_daily_look_comes_an_hour_after_the_first_start_and_then_once_a_day() -> None:
    kind = AlertKind.SAFETY_NOBODY
    wrong = frozenset({kind})
    early = lived([Stretch(50, wrong)], 1)
    assert not early.heard(WAYS[0], kind)
    first = lived([Stretch(80, wrong)], 1)
    assert [at - START >= FIRST_DAILY for at, _ in first.heard(WAYS[0], kind)] == [True]
    later = lived([Stretch(80, frozenset()), Stretch(1200, wrong), Stretch(400, wrong)], 1)
    [(at, _)] = later.heard(WAYS[0], kind)
    assert at - START >= DAY


def test_what_ended_while_nobody_ran_is_told_as_over() -> None:
    wrong = frozenset({AlertKind.STORE})
    world = lived([Stretch(10, wrong), Stretch(10, frozenset(), restarted=True)], 1)
    assert [news for _, news in world.heard(WAYS[0], AlertKind.STORE)] == ["began", "over"]


def test_what_was_told_while_the_database_was_away_is_not_told_again() -> None:
    wrong = frozenset({AlertKind.STORE})
    world = lived([Stretch(10, wrong, database=False), Stretch(60, wrong), Stretch(10, frozenset())], 1)
    assert [news for _, news in world.heard(WAYS[0], AlertKind.STORE)] == ["began", "over"]


def test_what_cannot_be_looked_at_is_neither_over_nor_still_wrong() -> None:
    async def live() -> list[str]:
        world = World(wrong=frozenset({AlertKind.STORE}))
        process = world.process()
        but_stores: Judged = {kind: age for kind, age in ALL.items() if kind is not AlertKind.STORE}
        for days, judged in (
            (0.0, ALL),
            (0.01, ALL),
            (1.5, but_stores),
            (3.0, but_stores),
        ):
            world.now = START + timedelta(days=days)
            found = [ALERTS[AlertKind.STORE]] if AlertKind.STORE in judged else []
            await process.look(found, judged, world)
        return [news for _, news in world.heard(WAYS[0], AlertKind.STORE)]

    assert asyncio.run(live()) == ["began"]


@dataclass
class Process:
    """One of several: what it met and knows is lost with it, as on every restart."""

    world: World
    alerting: Alerting = field(init=False)
    met: bool = False
    clock_asked: bool = False
    through: LookThrough = field(init=False)
    watch: AlertWatch = field(init=False)

    def __post_init__(self) -> None:
        self.through = LookThrough(self.seconds)
        self.alerting = self.world.process()
        outages = Outages(say_nothing, lambda: self.world.now, self.seconds)
        heart = Heart(
            NoBeats(), ProcessRole.BOTH, lambda: 0.0, outages, SendMinutes(), monotonic=self.seconds
        )
        sources = Sources(outages, heart, lambda _: "", self.integrity, self.standing)
        self.watch = AlertWatch(self.alerting, sources, self.world, self.seconds)

    def seconds(self) -> float:
        return (self.world.now - START).total_seconds()

    def integrity(self) -> Integrity:
        wrong = self.world.wrong
        return Integrity(
            ("one", *self.through.tables) if self.met else tuple(self.through.tables),
            keys_held_back=self.met and AlertKind.KEYS_HELD_BACK in wrong,
            clock_doubt="1 h ahead" if self.clock_asked and AlertKind.CLOCK in wrong else "",
            clock_asked=self.clock_asked,
            well_since=self.through.well_since,
        )

    async def standing(self) -> DailyLook:
        return DailyLook()

    def look_through(self) -> None:
        rows = {("o", "one"): 1} if AlertKind.NOT_AS_WRITTEN in self.world.wrong else {}
        self.through.found(self.through.begin(), rows, ())


class NoBeats:
    """Nobody else is there."""

    async def put(self, beat: Beat, age: timedelta, up: timedelta) -> Pulse:
        return Pulse(START)


LASTING = frozenset({AlertKind.NOT_AS_WRITTEN, AlertKind.KEYS_HELD_BACK, AlertKind.CLOCK})
STEP = 5
"""Minutes between two looks."""


def lived_through(restarts: Sequence[tuple[int, int, bool]]) -> tuple[World, list[Process]]:
    """A row is altered and met by the first of two processes; each restart is of one, after so many looks.

    Less than an hour passes in all: what is counted over an hour is over then.
    """

    async def live() -> tuple[World, list[Process]]:
        world = World()
        processes = [Process(world), Process(world)]
        # The second has looked through before anything was altered, and its next look is an hour away.
        processes[1].look_through()
        processes[1].clock_asked = processes[0].clock_asked = True
        world.wrong = LASTING
        processes[0].met = True
        for looked_at, which, looks in [(14, 1, False), *restarts]:
            for _ in range(looked_at):
                world.now += timedelta(minutes=STEP)
                for process in processes:
                    await process.watch.look()
            processes[which] = Process(world)
            if looks:
                processes[which].look_through()
                processes[which].clock_asked = True
        return world, processes

    return asyncio.run(live())


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 1), st.booleans()), max_size=3))
def test_no_restart_calls_off_what_lasts(restarts: list[tuple[int, int, bool]]) -> None:
    # The recorder says so where "in order again" is sent of what is wrong.
    world, _ = lived_through(restarts)
    for kind in LASTING:
        assert [news for _, news in world.heard(WAYS[0], kind)] == ["began"]


@pytest.mark.parametrize("kind", [kind for kind in AlertKind if kind in LASTING])
def test_it_is_over_once_it_was_looked_at_and_found_in_order(kind: AlertKind) -> None:
    async def live() -> World:
        world, processes = await asyncio.to_thread(lived_through, [(1, 0, False)])
        world.wrong = frozenset()
        processes = [Process(world)]
        for looks in range(40):
            world.now += timedelta(minutes=STEP)
            if looks == 6:
                processes[0].look_through()
                processes[0].clock_asked = True
            await processes[0].watch.look()
        return world

    assert [news for _, news in asyncio.run(live()).heard(WAYS[0], kind)] == ["began", "over"]


def test_a_clock_set_back_brings_no_daily_look() -> None:
    async def live() -> list[str]:
        world = World(wrong=frozenset({AlertKind.SAFETY_NOBODY}))
        process = world.process()
        for hours in (0.0, 0.5, -72.0, -71.5):
            world.now = START + timedelta(hours=hours)
            await world.look(process)
        return [news for _, news in world.heard(WAYS[0], AlertKind.SAFETY_NOBODY)]

    assert asyncio.run(live()) == []
