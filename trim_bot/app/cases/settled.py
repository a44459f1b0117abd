"""What a later talk need not ask again: answers of the first that cannot change."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.questionnaire import NOT_DISCUSSED, Questionnaire
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CheckIn, CheckInState, Interview, InterviewState


def settled(work: Work, case: Case, check_in: CheckIn, questionnaire: Questionnaire) -> Mapping[str, str]:
    """The answers, by item, of the first talk about the same exposure to what the questionnaire says cannot change.

    Only of a form that this one says it can be compared with. What was not discussed then is asked now.
    """
    if not questionnaire.compares_with:
        return {}
    held = work.tx.find(CheckIn, case_id=case.id, state=CheckInState.HELD)
    about = {
        one.met_by or one.id for one in held if one.exposure == check_in.exposure and one.id != check_in.id
    }
    done = [
        one
        for one in work.tx.find(Interview, case_id=case.id, state=InterviewState.DONE)
        if one.check_in_id in about
        and one.questionnaire in questionnaire.compares_with
        and one.held_at is not None
    ]
    if not done:
        return {}
    first = min(done, key=lambda one: (str(one.held_at), one.id))
    return {
        item.id: answer
        for item in questionnaire.scored_items()
        if not item.can_change
        and isinstance(answer := first.answers.get(item.id), str)
        and answer != NOT_DISCUSSED
        and answer in {option.id for option in item.options}
    }
