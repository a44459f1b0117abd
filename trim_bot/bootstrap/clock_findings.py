"""Compares this machine's clock with what the chat platforms say the time is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from trim_bot.app.seam.ports import TimeWitness
from trim_bot.bootstrap import clock
from trim_bot.bootstrap.findings import Finding, fail, ok, warn
from trim_bot.domain.clock_jumps import AGREES_WITHIN

WORTH_SAYING = timedelta(seconds=30)
"""A `Date` is told to the second, and is some time on its way."""
NAMES = {"slack": "Slack", "teams": "Microsoft"}


class HeardClocks:
    """Implements the port `TimeWitness`: keeps how far our clock is ahead of each other one, as last heard."""

    def __init__(self, witness: TimeWitness, real: Callable[[], datetime] = lambda: clock.real_now()) -> None:
        """`witness` is told as well; `real` gives real time, UTC."""
        self._witness = witness
        self._real = real
        self._ahead: dict[str, timedelta] = {}

    def heard(self, source: str, said: datetime) -> None:
        """What somebody else's clock said just now."""
        self._ahead[source] = self._real() - said
        self._witness.heard(source, said)

    def findings(self) -> list[Finding]:
        """A line for each clock that was heard."""
        return [_finding(NAMES.get(source, source), ahead) for source, ahead in sorted(self._ahead.items())]


def _finding(whose: str, ahead: timedelta) -> Finding:
    seconds = round(abs(ahead).total_seconds())
    if abs(ahead) <= WORTH_SAYING:
        return ok("clocks", f"This machine's clock agrees with {whose}.")
    apart = (
        f"This machine's clock is {seconds} seconds {'ahead of' if ahead > timedelta() else 'behind'} {whose}"
    )
    if abs(ahead) <= AGREES_WITHIN:
        return warn("clocks", f"{apart}. Set it by the network.")
    return fail("clocks", f"{apart}, so requests are refused. Set it by the network.")
