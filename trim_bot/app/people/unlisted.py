"""People without an account, as they are typed: one person once, by name and phone, however either is written.

Somebody who was named before is the same member, and nothing says so: neither on the form nor in what it shows later,
which is what was typed for this event.
"""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.people.meeting import meet_unlisted
from trim_bot.app.seam import mending
from trim_bot.app.seam.work import Work
from trim_bot.domain.clean_text import normalised_name
from trim_bot.domain.errors import Invalid
from trim_bot.domain.people import Member

MOST_UNLISTED = 50
MOST_NAME, MOST_PHONE, MOST_TIME = 100, 40, 60


@dataclass(frozen=True, slots=True)
class Typed:
    """One line: what was written of somebody."""

    name: str
    phone: str
    best_time: str = ""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Somebody without an account, with what was typed of them."""

    member: Member
    typed: Typed


def unlisted_people(work: Work, text: str) -> list[Unlisted]:
    """The people of some lines: a name, a comma, a phone number, and if wanted a comma and a good time to ring.

    Two of one name are two people unless their number is the same too. Raises Invalid.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_UNLISTED:
        raise Invalid(unlisted=mending.too_many_people(MOST_UNLISTED))
    found: dict[str, Unlisted] = {}
    for line in lines:
        typed = _typed(line)
        member = _known(work, typed)
        found.setdefault(member.id, Unlisted(member, typed))
    return list(found.values())


def known_as(work: Work, name: str, phone: str) -> str:
    """Name and number in one form each; empty without a number, since a name alone may be two people's."""
    number = work.phones.one_form(phone, work.site.country)
    form = normalised_name(name)
    return f"{form}\n{number}" if form and number else ""


def _typed(line: str) -> Typed:
    name, phone, best_time = (part.strip() for part in (*line.split(",", 2), "", "")[:3])
    if not name or len(name) > MOST_NAME or len(phone) > MOST_PHONE or len(best_time) > MOST_TIME:
        raise Invalid(unlisted=mending.UNLISTED_LINE)
    return Typed(name, phone, best_time)


def _known(work: Work, typed: Typed) -> Member:
    key = known_as(work, typed.name, typed.phone)
    same = work.tx.find(Member, known_as=key, left=False, limit=1) if key else []
    return same[0] if same else meet_unlisted(work.tx, typed.name, typed.phone, key)
