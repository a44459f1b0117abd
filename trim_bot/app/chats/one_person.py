"""Whether two members may become one, when it has been shown that they are one person."""

from __future__ import annotations

from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import Case, CaseState, Interview
from trim_bot.domain.ids import MemberId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Grant, Joined, Member, Reach, Role
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung

APART = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR, Role.CLINICAL_LEAD)
"""Roles of trust beside care."""
NO_PREFERENCE = "en"
"""The language of whoever chose none."""


def may_join(work: Work, one: MemberId, other: MemberId) -> bool:
    """Whether nothing stands in the way: not a talk each, nothing of one in the other's hands, no trust added up."""
    both_in_talks = all(work.tx.find(Case, member_id=id, state=CaseState.OPEN) for id in (one, other))
    if both_in_talks or (
        _trust(work, one) and _trust(work, other) and _trust(work, one) != _trust(work, other)
    ):
        return False
    return not _cares_for(work, one, other) and not _cares_for(work, other, one)


def _cares_for(work: Work, who: MemberId, person: MemberId) -> bool:
    """Whether anything about a person is, or for a case ever was, in somebody's hands."""
    cases = work.tx.find(Case, member_id=person)
    if any(who in (case.holder, case.cover, *case.called) for case in cases):
        return True
    ids = tuple(case.id for case in cases)
    if ids and work.tx.find(Interview, case_id=ids, by=who, limit=1):
        return True
    requests = work.tx.find(SupportRequest, member_id=person)
    if any(one.taken_by == who and one.state is not RequestState.WITHDRAWN for one in requests):
        return True
    offers = work.tx.find(Offer, member_id=person)
    subjects: set[str] = {*(one.id for one in requests), *(one.id for one in offers)}
    held = [step for step in waits.open_steps(work, holder=who) if step.rung is not Rung.PERSON]
    return any(step.case_id in ids or step.subject in subjects for step in held)


def _trust(work: Work, id: MemberId) -> set[Role]:
    """Roles that are given apart on purpose: one person comes to several only by somebody's giving them."""
    return {grant.role for grant in work.tx.find(Grant, member_id=id, role=APART)}


def former_selves(work: Work, *ids: MemberId) -> list[Joined]:
    """Everybody who turned out to be one of these."""
    return work.tx.find(Joined, member_id=ids) if ids else []


def joined_profile(kept: Member, gone: Member, *, served: bool) -> Member:
    """The profile of both: what was said for the one that is kept counts, and the other fills the gaps.

    `served` says that the other alone took work, so that its room and leave are the ones that count.
    """
    told = gone if served else kept
    return Member(
        id=kept.id,
        key_id=kept.key_id,
        name=kept.name or gone.name,
        phone=kept.phone or gone.phone,
        reach=_narrower(kept.reach, gone.reach),
        best_time=kept.best_time or gone.best_time,
        zone=kept.zone or gone.zone,
        hours=kept.hours or gone.hours,
        shifts=kept.shifts or gone.shifts,
        away_from=told.away_from,
        away_until=told.away_until,
        place=kept.place or gone.place,
        language=kept.language if kept.language != NO_PREFERENCE else gone.language,
        availability=told.availability,
        messages_stopped=kept.messages_stopped or gone.messages_stopped,
        listed=kept.listed or gone.listed,
        on_leave=told.on_leave,
        left=False,
        asked=kept.asked or gone.asked,
        lines=tuple(dict.fromkeys((*kept.lines, *gone.lines))),
        known_as=kept.known_as or gone.known_as,
    )


def _narrower(kept: Reach, gone: Reach) -> Reach:
    """The pages alone wherever they were asked for; and what nobody touched yields to what somebody chose."""
    if Reach.BROWSER in (kept, gone):
        return Reach.BROWSER
    return gone if kept is Reach.CHAT else kept
