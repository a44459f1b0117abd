"""Words about people: how they want to be reached, how much somebody holds, and which of two people of one
name is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from trim_bot.app.seam.command import ListPlace, Opening
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import as_given, phrase, phrase_of
from trim_bot.app.seam.unsigned import Button, Page
from trim_bot.app.seam.views import Facts, PersonCard, Text, Wording
from trim_bot.domain.clean_text import normalised_name
from trim_bot.domain.people import Member, Reach

UNTRAINED = (
    "There is no training on record for you that is in date. You keep what you hold, and can begin nothing new. "
    "Ask the coordinator to look at the date."
)
"""For somebody who serves and may not log an event or take a talk now."""


def at_the_limit(most: int) -> str:
    """For somebody who cannot take one more."""
    return phrase(
        "You hold {talks}, the most your site allows. Someone else has to take this one.", talks=talks(most)
    )


def held_line(held: int, most: int) -> str:
    """How much somebody holds."""
    if held < most:
        return phrase("You hold {held} of {most}, the most your site allows.", held=held, most=most)
    return phrase("You hold {talks}, as many as your site allows. New ones go to others.", talks=talks(held))


def talks(number: int) -> str:
    """`1 piece of work`, `5 pieces of work`: cases, and requests that are no case yet."""
    return phrase_of(number, "{n} piece of work", "{n} pieces of work")


def leads_page(
    whose: PersonCard, part: ListPart[Member], on: Callable[[ListPlace], Opening], back: Opening
) -> Page:
    """Names and numbers of leads and deputies, with what to share and what not. `on` shows what follows a place."""
    rows = tuple(
        (as_given(one.name), as_given(one.phone) if one.phone else "by chat or in person")
        for one in part.rows
    )
    nobody = Text("No lead is named yet. The coordinator can put this right.")
    return Page(
        "talk_to_lead",
        "Talk it over with a lead",
        (
            whose,
            Text("You can talk about what worries you without saying who it is about."),
            *counted(part),
            Facts(rows) if rows else nobody,
            *onward(part, on),
            Button("Back", back),
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
            shown.append(as_given(name))
        elif _end(phone) and ends[form, _end(phone)] == 1:
            shown.append(phrase("{name}, number ending {end}", name=name, end=_end(phone)))
        else:
            shown.append(phrase("{name} ({number})", name=name, number=seen[form]))
    return shown


def _end(phone: str) -> str:
    digits = "".join(one for one in phone if one.isdigit())
    return digits[-SHOWN_DIGITS:] if len(digits) > SHOWN_DIGITS else ""
