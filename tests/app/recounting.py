"""A second count of everything that happened, taken from the records after each move and from no kept figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import CheckIn, CheckInState
from trim_bot.domain.figures import quarter_of, week_of
from trim_bot.domain.ids import StepId
from trim_bot.domain.incidents import Incident, Offer, OfferState
from trim_bot.domain.records import Measure
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

OF_WEEKS = (Measure.STOOD, Measure.UNDERSTAFFED)
"""Marks for the week's sentence: they have a second look of their own, in `test_week_sentence.py`."""
HELD = {"first": Measure.HELD_FIRST, "month": Measure.HELD_MONTH}


@dataclass
class Recount:
    """What was seen to happen, by id; each thing happens once, on the day it was first seen."""

    happened: dict[tuple[Measure, str], datetime] = field(default_factory=dict)
    lost: set[StepId] = field(default_factory=set)
    """Steps that had nobody when last looked at: a step can be lost more than once."""

    def __call__(self, work: UnitOfWork) -> None:
        """Look at everything, and hold the kept figures against it."""
        for measure, id, at in (*_records(work), *self._newly_lost(work)):
            self.happened.setdefault((measure, id), at)
        zone = work.zone_of(None)
        days = [(measure, at.astimezone(zone).date()) for (measure, _), at in self.happened.items()]
        for period_of in (week_of, quarter_of):
            counted = Counter((period_of(day), measure) for measure, day in days)
            for period in {period for period, _ in counted} | {period_of(work.now.astimezone(zone).date())}:
                kept = work.tx.counts.totals(period)
                for measure in Measure:
                    n = kept[measure]
                    if measure in OF_WEEKS:
                        continue
                    real = counted[period, measure]
                    assert n == real, f"{measure.value} of {period} is kept as {n} and was {real}"

    def _newly_lost(self, work: UnitOfWork) -> Iterator[tuple[Measure, str, datetime]]:
        steps = {step.id: step for step in work.tx.find(Step, rung=Rung.NOBODY)}
        for id in steps.keys() - self.lost:
            again = f"{id} {len(self.happened)}"
            yield Measure.NO_OWNER, again, work.now
        self.lost = set(steps)


def _records(work: UnitOfWork) -> Iterator[tuple[Measure, str, datetime]]:
    for incident in work.tx.find(Incident):
        yield Measure.INCIDENTS, incident.id, incident.logged_at
    for offer in work.tx.find(Offer):
        yield Measure.OFFERED, offer.id, offer.made_at
        if offer.state is OfferState.ACCEPTED and offer.answered_at is not None:
            yield Measure.ACCEPTED, offer.id, offer.answered_at
    for request in work.tx.find(SupportRequest):
        yield Measure.REQUESTS, request.id, request.asked_at
    for talk in work.tx.find(CheckIn, state=CheckInState.HELD, met_by=None):
        assert talk.held_at is not None
        yield HELD.get(talk.stage, Measure.HELD_STRESS), talk.id, talk.held_at
    for step in work.tx.find(Step, kind=StepKind.FIRST_CONTACT, state=StepState.DONE):
        yield Measure.REACHED, step.id, work.now
        assert step.promised_at is not None
        if work.now <= step.promised_at:
            yield Measure.REACHED_IN_TIME, step.id, work.now
    for referral in work.tx.find(Referral, state=ReferralState.ACCEPTED):
        yield Measure.REFERRED, referral.id, referral.changed_at
