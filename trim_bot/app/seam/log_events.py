"""All that the log of a process may be told, in fixed words and with opaque ids, through one port."""

from __future__ import annotations

from enum import Enum
from typing import Protocol


class LogLevel(Enum):
    """How grave it is."""

    NOTE = "note"
    """Worth knowing; nothing has to be done."""
    WARNING = "warning"
    """It is tried again by itself, or somebody was told; worth a look when it does not end."""
    FAULT = "fault"
    """Something is to be looked at."""


class LogEvent(Enum):
    """All that the log may be told of: the fixed words of its line. What each means stands in `docs/operate.md`."""

    GESTURE = "gesture failed"
    """Somebody was not answered, and was shown the reference: nothing of it was kept."""
    STORE_AWAY = "store away"
    """Nothing was kept, since a store was full, read only, damaged, busy or away; the reference was shown."""
    PAGE = "page failed"
    """A page was not sent whole, or its place says what went wrong, with the reference."""
    SESSION = "earlier session not ended"
    """Somebody signed in; the session that their browser had before could not be ended, and runs out by itself."""
    LEFT = "left for later"
    """What has this id failed, is held back and comes again."""
    OPEN = "open"
    """The desk answers."""
    WORKER = "worker open"
    """The worker beside it does what is due."""
    OTHER_HOST = "asked for another host"
    """So many of so many requests named another host than `PUBLIC_URL`, and were not answered. Once an hour."""
    UNKNOWN_VARIABLE = "unknown variable"
    """A variable of this name is set and has no effect; `trim-bot doctor` says which one was most likely meant."""
    CLOSED = "closed"
    """The desk shows help alone, or a worker does nothing, for the reason that `/readyz` gives."""
    OUTAGE = "out of order"
    """The named part does not work: what it is, why, and the variable or host to look at. Once for each cause."""
    OUTAGE_LASTS = "still out of order"
    """The same, an hour later and every hour after that."""
    OUTAGE_OVER = "in order again"
    """The named part works again; for how many seconds it did not."""
    HELP = "help numbers not written"
    """`/help-now` may show older ones: look at `HELP_FILE` and its folder. It is tried again within the hour."""
    ALERT_SENT = "administrator told"
    """By the named way, of what is wrong or over: see "When the desk writes to you"."""
    ALERT_NOT_SENT = "administrator not told"
    """The named way took nothing; it is tried again, after a longer pause each time, an hour at most."""
    ANCHOR = "anchor of the ledger not written"
    """Check `ANCHOR_URL`; a restore needs it. It is tried again with the next line."""
    SIGNED = "roles signed as they stood"
    """So many, at the first start that signs: look whether each is right, with `trim-bot members list --confirm`."""
    ALTERED = "not as it was written"
    """Rows of the named table do not fit the journal; the reference was shown where somebody was stopped by it."""
    JOURNAL = "journal not whole"
    """Rows of the journal were changed or taken out: nobody is shown anything of anybody until it is mended."""
    UNUSED_KEYS = "unused keys left alone"
    """More would go than is safe, so none was destroyed: so many, of so many."""
    KEYS_HELD = "keys held back"
    """Of this organisation far more was opened in an hour than ordinary use asks for; a little goes on."""
    CLOCK_DOUBTED = "clock not believed"
    """By so much, it seems: nothing is destroyed or frozen meanwhile."""
    CLOCK_AGREES = "clock agrees again"
    """What had stopped goes on."""
    OPENING = "opening failed"
    """The desk cannot start; it tries again and shows help meanwhile."""
    STAFF = "meeting staff failed"
    """Listed staff were not met; tried again by the next sweep."""
    SETTLING = "settling failed"
    """Keys in hand were not settled at the end; done at the next start."""
    SWEEP = "sweep failed"
    """The named sweep did not end; it comes again."""
    SLACK_UNKNOWN = "slack workspace not looked up"
    """The store could not be asked which workspace is connected."""
    TENANT_UNSETTLED = "teams tenant not settled"
    """The organisation of the tenant is not there yet; tried again."""
    WORKSPACE_UNSETTLED = "slack workspace not settled"
    """The organisation of the workspace of the token is not there yet; tried again."""
    SLACK_ADDED = "slack workspace added"
    """An administrator added the app."""
    SLACK_ADDED_AGAIN = "slack workspace was added again since"
    """A removal came late and was left alone."""
    SLACK_REMOVED = "slack workspace removed"
    """The app was removed; its tokens are destroyed."""
    RENEWAL_LOST = "slack token cannot be renewed, add the app again"
    """An administrator of that workspace has to add the app again."""
    RENEWAL_PUT_OFF = "slack token not renewed"
    """Slack or the store was away; tried again before it ends."""
    RENEWAL_REFUSED = "slack token refused"
    """Slack refused the renewal, by its own word."""
    SLACK = "slack"
    """The Slack adapter could not do something, by a short word of its own or of the platform."""
    TEAMS = "teams"
    """The Teams adapter could not do something, by a short word of its own or of the platform."""

    @property
    def level(self) -> LogLevel:
        """How grave it is."""
        if self in _NOTES:
            return LogLevel.NOTE
        return LogLevel.WARNING if self in _WARNINGS else LogLevel.FAULT


_NOTES = {
    LogEvent.OPEN,
    LogEvent.WORKER,
    LogEvent.OUTAGE_OVER,
    LogEvent.ALERT_SENT,
    LogEvent.CLOCK_AGREES,
    LogEvent.SLACK_ADDED,
    LogEvent.SLACK_ADDED_AGAIN,
    LogEvent.SLACK_REMOVED,
    LogEvent.SLACK,
    LogEvent.TEAMS,
}
_WARNINGS = {
    LogEvent.STORE_AWAY,
    LogEvent.SESSION,
    LogEvent.LEFT,
    LogEvent.UNKNOWN_VARIABLE,
    LogEvent.OTHER_HOST,
    LogEvent.OUTAGE_LASTS,
    LogEvent.ALERT_NOT_SENT,
    LogEvent.STAFF,
    LogEvent.SETTLING,
    LogEvent.SLACK_UNKNOWN,
    LogEvent.TENANT_UNSETTLED,
    LogEvent.WORKSPACE_UNSETTLED,
    LogEvent.RENEWAL_PUT_OFF,
}


class Tell(Protocol):
    """Tells the log of an event."""

    def __call__(self, event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
        """Keep the kind of an error and its place, never its text; gives a reference that people can quote.

        `about` is an opaque id, or a fixed word.
        """
        ...
