"""The owner of a chat learns nothing from the messages of two towns that differ in every answer; planted leaks show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from itertools import islice

import pytest

from tests.owner.clues import shape
from tests.owner.exported import Export
from tests.owner.planting import PLANTS, Plant
from tests.owner.settings import DEFAULT
from tests.owner.story import Answer, Story, drawn
from tests.owner.towns import lived

OTHERWISE = {
    Answer.YES: Answer.NO,
    Answer.NO: Answer.YES,
    Answer.LATER: Answer.NONE,
    Answer.NONE: Answer.LATER,
}
TOWNS = range(6)
SHOWS = 6
"""Differences by which a leak has shown; without one there are fewer in all the towns together."""
Seen = tuple[datetime, str, str]


def calm(story: Story, *, otherwise: bool = False) -> Story:
    """The same town where nobody is in danger, and everybody answers otherwise if asked for."""
    events = []
    for event in story.events:
        present = [replace(one, danger_after=None) for one in event.present]
        if otherwise:
            present = [replace(one, answer=OTHERWISE[one.answer]) for one in present]
        events.append(replace(event, present=tuple(present)))
    return replace(story, events=tuple(events))


def seen(export: Export) -> Counter[Seen]:
    """Who was written to, when, and what the message looks like."""
    return Counter((one.at, one.to, shape(one)) for one in export.messages)


def differences(plant: Plant) -> Iterator[Seen]:
    """What tells some towns from the same towns with all answers changed."""
    for seed in TOWNS:
        with plant():
            one, other = (seen(lived(calm(drawn(seed), otherwise=how), DEFAULT)) for how in (False, True))
        yield from ((one - other) + (other - one)).elements()


def test_nobody_can_tell_two_towns_apart_by_their_messages() -> None:
    found = list(differences(nullcontext))
    staff = [to for _, to, _ in found if to.startswith("US")]
    assert staff == [], "whoever does not serve is written to alike, whatever they answer"
    # What colleagues did not get round to goes on to the next, whom a message tells at once.
    assert len(found) <= 2


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_leak_shows(name: str) -> None:
    """The pairs are the same as without a leak, lived one after the other until it has shown."""
    shown = list(islice(differences(PLANTS[name]), SHOWS))
    assert len(shown) == SHOWS
