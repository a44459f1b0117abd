"""Holds the interview in one file, as a talk goes: notice, a step at a time, its result, and what is chosen then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import assert_never

from assessments.questionnaire import NOT_DISCUSSED, Group
from trim_bot.app.cases.advising import advice_for
from trim_bot.app.cases.commands import OpenClose, OpenMove
from trim_bot.app.cases.conversation_screens import Coming
from trim_bot.app.cases.settled import settled
from trim_bot.app.cases.stages import could_meet, label_of, plan_stage
from trim_bot.app.cases.state import get_case, get_check_in, interview_of
from trim_bot.app.cases.whose import whose
from trim_bot.app.interviews import screens
from trim_bot.app.interviews.commands import (
    AcknowledgeNotice,
    AfterTalk,
    ChooseNext,
    FinishInterview,
    KeepStep,
    OpenEnding,
    OpenLeads,
    OpenNotice,
    OpenStep,
    StepBack,
)
from trim_bot.app.interviews.finishing import effects_of, finish_interview
from trim_bot.app.interviews.screens import ResultSheet
from trim_bot.app.interviews.two_at_once import check_nothing_changed, check_unchanged, kept_in_all, kept_of
from trim_bot.app.people.eligible import with_role
from trim_bot.app.people.screens import leads_page
from trim_bot.app.safety.drafts import FIELD, draft_of, group_at, keep_draft, questionnaire_for
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenCase, OpenInterview, OpenReferral, OpenResult, OpenSafety
from trim_bot.app.seam.paging import part_by_id
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Work
from trim_bot.domain.cases import UNMARKED, Case, CheckIn, CheckInState, InterviewState
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.ids import CheckInId
from trim_bot.domain.people import Member, Role
from trim_bot.domain.policy import POLICY
from workflows.windows import Planned, days_after

STILL_OPEN = (CheckInState.PLANNED, CheckInState.OPEN)


def open_interview(work: Work, command: OpenInterview) -> Screen | Next:
    """The notice if it has not been heard, else the first step that has not been kept."""
    check_in, case = get_check_in(work, command.check_in)
    if check_in.state is CheckInState.HELD:
        return OpenResult(check_in.id)
    if check_in.opens_at > work.now:
        return screens.not_yet(whose(work, case, check_in), check_in, work.zone)
    if case.notice != work.site.notice:
        return OpenNotice(check_in.id)
    return _at(work, case, check_in, draft_of(work, case, check_in).step)


def open_notice(work: Work, command: OpenNotice) -> Screen:
    """What stays private, and the limits to it, to be told before the first question."""
    check_in, case = _holdable(work, command.check_in)
    return screens.notice_form(
        whose(work, case, check_in), work.definitions.notices[work.site.notice], check_in
    )


def acknowledge(work: Work, command: AcknowledgeNotice) -> Next:
    """Keep which version was heard, and begin."""
    check_in, case = _holdable(work, command.check_in)
    work.tx.save(replace(case, notice=work.site.notice))
    return OpenStep(check_in=check_in.id, at="0")


def open_step(work: Work, command: OpenStep) -> Screen | Next:
    """One group of questions with what has been kept of it."""
    check_in, case = _holdable(work, command.check_in)
    if case.notice != work.site.notice:
        return OpenNotice(check_in.id)
    questionnaire = questionnaire_for(work, case, check_in)
    group, draft = group_at(questionnaire, command.at), draft_of(work, case, check_in)
    return screens.step_form(
        whose(work, case, check_in),
        questionnaire,
        draft,
        check_in,
        int(command.at),
        kept_of(draft, group),
        settled(work, case, check_in, questionnaire),
    )


def keep_step(work: Work, command: KeepStep) -> Next:
    """Keep one step, and go on to the next or to the ending."""
    check_in, case = _holdable(work, command.check_in)
    if case.notice != work.site.notice:
        raise NotOpen("notice")
    _agreed_day(work, command.answers)
    check_unchanged(work, case, check_in, command)
    before = draft_of(work, case, check_in).answers
    kept = keep_draft(work, check_in.id, command.at, command.answers)
    following = int(command.at) + 1
    if following > kept.step:
        work.tx.save(replace(kept, step=following))
    if _tells_of_danger(group_at(questionnaire_for(work, case, check_in), command.at), before, kept.answers):
        return OpenSafety(case.id)
    return _at(work, case, check_in, following)


def _tells_of_danger(
    group: Group, before: Mapping[str, str | tuple[str, ...]], now: Mapping[str, str | tuple[str, ...]]
) -> bool:
    """Whether an answer that leads on to help was given, and was not there already."""
    given = ((item, now.get(item.id, "")) for item in group.items if now.get(item.id) != before.get(item.id))
    return any(item.safety & set((answer,) if isinstance(answer, str) else answer) for item, answer in given)


def step_back(work: Work, command: StepBack) -> Next:
    """Keep what stands in the fields, and go to an earlier step."""
    check_in, case = _holdable(work, command.check_in)
    if command.at:
        check_unchanged(work, case, check_in, command)
        keep_draft(work, check_in.id, command.at, command.answers)
    return _at(work, case, check_in, int(command.to) if command.to.isdecimal() else 0)


def open_ending(work: Work, command: OpenEnding) -> Screen | Next:
    """What outweighs any score."""
    check_in, case = _holdable(work, command.check_in)
    if case.notice != work.site.notice:
        return OpenNotice(check_in.id)
    questionnaire = questionnaire_for(work, case, check_in)
    draft = draft_of(work, case, check_in)
    left = sum(
        draft.answers.get(item.id, NOT_DISCUSSED) in (NOT_DISCUSSED, "")
        for item in questionnaire.scored_items()
    )
    return screens.ending_form(
        whose(work, case, check_in),
        questionnaire,
        draft,
        check_in,
        left,
        _others(work, case, check_in),
        kept_in_all(draft),
    )


def finish(work: Work, command: FinishInterview) -> Next:
    """Finish: score it, plan what follows, and call for help if someone may come to harm."""
    check_in, case = _holdable(work, command.check_in)
    if case.notice != work.site.notice:
        raise NotOpen("notice")
    check_nothing_changed(work, case, check_in, command.seen)
    also = tuple(one for one in could_meet(work, case, check_in) if one.id in command.also)
    return finish_interview(work, case, check_in, frozenset(command.overrides), command.note, also)


def _others(work: Work, case: Case, check_in: CheckIn) -> tuple[screens.AlsoMet, ...]:
    """What this talk may stand for. One of the same kind is taken to be meant; anything else has to be said."""
    return tuple(
        screens.AlsoMet(one.id, label_of(work, case, one), meant=one.stage == check_in.stage)
        for one in could_meet(work, case, check_in)
    )


def _holdable(work: Work, id: CheckInId) -> tuple[CheckIn, Case]:
    """A check-in that may be held now: 72 hours are a not-before, and what was held is not held again."""
    check_in, case = get_check_in(work, id)
    if check_in.state not in STILL_OPEN or check_in.opens_at > work.now:
        raise NotOpen("check_in")
    return check_in, case


def _at(work: Work, case: Case, check_in: CheckIn, at: int) -> Next:
    if at >= len(questionnaire_for(work, case, check_in).groups):
        return OpenEnding(check_in.id)
    return OpenStep(check_in=check_in.id, at=str(at))


def _agreed_day(work: Work, answers: Mapping[str, object]) -> None:
    """A date agreed for the next contact has to be ahead, by a year at most."""
    day = answers.get(FIELD + screens.AGREED_DATE)
    today = work.now.astimezone(work.zone).date()
    if not isinstance(day, date):
        return
    if day <= today:
        raise Invalid(**{FIELD + screens.AGREED_DATE: mending.DATE_PASSED})
    if day > today + POLICY.longest_day_ahead:
        raise Invalid(**{FIELD + screens.AGREED_DATE: mending.DATE_TOO_FAR})


def open_result(work: Work, command: OpenResult) -> Screen:
    """Total or what was not discussed, what changed, what the clinical lead asks for, and the next step.

    Of a conversation that another one stood for, the result is that one's.
    """
    check_in, case = get_check_in(work, command.check_in)
    if check_in.met_by is not None:
        check_in, case = get_check_in(work, check_in.met_by)
    done = interview_of(work, check_in, InterviewState.DONE)
    if done is None:
        raise NotOpen("result")
    coming = _coming(work, case)
    return screens.result_form(
        ResultSheet(
            case=case.id,
            whose=whose(work, case, check_in),
            check_in=check_in,
            stage=label_of(work, case, check_in),
            interview=done,
            advising=advice_for(work, case, check_in, done),
            effects=effects_of(work, case, check_in, done),
            coming=Coming(label_of(work, case, coming), coming) if coming else None,
        ),
        work.zone,
    )


def choose_next(work: Work, command: ChooseNext) -> Next:
    """Go on to what was chosen."""
    check_in, case = get_check_in(work, command.check_in)
    match command.then:
        case AfterTalk.REFER:
            return OpenReferral(case.id)
        case AfterTalk.CLOSE:
            return OpenClose(case.id)
        case AfterTalk.LEAD:
            return OpenLeads(case.id)
        case AfterTalk.ANOTHER:
            return OpenMove(_another(work, case, check_in).id)
        case AfterTalk.KEEP:
            return OpenCase(case.id)
        case _:
            assert_never(command.then)


def _another(work: Work, case: Case, check_in: CheckIn) -> CheckIn:
    """One more talk of the last stage, to be held when both agree; never one that asks for the story again."""
    coming = _coming(work, case)
    if coming is not None:
        return coming
    stage = work.definitions.programmes[case.programme].stages[-1]
    zone = work.zone_of(None)
    due = days_after(work.now, POLICY.another_after_days, zone)
    planned = Planned(stage.id, work.now, due, days_after(due, POLICY.another_after_days, zone))
    return plan_stage(
        work, case, planned, check_in.exposure if check_in.programme == case.programme else UNMARKED
    )


def _coming(work: Work, case: Case) -> CheckIn | None:
    found = work.tx.find(
        CheckIn,
        case_id=case.id,
        state=(CheckInState.PLANNED, CheckInState.OPEN),
        order_by="opens_at",
        limit=1,
    )
    return found[0] if found else None


def open_leads(work: Work, command: OpenLeads) -> Screen:
    """Leads and deputies with their numbers, by name."""
    ids = [id for id in with_role(work, Role.LEAD, Role.DEPUTY) if id != work.who.id]
    members = sorted(work.tx.get_many(Member, ids).values(), key=lambda one: (one.name.casefold(), one.id))
    part = part_by_id(members, lambda one: one.id, command.after)
    case = get_case(work, command.case)
    return leads_page(
        whose(work, case), part, lambda after: OpenLeads(command.case, after), OpenCase(command.case)
    )
