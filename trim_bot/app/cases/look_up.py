"""Fetches what a command names; access rules have looked already, so what is missing is simply not open."""

from __future__ import annotations

from typing import TypeVar

from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CheckIn, Interview, InterviewState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MemberId
from trim_bot.domain.incidents import Incident, Offer
from trim_bot.domain.people import Member

T = TypeVar("T")


def get_case(work: Work, id: str) -> Case:
    """The case. Raises NotOpen."""
    return _there(work.tx.get(Case, id), "case")


def get_check_in(work: Work, id: str) -> tuple[CheckIn, Case]:
    """The check-in and its case. Raises NotOpen."""
    check_in = _there(work.tx.get(CheckIn, id), "check_in")
    return check_in, get_case(work, check_in.case_id)


def get_offer(work: Work, id: str) -> Offer:
    """The offer. Raises NotOpen."""
    return _there(work.tx.get(Offer, id), "offer")


def get_incident(work: Work, id: str) -> Incident:
    """The incident. Raises NotOpen."""
    return _there(work.tx.get(Incident, id), "incident")


def get_member(work: Work, id: MemberId) -> Member:
    """The member. Raises NotOpen."""
    return _there(work.tx.get(Member, id), "member")


def interview_of(work: Work, check_in: CheckIn, state: InterviewState) -> Interview | None:
    """The interview of a check-in in this state, or None."""
    found = work.tx.find(Interview, check_in_id=check_in.id, state=state, limit=1)
    return found[0] if found else None


def _there(record: T | None, word: str) -> T:
    if record is None:
        raise NotOpen(word)
    return record
