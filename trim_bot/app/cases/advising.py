"""Scores an interview and says what the site's signed threshold makes of it; an aid, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.questionnaire import ItemKind, Questionnaire
from assessments.scoring import Advice, Comparison, NotComparable, Score, Threshold, advise, compare, score
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CheckIn, CheckInState, Interview, InterviewState
from trim_bot.domain.site import SignedThreshold
from workflows.engine import Advised


@dataclass(frozen=True, slots=True)
class Advising:
    """A score beside the one before it, and what the site's clinical lead asks for at this point."""

    questionnaire: Questionnaire
    score: Score | None
    comparison: Comparison | None
    advice: Advice
    signed: SignedThreshold | None
    first: Score | None = None
    """The score that it is compared with."""

    @property
    def advised(self) -> Advised:
        """The advice, as the engine takes it."""
        match self.advice:
            case Advice.DISCUSS:
                return Advised.DISCUSS
            case Advice.OFFER_HELP:
                return Advised.OFFER_HELP
            case Advice.NONE_SET | Advice.INCOMPLETE | Advice.NO_PROMPT:
                return Advised.NOTHING


def advice_for(work: Work, case: Case, check_in: CheckIn, done: Interview) -> Advising:
    """Score and advice for a finished interview, against the first one about the same exposure."""
    questionnaire = work.definitions.questionnaires[done.questionnaire]
    if not questionnaire.scored:
        return Advising(questionnaire, None, None, Advice.NONE_SET, None)
    later = score_of(questionnaire, done)
    signed = next((one for one in work.site.thresholds if one.questionnaire == done.questionnaire), None)
    threshold = Threshold(signed.floor, signed.step, signed.signed_by, signed.signed_on) if signed else None
    first = _first_before(work, case, check_in, done)
    overridden = bool(done.overrides)
    try:
        comparison = compare(first, later) if first is not None else None
        advice = advise(first, later, threshold, overridden=overridden)
    except NotComparable:
        comparison = None
        advice = advise(None, later, threshold, overridden=overridden)
    return Advising(
        questionnaire, later, comparison, advice, signed, first if comparison is not None else None
    )


def score_of(questionnaire: Questionnaire, interview: Interview) -> Score:
    """The score of an interview; an answer left empty counts as not discussed."""
    kept = {
        item.id: answer
        for item in questionnaire.items()
        if item.kind is ItemKind.SCORED
        and isinstance(answer := interview.answers.get(item.id, ""), str)
        and answer
    }
    return score(questionnaire, kept)


def _first_before(work: Work, case: Case, check_in: CheckIn, done: Interview) -> Score | None:
    """The score of the first scored interview about the same exposure, when this one is not it."""
    held = work.tx.find(CheckIn, case_id=case.id, state=CheckInState.HELD)
    about_it = {one.met_by or one.id for one in held if one.exposure == check_in.exposure}
    others = [
        one
        for one in work.tx.find(Interview, case_id=case.id, state=InterviewState.DONE)
        if one.id != done.id
        and one.check_in_id in about_it
        and one.held_at is not None
        and done.held_at is not None
        and one.held_at < done.held_at
        and work.definitions.questionnaires[one.questionnaire].scored
    ]
    if not others:
        return None
    first = min(others, key=lambda one: (one.held_at, one.id))
    return score_of(work.definitions.questionnaires[first.questionnaire], first)
