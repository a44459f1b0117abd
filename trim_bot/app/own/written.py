"""What is written about oneself, to read: one case and the notes of each talk, without what needs a look beforehand.

What leads on to help in danger, and what followed a call for safety, may tell of somebody else or reach somebody at the
wrong moment: it stands in the copy, which a person makes and looks through first.
"""

from __future__ import annotations

from assessments.questionnaire import NOT_DISCUSSED, Group, Questionnaire
from trim_bot.app.cases.exposures import exposures_of
from trim_bot.app.cases.stages import label_of
from trim_bot.app.cases.state import get_case, get_check_in, interview_of
from trim_bot.app.interviews.answer_words import answer_words
from trim_bot.app.own import written_screens as screens
from trim_bot.app.own.commands import OpenPrivateHere, OpenWritten, OpenWrittenTalk
from trim_bot.app.own.written_screens import HeldTalk, NotedGroup, Written, WrittenTalk
from trim_bot.app.seam.paging import newest_first, part_of, placed
from trim_bot.app.seam.sentences import as_given, ours
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState, Interview, InterviewState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.referrals import Referral
from workflows.engine import Override

ENDING = "ending"
"""Under which the note of the last step is kept."""


def open_written(work: Work, command: OpenWritten) -> Screen:
    """What is kept of one case, and the way to the notes of each talk, the newest first."""
    case = get_case(work, command.case)
    held = [one for one in work.tx.find(CheckIn, case_id=case.id, state=CheckInState.HELD) if not one.met_by]
    newest = max(held, key=lambda one: (one.held_at or one.opens_at, one.id), default=None)
    part = part_of(held, lambda one: placed(newest_first(one.held_at or one.opens_at), one.id), command.after)
    services = {service.id: service.name for service in work.site.services}
    return screens.written_page(
        Written(
            case=case,
            programme=work.definitions.programmes[case.programme].name,
            events=tuple(one.ended_at for one in exposures_of(work, case)),
            agreed=_agreed(work, newest) if newest is not None else None,
            talks=part.holding(HeldTalk(one, label_of(work, case, one)) for one in part.rows),
            help=tuple(
                (
                    as_given(services[one.service]) if one.service in services else ours("A service"),
                    one.state,
                    one.changed_at,
                )
                for one in work.tx.find(Referral, case_id=case.id, order_by="offered_at")
            ),
        ),
        work.zone,
        work.now,
    )


def open_written_talk(work: Work, command: OpenWrittenTalk) -> Screen:
    """The answers and notes of one talk. Raises NotOpen where none are kept."""
    check_in, case = get_check_in(work, command.check_in)
    done = interview_of(work, check_in, InterviewState.DONE)
    if done is None:
        raise NotOpen("interview")
    questionnaire = work.definitions.questionnaires[done.questionnaire]
    groups = tuple(one for group in questionnaire.groups if (one := _noted(group, done)).has_something)
    return screens.written_talk_page(
        WrittenTalk(case.id, label_of(work, case, check_in), check_in.held_at, groups,
                    _ending(questionnaire, done), _left_out(questionnaire)),
        work.zone,
    )  # fmt: skip


def open_private(work: Work, command: OpenPrivateHere) -> Screen:
    """The notice one heard in the newest case that goes on, else the one that is told here now."""
    cases = work.tx.find(Case, member_id=work.who.id, state=CaseState.OPEN, order_by="opened_at")
    heard = next((case.notice for case in reversed(cases) if case.notice in work.definitions.notices), "")
    return screens.private_page(work.definitions.notices[heard or work.site.notice], heard=bool(heard))


def _agreed(work: Work, check_in: CheckIn) -> NotedGroup | None:
    """The last step of the newest talk, which is about what comes next."""
    done = interview_of(work, check_in, InterviewState.DONE)
    if done is None:
        return None
    noted = _noted(work.definitions.questionnaires[done.questionnaire].groups[-1], done)
    return noted if noted.has_something else None


def _noted(group: Group, done: Interview) -> NotedGroup:
    given = (
        (item.text, answer_words(item, done.answers.get(item.id, "")))
        for item in group.items
        if not item.safety and done.answers.get(item.id, NOT_DISCUSSED) != NOT_DISCUSSED
    )
    # Where danger is asked about, a line of notes is about it as well, and about others perhaps.
    note = "" if any(item.safety for item in group.items) else as_given(done.notes.get(group.id, ""))
    return NotedGroup(group.title, tuple((text, said) for text, said in given if said), note)


def _ending(questionnaire: Questionnaire, done: Interview) -> str:
    """The note at the end of a talk; none of one that told of danger, since it is likely to be about that."""
    told = any(done.answers.get(item.id) in item.safety for item in questionnaire.items() if item.safety)
    return "" if told or Override.SAFETY in done.overrides else done.notes.get(ENDING, "")


def _left_out(questionnaire: Questionnaire) -> bool:
    """Whether it asks about danger."""
    return any(item.safety for item in questionnaire.items())
