"""Looks at what goes wrong without an outage: nobody to call, a secret that ends, a backup that is missing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from trim_bot.app.safety.staffing import nobody_to_call
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.app.seam.work import WorkOf
from trim_bot.app.watch.alert_conditions import (
    BackupAge,
    SecretEnd,
    backup_alerts,
    list_alerts,
    safety_alerts,
    secret_alerts,
)
from trim_bot.app.watch.alert_watch import DailyLook
from trim_bot.domain.alerts import AdminAlert, AlertKind
from trim_bot.domain.chat_workspaces import ChatWorkspace, Installation
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.domain.site import Organisation
from trim_bot.domain.staff_lists import ListPlace

NEW_PASSWORD = "Make a new client secret, set TEAMS_APP_PASSWORD and its day, and start the desk again."  # noqa: S105
ADD_AGAIN = "Its Slack token cannot be renewed: open /slack/install in a browser and add the app again."

Moment = Callable[[], Awaitable[datetime | None]]
"""Asks for a time, UTC. Raises StoreUnavailable."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What the deployment says of ends and ages."""

    teams_password: date | None
    """The day on which it ends, where that is known."""
    slack_installs: bool
    """Whether workspaces hand over tokens that may age."""
    oldest_backup: timedelta
    """How old the newest backup may be; nothing where it is not watched."""
    newest_backup: Moment
    began_at: Moment
    """When the first thing was written down here."""
    lists: Callable[[], Awaitable[Mapping[ChatWorkspace, ListPlace]]]
    """How far each staff list has been read. Raises StoreUnavailable."""


async def look_at_standing(store: Store, work: WorkOf, deadlines: Deadlines, now: datetime) -> DailyLook:
    """Everything that is looked at daily. `now` is real time, UTC. What a store does not tell is left out."""
    looks: dict[AlertKind, Callable[[], Awaitable[Sequence[AdminAlert]]]] = {
        AlertKind.SAFETY_NOBODY: lambda: _safety(store, work),
        AlertKind.SECRET_ENDS: lambda: _secrets(store, deadlines, now),
        AlertKind.BACKUP_OLD: lambda: _backups(deadlines, now),
        AlertKind.STAFF_LIST: lambda: _lists(deadlines, now),
    }
    alerts: list[AdminAlert] = []
    judged: set[AlertKind] = set()
    with keys_for(KeyUse.CLOCK):
        for kind, look in looks.items():
            try:
                alerts += await look()
            except SafeError:
                # Whatever is away or in doubt is told by itself; what was known of this kind stays.
                continue
            judged.add(kind)
    return DailyLook(tuple(alerts), frozenset(judged))


async def _safety(store: Store, work: WorkOf) -> Sequence[AdminAlert]:
    async def has_nobody(organisation: Organisation) -> bool:
        id = OrganisationId(organisation.id)
        return await store.read(id, lambda tx: nobody_to_call(work(tx, organisation)))

    return safety_alerts([one.slug for one in await store.organisations() if await has_nobody(one)])


async def _secrets(store: Store, deadlines: Deadlines, now: datetime) -> Sequence[AdminAlert]:
    secrets: list[SecretEnd] = []
    if deadlines.teams_password is not None:
        secrets.append(SecretEnd("TEAMS_APP_PASSWORD", deadlines.teams_password, NEW_PASSWORD))
    for organisation in await store.organisations() if deadlines.slack_installs else ():
        kept = await store.read(OrganisationId(organisation.id), _installations)
        ends = [one.expires_at for one in kept if one.expires_at is not None and not one.refresh]
        secrets += [SecretEnd(organisation.slug, end, ADD_AGAIN) for end in sorted(ends)[:1]]
    return secret_alerts(secrets, now)


def _installations(tx: Tx) -> list[Installation]:
    return tx.find(Installation)


async def _backups(deadlines: Deadlines, now: datetime) -> Sequence[AdminAlert]:
    if not deadlines.oldest_backup:
        return []
    newest = await deadlines.newest_backup()
    # Where there is a backup, no organisation need be asked since when there is anything.
    began = newest or await deadlines.began_at()
    return backup_alerts(BackupAge(newest, began, deadlines.oldest_backup), now)


async def _lists(deadlines: Deadlines, now: datetime) -> Sequence[AdminAlert]:
    return list_alerts((await deadlines.lists()).values(), now)
