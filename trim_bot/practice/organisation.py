"""The practice organisation, all of it marked as made up: settings, sample members, and past figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.oversight.weeks import DESK
from trim_bot.app.people.counted import PARTS, PEOPLE
from trim_bot.app.people.eligible import LINE
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.app.site_file.reading import default_site
from trim_bot.domain.bulletins import CountedPerson, CountingSince, Figure, MarkId, PeriodKind, around
from trim_bot.domain.calendar import WorkCalendar, next_open
from trim_bot.domain.figures import closed_quarter
from trim_bot.domain.ids import AccountId, MemberId, OrganisationId, ServiceId, new_id
from trim_bot.domain.people import (
    Account,
    Address,
    Availability,
    Grant,
    Member,
    Platform,
    Reach,
    ReportingLine,
    Role,
    Training,
)
from trim_bot.domain.records import Beginning
from trim_bot.domain.site import Organisation, Service, SignedThreshold, Site
from trim_bot.domain.zones import at_local
from trim_bot.locale.crisis_numbers import numbers_for
from trim_bot.locale.public_holidays import PublicHolidays

NAME = "Practice organisation"
CHECKED = "checked for practice only"
MORNING, ALL_HAVE_HEARD = time(9, 30), time(10)
"""Before anybody who serves has their message of the day, and when all of them had it."""
AHEAD = timedelta(days=400)

SERVICES = (
    Service(ServiceId("oh"), "Occupational health", "a nurse or doctor at work", "Ring 01632 960101"),
    Service(ServiceId("gp"), "Their own doctor", "the usual surgery", "They ring their surgery themselves"),
    Service(
        ServiceId("therapy"),
        "Trauma therapy",
        "a clinic for after hard events",
        "Refer by phone, 01632 960102",
    ),
    Service(ServiceId("money"), "Money advice", "help with debt and bills", "Ring 01632 960103"),
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
            SignedThreshold("trauma_first_v1", 9, 3, signed_by, signed_on, signed_here=True),
            SignedThreshold("trauma_month_v1", 6, 3, signed_by, signed_on, signed_here=True),
        ),
    )


def working_moment(site: Site, instant: datetime) -> datetime:
    """`instant` (aware) if that is working time at the site, else ten on this or the next working day; UTC.

    By then everybody who serves has had their message of the day.
    """
    zone = ZoneInfo(site.zone)
    first = instant.astimezone(zone).date()
    holidays = PublicHolidays().between(site.country, site.region, first, first + AHEAD)
    opens = next_open(WorkCalendar(site.hours, holidays=holidays), instant)
    return max(opens, at_local(opens.astimezone(zone).date(), ALL_HAVE_HEARD, site.zone))


FIGURES = {
    Figure.CAME: 41,
    Figure.CAME_OFFERED: 24,
    Figure.CAME_ASKED: 20,
    Figure.TALKED: 33,
    Figure.REFERRED: 6,
}
"""How many people the quarter that has ended is made to hold."""
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
        tx.add(CountingSince(PEOPLE, closed_quarter(today), whole=True))
        for figure, n in FIGURES.items():
            _count(tx, figure, n, closed_quarter(today) + MID_QUARTER)

    await store.write(OrganisationId(organisation.id), body)
    return organisation


def _count(tx: Tx, figure: Figure, n: int, day: date) -> None:
    for period in around(day):
        if figure not in PARTS or period.kind is PeriodKind.HALF_YEAR:
            for _ in range(n):
                tx.add(CountedPerson(MarkId(new_id()), f"{period.id}/{figure.value}"))


def _enter(tx: Tx, one: SampleMember, now: datetime) -> None:
    member = Member(
        MemberId(new_id()), tx.new_key(), one.name, phone=one.phone, reach=one.reach, best_time=one.best_time,
        availability=one.availability, listed=True, asked=True,
    )  # fmt: skip
    tx.add(member)
    tx.add(Account(AccountId(new_id()), member.key_id, member.id, one.address.platform, one.address.text))
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


SLUG = "practice"
TRAINED = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY})


@dataclass(frozen=True, slots=True)
class SampleMember:
    """One made-up member. `key` is their address in the browser."""

    key: str
    name: str
    label: str
    """What is shown under the name."""
    roles: tuple[Role, ...] = ()
    phone: str = ""
    """From the range of numbers that are kept free for stories."""
    reach: Reach = Reach.PHONE
    best_time: str = ""
    availability: Availability = Availability.ROOM

    @property
    def address(self) -> Address:
        """Where the browser pages know them."""
        return Address(Platform.WEB, SLUG, self.key)


CAST = (
    SampleMember(
        "maya", "Maya Okafor", "Practitioner", (Role.PRACTITIONER,), "07700 900101", best_time="Mornings"
    ),
    SampleMember("tomasz", "Tomasz Nowak", "Practitioner", (Role.PRACTITIONER,), "07700 900102"),
    SampleMember(
        "priya",
        "Priya Nair",
        "Lead",
        (Role.LEAD, Role.PRACTITIONER),
        "07700 900103",
        availability=Availability.FULL,
    ),
    SampleMember("daniel", "Daniel Osei", "Deputy lead", (Role.DEPUTY,), "07700 900104"),
    SampleMember("ingrid", "Dr Ingrid Solberg", "Clinical lead", (Role.CLINICAL_LEAD,), "07700 900105"),
    SampleMember("hana", "Hana Kimura", "Coordinator", (Role.COORDINATOR,), "07700 900106"),
    SampleMember("leo", "Leo Martins", "Administrator", (Role.ADMINISTRATOR,)),
    SampleMember("ruth", "Ruth Adeyemi", "Auditor", (Role.AUDITOR,)),
    SampleMember("alex", "Alex Byrne", "Nurse", (), "07700 900111", best_time="After a late shift"),
    SampleMember("samira", "Samira Haddad", "Porter", (), "07700 900112", Reach.IN_PERSON),
    SampleMember("jonas", "Jonas Weber", "Paramedic", (), "07700 900113", best_time="Afternoons"),
    SampleMember("mei", "Mei Chen", "Pharmacist", (), "07700 900114", Reach.BROWSER),
    SampleMember("nadia", "Nadia Petrov", "Dispatcher", (), "07700 900115"),
    SampleMember("owen", "Owen Price", "Technician", (), "07700 900116", Reach.IN_PERSON),
    SampleMember("farid", "Farid Rahimi", "Driver", (), "07700 900117", best_time="Before noon"),
    SampleMember("lucy", "Lucy Grant", "Cleaner", (), "07700 900118"),
    SampleMember("ken", "Ken Ito", "Radiographer", (), "07700 900119", best_time="After four"),
    SampleMember("grace", "Grace Mwangi", "Ward manager", ()),
)
LINES = (("alex", "grace"), ("samira", "grace"), ("mei", "tomasz"))
"""Pairs of a member and their manager: nobody is ever offered a talk by their own manager."""


def sample(key: str) -> SampleMember:
    """The member with this key. Raises KeyError."""
    return next(one for one in CAST if one.key == key)
