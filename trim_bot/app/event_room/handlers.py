"""Shows a lead the people of an event, keeps what is chosen for each, and releases it."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.state import get_incident
from trim_bot.app.event_room import leaflet_screens, release_screens, screens
from trim_bot.app.event_room.briefings_seen import to_be_held
from trim_bot.app.event_room.commands import (
    ChooseForPeople,
    ChooseProposed,
    OpenEventRoom,
    OpenEventsToPlan,
    OpenLeftLeaflet,
    OpenRelease,
    ReleaseEvent,
)
from trim_bot.app.event_room.own_end_screens import when
from trim_bot.app.event_room.proposing import chosen_or_proposed, reached, shared_out, who_could_hold
from trim_bot.app.event_room.releasing import can_go, send, settle
from trim_bot.app.event_room.seen_by import (
    Person,
    digest_of,
    leaflet_of,
    people_seen,
    planned_events_seen,
)
from trim_bot.app.events.planned import planned_event
from trim_bot.app.people.screens import told_apart
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import ListPart, part_by_id, part_of, placed
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Outcome, Work
from trim_bot.app.words.clocks import clock_of_event
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.ids import IncidentId
from trim_bot.domain.incidents import Chosen, Incident
from trim_bot.domain.planned_events import PlannedState
from trim_bot.domain.policy import POLICY


def open_events(work: Work, command: OpenEventsToPlan) -> Screen:
    """Each event that waits to be planned, the one that waits longest first."""
    found = planned_events_seen(work)
    part = part_of(found, lambda one: placed(one[0].opened_at, one[0].id), command.after)
    rows = part.holding(
        screens.ToPlan(
            incident.id, _kind(work, incident), incident.ended_at, len(left),
            planned.opened_at + POLICY.planned_goes_after,
        )
        for planned, incident, left in part.rows
    )  # fmt: skip
    return screens.events_page(rows, work.zone)


def open_room(work: Work, command: OpenEventRoom) -> Screen:
    """The people of the event whom the asker may see, with what is chosen or proposed for each."""
    incident = get_incident(work, command.incident)
    planned = planned_event(work, incident.id)
    if planned is None:
        raise NotOpen("incident")
    people = people_seen(work, incident.id)
    part = _part(people, command.after)
    shown = screens.Room(
        incident=incident.id,
        kind=_kind(work, incident),
        ended_at=incident.ended_at,
        goes_at=planned.opened_at + POLICY.planned_goes_after,
        people=part.holding(_rows(work, incident, part.rows)),
        after=command.after,
        seen=digest_of(part.rows),
        left=sum(one.sent_at is None for one, _ in people) if planned.state is PlannedState.PLANNED else 0,
        briefing=to_be_held(work, incident.id) is not None,
        none_chosen=any(one.chosen is None and one.sent_at is None for one, _ in people),
    )
    return screens.room_form(shown, work.zone) if shown.left else screens.all_sent(shown, work.zone)


def choose(work: Work, command: ChooseForPeople) -> Next:
    """Keep what was chosen on one page. Raises Invalid where somebody else has chosen meanwhile."""
    if not _is_open(work, command.incident):
        return OpenEventRoom(command.incident)
    people = people_seen(work, command.incident)
    part = _part(people, command.after)
    fields = {screens.field_of(one.id): (one, member) for one, member in part.rows if one.sent_at is None}
    if command.seen != digest_of(part.rows):
        raise Invalid(**{next(iter(fields), "people"): mending.SETTING_SAVED_MEANWHILE})
    for name, (exposure, _) in fields.items():
        if isinstance(answer := command.answers.get(name), str) and answer:
            work.tx.save(replace(exposure, chosen=Chosen(answer)))
    if part.after:
        return OpenEventRoom(command.incident, part.after)
    return OpenRelease(command.incident)


def choose_proposed(work: Work, command: ChooseProposed) -> Next:
    """Keep what is proposed for everybody for whom nobody has chosen."""
    if not _is_open(work, command.incident):
        return OpenEventRoom(command.incident)
    people = people_seen(work, command.incident)
    pages, briefed = reached(work, people), to_be_held(work, command.incident) is not None
    for person in people:
        if person[0].chosen is None and person[0].sent_at is None:
            chosen = chosen_or_proposed(person, pages, briefed=briefed)
            work.tx.save(replace(person[0], chosen=chosen))
    return OpenRelease(command.incident)


def open_release(work: Work, command: OpenRelease) -> Screen:
    """What would go out to whom, and who could hold the talks."""
    incident = get_incident(work, command.incident)
    planned = planned_event(work, incident.id)
    if planned is None:
        raise NotOpen("incident")
    people = people_seen(work, incident.id)
    is_open = _is_open(work, incident.id)
    going = can_go(work, incident, people) if is_open else []
    talks = [member.id for one, member in going if one.chosen is Chosen.TALK]
    named = _names(people)
    shown = release_screens.Release(
        incident=incident.id,
        talks=tuple(named[one.id] for one, _ in going if one.chosen is Chosen.TALK),
        leaflets=tuple(named[one.id] for one, _ in going if one.chosen is Chosen.LEAFLET),
        briefings=tuple(named[one.id] for one, _ in going if one.chosen is Chosen.BRIEFING),
        nothing=tuple(
            named[one.id]
            for one, member in people
            if is_open and one.sent_at is None and (one, member) not in going
        ),
        holders=tuple(who_could_hold(work, incident.id, talks)) if talks else (),
        seen=digest_of(people),
        goes_at=planned.opened_at + POLICY.planned_goes_after,
    )
    draw = release_screens.release_form if going else release_screens.nothing_to_release
    return draw(shown, work.zone)


def release(work: Work, command: ReleaseEvent) -> Outcome:
    """Let what is chosen go out, once. Raises Invalid where it is not what the asker looked at any more."""
    incident = get_incident(work, command.incident)
    people = people_seen(work, incident.id)
    is_open = _is_open(work, incident.id)
    going = can_go(work, incident, people) if is_open else []
    if going and command.seen != digest_of(people):
        raise Invalid(holders=mending.RELEASE_CHANGED)
    talks = [member.id for one, member in going if one.chosen is Chosen.TALK]
    sent = send(work, incident, going, shared_out(work, incident.id, talks, command.holders))
    if is_open:
        settle(work, incident, people)
    return Outcome(
        "event_released",
        {
            "incident": incident.id,
            "talks": str(sent.talks),
            "leaflets": str(sent.leaflets),
            "briefings": str(sent.briefings),
        },
    )


def open_leaflet(work: Work, command: OpenLeftLeaflet) -> Screen:
    """What was left to read."""
    incident, exposure = get_incident(work, command.incident), leaflet_of(work, command.incident)
    if exposure is None or exposure.sent_at is None:
        raise NotOpen("leaflet")
    day = (exposure.ended_at or incident.ended_at).astimezone(work.zone).date()
    return leaflet_screens.leaflet_page(day, exposure.sent_at.astimezone(work.zone).date(), work.site)


def _is_open(work: Work, incident: IncidentId) -> bool:
    """Whether something can still be chosen: not once all that was chosen has gone out, or the clock was there."""
    found = planned_event(work, incident)
    return found is not None and found.state is PlannedState.PLANNED


def _part(people: list[Person], after: ListPlace) -> ListPart[Person]:
    """A page of them, by name; where the list stands elsewhere by now nobody is passed over."""
    return part_by_id(people, lambda one: one[0].id, after)


def _rows(work: Work, incident: Incident, people: tuple[Person, ...]) -> list[screens.PlannedPerson]:
    work.lists(member for _, member in people)
    pages, named, clock = reached(work, people), _names(people), clock_of_event(work, incident)
    briefed = to_be_held(work, incident.id) is not None
    return [
        screens.PlannedPerson(
            one.id, named[one.id], one.directness, chosen_or_proposed((one, member), pages, briefed=briefed),
            has_page=member.id in pages, sent=one.sent_at is not None,
            ended=when(one.ended_at, clock) if one.ended_at is not None else "",
        )
        for one, member in people
    ]  # fmt: skip


def _names(people: list[Person] | tuple[Person, ...]) -> dict[str, str]:
    """By exposure, two of one name told apart."""
    told = told_apart([(one.name or member.name, one.phone) for one, member in people])
    return {one.id: name for (one, _), name in zip(people, told, strict=True)}


def _kind(work: Work, incident: Incident) -> str:
    return next((kind.label for kind in work.site.kinds if kind.id == incident.kind), incident.kind)
