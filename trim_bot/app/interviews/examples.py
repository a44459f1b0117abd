"""Examples of the interview: the notice, every step of every questionnaire that is shipped, and the result."""

from __future__ import annotations

from datetime import date, timedelta

from assessments.questionnaire import NOT_DISCUSSED, Questionnaire
from assessments.scoring import Score, Threshold, advise, compare, score
from trim_bot.app.cases.advising import Advising
from trim_bot.app.cases.conversation_screens import Coming
from trim_bot.app.examples.sample import DEFINITIONS, KEY, NOW, Example, Mended, Sample, check_in
from trim_bot.app.interviews import screens as interviews
from trim_bot.app.interviews.commands import OpenLeads
from trim_bot.app.interviews.screens import ResultSheet
from trim_bot.app.people.screens import leads_page
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.paging import whole
from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.cases import CheckInState, Interview, InterviewState
from trim_bot.domain.ids import CaseId, CheckInId, InterviewId
from trim_bot.domain.site import SignedThreshold
from workflows.engine import Effect, Override, Reason, SuggestReferral

OPEN = check_in("first", opens=-timedelta(hours=2))
MONTH = Coming("Month talk", check_in("month", CheckInState.PLANNED, opens=timedelta(days=21)))


def _leads(after: ListPlace) -> OpenLeads:
    return OpenLeads(CaseId("case"), after)


def views(sample: Sample) -> dict[str, Example]:
    """The interview from its notice to its result."""
    notice = interviews.notice_form(sample.whose(), DEFINITIONS.notices[sample.site.notice], OPEN)
    first = DEFINITIONS.questionnaires["trauma_first_v1"]
    early = check_in("first", CheckInState.PLANNED, opens=timedelta(days=1))
    found: dict[str, Example] = {
        "talk_to_lead/some": leads_page(
            sample.whose(), whole((sample.lead,)), _leads, OpenCase(CaseId("case"))
        ),
        "talk_to_lead/none": leads_page(sample.whose(), whole(()), _leads, OpenCase(CaseId("case"))),
        "interview/too_early": interviews.not_yet(sample.whose(), early, sample.zone),
        "interview/ready": notice,
        "notice/open": notice,
        "notice/mend": Mended(notice, {"acknowledged": mending.TICK_TO_GO_ON}),
        "ending/open": interviews.ending_form(sample.whose(), first, _draft(first, sample), OPEN, 0),
        "ending/other_events": interviews.ending_form(
            sample.whose(),
            first,
            _draft(first, sample),
            OPEN,
            0,
            (
                interviews.AlsoMet(
                    CheckInId("check_in_2"),
                    phrase(
                        "{label}, about {day}", label=ours("First talk"), day=spoken_day(date(2026, 12, 20))
                    ),
                    meant=True,
                ),
                interviews.AlsoMet(
                    CheckInId("check_in_3"),
                    phrase(
                        "{label}, about {day}", label=ours("Month talk"), day=spoken_day(date(2026, 11, 2))
                    ),
                    meant=False,
                ),
            ),
        ),
        "ending/not_discussed": interviews.ending_form(sample.whose(), first, _draft(first, sample), OPEN, 3),
    }
    for key, questionnaire in DEFINITIONS.questionnaires.items():
        for at, group in enumerate(questionnaire.groups):
            step = interviews.step_form(
                sample.whose(), questionnaire, _draft(questionnaire, sample), OPEN, at
            )
            found[f"questions/{key}/{group.id}"] = step
    return found | _results(sample, first)


def _draft(questionnaire: Questionnaire, sample: Sample) -> Interview:
    return Interview(
        InterviewId("interview"), KEY, CaseId("case"), CheckInId("check_in_first"), questionnaire.key,
        InterviewState.DRAFT, sample.practitioner.id, revision=2,
    )  # fmt: skip


def _results(sample: Sample, first: Questionnaire) -> dict[str, Example]:
    month = DEFINITIONS.questionnaires["trauma_month_v1"]
    signed = next((one for one in sample.site.thresholds if one.questionnaire == first.key), None)
    clearly, no = _scored(first, "2"), _scored(month, "0")
    partly = _scored(first, "1", left=3)
    stress = DEFINITIONS.questionnaires["stress_conversation_v2"]
    help_now = (SuggestReferral((Reason.PERSON_ASKS,)),)
    asks = (Override.PERSON_ASKS, Override.UNEASY)
    return {
        "result/total": _result(sample, _advising(first, clearly, None, signed), help_now, asks),
        "result/not_complete": _result(sample, _advising(first, partly, None, signed), (), ()),
        "result/no_threshold": _result(sample, _advising(first, clearly, None, None), (), ()),
        "result/change": _result(sample, _advising(month, no, clearly, signed), (), ()),
        "result/no_score": _result(sample, _advising(stress, None, None, None), (), ()),
    }


def _scored(questionnaire: Questionnaire, answer: str, left: int = 0) -> Score:
    items = questionnaire.scored_items()
    answers = {item.id: answer if number >= left else NOT_DISCUSSED for number, item in enumerate(items)}
    return score(questionnaire, answers)


def _advising(
    questionnaire: Questionnaire, later: Score | None, first: Score | None, signed: SignedThreshold | None
) -> Advising:
    threshold = Threshold(signed.floor, signed.step, signed.signed_by, signed.signed_on) if signed else None
    no_score = advise(
        None, _scored(DEFINITIONS.questionnaires["trauma_first_v1"], "0"), None, overridden=False
    )
    return Advising(
        questionnaire,
        later,
        compare(first, later) if first is not None and later is not None else None,
        advise(first, later, threshold, overridden=False) if later is not None else no_score,
        signed,
        first,
    )


def _result(
    sample: Sample, advising: Advising, effects: tuple[Effect, ...], overrides: tuple[Override, ...]
) -> Example:
    held = check_in("first", CheckInState.HELD, opens=-timedelta(hours=2))
    done = Interview(
        InterviewId("interview"), KEY, CaseId("case"), held.id, advising.questionnaire.key, InterviewState.DONE,
        sample.practitioner.id, notes={"ending": "We ring each other on Friday."}, overrides=overrides, held_at=NOW,
    )  # fmt: skip
    sheet = ResultSheet(CaseId("case"), sample.whose(), held, "First talk", done, advising, effects, MONTH)
    return interviews.result_form(sheet, sample.zone)
