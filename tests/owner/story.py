"""What happens to the people of one small town in four weeks, drawn before anything is played."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum

from trim_bot.domain.calendar import WorkingHours

ZONE = "Europe/London"
START = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
"""A Monday morning, with four weeks ahead in which no clock changes."""
LASTS = timedelta(days=28)
HAPPENS_WITHIN = timedelta(days=11)
"""Whoever puts an offer off is asked again two weeks later, and the town lives on until then."""


class Answer(Enum):
    """What became of an offer."""

    YES = "yes"
    """A case begins."""
    LATER = "not now"
    """Asked once more, two weeks later."""
    NO = "no"
    """Nothing follows."""
    NONE = "no answer"
    """Nobody pressed."""


SHARES = ((Answer.YES, 0.3), (Answer.LATER, 0.2), (Answer.NO, 0.2), (Answer.NONE, 0.3))
SIZES = ((1, 0.55), (2, 0.25), (3, 0.15), (5, 0.05))
"""Most events have one to three people."""
SHIFTS = ((None, 0.7), ((7, 15), 0.15), ((13, 21), 0.15))
"""Hours of the site, an early shift, or a late one."""
IN_DANGER = 0.1
"""Of those with a case, the share for whom somebody is called."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works there."""

    name: str
    hours: WorkingHours | None


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who was there, and what they will do about the offer."""

    name: str
    answer: Answer
    after: timedelta
    """From the message with the offer to the answer."""
    looks: bool
    """Whether they open the message although they give no answer."""
    danger_after: timedelta | None
    """From the yes to the moment when somebody fears for them; None for nearly everybody."""


@dataclass(frozen=True, slots=True)
class Event:
    """A hard event."""

    ended_at: datetime
    logged_at: datetime
    logged_by: str
    own: bool
    """Whether whoever logs it can hold the talks."""
    present: tuple[Present, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """The whole town."""

    seed: int
    staff: tuple[Person, ...]
    practitioners: tuple[Person, ...]
    events: tuple[Event, ...]
    asks: tuple[tuple[datetime, str], ...]
    """When somebody asks for support without any event, and who."""


def drawn(seed: int) -> Story:
    """The story of one seed, always the same."""
    chance = random.Random(f"town {seed}")
    staff = tuple(Person(f"s{number}", _hours(chance)) for number in range(chance.randint(8, 12)))
    practitioners = tuple(Person(f"p{number}", _hours(chance)) for number in range(chance.randint(3, 4)))
    events = tuple(_event(chance, staff, practitioners) for _ in range(chance.randint(2, 3)))
    there = {one.name for event in events for one in event.present}
    others = [one.name for one in staff if one.name not in there]
    asks = tuple(
        (_by_day(chance, START + chance.random() * timedelta(days=18)), name)
        for name in chance.sample(others, min(len(others), chance.randint(0, 2)))
    )
    return Story(seed, staff, practitioners, events, asks)


def _hours(chance: random.Random) -> WorkingHours | None:
    [shift] = chance.choices([one for one, _ in SHIFTS], [share for _, share in SHIFTS])
    if shift is None:
        return None
    day = ((time(shift[0]), time(shift[1])),)
    return WorkingHours(ZONE, (day,) * 5 + ((), ()))


def _event(chance: random.Random, staff: tuple[Person, ...], serve: tuple[Person, ...]) -> Event:
    ended = START + chance.random() * HAPPENS_WITHIN
    if chance.random() < 0.6:
        ended = _by_day(chance, ended)
    logged = ended + timedelta(minutes=chance.randint(20, 360))
    if not 8 <= logged.hour < 18 and chance.random() < 0.8:
        logged = _by_day(chance, logged + timedelta(hours=12 if logged.hour >= 18 else 0))
    if logged.weekday() > 4 and chance.random() < 0.7:
        logged = _by_day(chance, logged + timedelta(days=7 - logged.weekday()))
    [size] = chance.choices([one for one, _ in SIZES], [share for _, share in SIZES])
    present = tuple(_present(chance, one.name) for one in chance.sample(staff, size))
    return Event(_whole(ended), _whole(logged), chance.choice(serve).name, chance.random() < 0.6, present)


def _present(chance: random.Random, name: str) -> Present:
    [answer] = chance.choices([one for one, _ in SHARES], [share for _, share in SHARES])
    low, high = chance.choices(((2, 60), (60, 480), (480, 2880)), (0.4, 0.35, 0.25))[0]
    after = timedelta(minutes=chance.randint(low, high))
    danger = answer is Answer.YES and chance.random() < IN_DANGER
    danger_after = timedelta(hours=4 + chance.random() * 190) if danger else None
    return Present(name, answer, after, chance.random() < 0.4, danger_after)


def _by_day(chance: random.Random, at: datetime) -> datetime:
    """The same day, at a time between eight and six."""
    return _whole(at.replace(hour=8, minute=0) + timedelta(minutes=chance.randint(0, 599)))


def _whole(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
