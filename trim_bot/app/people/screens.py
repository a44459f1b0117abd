"""Words about people: how they want to be reached, how much somebody holds, and which of two people of one
name is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from trim_bot.app.people.eligible import with_role
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Facts, Text, Wording
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.clean_text import normalised_name
from trim_bot.domain.ids import CaseId
from trim_bot.domain.people import Member, Reach, Role


def at_the_limit(most: int) -> str:
    """For somebody who cannot take one more."""
    return f"You hold {talks(most)}, the most your site allows. Someone else has to take this one."


def held_line(held: int, most: int) -> str:
    """How much somebody holds."""
    if held < most:
        return f"You hold {held} of {most}, the most your site allows."
    return f"You hold {talks(held)}, as many as your site allows. New ones go to others."


def talks(number: int) -> str:
    """`1 piece of work`, `5 pieces of work`: cases, and requests that are no case yet."""
    return "1 piece of work" if number == 1 else f"{number} pieces of work"


def talk_to_lead(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Names and numbers of lead and deputy, with what to share and what not."""
    rows: list[tuple[str, str]] = []
    for id in with_role(work, Role.LEAD, Role.DEPUTY):
        member = work.tx.get(Member, id)
        if member is not None and (work.who.member is None or id != work.who.member.id):
            rows.append((member.name, member.phone or "by chat or in person"))
    found: Block = (
        Facts(tuple(rows)) if rows else Text("No lead is named yet. The coordinator can put this right.")
    )
    return Page(
        "talk_to_lead",
        "Talk it over with the lead",
        (
            Text("You can talk about what worries you without saying who it is about."),
            found,
            Button("Back", OpenCase(CaseId(ids["case"]))),
        ),
    )


REACH = Wording(
    Reach,
    {
        Reach.PHONE: "By phone",
        Reach.CHAT: "By chat message",
        Reach.IN_PERSON: "In person",
        Reach.BROWSER: "Through these pages",
    },
)


SHOWN_DIGITS = 3


def told_apart(people: Sequence[tuple[str, str]]) -> list[str]:
    """Names to show for pairs of name and phone, in their order; a name that is there once stays as it is."""
    same = Counter(normalised_name(name) for name, _ in people)
    ends = Counter((normalised_name(name), _end(phone)) for name, phone in people)
    seen: Counter[str] = Counter()
    shown: list[str] = []
    for name, phone in people:
        form = normalised_name(name)
        seen[form] += 1
        if same[form] == 1:
            shown.append(name)
        elif _end(phone) and ends[form, _end(phone)] == 1:
            shown.append(f"{name}, number ending {_end(phone)}")
        else:
            shown.append(f"{name} ({seen[form]})")
    return shown


def _end(phone: str) -> str:
    digits = "".join(one for one in phone if one.isdigit())
    return digits[-SHOWN_DIGITS:] if len(digits) > SHOWN_DIGITS else ""
