"""Keeping the scheme running: roster, monthly note and status."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.entitled import serving_member
from trim_bot.app.oversight import handlers
from trim_bot.app.oversight import screens as monthly_screens
from trim_bot.app.oversight.commands import GiveRole, OpenPerson, OpenServing, RecordTraining, SendMonthly
from trim_bot.app.oversight.notes import monthly_note, welcome
from trim_bot.app.people.access import GRANTS, KEEPS
from trim_bot.app.seam.links import OpenMonthly, OpenRoster, OpenStatus
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import StepRule
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page("roster", OpenRoster, handlers.open_roster, allow=GRANTS, words=("peer team",), to_all=True),
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
    page("monthly", OpenMonthly, handlers.open_monthly, allow=KEEPS),
    button("send_monthly", SendMonthly, handlers.send, Action.CHANGED, allow=KEEPS),
    page("status", OpenStatus, handlers.open_status, allow=KEEPS, words=("peer status",)),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "monthly_sent": monthly_screens.sent,
    "welcome": welcome,
    "monthly_note": monthly_note,
}

STEPS: tuple[StepRule, ...] = ()

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
