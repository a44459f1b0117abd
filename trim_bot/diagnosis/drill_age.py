"""Looks at how long ago a restore was rehearsed: a backup that nobody tried is a hope."""

from __future__ import annotations

from datetime import timedelta

from trim_bot.app.clock.clocks import real_now
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.diagnosis.findings import Finding, ok, warn
from trim_bot.storage.backup.private_folder import FolderUnusable, left_folders
from trim_bot.storage.drill_note import last_drill

NAME = "drill"
LONGEST = timedelta(days=100)
"""After this the rehearsal says little of the backups of now."""


async def drill_findings(deployment: Deployment) -> list[Finding]:
    """The age of the last good drill, and what a killed one left."""
    return [await _age(deployment), *_left()]


def _left() -> list[Finding]:
    try:
        left = left_folders()
    except FolderUnusable as error:
        return [warn(NAME, f"{error}.")]
    return [
        warn(
            NAME,
            f"A drill that was killed left copies of keys in {one}. The next start of the desk takes them away, and so "
            "does the next trim-bot drill.",
        )
        for one in left
    ]


async def _age(deployment: Deployment) -> Finding:
    last = await last_drill(deployment.notes)
    if last is None:
        return warn(NAME, "No restore was ever rehearsed here. Run trim-bot drill, while the desk runs.")
    days = (real_now() - last).days
    said = f"A restore was last rehearsed well on {last.date().isoformat()}, {days} day(s) ago."
    if real_now() - last > LONGEST:
        return warn(NAME, f"{said} Run trim-bot drill.")
    return ok(NAME, said)
