"""Relationships to what is written about oneself: a case about whoever asks, whether it is open or ended."""

from __future__ import annotations

from trim_bot.app.cases.entitled import OfCase, OfCheckIn
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.errors import NotOpen


def own_record(work: Work, asked: OfCase) -> None:
    """The case is about whoever is asking, open or ended."""
    case = work.tx.get(Case, asked.case)
    if case is None or case.member_id != work.who.id:
        raise NotOpen("case")
    work.about(case)


def own_talk(work: Work, asked: OfCheckIn) -> None:
    """The talk is one of a case about whoever is asking, open or ended."""
    check_in = work.tx.get(CheckIn, asked.check_in)
    case = work.tx.get(Case, check_in.case_id) if check_in is not None else None
    if case is None or case.member_id != work.who.id:
        raise NotOpen("check_in")
    work.about(case)
