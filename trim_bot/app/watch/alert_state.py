"""What each way of telling has been told: begun once, once a day while it lasts, and once when it is over; in one
file, since each of these pure rules bounds what the others may send.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from trim_bot.domain.alerts import AdminAlert, AlertKind

QUIET = timedelta(minutes=2)
"""What has been away for so long is over."""
RETURNED_QUIET = timedelta(hours=1)
"""What came back within a day has to be away for longer each time: this, then twice as long, up to a day."""
DAY = timedelta(days=1)
"""How often what goes on is told again, how often is looked at what is told daily, and the longest quiet."""
FIRST_DAILY = timedelta(hours=1)
"""When a new desk looks at what is told daily: roles are given in its first hour."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
"""How long a way that failed is left alone: twice as long each time."""
CLAIM = timedelta(minutes=1)
"""So long a process has for sending what it took up; then another may."""
MOST_KEPT = timedelta(days=30)
"""What is over and could not be told to a way for so long is not told any more."""

WITHOUT_DATABASE = frozenset({AlertKind.STORE, AlertKind.DESK_CLOSED})
"""What a process tells by itself while the database of the data is away; all else waits for it."""


class News(Enum):
    """What is said of an alert."""

    BEGAN = "began"
    """It is wrong."""
    AGAIN = "again"
    """It was over, and is back."""
    STILL = "still"
    """It goes on, a day later."""
    OVER = "over"
    """It is in order again."""


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What a way was told last of an alert."""

    news: News
    at: datetime


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert that is wrong, or was within a day. All times are real, UTC."""

    alert: AdminAlert
    since: datetime
    changed_at: datetime
    ripe: bool = False
    """Whether it has lasted its grace, or a daily look found it."""
    absent_since: datetime | None = None
    over: bool = False
    returns: int = 0
    """How often it came back within a day of being over."""
    told: Mapping[str, ToldOf] = field(default_factory=dict)
    """By way."""
    maybe: frozenset[str] = frozenset()
    """Ways that are being told of it; whoever did so may have ended before saying that they were."""

    @property
    def quiet(self) -> timedelta:
        """How long it has to be away before it is over."""
        least = max(QUIET, self.alert.kind.quiet)
        if not self.returns:
            return least
        doubled: timedelta = RETURNED_QUIET * 2 ** min(self.returns - 1, 10)
        return max(least, min(DAY, doubled))

    def knows(self, way: str) -> bool:
        """Whether a way was told that it is wrong, and not yet that it is over."""
        last = self.told.get(way)
        return way in self.maybe or (last is not None and last.news is not News.OVER)


@dataclass(frozen=True, slots=True)
class WayState:
    """How a way does."""

    tries: int = 0
    """How often it failed in a row."""
    next_at: datetime | None = None
    claimed_until: datetime | None = None
    """Until when somebody is sending."""

    def is_free(self, now: datetime) -> bool:
        """Whether something may be sent now. A time further ahead than any can be was written by a wrong clock."""
        claimed = self.claimed_until is not None and now < self.claimed_until <= now + CLAIM
        paused = self.next_at is not None and now < self.next_at <= now + LONGEST_PAUSE
        return not (claimed or paused)


@dataclass(frozen=True, slots=True)
class AlertState:
    """All that has to be remembered."""

    firing: Mapping[str, Firing] = field(default_factory=dict)
    ways: Mapping[str, WayState] = field(default_factory=dict)
    daily_at: datetime | None = None
    """When it was last looked at what is told daily."""
    unread: tuple[str, ...] = ()
    """What another version wrote in a way unknown to this one, as text: it is written back as it was."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one message says of one alert."""

    news: News
    alert: AdminAlert
    since: datetime
    until: datetime | None = None
    """When it ended, where it is over."""


Message = tuple[Line, ...]
"""All that a way is told at one moment."""


Judged = Mapping[AlertKind, timedelta]
"""Kinds of which it is known that all that is wrong was found, and how long ago that was looked at."""


def observe(
    state: AlertState, found: Iterable[AdminAlert], judged: Judged, ways: Collection[str], now: datetime
) -> AlertState:
    """What is known after a look at `now`. What is not found of kinds that are not `judged` stays as it was.

    So does what was found, by whichever process, after that was looked at which a kind is judged by.
    """
    seen = {one.key: one for one in found}
    daily, daily_at = _daily(state, judged, now)
    firing: dict[str, Firing] = {}
    for key in (*state.firing, *(key for key in seen if key not in state.firing)):
        before = state.firing.get(key)
        after: Firing | None
        if key in seen:
            after = _present(before, seen[key], now, daily=daily)
        elif before is not None and _is_judged(before, judged, now):
            after = _absent(before, ways, now)
        else:
            after = before
        if after is not None:
            firing[key] = after
    kept = {way: one for way, one in state.ways.items() if way in ways}
    return AlertState(firing, kept, daily_at, state.unread)


def _is_judged(before: Firing, judged: Judged, now: datetime) -> bool:
    age = judged.get(before.alert.kind)
    return age is not None and (before.absent_since is not None or now - age >= before.changed_at)


def _daily(state: AlertState, judged: Judged, now: datetime) -> tuple[bool, datetime | None]:
    if not any(kind.grace is None for kind in judged):
        return False, state.daily_at
    if state.daily_at is None:
        return False, now - DAY + FIRST_DAILY
    if state.daily_at > now or now - state.daily_at >= DAY:
        return now - state.daily_at >= DAY, now
    return False, state.daily_at


def _present(before: Firing | None, alert: AdminAlert, now: datetime, *, daily: bool) -> Firing:
    began = min(alert.since or now, now)
    if before is None:
        one = Firing(alert, began, now)
    elif before.over:
        ended = before.absent_since or now
        one = replace(
            before, alert=alert, since=max(began, ended), ripe=False, absent_since=None, over=False,
            returns=before.returns + 1, changed_at=now,
        )  # fmt: skip
    elif before.absent_since is not None:
        one = replace(before, alert=alert, absent_since=None, changed_at=now)
    else:
        one = before if before.alert.words == alert.words else replace(before, alert=alert)
    grace = alert.kind.grace
    ripe = daily if grace is None else now - one.since >= grace
    return replace(one, ripe=True, changed_at=now) if ripe and not one.ripe else one


def _absent(before: Firing, ways: Collection[str], now: datetime) -> Firing | None:
    since = before.absent_since
    if since is None or since > now:
        since = now
        before = replace(before, absent_since=since, changed_at=now)
    knows = any(before.knows(way) for way in ways)
    if before.over:
        gone = now - since > (MOST_KEPT if knows else DAY)
        return None if gone else before
    if knows:
        return replace(before, over=True, changed_at=now) if now - since >= before.quiet else before
    # Nobody was told of it this time, so nobody has to be told that it is over.
    return replace(before, over=True, changed_at=now) if before.returns or before.told else None


def message_for(
    state: AlertState,
    way: str,
    found: Iterable[AdminAlert],
    judged: Judged,
    now: datetime,
) -> Message:
    """What a way has to be told now; nothing where it is all told, or where somebody else is telling it.

    That something is wrong is said only of what was `found` just now, that it is over only of kinds that were `judged`.
    """
    if not state.ways.get(way, WayState()).is_free(now):
        return ()
    seen = {one.key for one in found}
    sure = (
        one for key, one in state.firing.items() if key in seen or (one.over and one.alert.kind in judged)
    )
    lines = (_line(one, way, now) for one in sure)
    return tuple(line for line in lines if line is not None)


def _line(one: Firing, way: str, now: datetime) -> Line | None:
    last = one.told.get(way)
    if one.over:
        return Line(News.OVER, one.alert, one.since, one.absent_since) if one.knows(way) else None
    if one.absent_since is not None or not one.ripe:
        return None
    if last is None:
        return Line(News.BEGAN, one.alert, one.since)
    if last.news is News.OVER:
        return Line(News.AGAIN, one.alert, one.since)
    return Line(News.STILL, one.alert, one.since) if now - last.at >= DAY else None


def claimed(state: AlertState, way: str, message: Message, now: datetime) -> AlertState:
    """The state while a message is being sent."""
    firing = dict(state.firing)
    for line in message:
        if line.news is not News.OVER:
            one = firing[line.alert.key]
            firing[line.alert.key] = replace(one, maybe=one.maybe | {way})
    before = state.ways.get(way, WayState())
    return replace(state, firing=firing, ways={**state.ways, way: replace(before, claimed_until=now + CLAIM)})


def delivered(state: AlertState, way: str, message: Message, now: datetime) -> AlertState:
    """The state when a message was taken."""
    firing = dict(state.firing)
    for line in message:
        one = firing.get(line.alert.key) or Firing(line.alert, line.since, now, ripe=True)
        firing[line.alert.key] = replace(
            one, told={**one.told, way: ToldOf(line.news, now)}, maybe=one.maybe - {way}
        )
    return replace(state, firing=firing, ways={**state.ways, way: WayState()})


def failed(state: AlertState, way: str, message: Message, now: datetime) -> AlertState:
    """The state when a message was not taken: the way is left alone for a while, longer each time."""
    firing = dict(state.firing)
    for line in message:
        if (one := firing.get(line.alert.key)) is not None:
            firing[line.alert.key] = replace(one, maybe=one.maybe - {way})
    tries = state.ways.get(way, WayState()).tries + 1
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 10))
    return replace(state, firing=firing, ways={**state.ways, way: WayState(tries, now + pause)})


def merged(kept: AlertState, own: AlertState) -> AlertState:
    """What is kept in the database, with what this process did while the database was away."""
    firing = dict(kept.firing)
    for key, mine in own.firing.items():
        theirs = firing.get(key)
        if theirs is not None:
            firing[key] = _merged(theirs, mine)
        elif mine.alert.kind in WITHOUT_DATABASE:
            # All else was copied from there, and is over and forgotten since.
            firing[key] = mine
    return AlertState(firing, {**kept.ways, **own.ways}, kept.daily_at or own.daily_at, kept.unread)


def _merged(theirs: Firing, mine: Firing) -> Firing:
    newer = mine if mine.changed_at > theirs.changed_at else theirs
    told = dict(theirs.told)
    for way, one in mine.told.items():
        if way not in told or one.at > told[way].at:
            told[way] = one
    unsure = {way for way in theirs.maybe if mine.told.get(way) == theirs.told.get(way)} | mine.maybe
    return replace(newer, told=told, since=min(theirs.since, mine.since), maybe=frozenset(unsure))
