"""How much each practitioner holds, for the leads."""

from __future__ import annotations

from collections.abc import Sequence

from trim_bot.app.cases.commands import OpenTeam
from trim_bot.app.handover.commands import OpenFindRoom, OpenRoom
from trim_bot.app.seam.paging import ListPart, by_name, finding, found, onward
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import Facts, Heading, Text, Weight
from trim_bot.domain.people import Availability
from trim_bot.domain.policy import POLICY

ROOM = "Who holds how much"


def room_lines(rows: Sequence[tuple[str, str]]) -> list[Block]:
    if len(rows) > POLICY.rows_on_a_page:
        return [Button(ROOM, OpenRoom(), Weight.QUIET)]
    return [Heading(ROOM), Facts(tuple((as_given(name), load) for name, load in rows))] if rows else []


def load_words(held: int, most: int, availability: Availability, *, away: bool) -> str:
    """`2 of 5, has room`: how much somebody holds, of what the site allows, and whether they take more."""
    if away or availability is Availability.AWAY:
        return phrase("{held} of {most}, away", held=held, most=most)
    if availability is Availability.FULL:
        return phrase("{held} of {most}, takes no one new", held=held, most=most)
    if held >= most:
        return phrase("{held} of {most}, full", held=held, most=most)
    return phrase("{held} of {most}, has room", held=held, most=most)


def room_page(part: ListPart[tuple[str, str]]) -> Page:
    """How much each practitioner holds, the least busy first."""
    back = Button("Back to planning", OpenTeam(), Weight.QUIET)
    first = Text("Those who hold least come first." if part.rows else "Nobody can take a case now.")
    lines = (Facts(tuple((as_given(name), load) for name, load in part.rows)),) if part.rows else ()
    return Page("room", ROOM, (first, *finding(part, OpenFindRoom()), *lines, *onward(part, OpenRoom), back))


def find_room_form() -> Form:
    """For finding out how much somebody holds."""
    return by_name(OpenFindRoom(), "Find a practitioner", OpenRoom())


def found_room_page(part: ListPart[tuple[str, str]]) -> Page:
    """How much those hold who were found by a part of their name."""
    lines = (Facts(tuple((as_given(name), load) for name, load in part.rows)),) if part.rows else ()
    return Page("find_room", ROOM, found(part, lines, OpenFindRoom(), Button(ROOM, OpenRoom(), Weight.QUIET)))
