"""The practice organisation: its settings, its sample members and its past figures, all marked as made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.oversight.handlers import closed_quarter
from trim_bot.app.oversight.weeks import DESK
from trim_bot.app.people.eligible import LINE
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.app.site_file import default_site
from trim_bot.domain.calendar import WorkCalendar, at_local, next_open
from trim_bot.domain.ids import MemberId, OrganisationId, new_id
from trim_bot.domain.people import Account, Grant, Member, ReportingLine, Training
from trim_bot.domain.records import Beginning, Measure
from trim_bot.domain.site import Organisation, Service, SignedThreshold, Site
from trim_bot.locale.crisis_numbers import numbers_for
from trim_bot.locale.public_holidays import PublicHolidays
from trim_bot.practice.sample_members import CAST, LINES, SLUG, TRAINED, SampleMember, sample

NAME = "Practice organisation"
CHECKED = "checked for practice only"
MORNING = time(9, 30)
AHEAD = timedelta(days=400)

SERVICES = (
    Service("oh", "Occupational health", "a nurse or doctor at work", "Ring 01632 960101"),
    Service("gp", "Their own doctor", "the usual surgery", "They ring their surgery themselves"),
    Service("therapy", "Trauma therapy", "a clinic for after hard events", "Refer by phone, 01632 960102"),
    Service("money", "Money advice", "help with debt and bills", "Ring 01632 960103"),
)


def practice_site(today: date) -> Site:
    """Settings without a key. The numbers are those the package ships; `today` is when they were checked."""
    numbers = tuple(
        replace(number, verified_on=today, source=f"{number.source} ({CHECKED})")
        for number in numbers_for("GB")
    )
    signed_by = f"{sample('ingrid').name}, clinical lead"
    signed_on = today - timedelta(days=60)
    return replace(
        default_site(NAME, SLUG, numbers),
        services=SERVICES,
        thresholds=(
            SignedThreshold("trauma_first_v1", 9, 3, signed_by, signed_on),
            SignedThreshold("trauma_month_v1", 6, 3, signed_by, signed_on),
        ),
    )


def working_moment(site: Site, instant: datetime) -> datetime:
    """`instant` (aware) if that is working time at the site, else half past nine on the next working day; UTC."""
    zone = ZoneInfo(site.zone)
    first = instant.astimezone(zone).date()
    holidays = PublicHolidays().between(site.country, site.region, first, first + AHEAD)
    opens = next_open(WorkCalendar(site.hours, holidays=holidays), instant)
    if opens == instant:
        return instant.astimezone(UTC)
    return at_local(opens.astimezone(zone).date(), MORNING, site.zone)


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


def _enter(tx: Tx, one: SampleMember, now: datetime) -> None:
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
