"""Whom each thing that waits is about, for whoever that record is open to; nobody else's list has a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trim_bot.app.cases.stages import label_of
from trim_bot.app.cases.state import lapse_ends, request_has_lapsed
from trim_bot.app.own.home_screens import WaitingRow
from trim_bot.app.people.eligible import whom_they_manage
from trim_bot.app.people.screens import told_apart
from trim_bot.app.seam.work import Keyed, Work
from trim_bot.domain.cases import Case, CaseState, CheckIn
from trim_bot.domain.ids import CheckInId, MemberId, OfferId, RequestId, StepId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Member
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind

_ABOUT_A_CASE = (StepKind.CHECK_IN, StepKind.REVIEW, StepKind.REFERRAL, StepKind.FIRST_CONTACT)
"""What somebody does in a case of their own; a call for safety and a talk with a colleague name nobody in a list."""
_OF_REQUESTS = (StepKind.REQUEST, StepKind.FIRST_CONTACT)


def named(work: Work, rows: Sequence[WaitingRow]) -> list[WaitingRow]:
    """The rows with the name of the person and of the talk, where the asker may open what they are about.

    The journal names what was opened for it.
    """
    steps = work.tx.get_many(Step, [row.step for row in rows])
    found = {id: record for id, step in steps.items() if (record := _about(work, step)) is not None}
    people = list(dict.fromkeys(person for _, person in found.values()))
    managed = whom_they_manage(work, work.who.id, people) if people else ()
    members = work.tx.get_many(Member, [one for one in people if one not in managed])
    known = {id: members[person] for id, (_, person) in found.items() if person in members}
    once = {one.id: one for one in known.values()}
    apart = told_apart([(one.name, one.phone) for one in once.values()])
    names = dict(zip(once, apart, strict=True))
    work.lists({record.id: record for id, (record, _) in found.items() if id in known}.values())
    return [_named(work, row, steps, {id: names[one.id] for id, one in known.items()}) for row in rows]


def _named(
    work: Work, row: WaitingRow, steps: Mapping[StepId, Step], names: Mapping[StepId, str]
) -> WaitingRow:
    name = names.get(row.step, "")
    if not name or row.many > 1:
        return row
    return row.about_somebody(name, _talk(work, steps[row.step]))


def _talk(work: Work, step: Step) -> str:
    if step.kind is not StepKind.CHECK_IN or step.case_id is None:
        return ""
    check_in, case = work.tx.get(CheckIn, CheckInId(step.subject)), work.tx.get(Case, step.case_id)
    return label_of(work, case, check_in) if check_in is not None and case is not None else ""


def _about(work: Work, step: Step) -> tuple[Keyed, MemberId] | None:
    """The record that the asker may open, and the person it is about, where they gave their name."""
    if step.rung is Rung.PERSON:
        return None
    if step.case_id is not None:
        case = work.tx.get(Case, step.case_id) if step.kind in _ABOUT_A_CASE else None
        return (
            (case, case.member_id) if case is not None and case.named and _opens(work, case, step) else None
        )
    if step.kind is StepKind.CONTACT and step.holder == work.who.id:
        offer = work.tx.get(Offer, OfferId(step.subject))
        return (offer, offer.member_id) if offer is not None else None
    request = work.tx.get(SupportRequest, RequestId(step.subject)) if step.kind in _OF_REQUESTS else None
    if request is None or request.state is not RequestState.TAKEN or request.taken_by != work.who.id:
        return None
    if request_has_lapsed(work, request):
        return None
    return (request, request.member_id) if request.named and request.member_id is not None else None


def _opens(work: Work, case: Case, step: Step) -> bool:
    """As `entitled.check_holds` has it, of what is already one's own to do; asked of many rows at once."""
    me = work.who.id
    if case.state is not CaseState.OPEN or case.member_id == me:
        return False
    ends = lapse_ends(work, case) if case.holder == me else None
    return (case.holder == me or step.holder == me) and (ends is None or work.now < ends)
