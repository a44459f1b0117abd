"""Looks at how long ago a restore was rehearsed: a backup that nobody tried is a hope."""

from __future__ import annotations

from datetime import timedelta

from trim_bot.app.clock.clocks import real_now
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.diagnosis.findings import Finding, ok, warn
from trim_bot.storage.drill_note import last_drill

NAME = "drill"
LONGEST = timedelta(days=100)
"""After this the rehearsal says little of the backups of now."""


async def drill_finding(deployment: Deployment) -> Finding:
    """The age of the last good drill."""
    last = await last_drill(deployment.notes)
    if last is None:
        return warn(NAME, "No restore was ever rehearsed here. Run trim-bot drill: it changes nothing.")
    days = (real_now() - last).days
    said = f"A restore was last rehearsed well on {last.date().isoformat()}, {days} day(s) ago."
    if real_now() - last > LONGEST:
        return warn(NAME, f"{said} Run trim-bot drill.")
    return ok(NAME, said)
