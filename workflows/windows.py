"""The arithmetic of windows: elapsed hours or calendar days, and what a site may change about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.programme import Agreed, Anchor, Around, AtOnce, NotBefore, Programme, Stage, Timing


@dataclass(frozen=True, slots=True)
class Planned:
    """One stage with its window, as aware UTC moments: `opens_at` <= `due_at` <= `closes_at`.

    The close is soft: after it the stage is late for its holder, never refused to the person.
    """

    stage_id: str
    opens_at: datetime
    due_at: datetime
    closes_at: datetime


class NaiveTime(ValueError):
    """A moment came without its zone."""

    def __str__(self) -> str:
        return "A moment must carry its zone."


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises `NaiveTime`."""
    if moment.utcoffset() is None:
        raise NaiveTime
    return moment.astimezone(UTC)


def days_after(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same wall time in `zone` some calendar days later (earlier if negative), as UTC.

    A wall time that the clocks skip is moved on by the length of the gap (02:30 becomes 03:30); of one that
    comes twice the first is meant. So 28 days may be an hour more or less than 672 hours.
    """
    there = in_utc(moment).astimezone(zone)
    wall = there.replace(tzinfo=None, fold=0) + timedelta(days=days)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def not_before(
    stage_id: str, timing: NotBefore, *, exposure_ended: datetime, opened_at: datetime, zone: ZoneInfo
) -> Planned:
    """Opens `opens_after` elapsed hours after the exposure ended, or when the case opened if that is later.

    Due as soon as it opens. Closes at the wall time of the exposure's end `closes_after_days` later, and
    never less than `least_open_days` after opening, so a late start is a path and not "overdue".
    """
    opens = max(in_utc(exposure_ended) + timing.opens_after, in_utc(opened_at))
    closes = max(
        days_after(exposure_ended, timing.closes_after_days, zone),
        days_after(opens, timing.least_open_days, zone),
    )
    return Planned(stage_id, opens, opens, closes)


def around(
    stage_id: str, timing: Around, *, exposure_ended: datetime, first_at: datetime, zone: ZoneInfo
) -> Planned:
    """Due the later of exposure + `due_after_days` and first interview + `after_first_days`.

    Anchored on the first interview, `due_after_days` counts from it too. `first_at` is when the first
    interview was held, or is expected. The window opens and closes `window_days` before and after, at the
    same wall time, and never opens before `first_at`.
    """
    counts_first = timing.anchor is Anchor.FIRST_INTERVIEW
    after_first = timing.due_after_days if counts_first else timing.after_first_days
    counted = ((exposure_ended, timing.due_after_days), (first_at, after_first))
    start, days = max(counted, key=lambda pair: days_after(pair[0], pair[1], zone))
    return Planned(
        stage_id,
        max(days_after(start, days - timing.window_days, zone), in_utc(first_at)),
        days_after(start, days, zone),
        days_after(start, days + timing.window_days, zone),
    )


def at_once(stage_id: str, timing: AtOnce, *, opened_at: datetime, zone: ZoneInfo) -> Planned:
    """Open and due from the moment the case opened."""
    opens = in_utc(opened_at)
    return Planned(stage_id, opens, opens, days_after(opens, timing.closes_after_days, zone))


def agreed(
    stage_id: str, timing: Agreed, *, held_at: datetime, agreed_for: datetime | None, zone: ZoneInfo
) -> Planned:
    """Due at the moment agreed, or the usual number of days after the contact just held.

    Opens `window_days` before, but not before that contact. Raises `AgreedTooSoon`.
    """
    if agreed_for is not None and in_utc(agreed_for) <= in_utc(held_at):
        raise AgreedTooSoon
    start, days = (held_at, timing.usual_after_days) if agreed_for is None else (agreed_for, 0)
    return Planned(
        stage_id,
        max(days_after(start, days - timing.window_days, zone), in_utc(held_at)),
        in_utc(start) if days == 0 else days_after(start, days, zone),
        days_after(start, days + timing.window_days, zone),
    )


class AgreedTooSoon(ValueError):
    """The agreed date is not after the contact at which it was agreed."""

    def __str__(self) -> str:
        return "The agreed date must be after this contact."


_LONGEST_WINDOW_DAYS = 14
_LATEST_CLOSE_DAYS = 60


@dataclass(frozen=True, slots=True)
class StageWindow:
    """A site's choice for one stage; None leaves what the definition says.

    `anchor` and `window_days` (either side of the due day) suit a stage that is due around a day;
    `closes_after_days` one that opens and then closes softly. Days are local calendar days.
    """

    stage_id: str
    anchor: Anchor | None = None
    window_days: int | None = None
    closes_after_days: int | None = None


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """A site's choices for one programme. The 72 hours are not among them."""

    stages: tuple[StageWindow, ...] = ()


class SettingsRefused(ValueError):
    """A site's windows do not fit the programme; `faults` says all that is wrong."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))


def faults_in(settings: WindowSettings, programme: Programme) -> tuple[str, ...]:
    """Everything wrong with a site's windows for this programme; empty when nothing is."""
    stages = {stage.id: stage for stage in programme.stages}
    faults: list[str] = []
    for window in settings.stages:
        stage = stages.get(window.stage_id)
        if stage is None:
            faults.append(f"{programme.id} has no stage “{window.stage_id}”.")
        else:
            faults += [f"{stage.id}: {fault}" for fault in _stage_faults(window, stage.timing)]
    return tuple(faults)


def with_settings(programme: Programme, settings: WindowSettings) -> Programme:
    """The programme as this site runs it. Raises `SettingsRefused` with every fault at once."""
    if faults := faults_in(settings, programme):
        raise SettingsRefused(faults)
    chosen = {window.stage_id: window for window in settings.stages}
    return replace(
        programme,
        stages=tuple(
            _settled(stage, chosen[stage.id]) if stage.id in chosen else stage for stage in programme.stages
        ),
    )


def _stage_faults(window: StageWindow, timing: Timing) -> list[str]:
    faults: list[str] = []
    if window.anchor is not None and not isinstance(timing, Around):
        faults.append("this stage has no choice of anchor.")
    if window.window_days is not None:
        most = _LONGEST_WINDOW_DAYS
        if isinstance(timing, Around):
            most = min(most, timing.after_first_days - 1)
        if not isinstance(timing, Around | Agreed):
            faults.append("this stage has no window either side of a day.")
        elif not 1 <= window.window_days <= most:
            faults.append(f"the window must be from 1 to {most} days.")
    if window.closes_after_days is not None:
        least = timing.opens_after.days + 1 if isinstance(timing, NotBefore) else 1
        if not isinstance(timing, NotBefore | AtOnce):
            faults.append("this stage closes with its window.")
        elif not least <= window.closes_after_days <= _LATEST_CLOSE_DAYS:
            faults.append(f"it must close after {least} to {_LATEST_CLOSE_DAYS} days.")
    return faults


def _settled(stage: Stage, window: StageWindow) -> Stage:
    timing = stage.timing
    if isinstance(timing, Around):
        timing = replace(timing, anchor=window.anchor or timing.anchor)
    if isinstance(timing, Around | Agreed) and window.window_days is not None:
        timing = replace(timing, window_days=window.window_days)
    if isinstance(timing, NotBefore | AtOnce) and window.closes_after_days is not None:
        timing = replace(timing, closes_after_days=window.closes_after_days)
    return replace(stage, timing=timing)
