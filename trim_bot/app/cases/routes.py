"""Taking, holding, moving and ending cases, and the steps that wait about each."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases import (
    conversation_screens,
    given_on,
    handlers,
    hands,
    held,
    opening,
    screens,
    supervision_screens,
)
from trim_bot.app.cases.commands import (
    CloseCase,
    FindCase,
    MoveCheckIn,
    OpenAssign,
    OpenCases,
    OpenClose,
    OpenFindCase,
    OpenGivenOn,
    OpenMove,
    OpenSupervision,
    OpenTake,
    PassCase,
    ReopenCase,
    SeeGivenOn,
    SkipCheckIn,
    SuperviseCase,
    TakeCase,
)
from trim_bot.app.cases.entitled import (
    LEADING,
    assigned_case,
    holds_case,
    holds_check_in,
    holds_supervision,
    may_reopen,
    told_of_given_on,
    waiting_case,
)
from trim_bot.app.people.access import LEADS, SERVES
from trim_bot.app.seam.links import OpenCase, OpenMe
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import Next, StepRule, UnitOfWork, Work
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.ids import CaseId, CheckInId, MemberId
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action, AnyMeasure, RecordRule
from trim_bot.domain.steps import Rung, Step, StepKind

ROUTES: tuple[Route, ...] = (
    page("cases", OpenCases, held.open_cases, allow=SERVES, reads=True, words=("peer cases",)),
    form("find_case", OpenFindCase, held.open_find, FindCase, held.find, Action.SHOWED, allow=SERVES),
    page("case", OpenCase, handlers.open_case, allow=SERVES & holds_case, reads=True),
    page("take", OpenTake, hands.open_take, allow=SERVES & waiting_case),
    button("take_case", TakeCase, hands.take, Action.ASSIGNED, allow=SERVES & waiting_case),
    button("pass_case", PassCase, hands.pass_on, Action.ASSIGNED, allow=SERVES & assigned_case),
    page("given_on", OpenGivenOn, given_on.open_given_on, allow=SERVES & told_of_given_on),
    button(
        "given_on_seen", SeeGivenOn, given_on.see_given_on, Action.CHANGED, allow=SERVES & told_of_given_on
    ),
    form(
        "close",
        OpenClose,
        handlers.open_close,
        CloseCase,
        handlers.close,
        Action.CLOSED,
        allow=SERVES & holds_case,
        reads=True,
    ),
    button("reopen", ReopenCase, opening.reopen, Action.REOPENED, allow=SERVES & may_reopen),
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
        reads=True,
    ),
    button("skip", SkipCheckIn, handlers.skip, Action.CHANGED, allow=SERVES & holds_check_in),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "given_on_read": given_on.given_on_read,
    "case_passed": screens.passed,
    "case_closed": handlers.closed,
    "case_reopened": screens.reopened,
    "contact_kept": conversation_screens.kept,
    "talked_over": supervision_screens.talked_over,
}


def holder_of(work: UnitOfWork, step: Step) -> MemberId | None:
    """Whoever holds the case of a step now."""
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    return case.holder if case is not None else None


def is_lost(work: Work, step: Step) -> bool:
    """Whether a step stands at the end of the ladder, and whoever asks does not hold its case."""
    return step.rung is Rung.NOBODY and holder_of(work, step) != work.who.id


def case_or_planning(work: Work, step: Step) -> Next:
    """The case; of one that has no owner, the form for giving it to somebody."""
    case = step.case_id or CaseId("")
    return OpenAssign(case) if is_lost(work, step) else OpenCase(case)


def _take(work: Work, step: Step) -> Next:
    """In the pool anyone may take it; above that a lead gives it to somebody."""
    case = step.case_id or CaseId(step.subject)
    if holder_of(work, step) == work.who.id:
        return OpenCase(case)
    if step.rung is not Rung.POOL and work.who.roles & LEADING:
        return OpenAssign(case)
    return OpenTake(case)


def _own_page(work: Work, step: Step) -> Next:
    return OpenMe()


def _supervision(work: Work, step: Step) -> Next:
    return OpenSupervision(step.id)


def _to_come(work: UnitOfWork, step: Step) -> bool:
    check_in = work.tx.get(CheckIn, CheckInId(step.subject))
    return check_in is not None and check_in.state in (CheckInState.PLANNED, CheckInState.OPEN)


STEPS = (
    StepRule(StepKind.ASSIGN, "Someone said yes", _take, is_the_holders=False),
    StepRule(
        StepKind.CHECK_IN,
        "A talk to hold",
        case_or_planning,
        still_wanted=_to_come,
        goes_with_case=True,
    ),
    StepRule(
        StepKind.AGREED_TIME,
        "A time you agreed",
        _own_page,
        still_wanted=_to_come,
        is_the_holders=False,
    ),
    StepRule(StepKind.REVIEW, "Someone you support: what comes next", case_or_planning, goes_with_case=True),
    StepRule(
        StepKind.SUPERVISION,
        "A colleague to talk something over with",
        _supervision,
        is_the_holders=False,
    ),
    StepRule(
        given_on.GivenOnStep.GIVEN_ON,
        "Talks now in other hands",
        lambda work, step: OpenGivenOn(step.id),
        lasts_until=lambda work, step: step.opens_at + POLICY.newly_opened_shown,
        is_the_holders=False,
    ),
)

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
