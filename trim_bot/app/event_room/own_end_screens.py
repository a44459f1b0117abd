"""When an event ended for some of its people: the form, and that it was kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.events.screens import end_of
from trim_bot.app.seam.links import OpenOwnEnds
from trim_bot.app.seam.sentences import as_given, joined, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Choices, Facts, Option, Text, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.clocks import ReadBy
from trim_bot.app.words.times import spoken, zone_words
from trim_bot.domain.ids import IncidentId, MemberId
from trim_bot.domain.incidents import Incident

MOST_TOLD = 15
"""People with a time of their own who are named above the form; of the others how many they are."""


@dataclass(frozen=True, slots=True)
class OwnEnd:
    """One person of an event, and when it ended for them (UTC) where that is another time."""

    member: MemberId
    name: str
    ended_at: datetime | None = None


def own_end_form(incident: Incident, people: Sequence[OwnEnd], clock: ReadBy) -> Form:
    """Who left at another time, and when, by the clock of the event."""
    return Form(
        OpenOwnEnds(incident.id),
        "Left at another time",
        (
            Text("Their talks count from the time you put here. Talks that are planned move with it."),
            Text("You cannot see here who has talks. Leads and whoever logged the event see these times."),
            *_told(people, clock),
            Choices(
                "people", "Who left then", tuple(Option(one.member, as_given(one.name)) for one in people)
            ),
            *end_of(incident, clock),
        ),
        submit="Save",
    )


def nobody_left() -> Page:
    """Everybody was taken off the event, or has left."""
    return Page("own_end", "Left at another time", (Text("Nobody who was part of it is still here."),))


def _told(people: Sequence[OwnEnd], clock: ReadBy) -> Iterator[Block]:
    own = [one for one in people if one.ended_at is not None]
    rows = tuple((as_given(one.name), when(one.ended_at, clock)) for one in own[:MOST_TOLD] if one.ended_at)
    if rows:
        yield Facts(rows)
    if len(own) > len(rows):
        yield Text(phrase("{number} more have a time of their own.", number=len(own) - len(rows)))


def when(ended: datetime, clock: ReadBy) -> str:
    """A time (UTC) as the clock of an event shows it, with the name of its zone."""
    return phrase("{when} ({zone})", when=spoken(ended, ZoneInfo(clock.zone)), zone=zone_words(clock.zone))


def own_end_set(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """It is kept, for how many."""
    many = phrase_of(int(ids["of"]), "It is kept for one person.", "It is kept for {n} people.")
    return Page(
        "own_end_set",
        "The time is kept",
        (
            Text(joined((many, phrase("Talks that were planned have moved with it.")))),
            Text("Nobody was written to."),
            Button("Another time", OpenOwnEnds(IncidentId(ids["incident"])), Weight.QUIET),
        ),
    )
