"""What a site may change about a programme's windows, and the bounds it must keep to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workflows.programme import Agreed, Anchor, Around, AtOnce, NotBefore, Programme, Stage, Timing

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
