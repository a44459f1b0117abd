"""What leads read when they release an event: what would go out to whom, who could hold the talks, and that it went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.event_room.commands import OpenEventRoom, OpenEventsToPlan, OpenRelease
from trim_bot.app.event_room.proposing import CouldHold
from trim_bot.app.event_room.screens import CHOICES, WHO_SEES
from trim_bot.app.seam.sentences import joined, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Choices, Facts, Option, Text, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.times import spoken
from trim_bot.domain.ids import IncidentId
from trim_bot.domain.incidents import Chosen

MOST_NAMES = 20
"""Names shown of one group; of the others how many they are."""


@dataclass(frozen=True, slots=True)
class Release:
    """What would go out, by name, and who could hold the talks."""

    incident: IncidentId
    talks: tuple[str, ...]
    leaflets: tuple[str, ...]
    briefings: tuple[str, ...]
    nothing: tuple[str, ...]
    holders: tuple[CouldHold, ...]
    seen: str
    goes_at: datetime


def release_form(release: Release, zone: ZoneInfo) -> Form:
    """What goes out, and who could hold the talks."""
    talks = len(release.talks)
    return Form(
        OpenRelease(release.incident, release.seen),
        "Release it",
        (
            Text(
                "This goes out once you press Release. Each can say yes, not now or no, and nobody is asked why."
            ),
            *_groups(release, zone),
            *_holders(release.holders, talks),
            Text(WHO_SEES, quiet=True),
        ),
        submit="Release",
        back=Button("Back", OpenEventRoom(release.incident)),
    )


def nothing_to_release(release: Release, zone: ZoneInfo) -> Page:
    """Nothing is chosen that has not gone out."""
    return Page(
        "release_event",
        "Nothing to release",
        (
            Text("Nothing that is chosen waits to go out. What was released before has gone out once."),
            *_groups(release, zone),
            Button("Back to the people", OpenEventRoom(release.incident)),
            Button("Events to plan", OpenEventsToPlan(), Weight.QUIET, to_all=True),
        ),
    )


def _groups(release: Release, zone: ZoneInfo) -> Iterator[Block]:
    groups = (
        (CHOICES[Chosen.TALK], release.talks),
        (CHOICES[Chosen.BRIEFING], release.briefings),
        (CHOICES[Chosen.LEAFLET], release.leaflets),
        (CHOICES[Chosen.NOTHING], release.nothing),
    )
    rows = tuple((label, _names(names)) for label, names in groups if names)
    if rows:
        yield Facts(rows)
    if release.nothing:
        when = spoken(release.goes_at, zone)
        yield Text(
            phrase(
                "Of those with nothing yet, whoever was directly involved gets an offer on {when}.", when=when
            )
        )


def _holders(able: Sequence[CouldHold], talks: int) -> Iterator[Block]:
    if not talks:
        return
    if not able:
        yield Text(
            "No practitioner has room now, so no offer names one. A yes goes to whoever has room then."
        )
        return
    options = tuple(
        Option(one.id, phrase("{name}, holds {number}", name=one.name, number=one.holds)) for one in able
    )
    yield Choices(
        "holders",
        "Who could hold these talks",
        options,
        "They have room and no tie. Each offer names one of them. With none, a yes goes to whoever has room.",
        value=tuple(one.id for one in able[:talks]),
    )


def _names(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    said = joined(names[:MOST_NAMES], ", ")
    return phrase("{names} and {more} more", names=said, more=more) if more > 0 else said


def released(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """How much went out."""
    talks, leaflets, briefings = (int(ids[name]) for name in ("talks", "leaflets", "briefings"))
    said = []
    if talks:
        said.append(
            phrase_of(talks, "One offer of a talk is on its way.", "{n} offers of a talk are on their way.")
        )
    if leaflets:
        said.append(
            phrase_of(leaflets, "One person finds something to read.", "{n} people find something to read.")
        )
    if briefings:
        said.append(
            phrase_of(
                briefings,
                "One person is told of the group briefing.",
                "{n} people are told of the group briefing.",
            )
        )
    return Page(
        "event_released",
        "It has gone out",
        (
            Text(
                joined(said)
                if said
                else "Nothing was left to send. What was released before has gone out once."
            ),
            Text(
                "Each person gets the one message that everybody gets. It says nothing about what happened."
            ),
            Text("Nothing was sent to any manager. You cannot see here who answers what."),
            Button("Look at the people", OpenEventRoom(IncidentId(ids["incident"])), Weight.QUIET),
            Button("Events to plan", OpenEventsToPlan(), to_all=True),
        ),
    )
