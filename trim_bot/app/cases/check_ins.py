"""Agreeing a time for a check-in, and leaving one out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.cases import check_in_screens as screens
from trim_bot.app.cases.commands import MoveCheckIn, OpenMove, SkipCheckIn
from trim_bot.app.cases.look_up import get_check_in
from trim_bot.app.cases.replanning import keep_awake
from trim_bot.app.cases.stages import STILL_OPEN, begin_check_in, label_of
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.words.clocks import clock_of_case, read_time
from trim_bot.domain.cases import CheckInState
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.steps import Rung, StepKind, StepState

LONGEST_AHEAD = timedelta(days=365)
BEFORE = timedelta(hours=2)


def open_move(work: Work, command: OpenMove) -> Screen:
    """The form for agreeing a time."""
    check_in, case = get_check_in(work, command.check_in)
    label = label_of(work, case, check_in)
    return screens.move_form(check_in, label, clock_of_case(work, case))


def move(work: Work, command: MoveCheckIn) -> Next:
    """Keep the agreed time; the holder is reminded then, and the person too if they want that."""
    check_in, case = get_check_in(work, command.check_in)
    if check_in.state not in STILL_OPEN:
        raise NotOpen("check_in")
    agreed = read_time(clock_of_case(work, case), command.clock, command.day, command.at)
    if agreed <= work.now:
        raise Invalid(day=mending.DATE_PASSED)
    if agreed - work.now > LONGEST_AHEAD:
        raise Invalid(day=mending.DATE_TOO_FAR)
    if agreed < check_in.opens_at:
        raise Invalid(day=mending.TOO_EARLY)
    moved = replace(check_in, agreed_at=agreed)
    work.tx.save(moved)
    waits.changed(work, case.member_id)
    for kind in (StepKind.CHECK_IN, StepKind.AGREED_TIME):
        waits.end(work, StepState.MOVED, kind=kind, subject=check_in.id)
    begin_check_in(work, case, moved)
    if command.tell:
        waits.begin(
            work,
            StepKind.AGREED_TIME,
            check_in.id,
            Rung.PERSON,
            case.member_id,
            case=case.id,
            opens_at=max(agreed - BEFORE, work.now),
        )
    return OpenCase(case.id)


def skip(work: Work, command: SkipCheckIn) -> Next:
    """The person does not want this one; what comes later stays."""
    check_in, case = get_check_in(work, command.check_in)
    if check_in.state in STILL_OPEN:
        work.tx.save(replace(check_in, state=CheckInState.DECLINED))
        waits.end(work, StepState.DECLINED, subject=check_in.id)
        keep_awake(work, case.id)
    return OpenCase(case.id)
