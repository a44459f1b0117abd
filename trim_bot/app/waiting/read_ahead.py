"""Reads in a few questions what a list's rows will ask for one by one; each is then answered from what was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trim_bot.app.people.eligible import who_is_known_by
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.ids import CheckInId, MemberId, OfferId, RequestId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import Step, StepKind

_TALKS = (StepKind.CHECK_IN, StepKind.AGREED_TIME)
_OFFERS = (StepKind.OFFER, StepKind.CONTACT)
_OF_REQUESTS = (StepKind.REQUEST, StepKind.FIRST_CONTACT)


def read_people(work: UnitOfWork, ids: Iterable[MemberId | None]) -> None:
    """Members and their accounts: who they are, and who manages them."""
    if people := {id for id in ids if id is not None}:
        who_is_known_by(work.tx, sorted(people))


def read_steps(work: UnitOfWork, steps: Iterable[Step]) -> list[Step]:
    """What each of these steps is about, and the person behind it; gives the steps back."""
    listed = list(steps)
    read_people(work, _people_of(work, listed))
    return listed


def read_subjects(work: UnitOfWork, steps: Iterable[Step]) -> list[Step]:
    """What each of these steps is about; gives the steps back."""
    listed = list(steps)
    _people_of(work, listed)
    return listed


def _people_of(work: UnitOfWork, listed: Sequence[Step]) -> list[MemberId | None]:
    if not listed:
        return []
    cases = work.tx.get_many(Case, (one.case_id for one in listed if one.case_id is not None))
    work.tx.get_many(CheckIn, (CheckInId(one.subject) for one in listed if one.kind in _TALKS))
    offers = work.tx.get_many(Offer, (OfferId(one.subject) for one in listed if one.kind in _OFFERS))
    loose = (one.subject for one in listed if one.kind in _OF_REQUESTS and one.case_id is None)
    requests = work.tx.get_many(SupportRequest, map(RequestId, loose))
    people: list[MemberId | None] = [one.member_id for one in cases.values()]
    people += [one.member_id for one in offers.values()]
    return [*people, *(one.member_id for one in requests.values())]
