"""What a clinical lead signs: the page, and the forms behind it."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.seam.links import OpenSigning
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import StepRule
from trim_bot.app.signing import handlers
from trim_bot.app.signing.commands import (
    EndQuestionnaire,
    EndThreshold,
    OpenQuestionnaire,
    OpenThreshold,
    SignQuestionnaire,
    SignThreshold,
)
from trim_bot.app.signing.scope import SIGNS, known_questionnaire
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

OF_ONE = SIGNS & known_questionnaire
"""Clinical leads, about a questionnaire that the desk has."""
ROUTES: tuple[Route, ...] = (
    page("signing", OpenSigning, handlers.open_signing, allow=SIGNS, to_all=True),
    form(
        "threshold",
        OpenThreshold,
        handlers.open_threshold,
        SignThreshold,
        handlers.sign,
        Action.CHANGED,
        allow=OF_ONE,
    ),
    button("end_threshold", EndThreshold, handlers.end, Action.CHANGED, allow=OF_ONE),
    page("questionnaire", OpenQuestionnaire, handlers.open_questionnaire, allow=OF_ONE),
    button(
        "sign_questions",
        SignQuestionnaire,
        handlers.sign_asking,
        Action.CHANGED,
        allow=OF_ONE,
    ),
    button(
        "end_questions",
        EndQuestionnaire,
        handlers.end_asking,
        Action.CHANGED,
        allow=OF_ONE,
    ),
)
OUTCOMES: Mapping[str, OutcomeScreen] = {}
STEPS: tuple[StepRule, ...] = ()
RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
