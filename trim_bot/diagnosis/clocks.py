"""Looks at every clock: this machine's, the journal's last row, the database server's, and what platforms tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

from trim_bot.app.clock import clocks
from trim_bot.app.clock.clocks import described
from trim_bot.app.seam.ports import TimeWitness
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.diagnosis.findings import Finding, fail, ok, warn
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.policy import POLICY

SKEW = timedelta(minutes=5)
WORTH_SAYING = timedelta(seconds=30)
"""A `Date` is told to the second, and is some time on its way."""
NAMES = {"slack": "Slack", "teams": "Microsoft"}


class HeardClocks:
    """Implements the port `TimeWitness`: keeps how far our clock is ahead of each other one, as last heard."""

    def __init__(
        self, witness: TimeWitness, real: Callable[[], datetime] = lambda: clocks.real_now()
    ) -> None:
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
    if abs(ahead) <= POLICY.clocks_agree_within:
        return warn("clocks", f"{apart}. Set it by the network.")
    return fail("clocks", f"{apart}, so requests are refused. Set it by the network.")


async def clock_findings(deployment: Deployment) -> list[Finding]:
    """Zones, the clock moved by hand, and whether the journal is ahead."""
    if "Europe/London" not in available_timezones():
        return [fail("clocks", "The data of time zones is missing.")]
    if deployment.settings.manual_clock:
        return [warn("clocks", "Business time stands still until it is moved by hand.")]
    last = await _last_entry(deployment)
    if last is not None and last > datetime.now(UTC) + SKEW:
        return [fail("clocks", "The journal's last row lies in the future: a clock was set back.")]
    return [ok("clocks", "Time zones are known, and the clock is not behind the journal.")]


async def _last_entry(deployment: Deployment) -> datetime | None:
    store, times = deployment.store, []
    for organisation in await store.organisations():
        id = OrganisationId(organisation.id)
        head = await store.journal_head(id)
        times += [row.at for row in await store.journal_entries(id, head.seq - 1, 1)]
    return max(times, default=None)


async def doubt_finding(deployment: Deployment) -> Finding | None:
    """Why this machine's clock is not believed, or None; asked last, when every platform was heard."""
    await deployment.clock_check.look()
    doubt = deployment.time.doubt()
    if doubt is None:
        return None
    server = await deployment.store.server_time()
    contradicted = server is not None and abs(clocks.real_now() - server) > POLICY.clocks_agree_within
    mend = (
        "The database server's clock says otherwise: put right whichever of the two is wrong."
        if contradicted
        else "If it is right, run trim-bot retention run --trust-clock."
    )
    return fail(
        "clock",
        f"This machine's clock seems {described(doubt)}. Nothing is erased for its age and no week is closed "
        f"until it agrees. {mend}",
    )
