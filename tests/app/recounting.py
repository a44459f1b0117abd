"""A second count of everything that happened, taken from the records after each move and from no kept figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.figures import quarter_of, week_of
from trim_bot.domain.ids import CaseId, MemberId, RequestId, StepId
from trim_bot.domain.incidents import Incident, Offer, OfferState
from trim_bot.domain.people import Account
from trim_bot.domain.records import AnyMeasure, Measure, RecordedMeasure
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

OF_WEEKS = (Measure.STOOD, Measure.UNDERSTAFFED)
"""Marks for the week's sentence: they have a second look of their own, in `test_week_sentence.py`."""
HELD = {"first": Measure.HELD_FIRST, "month": Measure.HELD_MONTH}


@dataclass
class Recount:
    """What was seen to happen, by id; each thing happens once, on the day it was first seen."""

    happened: dict[tuple[AnyMeasure, str], datetime] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    """What was counted once, under whichever name: it stays there when an account comes or goes."""
    lost: set[StepId] = field(default_factory=set)
    """Steps that had nobody when last looked at: a step can be lost more than once."""

    def __call__(self, work: UnitOfWork) -> None:
        """Look at everything, and hold the kept figures against it."""
        for measure, id, at in (*_records(work), *self._newly_lost(work)):
            if (id, measure.name) not in self.seen:
                self.seen.add((id, measure.name))
                self.happened[measure, id] = at
        zone = work.zone_of(None)
        days = [(measure, at.astimezone(zone).date()) for (measure, _), at in self.happened.items()]
        for period_of in (week_of, quarter_of):
            counted = Counter((period_of(day), measure) for measure, day in days)
            for period in {period for period, _ in counted} | {period_of(work.now.astimezone(zone).date())}:
                kept = work.tx.counts.totals(period)
                for measure in (*Measure, *RecordedMeasure):
                    n = kept[measure]
                    if measure in OF_WEEKS:
                        continue
                    real = counted[period, measure]
                    assert n == real, f"{measure.value} of {period} is kept as {n} and was {real}"

    def _newly_lost(self, work: UnitOfWork) -> Iterator[tuple[AnyMeasure, str, datetime]]:
        steps = {step.id: step for step in work.tx.find(Step, rung=Rung.NOBODY)}
        for id in steps.keys() - self.lost:
            again = f"{id} {len(self.happened)}"
            yield Measure.NO_OWNER, again, work.now
        self.lost = set(steps)


def _records(work: UnitOfWork) -> Iterator[tuple[AnyMeasure, str, datetime]]:
    for incident in work.tx.find(Incident):
        yield Measure.INCIDENTS, incident.id, incident.logged_at
    for offer in work.tx.find(Offer):
        yield _of(work, Measure.OFFERED, offer.member_id), offer.id, offer.made_at
        if offer.state is OfferState.ACCEPTED and offer.answered_at is not None:
            yield _of(work, Measure.ACCEPTED, offer.member_id), offer.id, offer.answered_at
    for request in work.tx.find(SupportRequest):
        yield _of(work, Measure.REQUESTS, request.member_id), request.id, request.asked_at
    for talk in work.tx.find(CheckIn, state=CheckInState.HELD, met_by=None):
        assert talk.held_at is not None
        measure = HELD.get(talk.stage, Measure.HELD_STRESS)
        yield _of(work, measure, _person(work, talk.case_id)), talk.id, talk.held_at
    for step in work.tx.find(Step, kind=StepKind.FIRST_CONTACT, state=StepState.DONE):
        asked = work.tx.get(SupportRequest, RequestId(step.subject))
        person = asked.member_id if asked is not None else _person(work, step.case_id)
        yield _of(work, Measure.REACHED, person), step.id, work.now
        assert step.promised_at is not None
        if work.now <= step.promised_at:
            yield _of(work, Measure.REACHED_IN_TIME, person), step.id, work.now
    for referral in work.tx.find(Referral, state=ReferralState.ACCEPTED):
        yield _of(work, Measure.REFERRED, _person(work, referral.case_id)), referral.id, referral.changed_at


def _of(work: UnitOfWork, measure: Measure, person: MemberId | None) -> AnyMeasure:
    """The measure, or where it is counted apart for somebody without an account."""
    own = person is not None and bool(work.tx.find(Account, member_id=person))
    return measure if own else RecordedMeasure[measure.name]


def _person(work: UnitOfWork, case: CaseId | None) -> MemberId | None:
    found = work.tx.get(Case, case) if case is not None else None
    return found.member_id if found is not None else None
