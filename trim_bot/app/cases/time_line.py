"""The time line of a case: what was asked, offered and answered, each talk, new hands, and what comes next."""

from __future__ import annotations

from datetime import datetime

from trim_bot.app.cases.conversation_screens import event_day
from trim_bot.app.cases.exposures import exposures_of
from trim_bot.app.cases.given_on import GivenOnStep
from trim_bot.app.cases.stages import STILL_OPEN, label_of
from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.incidents import Offer
from trim_bot.domain.policy import POLICY
from trim_bot.domain.referrals import Referral
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import Step

ASKED = "They asked for support"
ANSWERED = "They were answered"
OFFERED = "A talk was offered"
YES = "They said yes"
BEGAN = "These talks began"
HANDED_ON = "Put into other hands"
AGAIN = "Opened again"


def time_line(work: Work, case: Case, check_ins: list[CheckIn]) -> tuple[tuple[str, str], ...]:
    """Days and what happened on each, the first first, then what is to come; of very many the newest.

    For whoever the case is open to. Days are in the zone of whoever reads.
    """
    been = [(one.ended_at, _ended(work, one.ended_at)) for one in exposures_of(work, case)]
    been += [*_before(work, case), (case.opened_at, BEGAN)]
    been += [
        (step.opens_at, HANDED_ON) for step in work.tx.find(Step, subject=case.id, kind=GivenOnStep.GIVEN_ON)
    ]
    been += [(one.offered_at, _help(work, one)) for one in work.tx.find(Referral, case_id=case.id)]
    if case.reopened_at is not None:
        been.append((case.reopened_at, AGAIN))
    held = [one for one in check_ins if one.state is CheckInState.HELD and one.held_at is not None]
    been += [
        (one.held_at, phrase("{talk}: held", talk=ours(label_of(work, case, one))))
        for one in held
        if one.held_at is not None
    ]
    coming = [(one.agreed_at or one.opens_at, one) for one in check_ins if one.state in STILL_OPEN]
    # What happened in one moment stands as it came about: a yes, and so the talks.
    in_order = sorted(dict.fromkeys(been), key=lambda one: one[0])
    rows = [(_day(work, at), said) for at, said in in_order]
    rows += [
        (
            phrase("From {day}", day=_day(work, at)) if one.agreed_at is None else _day(work, at),
            phrase("{talk}: to come", talk=ours(label_of(work, case, one))),
        )
        for at, one in sorted(coming, key=lambda pair: (pair[0], pair[1].id))
    ]
    return tuple(rows[-POLICY.rows_on_a_page :])


def _before(work: Work, case: Case) -> list[tuple[datetime, str]]:
    """What led to the case: each offer with its answer, and each request."""
    found: list[tuple[datetime, str]] = []
    for offer in work.tx.find(Offer, case_id=case.id):
        found.append((offer.made_at, OFFERED))
        if offer.answered_at is not None:
            found.append((offer.answered_at, YES))
    for request in work.tx.find(SupportRequest, case_id=case.id):
        found.append((request.asked_at, ASKED))
        if request.answered_at is not None:
            found.append((request.answered_at, ANSWERED))
    return found


def _help(work: Work, referral: Referral) -> str:
    services = {one.id: one.name for one in work.site.services}
    return phrase("{service}: offered", service=services.get(referral.service) or phrase("Other help"))


def _ended(work: Work, at: datetime) -> str:
    there = at.astimezone(work.zone)
    return phrase("The event ended, {time}", time=f"{there.hour}:{there.minute:02d}")


def _day(work: Work, at: datetime) -> str:
    return event_day(at, work.zone, work.now)
