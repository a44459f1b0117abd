"""The clocks of the desk: real time, business time, and whether this machine's can be believed: one file,
since each is read off another.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.seam.ports import Clock, Notes
from trim_bot.domain.policy import POLICY

BEFORE = "before"
"""The source of what an earlier start of the machine had believed: nobody says it again."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at both clocks: real time (UTC), and the time since boot, which runs on in a suspended machine."""

    real: datetime
    since_boot: timedelta


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the clock is not believed: how far ahead it seems to be (negative when it is behind)."""

    ahead: timedelta


class ClockJudge:
    """Remembers the last moment at which the clock was believed, and who agreed since.

    A clock that is put back where it was is believed again; so is one that anybody agrees with.
    """

    def __init__(self, first: Moment) -> None:
        """`first` is believed until something speaks against it."""
        self._believed = first
        self._jumped = False
        self._ahead_of: dict[str, timedelta] = {}

    def heard(self, source: str, said: datetime, at: Moment) -> None:
        """Somebody's clock said `said` (aware) at this moment of ours."""
        self._look(at)
        ahead = at.real - said
        self._ahead_of[source] = ahead
        if abs(ahead) <= POLICY.clocks_agree_within:
            self._believed, self._jumped = at, False

    def believe(self, moment: Moment) -> None:
        """The clock was believed at another moment of the same boot: measure from there.

        What an earlier start had believed counts no more.
        """
        self._believed, self._jumped = moment, False
        self._ahead_of.pop(BEFORE, None)

    def doubt(self, at: Moment) -> Doubt | None:
        """Why the clock is not believed at this moment, or None."""
        jump = self._look(at)
        if self._jumped:
            return Doubt(jump)
        apart = [ahead for ahead in self._ahead_of.values() if abs(ahead) > POLICY.clocks_agree_within]
        if apart and len(apart) == len(self._ahead_of):
            return Doubt(min(apart, key=abs))
        return None

    def _look(self, at: Moment) -> timedelta:
        jump = (at.real - self._believed.real) - (at.since_boot - self._believed.since_boot)
        jumped = abs(jump) > POLICY.clocks_agree_within
        if jumped is not self._jumped:
            # What others said was compared with the clock as it stood before.
            self._ahead_of.clear()
            self._jumped = jumped
        return jump


PRACTICE_NOTE = "practice_clock"
"""The name under which moved business time is kept."""


def real_now() -> datetime:
    """Real time, UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds of a clock that nobody sets; only differences mean anything."""
    return time.monotonic()


class RealClock:
    """The port `Clock` where business time is real time."""

    def now(self) -> datetime:
        """Business time, UTC."""
        return real_now()

    def real(self) -> datetime:
        """Real time, UTC."""
        return real_now()


class MovableClock:
    """The port `Clock` whose business time stands still until it is moved. Real time is always real."""

    def __init__(self, start: datetime, notes: Notes) -> None:
        """`start` is aware."""
        self._now = start.astimezone(UTC)
        self._notes = notes

    @staticmethod
    async def kept(notes: Notes) -> MovableClock:
        """The clock as it stood before a restart; at first it stands at real time, to the second."""
        held = await notes.get(PRACTICE_NOTE)
        if held is not None:
            return MovableClock(datetime.fromisoformat(held), notes)
        clock = MovableClock(real_now().replace(microsecond=0), notes)
        await clock.set(clock.now())
        return clock

    def now(self) -> datetime:
        """Business time, UTC."""
        return self._now

    def real(self) -> datetime:
        """Real time, UTC."""
        return real_now()

    async def set(self, to: datetime) -> None:
        """Move business time on to an aware time, and keep it. Raises ValueError when that is backwards."""
        moved = to.astimezone(UTC)
        if moved < self._now:
            raise ValueError("business time moves forwards only")
        await self._notes.put(PRACTICE_NOTE, moved.isoformat())
        self._now = moved


BELIEVED_NOTE = "clock_believed"
"""The name under which the data keeps the last moment at which the clock was believed, and in which boot."""
_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Implements the port `Clock`, standing still: read before the clock is judged, so that a jump right after the
    judgement moves nothing that goes by it."""

    at_now: datetime
    at_real: datetime

    @classmethod
    def of(cls, clock: Clock) -> ClockReading:
        """What a clock says now."""
        return cls(clock.now(), clock.real())

    def now(self) -> datetime:
        """Business time, UTC."""
        return self.at_now

    def real(self) -> datetime:
        """Real time, UTC."""
        return self.at_real


class AsksTheServer(Protocol):
    """A store that may have a clock of its own."""

    async def server_time(self) -> datetime | None:
        """What the database's server says the time is, aware; None where it has no other clock than ours."""
        ...


class TimeWatch:
    """Implements the port `TimeWitness`. Safe to use from several threads."""

    def __init__(
        self,
        real: Callable[[], datetime],
        boot: Callable[[], timedelta],
        tell: Tell,
    ) -> None:
        """`real` gives real time in UTC, `boot` the time since boot; `tell` is told of each change."""
        self._real = real
        self._boot = boot
        self._tell = tell
        self._lock = Lock()
        self._judge = ClockJudge(self.now())
        self._said = False

    def heard(self, source: str, said: datetime) -> None:
        """What somebody else's clock said just now."""
        with self._lock:
            self._judge.heard(source, said, self.now())
        self.doubt()

    def believe(self, moment: Moment) -> None:
        """Somebody believed the clock at this moment of the same boot: measure from there."""
        with self._lock:
            self._judge.believe(moment)
        self.doubt()

    def doubt(self, at: Moment | None = None) -> Doubt | None:
        """Why the clock is not believed at a moment just read, now by default, or None.

        What destroys or freezes waits until it is None.
        """
        with self._lock:
            doubt = self._judge.doubt(at or self.now())
            changed = (doubt is not None) is not self._said
            self._said = doubt is not None
        if changed and doubt is None:
            self._tell(LogEvent.CLOCK_AGREES)
        elif changed and doubt is not None:
            self._tell(LogEvent.CLOCK_DOUBTED, about=described(doubt))
        return doubt

    def now(self) -> Moment:
        """Real time and the time since boot, read together."""
        return Moment(self._real(), self._boot())


def described(doubt: Doubt) -> str:
    """How far the clock seems to be off, for the log and the doctor."""
    minutes = round(abs(doubt.ahead) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min {'ahead' if doubt.ahead > timedelta(0) else 'behind'}"


class ClockCheck:
    """Judges before anything is destroyed or frozen. Every call raises StoreUnavailable.

    A process that begins late measures from the moment that an earlier one of the same boot believed, so that a
    clock that was moved in between is seen too.
    """

    def __init__(self, store: AsksTheServer, notes: Notes, watch: TimeWatch, boot: Callable[[], str]) -> None:
        """`boot` tells this start of this machine from any other; empty where nobody can say."""
        self._store = store
        self._notes = notes
        self._watch = watch
        self._boot = boot()
        self._read: str | None = None
        self.asked = False
        """Whether the other clocks were asked here: before that, that the clock is not doubted says nothing."""

    async def believed(self) -> bool:
        """Whether the clock can be believed now."""
        await self._look()
        now = self._watch.now()
        believed = self._watch.doubt(now) is None
        if believed:
            # What is kept is what was judged: the clock may jump while it is being written down.
            await self._keep(now)
        return believed

    async def look(self) -> None:
        """Ask, and keep nothing."""
        await self._look()
        self._watch.doubt()

    async def trust(self) -> None:
        """Somebody says that the clock is right: believe it from now on, in every process."""
        now = self._watch.now()
        self._watch.believe(now)
        await self._put(now)

    async def _look(self) -> None:
        held = await self._notes.get(BELIEVED_NOTE)
        if held is not None and held != self._read:
            self._read = held
            self._follow(held)
        said = await self._store.server_time()
        if said is not None:
            self._watch.heard("database", said)
        self.asked = True

    def _follow(self, held: str) -> None:
        told = json.loads(held)
        then = Moment(datetime.fromisoformat(told["real"]), timedelta(seconds=float(told["since_boot"])))
        if self._boot and told["boot"] == self._boot:
            self._watch.believe(then)
        elif then.real > self._watch.now().real + POLICY.clocks_agree_within:
            # Another start, or another machine: all that is known is that it was later than this already.
            self._watch.heard(BEFORE, then.real)

    async def _keep(self, now: Moment) -> None:
        if self._read is not None:
            told = json.loads(self._read)
            fresh = now.real - datetime.fromisoformat(told["real"]) < _KEPT_FOR
            if fresh and told["boot"] == self._boot:
                return
        await self._put(now)

    async def _put(self, now: Moment) -> None:
        since_boot = now.since_boot.total_seconds()
        self._read = json.dumps({"boot": self._boot, "real": now.real.isoformat(), "since_boot": since_boot})
        await self._notes.put(BELIEVED_NOTE, self._read)
