"""The interviews and their results."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.entitled import holds_case, holds_check_in
from trim_bot.app.interviews import handlers
from trim_bot.app.interviews.commands import (
    AcknowledgeNotice,
    ChooseNext,
    FinishInterview,
    KeepStep,
    OpenEnding,
    OpenLeads,
    OpenNotice,
    OpenStep,
    StepBack,
)
from trim_bot.app.people.access import SERVES
from trim_bot.app.seam.links import OpenInterview, OpenResult
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import StepRule
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page("interview", OpenInterview, handlers.open_interview, allow=SERVES & holds_check_in, reads=True),
    form(
        "notice",
        OpenNotice,
        handlers.open_notice,
        AcknowledgeNotice,
        handlers.acknowledge,
        Action.CHANGED,
        allow=SERVES & holds_check_in,
        reads=True,
    ),
    form(
        "questions",
        OpenStep,
        handlers.open_step,
        KeepStep,
        handlers.keep_step,
        Action.CHANGED,
        allow=SERVES & holds_check_in,
        reads=True,
        gather="answers",
    ),
    button(
        "back", StepBack, handlers.step_back, Action.CHANGED, allow=SERVES & holds_check_in, gather="answers"
    ),
    form(
        "ending",
        OpenEnding,
        handlers.open_ending,
        FinishInterview,
        handlers.finish,
        Action.HELD,
        allow=SERVES & holds_check_in,
        reads=True,
    ),
    form(
        "result",
        OpenResult,
        handlers.open_result,
        ChooseNext,
        handlers.choose_next,
        Action.CHANGED,
        allow=SERVES & holds_check_in,
        reads=True,
    ),
    page("talk_to_lead", OpenLeads, handlers.open_leads, allow=SERVES & holds_case, reads=True),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {}

STEPS: tuple[StepRule, ...] = ()

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
