"""Enters the sample members, the settings and past figures into an empty practice organisation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from trim_bot.app.oversight.handlers import closed_quarter
from trim_bot.app.oversight.weeks import DESK
from trim_bot.app.people.eligible import LINE
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.domain.ids import MemberId, OrganisationId, new_id
from trim_bot.domain.people import Account, Grant, Member, ReportingLine, Training
from trim_bot.domain.records import Beginning, Measure
from trim_bot.domain.site import Organisation, Site
from trim_bot.practice.sample_members import CAST, LINES, SLUG, TRAINED, Sample, sample

FIGURES = {
    Measure.INCIDENTS: 12,
    Measure.OFFERED: 45,
    Measure.ACCEPTED: 31,
    Measure.REQUESTS: 22,
    Measure.REACHED: 51,
    Measure.REACHED_IN_TIME: 48,
    Measure.HELD_FIRST: 29,
    Measure.HELD_MONTH: 24,
    Measure.HELD_STRESS: 13,
    Measure.REFERRED: 6,
}
"""What the quarter that has ended is made to hold, and the one that will end while somebody practises."""
MID_QUARTER = timedelta(days=40)


async def found_practice(store: Store, site: Site, now: datetime) -> Organisation:
    """Make the organisation with everybody in it. `now` (aware) is the business time it begins at."""
    organisation = await store.found(SLUG, None)
    today = now.date()

    def body(tx: Tx) -> None:
        tx.add(replace(site, key_id=tx.new_key()))
        tx.add(Beginning(DESK, closed_quarter(today)))
        for one in CAST:
            _enter(tx, one, now)
        for person, manager in LINES:
            tx.add(ReportingLine(new_id(), _digest(tx, person), _digest(tx, manager)))
        for day in (closed_quarter(today) + MID_QUARTER, today):
            for measure, figure in FIGURES.items():
                tx.count(measure, day, figure)

    await store.write(OrganisationId(organisation.id), body)
    return organisation


def _enter(tx: Tx, one: Sample, now: datetime) -> None:
    member = Member(
        MemberId(new_id()), tx.new_key(), one.name, phone=one.phone, reach=one.reach, best_time=one.best_time,
        availability=one.availability, listed=True, asked=True,
    )  # fmt: skip
    tx.add(member)
    tx.add(Account(new_id(), member.key_id, member.id, one.address.platform, one.address.text))
    for role in one.roles:
        tx.add(Grant(new_id(), member.id, role, now))
    if TRAINED.intersection(one.roles):
        trained = now.date() - timedelta(days=200)
        tx.add(
            Training(new_id(), member.key_id, member.id, "Practice trainer", trained, _two_years_on(trained))
        )


def _two_years_on(day: date) -> date:
    return day + timedelta(days=730)


def _digest(tx: Tx, key: str) -> str:
    return tx.keyed(LINE, sample(key).address.text)
