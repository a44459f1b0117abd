"""Says what each accepted exposure is owed, and which conversations one talk may stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from workflows.effects import AskSupervisor, Effect, PlanStage, Reason
from workflows.engine import schedule
from workflows.programme import Clock, Programme
from workflows.settings import WindowSettings
from workflows.windows import in_utc

_AS_DEFINED = WindowSettings()


@dataclass(frozen=True, slots=True)
class Owed:
    """One conversation not held yet: of which stage, for which exposure, and from when it may be held (aware)."""

    id: str
    exposure: str
    stage_id: str
    opens_at: datetime


def another_exposure(
    programme: Programme,
    *,
    exposure_ended: datetime,
    accepted_at: datetime,
    zone: ZoneInfo,
    settings: WindowSettings = _AS_DEFINED,
) -> tuple[Effect, ...]:
    """What another accepted exposure brings to a case that is open: stages of its own, and a look by the lead.

    Its windows count from its own end and from when it was accepted, as if there were no other; nothing that is
    owed for another exposure is moved. Several hard events in a short time weigh more than each alone, so the
    supervising practitioner is asked each time. Off the trauma clock nothing follows.

    Raises `SettingsRefused`, `NaiveTime`.
    """
    if programme.clock is not Clock.TRAUMA:
        return ()
    planned = schedule(
        programme, exposure_ended=exposure_ended, opened_at=accepted_at, zone=zone, settings=settings
    )
    return (*map(PlanStage, planned), AskSupervisor(Reason.SECOND_EXPOSURE))


def may_stand_for(programme: Programme, held: Owed, owed: Iterable[Owed], at: datetime) -> tuple[Owed, ...]:
    """What one conversation held at `at` (aware) may be marked as meeting too, in the order of `owed`.

    Of each other exposure the earliest stage it still waits for, if that may be held by then. Two stages of one
    exposure are never one talk: a month lies between them for a reason. Raises `UnknownStage`, `NaiveTime`.
    """
    order = {stage.id: number for number, stage in enumerate(programme.stages)}
    programme.stage(held.stage_id)
    earliest: dict[str, Owed] = {}
    for one in owed:
        programme.stage(one.stage_id)
        before = earliest.get(one.exposure)
        if before is None or order[one.stage_id] < order[before.stage_id]:
            earliest[one.exposure] = one
    earliest.pop(held.exposure, None)
    return tuple(one for one in earliest.values() if in_utc(one.opens_at) <= in_utc(at))
