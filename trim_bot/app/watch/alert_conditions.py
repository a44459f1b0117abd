"""Says of plain values what is wrong: `doctor`, `/readyz`, `/metrics` and whoever is written to hear the same list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from trim_bot.app.watch.looking_through import MISSING
from trim_bot.domain.alerts import AdminAlert, AlertKind
from trim_bot.domain.outages import ANSWERED, Outage, OutagePart
from trim_bot.domain.staff_lists import ListPlace

SECRET_NOTICE = timedelta(days=30)
"""So long before a secret ends it is told."""
STORES = frozenset({OutagePart.DATA, OutagePart.KEYS, OutagePart.LEDGER})
WORK = frozenset({OutagePart.WORKER, OutagePart.CLOCK})


@dataclass(frozen=True, slots=True)
class SecretEnd:
    """When a secret ends that nobody renews by itself."""

    name: str
    """Its variable, or the organisation's slug whose token it is."""
    ends_at: datetime | date
    """A moment (UTC), or the last day on which it serves."""
    renewed_by: str
    """What to do, as a sentence."""


@dataclass(frozen=True, slots=True)
class BackupAge:
    """What is known of the newest backup."""

    ended_at: datetime | None
    """When it ended, UTC; None where there has never been one."""
    desk_began_at: datetime | None
    """When something was kept here first, UTC; None where nothing is."""
    most: timedelta
    """How old it may be; nothing for one that is not watched."""


@dataclass(frozen=True, slots=True)
class Integrity:
    """What one process has met."""

    altered_tables: tuple[str, ...] = ()
    journals: int = 0
    """Journals that are not whole."""
    keys_held_back: bool = False
    clock_doubt: str = ""
    """By how much the clock seems wrong; empty where it is believed."""
    clock_asked: bool = False
    """Whether another clock was asked in this process."""
    stores_read: bool = False
    """Whether the stores were read through in this process."""
    well_since: float | None = None
    """Seconds since a look through all that is bound began, if the last one found nothing; else None."""

    @property
    def judged(self) -> Mapping[AlertKind, timedelta]:
        """What this process can say to be in order, and how old what it knows of that is.

        One that has just started has met nothing, which is no sign that nothing is there.
        """
        found: dict[AlertKind, timedelta] = {}
        if self.clock_asked:
            found[AlertKind.CLOCK] = timedelta()
        if self.stores_read:
            found[AlertKind.STORE] = timedelta()
        if self.well_since is not None:
            age = timedelta(seconds=self.well_since)
            found |= {AlertKind.NOT_AS_WRITTEN: age, AlertKind.JOURNAL: age}
        return found


def outage_alerts(outages: Iterable[Outage], words: Callable[[Outage], str]) -> list[AdminAlert]:
    """Stores, the processes and the platforms, each once, since the first of its outages."""
    found: dict[str, AdminAlert] = {}
    for outage in sorted(outages, key=lambda one: one.began_at):
        if outage.part in STORES:
            kind = AlertKind.STORE
        elif outage.part in WORK:
            kind = AlertKind.WORKER
        elif outage.part is OutagePart.WEB:
            kind = AlertKind.WEB
        else:
            kind = AlertKind.PLATFORM
        # Whoever refuses the app has answered: that is another matter than being away, with other steps.
        refused = outage.cause in ANSWERED
        about = f"{outage.part.value} {outage.cause}" if refused else outage.part.value
        one = AdminAlert(kind, about, words(outage), outage.look_at, outage.began_at)
        found.setdefault(one.key, one)
    return list(found.values())


def closed_alert(look_at: str, words: str, since: datetime) -> AdminAlert:
    """A desk that shows help alone, for the reason that `/readyz` gives."""
    return AdminAlert(AlertKind.DESK_CLOSED, "desk", f"The desk shows help alone. {words}", look_at, since)


def safety_alerts(slugs: Iterable[str]) -> list[AdminAlert]:
    """Organisations in which nobody at all could be called now."""
    return [
        AdminAlert(
            AlertKind.SAFETY_NOBODY,
            slug,
            f"In {slug} nobody could be called when somebody may not be safe. Give a lead or deputy their role, "
            "or see that they take messages.",
            "trim-bot members list",
        )
        for slug in sorted(slugs)
    ]


def secret_alerts(secrets: Iterable[SecretEnd], now: datetime) -> list[AdminAlert]:
    """Secrets that end within 30 days, or have ended. `now` in UTC."""
    return [_secret(one, now) for one in secrets if _ends(one) - now <= SECRET_NOTICE]


def _secret(one: SecretEnd, now: datetime) -> AdminAlert:
    ended = _ends(one) <= now
    day = f"{one.ends_at:%Y-%m-%d}"
    said = f"{one.name} ended on {day}." if ended else f"{one.name} ends on {day}."
    return AdminAlert(AlertKind.SECRET_ENDS, one.name, f"{said} {one.renewed_by}", one.name)


def _ends(one: SecretEnd) -> datetime:
    if isinstance(one.ends_at, datetime):
        return one.ends_at
    # The day before Greenwich's, since nobody knows by which clock it ends.
    return datetime.fromisoformat(f"{one.ends_at.isoformat()}T00:00:00+00:00")


def backup_alerts(backup: BackupAge, now: datetime) -> list[AdminAlert]:
    """A newest backup that is older than stated. `now` in UTC."""
    if not backup.most or backup.desk_began_at is None:
        return []
    newest = backup.ended_at or backup.desk_began_at
    if now - newest <= backup.most:
        return []
    days = backup.most.days
    known = (
        f"The newest backup ended on {newest:%Y-%m-%d}"
        if backup.ended_at
        else "No backup was ever noted here"
    )
    words = f"{known}; it should be no older than {days} days. Run trim-bot backup, and see why its timer did not."
    return [AdminAlert(AlertKind.BACKUP_OLD, "backup", words, "BACKUP_MAX_DAYS", newest + backup.most)]


def list_alerts(places: Iterable[ListPlace], now: datetime) -> list[AdminAlert]:
    """Staff lists that have not come to their end for too long. `now` in UTC."""
    return [
        AdminAlert(
            AlertKind.STAFF_LIST,
            place.workspace.text,
            f"The staff list of {place.workspace.text} does not come to its end: {read_of(place)}. Whoever stands "
            "behind is not met. It goes on by itself; see whether the app is still there and may read the members.",
            "trim-bot doctor",
            place.began_at,
        )
        for place in places
        if place.stands(now)
    ]


def read_of(place: ListPlace) -> str:
    """How much of a list was read, such as `3,200 of about 6,000 read`."""
    if place.about > place.taken:
        return f"{place.taken:,} of about {place.about:,} read"
    return f"{place.taken:,} read" if place.taken else "nothing of it was read"


def integrity_alerts(met: Integrity) -> list[AdminAlert]:
    """What does not fit, what was held back, and a clock that is not believed."""
    found: list[AdminAlert] = []
    for table in sorted(set(met.altered_tables)):
        found.append(
            AdminAlert(
                AlertKind.NOT_AS_WRITTEN,
                table,
                f"{_altered(table)} Look who had access.",
                "trim-bot journal verify",
            )
        )
    if met.journals:
        found.append(
            AdminAlert(
                AlertKind.JOURNAL,
                "journal",
                "A journal is not whole: little but help and calls for safety is open. Look who had access, and "
                "restore the newest backup.",
                "trim-bot journal verify",
            )
        )
    if met.keys_held_back:
        found.append(
            AdminAlert(
                AlertKind.KEYS_HELD_BACK,
                "keys",
                "Far more records were opened in an hour than ordinary use asks for. Ask who read so much.",
                "trim-bot members sign-out",
            )
        )
    if met.clock_doubt:
        found.append(
            AdminAlert(
                AlertKind.CLOCK,
                "clock",
                f"This machine's clock seems {met.clock_doubt}. Nothing is erased for its age meanwhile. "
                "Set it by the network.",
                "trim-bot doctor",
            )
        )
    return found


def _altered(table: str) -> str:
    if table == MISSING:
        return "Rows that the desk wrote are there no more."
    return f"A row of {table} is not as the desk wrote it, and counts for nothing."


def kinds_of(alerts: Sequence[AdminAlert]) -> frozenset[AlertKind]:
    """Which kinds of things are wrong."""
    return frozenset(alert.kind for alert in alerts)
