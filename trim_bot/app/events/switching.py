"""Goes on with a case as support after a hard event, when one comes to light in a talk about stress."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.commands import OpenSwitch, SwitchCase
from trim_bot.app.cases.stages import STILL_OPEN, plan_stage, settings_of
from trim_bot.app.cases.state import get_case, get_member
from trim_bot.app.cases.whose import whose
from trim_bot.app.events import screens
from trim_bot.app.events.exposed import ended_at
from trim_bot.app.events.handlers import trauma_programme
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.words.clocks import clock_of_case
from trim_bot.domain.cases import AcceptedExposure, Case, CheckIn, CheckInState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import ExposureId, new_id
from trim_bot.domain.steps import StepState
from workflows.engine import schedule
from workflows.programme import WindowClock


def open_switch(work: Work, command: OpenSwitch) -> Screen:
    """When did the event end?"""
    case = get_case(work, command.case)
    _check(work, case)
    return screens.switch_form(whose(work, case), case.id, clock_of_case(work, case))


def switch(work: Work, command: SwitchCase) -> Next:
    """Change the programme; what has been recorded stays under the old one, and nothing is asked again."""
    case = get_case(work, command.case)
    _check(work, case)
    ended = ended_at(work, clock_of_case(work, case), command.clock, command.ended_on, command.ended_at)
    for check_in in work.tx.find(CheckIn, case_id=case.id):
        state = CheckInState.CANCELLED if check_in.state in STILL_OPEN else check_in.state
        work.tx.save(replace(check_in, state=state, programme=check_in.programme or case.programme))
        waits.end(work, StepState.MOVED, subject=check_in.id)
    programme = trauma_programme(work)
    exposure = AcceptedExposure(ExposureId(new_id()), ended, work.now)
    switched = replace(case, programme=programme.key, exposure_ended=ended, exposures=(exposure,))
    work.tx.save(switched)
    for planned in schedule(
        programme,
        exposure_ended=ended,
        opened_at=work.now,
        zone=work.zone_of(get_member(work, case.member_id)),
        settings=settings_of(work.site, programme),
    ):
        plan_stage(work, switched, planned, exposure.id)
    return OpenCase(case.id)


def _check(work: Work, case: Case) -> None:
    if work.definitions.programmes[case.programme].clock is not WindowClock.AGREED:
        raise NotOpen("programme")
