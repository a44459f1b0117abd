"""Wires the telling of the administrator: by which ways, and where it is seen what is wrong."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial

from integrations.alerts.ways import open_ways
from trim_bot.app.clock.clocks import described, real_now
from trim_bot.app.clock.standing import Deadlines, look_at_standing
from trim_bot.app.seam.work import WorkOf
from trim_bot.app.watch.alert_conditions import Integrity
from trim_bot.app.watch.alert_watch import AlertWatch, DailyLook, Sources
from trim_bot.app.watch.alerting import Alerting
from trim_bot.app.watch.heart import Heart
from trim_bot.app.watch.outages import Outages
from trim_bot.app.workspaces.list_places import list_places
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.process_log import tell
from trim_bot.bootstrap.readiness import outage_words
from trim_bot.bootstrap.readiness_probe import StoreTrial
from trim_bot.domain.ids import OrganisationId
from trim_bot.settings.checks import host_of
from trim_bot.settings.environment import Settings
from trim_bot.storage.ledger.known_backups import newest_backup


def make_alerting(settings: Settings) -> Alerting:
    """What tells the administrator, by the ways that the settings name."""
    return Alerting(open_ways(settings.alert_addresses), tell, host_of(settings.public_url))


def alert_watch(
    deployment: Deployment,
    alerting: Alerting,
    work: WorkOf,
    outages: Outages,
    heart: Heart,
    trial: StoreTrial,
) -> AlertWatch:
    """What one open desk looks at."""
    standing = partial(standing_of, deployment, work)
    sources = Sources(outages, heart, outage_words, partial(_met_by, deployment, trial), standing)
    return AlertWatch(alerting, sources, deployment.notes)


async def standing_of(deployment: Deployment, work: WorkOf) -> DailyLook:
    """What is wrong now of what is looked at daily."""
    settings = deployment.settings

    async def began_at() -> datetime | None:
        ids = [OrganisationId(one.id) for one in await deployment.store.organisations()]
        rows = [row for id in ids for row in await deployment.store.journal_entries(id, 0, 1)]
        return min((row.at for row in rows), default=None)

    deadlines = Deadlines(
        settings.teams_password_ends if settings.teams_configured else None,
        settings.slack_installs,
        settings.oldest_backup,
        partial(asyncio.to_thread, newest_backup, deployment.ledger),
        began_at,
        partial(list_places, deployment.notes),
    )
    return await look_at_standing(deployment.store, work, deadlines, real_now())


def _met_by(deployment: Deployment, trial: StoreTrial) -> Integrity:
    doubt = deployment.time.doubt()
    return Integrity(
        altered_tables=(*(table for _, table, _ in deployment.store.altered), *trial.through.tables),
        journals=len(trial.through.journals.union(deployment.store.in_doubt)),
        keys_held_back=deployment.store.openings.is_beyond(),
        clock_doubt="" if doubt is None else described(doubt),
        clock_asked=deployment.clock_check.asked,
        stores_read=trial.looked,
        well_since=trial.through.well_since,
    )
