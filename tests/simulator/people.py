"""The people of a town: where they are, when they work, what they do there, and how soon they answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trim_bot.domain.people import Address, Platform, Role

ZONES = (
    "",
    "",
    "",
    "Europe/London",
    "America/New_York",
    "Australia/Perth",
    "Australia/Lord_Howe",
    "Europe/Berlin",
)
"""Empty: that of the site. Lord Howe moves its clocks by half an hour."""
Week = tuple[tuple[tuple[time, time], ...], ...]
OFFICE: Week = (((time(9), time(17)),),) * 5 + ((),) * 2
EARLY: Week = (((time(6), time(14)),),) * 5 + ((),) * 2
NIGHTS: Week = (((time(21), time(6)),),) * 4 + ((),) * 3
WEEKS: Sequence[Week | None] = (None, None, None, EARLY, NIGHTS)
"""None: the hours of the site."""


@dataclass
class Person:
    """Somebody, as the model knows them."""

    name: str
    addresses: tuple[Address, ...]
    roles: frozenset[Role]
    zone: str
    week: Week | None
    shifts: tuple[tuple[datetime, datetime], ...] = ()
    away: tuple[datetime, datetime] | None = None
    diligence: float = 0.9
    left: bool = False
    member_id: str = ""
    says_away: bool = False
    stopped: bool = False
    """Whether they asked for no messages."""
    changed_at: datetime | None = None
    """When their leave or roles, or their wish for messages, last changed."""

    @property
    def serves(self) -> bool:
        """Whether they take work."""
        return bool(self.roles & {Role.PRACTITIONER, Role.LEAD, Role.DEPUTY})

    def unsettled(self, since: datetime) -> bool:
        """Whether they were, or might have been, away or out of a role at some time since."""
        on_leave = self.away is not None and self.away[1] > since
        return on_leave or (self.changed_at is not None and self.changed_at >= since)

    @property
    def address(self) -> Address:
        """Where they are met first."""
        return self.addresses[0]


def rota(zone: str, first: date, weeks: int, chance: random.Random) -> tuple[tuple[datetime, datetime], ...]:
    """Four days on and four off, each run of days by early, late or night shifts; in local time, as UTC."""
    place = ZoneInfo(zone)
    found: list[tuple[datetime, datetime]] = []
    day, offset = first, chance.randrange(8)
    for number in range(weeks * 7):
        if (number + offset) % 8 < 4:
            kind = ((number + offset) // 8) % 3
            begin, hours = ((time(6), 8), (time(14), 8), (time(22), 8))[kind]
            start = datetime.combine(day, begin, place)
            end = (start.replace(tzinfo=None) + timedelta(hours=hours)).replace(tzinfo=place)
            found.append((start.astimezone(UTC), end.astimezone(UTC)))
        day += timedelta(days=1)
    return tuple(found)


def few(chance: random.Random) -> list[Person]:
    """A handful of people in the site's own hours: three practitioners, who leads, and a dozen more."""
    roles = [frozenset({Role.PRACTITIONER})] * 3
    roles += [
        frozenset({Role.LEAD}),
        frozenset({Role.DEPUTY, Role.PRACTITIONER}),
        frozenset({Role.COORDINATOR}),
    ]
    found: list[Person] = []
    for number, held in enumerate((*roles, *[frozenset[Role]()] * 12)):
        slack, teams = both_accounts(number)
        # Whoever leads has both chats.
        ways = (slack, teams) if Role.LEAD in held else chance.choice(((slack,), (teams,)))
        found.append(Person(f"P{number}", ways, held, "", None, diligence=0.9 if held else 0.8))
    return found


def cast(chance: random.Random, begin: datetime, weeks: int, site_zone: str) -> list[Person]:
    """Who is there: some in each role, and some who are only there."""
    roles: list[frozenset[Role]] = [frozenset({Role.PRACTITIONER})] * chance.choice((4, 6, 9))
    roles += [frozenset({Role.PRACTITIONER, Role.LEAD}) if chance.random() < 0.5 else frozenset({Role.LEAD})]
    roles += [frozenset({Role.DEPUTY, Role.PRACTITIONER})] if chance.random() < 0.8 else []
    roles += [frozenset({Role.COORDINATOR})]
    roles += [frozenset()] * chance.choice((24, 70, 140))
    people: list[Person] = []
    for number, held in enumerate(roles):
        zone = chance.choice(ZONES)
        on_shifts = chance.random() < (0.4 if held else 0.2)
        shifts = rota(zone or site_zone, begin.date(), weeks + 10, chance) if on_shifts else ()
        people.append(
            Person(
                name=f"P{number}",
                addresses=_accounts(number, chance),
                roles=held,
                zone=zone,
                week=None if shifts else chance.choice(WEEKS),
                shifts=shifts,
                diligence=chance.choice((0.8, 0.5, 0.3, 0.1) if not held else (0.95, 0.7, 0.4, 0.15)),
            )
        )
    return people


def _accounts(number: int, chance: random.Random) -> tuple[Address, ...]:
    slack, teams = both_accounts(number)
    drawn = chance.random()
    return (slack, teams) if drawn < 0.15 else (teams,) if drawn < 0.45 else (slack,)


def both_accounts(number: int) -> tuple[Address, Address]:
    """Somebody's account in each chat."""
    slack = Address(Platform.SLACK, "T1", f"U{number:03d}")
    return slack, Address(Platform.TEAMS, "tenant-1", f"object-{number:03d}")
