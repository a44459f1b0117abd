"""What the desk tells its administrator of: what is wrong, since when, where to look; nothing of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class AlertKind(Enum):
    """What can be wrong; the value is the label of `trim_bot_trouble`. First steps stand in `docs/operate.md`."""

    DESK_CLOSED = "desk_closed"
    """The desk cannot be opened, and shows help alone."""
    STORE = "store"
    """One of the three stores takes nothing, or gives nothing."""
    WORKER = "worker"
    """Nothing that is due happens."""
    WEB = "web"
    """Nobody answers people."""
    PLATFORM = "platform"
    """A platform cannot be asked."""
    SAFETY_NOBODY = "safety_nobody"
    """An organisation in which nobody at all could be called when somebody may not be safe."""
    SECRET_ENDS = "secret_ends"  # noqa: S105 (a name)
    """A password or token ends soon, or has ended."""
    BACKUP_OLD = "backup_old"
    """The newest backup is older than stated, or there has never been one."""
    STAFF_LIST = "staff_list"
    """The list of a workspace's people has not been read to its end for over a day."""
    KEYS_HELD_BACK = "keys_held_back"
    """Far more was opened than ordinary use asks for."""
    NOT_AS_WRITTEN = "not_as_written"
    """Rows do not fit the journal."""
    JOURNAL = "journal"
    """A journal is not whole."""
    CLOCK = "clock"
    """This machine's clock is not believed."""

    @property
    def grace(self) -> timedelta | None:
        """How long it has to last before it is told; None for what is told by the daily look."""
        return _GRACE[self]

    @property
    def quiet(self) -> timedelta:
        """How long at least it has to be away before it is over."""
        return _AN_HOUR if self is AlertKind.KEYS_HELD_BACK else timedelta()

    @property
    def is_public(self) -> bool:
        """Whether `/readyz` names it to anybody: never whether somebody who broke in was noticed."""
        return self in (AlertKind.STORE, AlertKind.WORKER, AlertKind.PLATFORM)


_AN_HOUR = timedelta(hours=1)
"""Openings are counted over so long, by each process for itself."""
_GRACE = {
    AlertKind.DESK_CLOSED: timedelta(minutes=2),
    AlertKind.STORE: timedelta(minutes=2),
    AlertKind.WORKER: timedelta(minutes=5),
    AlertKind.WEB: timedelta(minutes=5),
    AlertKind.PLATFORM: timedelta(minutes=60),
    AlertKind.SAFETY_NOBODY: None,
    AlertKind.SECRET_ENDS: None,
    AlertKind.BACKUP_OLD: None,
    AlertKind.STAFF_LIST: None,
    AlertKind.KEYS_HELD_BACK: timedelta(minutes=5),
    AlertKind.NOT_AS_WRITTEN: timedelta(minutes=5),
    AlertKind.JOURNAL: timedelta(minutes=5),
    AlertKind.CLOCK: timedelta(minutes=60),
}


@dataclass(frozen=True, slots=True)
class AdminAlert:
    """One thing that is wrong. Nothing in it is about a person, a case or an amount of work."""

    kind: AlertKind
    about: str
    """Which one of its kind, as a fixed word: a store, a platform, a variable, an organisation's slug."""
    words: str
    """One or two sentences: the cause, and the next step."""
    look_at: str = ""
    """The variable, host or command to look at; empty where the words say all."""
    since: datetime | None = None
    """When it began, UTC; None where it is not known."""

    @property
    def key(self) -> str:
        """The same for two looks at one thing."""
        return f"{self.kind.value}:{self.about}"
