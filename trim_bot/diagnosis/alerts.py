"""Looks at who is told when something is wrong, and at what they would be told that no other line says."""

from __future__ import annotations

from trim_bot.bootstrap.alerts import standing_of
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.for_commands import clock_work, definitions_of
from trim_bot.diagnosis.findings import Finding, ok, warn
from trim_bot.domain.errors import SafeError
from trim_bot.settings.environment import Mode, Settings

ALERTS, BACKUP = "alerts", "backup"


def way_findings(settings: Settings) -> list[Finding]:
    """Who is told, and what is not watched since nobody said how."""
    production = settings.mode is Mode.PRODUCTION
    unsaid = warn if production else ok
    ways = settings.alert_addresses
    if ways:
        found = [ok(ALERTS, f"Told by {', '.join(way.name for way in ways)}. Try it: trim-bot alerts test.")]
    else:
        found = [
            unsaid(
                ALERTS,
                "Nobody is written to when something breaks. Set ALERT_URLS, and try it: trim-bot alerts test.",
            )
        ]
    if not settings.oldest_backup:
        found.append(
            unsaid(BACKUP, "The age of backups is not watched. Set BACKUP_MAX_DAYS to a number of days.")
        )
    if settings.teams_app_password and settings.teams_configured and settings.teams_password_ends is None:
        text = "Nobody is told before TEAMS_APP_PASSWORD ends. Set TEAMS_APP_PASSWORD_ENDS to its day, YYYY-MM-DD."
        found.append(unsaid(ALERTS, text))
    return found


async def standing_findings(deployment: Deployment, settings: Settings) -> list[Finding]:
    """What the administrator would be told of this moment, beside the outages that the processes tell."""
    try:
        definitions = await definitions_of(deployment.notes)
    except SafeError:
        # Its own line says so.
        return way_findings(settings)
    work = clock_work(deployment.store, deployment.clock, deployment.tokens, definitions)
    standing = await standing_of(deployment, work)
    return [*way_findings(settings), *(warn(one.kind.value, one.words) for one in standing.alerts)]
