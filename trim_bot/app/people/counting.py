"""Counts what people do: those with an account of their own for the figures, anybody else apart."""

from __future__ import annotations

from trim_bot.app.people.eligible import today
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Account
from trim_bot.domain.records import Measure, RecordedMeasure

APART = {Measure[one.name]: one for one in RecordedMeasure}
"""Where each figure about people is counted for those without an account."""


def count_person(work: UnitOfWork, measure: Measure, person: MemberId | None) -> None:
    """Count one more about a person, on today's date at the site; apart where they have no account, or no name."""
    own = person is not None and bool(work.tx.find(Account, member_id=person, limit=1))
    work.tx.count(measure if own else APART[measure], today(work))


def count_recorded(work: UnitOfWork, measure: Measure) -> None:
    """Count one more that somebody else recorded for a person, with an account or without."""
    work.tx.count(APART[measure], today(work))
