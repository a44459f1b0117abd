"""Taking, holding, moving and ending cases."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases import first_contact_screens, handlers, hands, reopening, screens
from trim_bot.app.cases import hands_screens as reopening_screens
from trim_bot.app.cases.commands import (
    CloseCase,
    MoveCheckIn,
    OpenCases,
    OpenClose,
    OpenMove,
    OpenSupervision,
    OpenTake,
    PassCase,
    ReopenCase,
    SkipCheckIn,
    SuperviseCase,
    TakeCase,
)
from trim_bot.app.cases.entitled import (
    assigned_case,
    holds_case,
    holds_check_in,
    holds_supervision,
    may_reopen,
    waiting_case,
)
from trim_bot.app.cases.steps import STEPS
from trim_bot.app.people.access import LEADS, SERVES
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.domain.records import Action

ROUTES: tuple[Route, ...] = (
    page("cases", OpenCases, handlers.open_cases, allow=SERVES, reads=True, words=("peer cases",)),
    page("case", OpenCase, handlers.open_case, allow=SERVES & holds_case, reads=True),
    page("take", OpenTake, hands.open_take, allow=SERVES & waiting_case),
    button("take_case", TakeCase, hands.take, Action.ASSIGNED, allow=SERVES & waiting_case),
    button("pass_case", PassCase, hands.pass_on, Action.ASSIGNED, allow=SERVES & assigned_case),
    form(
        "close",
        OpenClose,
        handlers.open_close,
        CloseCase,
        handlers.close,
        Action.CLOSED,
        allow=SERVES & holds_case,
    ),
    button("reopen", ReopenCase, reopening.reopen, Action.REOPENED, allow=SERVES & may_reopen),
    page(
        "supervision",
        OpenSupervision,
        handlers.open_supervision,
        allow=LEADS & holds_supervision,
        reads=True,
    ),
    button("talked_over", SuperviseCase, handlers.supervise, Action.CHANGED, allow=LEADS & holds_supervision),
    form(
        "move",
        OpenMove,
        handlers.open_move,
        MoveCheckIn,
        handlers.move,
        Action.CHANGED,
        allow=SERVES & holds_check_in,
    ),
    button("skip", SkipCheckIn, handlers.skip, Action.CHANGED, allow=SERVES & holds_check_in),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "case_passed": reopening_screens.passed,
    "case_closed": screens.closed,
    "case_reopened": reopening_screens.reopened,
    "contact_kept": first_contact_screens.kept,
    "talked_over": reopening_screens.talked_over,
}

__all__ = ["OUTCOMES", "ROUTES", "STEPS"]
