"""Keeping the scheme running: roster, monthly note and status."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.entitled import asked_grant, serving_member
from trim_bot.app.oversight import asked_screens, handlers, roster_lists, work_move_screens
from trim_bot.app.oversight import screens as monthly_screens
from trim_bot.app.oversight.commands import (
    AgreeToMove,
    EndRole,
    FindServing,
    GiveRole,
    MoveWork,
    OpenAsked,
    OpenEndRole,
    OpenFindServing,
    OpenMoveAsked,
    OpenPerson,
    OpenServing,
    OpenWorkMove,
    RecordTraining,
    RefuseMove,
    SayNo,
    SayYes,
    SeeGivenRoles,
    SendMonthly,
)
from trim_bot.app.oversight.notes import monthly_note, welcome
from trim_bot.app.oversight.second_yes import move_still_asked, still_asked, until_answered, until_move_lapses
from trim_bot.app.people.access import GRANTS, KEEPS, LEADS_OVERSEE, SEES_GRANTS
from trim_bot.app.people.asked_roles import GrantStep
from trim_bot.app.people.work_moves import WorkStep
from trim_bot.app.seam.links import OpenGivenRoles, OpenMonthly, OpenRoster, OpenStatus
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import StepRule
from trim_bot.domain.grants import Founding, GrantRequest, GrantRequestId
from trim_bot.domain.ids import MemberId
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page("roster", OpenRoster, roster_lists.open_roster, allow=GRANTS, words=("peer team",), to_all=True),
    form(
        "find_serving",
        OpenFindServing,
        roster_lists.open_find,
        FindServing,
        roster_lists.find,
        Action.SHOWED,
        allow=GRANTS,
    ),
    form(
        "serving",
        OpenServing,
        handlers.open_serving,
        GiveRole,
        handlers.give_role,
        Action.CHANGED,
        allow=GRANTS,
        people=("person",),
    ),
    form(
        "person",
        OpenPerson,
        handlers.open_person,
        RecordTraining,
        handlers.record,
        Action.CHANGED,
        allow=GRANTS & serving_member,
    ),
    form(
        "end_role",
        OpenEndRole,
        handlers.open_end_role,
        EndRole,
        handlers.end_role,
        Action.CHANGED,
        allow=GRANTS & serving_member,
    ),
    form(
        "work_move",
        OpenWorkMove,
        handlers.open_work_move,
        MoveWork,
        handlers.move_work,
        Action.CHANGED,
        allow=KEEPS & serving_member,
    ),
    page("move_asked", OpenMoveAsked, handlers.open_move_asked, allow=LEADS_OVERSEE & serving_member),
    button(
        "move_yes", AgreeToMove, handlers.agree_to_move, Action.CHANGED, allow=LEADS_OVERSEE & serving_member
    ),
    button("move_no", RefuseMove, handlers.refuse_move, Action.CHANGED, allow=LEADS_OVERSEE & serving_member),
    page("asked_role", OpenAsked, handlers.open_asked, allow=SEES_GRANTS & asked_grant),
    button("second_yes", SayYes, handlers.say_yes, Action.CHANGED, allow=SEES_GRANTS & asked_grant),
    button("second_no", SayNo, handlers.say_no, Action.CHANGED, allow=SEES_GRANTS & asked_grant),
    page("given_roles", OpenGivenRoles, roster_lists.open_given_roles, allow=LEADS_OVERSEE),
    button("roles_seen", SeeGivenRoles, handlers.see_given_roles, Action.CHANGED, allow=LEADS_OVERSEE),
    page("monthly", OpenMonthly, handlers.open_monthly, allow=KEEPS),
    button("send_monthly", SendMonthly, handlers.send, Action.CHANGED, allow=KEEPS),
    page("status", OpenStatus, handlers.open_status, allow=KEEPS, words=("peer status",)),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "monthly_sent": monthly_screens.sent,
    "role_asked": asked_screens.role_asked,
    "given_roles_seen": asked_screens.given_roles_seen,
    "work_moves": work_move_screens.work_moves,
    "work_move_asked": work_move_screens.work_move_asked,
    "work_stays": work_move_screens.work_stays,
    "welcome": welcome,
    "monthly_note": monthly_note,
}

STEPS: tuple[StepRule, ...] = (
    StepRule(
        GrantStep.SECOND_YES,
        "A role needs another yes",
        lambda work, step: OpenAsked(GrantRequestId(step.subject)),
        still_wanted=still_asked,
        lasts_until=until_answered,
        is_the_holders=False,
    ),
    StepRule(
        GrantStep.GIVEN_ROLES,
        "Somebody is to be given a role",
        lambda work, step: OpenGivenRoles(),
        lasts_until=until_answered,
        is_the_holders=False,
    ),
    StepRule(
        WorkStep.AGREE_MOVE,
        "All of somebody's work is to be passed on",
        lambda work, step: OpenMoveAsked(MemberId(step.subject)),
        still_wanted=move_still_asked,
        lasts_until=until_move_lapses,
        is_the_holders=False,
    ),
)

RECORDS: tuple[RecordRule, ...] = (
    RecordRule(
        GrantRequest,
        "grant_request",
        sealed=("provider", "trained_on", "expires_on"),
        goes_with=("member_id",),
        lets_go_of=("asked_by", "agreed_by"),
    ),
    RecordRule(Founding, "founding"),
)
MEASURES: tuple[AnyMeasure, ...] = ()
