"""Planning, covering, and handing work over."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.commands import AssignCase, HandOverAll, OpenAssign, OpenCover, OpenTeam
from trim_bot.app.cases.entitled import state_of_case
from trim_bot.app.handover import board, planning, screens
from trim_bot.app.handover.commands import FindRoom, OpenFindRoom, OpenRoom
from trim_bot.app.handover.moving_work import lapse, move_all
from trim_bot.app.people.access import LEADS, SERVES
from trim_bot.app.people.work_moves import WorkStep
from trim_bot.app.seam.links import OpenDue
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import StepRule
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page("team", OpenTeam, board.open_team, allow=LEADS, words=("peer team",)),
    page("room", OpenRoom, board.open_room, allow=LEADS),
    form("find_room", OpenFindRoom, board.open_find, FindRoom, board.find, Action.SHOWED, allow=LEADS),
    form(
        "assign",
        OpenAssign,
        planning.open_assign,
        AssignCase,
        planning.assign,
        Action.ASSIGNED,
        allow=LEADS & state_of_case,
    ),
    page("cover", OpenCover, planning.open_cover, allow=SERVES, words=("peer cover",)),
    button("hand_over_all", HandOverAll, planning.hand_over_all, Action.ASSIGNED, allow=SERVES),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "case_assigned": screens.assigned,
    "handed_over": screens.handed_over,
}

STEPS: tuple[StepRule, ...] = (
    StepRule(
        WorkStep.MOVE_WORK,
        "All your work is to be passed on",
        lambda work, step: OpenDue(),
        done_by_clock=move_all,
        is_the_holders=False,
    ),
    StepRule(
        WorkStep.MOVE_ASKED,
        "All of somebody's work is to be passed on, once a lead has said yes",
        lambda work, step: OpenDue(),
        done_by_clock=lapse,
        is_the_holders=False,
    ),
)

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
