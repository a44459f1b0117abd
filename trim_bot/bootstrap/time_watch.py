"""Watches this machine's clock, and says in the log once when it cannot be believed and once when it can again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from trim_bot.bootstrap.clock import real_now
from trim_bot.bootstrap.reporting import report
from trim_bot.crypto.boot_clock import since_boot
from trim_bot.domain.clock_jumps import ClockJudge, Doubt, Moment


class TimeWatch:
    """Implements the port `TimeWitness`. Safe to use from several threads."""

    def __init__(
        self,
        real: Callable[[], datetime] = real_now,
        boot: Callable[[], timedelta] = since_boot,
        say: Callable[[str], None] = report,
    ) -> None:
        """`real` gives real time in UTC, `boot` the time since boot; `say` writes a line of the log."""
        self._real = real
        self._boot = boot
        self._say = say
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

    def doubt(self) -> Doubt | None:
        """Why the clock is not believed now, or None. What destroys or freezes waits until it is None."""
        with self._lock:
            doubt = self._judge.doubt(self.now())
            changed = (doubt is not None) is not self._said
            self._said = doubt is not None
        if changed:
            self._say("clock agrees again" if doubt is None else f"clock not believed {described(doubt)}")
        return doubt

    def now(self) -> Moment:
        """Both clocks."""
        return Moment(self._real(), self._boot())


def described(doubt: Doubt) -> str:
    """How far the clock seems to be off, for the log and the doctor."""
    minutes = round(abs(doubt.ahead) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min {'ahead' if doubt.ahead > timedelta(0) else 'behind'}"
