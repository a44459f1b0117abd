"""When an event ended for some of its people, where crews left at different hours: their talks count from then."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.state import get_incident
from trim_bot.app.event_room import own_end_screens as screens
from trim_bot.app.event_room.commands import SetOwnEnd
from trim_bot.app.event_room.seen_by import people_to_correct
from trim_bot.app.events.corrections import move_windows
from trim_bot.app.events.exposed import ended_at
from trim_bot.app.people.screens import told_apart
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenOwnEnds
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.app.words.clocks import clock_of_event
from trim_bot.domain.errors import Invalid


def open_own_ends(work: Work, command: OpenOwnEnds) -> Screen:
    """The people, those with a time of their own first told, and the form for a time."""
    incident = get_incident(work, command.incident)
    people = people_to_correct(work, incident)
    names = told_apart([(one.name or member.name, one.phone) for one, member in people])
    rows = [
        screens.OwnEnd(member.id, name, one.ended_at)
        for (one, member), name in zip(people, names, strict=True)
    ]
    return (
        screens.own_end_form(incident, rows, clock_of_event(work, incident))
        if rows
        else screens.nobody_left()
    )


def set_own_end(work: Work, command: SetOwnEnd) -> Outcome:
    """Keep it for each; talks of theirs that are planned move with it, whoever of them has any. Raises Invalid."""
    incident = get_incident(work, command.incident)
    clock = clock_of_event(work, incident)
    ended = ended_at(work, clock, command.clock, command.ended_on, command.ended_at)
    chosen = set(command.people)
    people = [(one, member) for one, member in people_to_correct(work, incident) if member.id in chosen]
    if not people:
        raise Invalid(people=mending.CHOOSE_PERSON)
    own = ended if ended != incident.ended_at else None
    moved = [member.id for one, member in people if one.ended_at != own]
    for exposure, _ in people:
        work.tx.save(replace(exposure, ended_at=own))
    move_windows(work, incident, moved)
    return Outcome("own_end_set", {"incident": incident.id, "of": str(len(people))})
