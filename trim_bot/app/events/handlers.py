"""Logs a hard event and offers everyone exposed a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trim_bot.app.events import screens
from trim_bot.app.events.checking import check_first
from trim_bot.app.events.commands import LogIncident
from trim_bot.app.events.exposed import ended_at, members_at, members_elsewhere, note_exposure, offer_to
from trim_bot.app.events.planned import plan
from trim_bot.app.events.tell_in_person import move_on_from
from trim_bot.app.people.eligible import in_date, room_to_offer
from trim_bot.app.people.meeting import Unlisted, check_list, unlisted_people
from trim_bot.app.people.other_chats import elsewhere
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenLog
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.app.waiting.read_ahead import read_people
from trim_bot.app.words.clocks import clock_of_site, zone_chosen
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.ids import IncidentId, MemberId, new_id
from trim_bot.domain.incidents import Directness, Incident
from trim_bot.domain.listed_rows import PersonRow
from trim_bot.domain.people import Member
from trim_bot.domain.records import Measure
from workflows.programme import Programme, WindowClock


def open_log(work: Work, command: OpenLog) -> Screen:
    """The form, or what to do when one's training has run out."""
    if not in_date(work, work.who.id):
        return screens.training_first()
    others = elsewhere(work)
    return screens.log_form(work.site, clock_of_site(work), others, room=room_to_offer(work, work.who.id))


def log(work: Work, command: LogIncident) -> Outcome:
    """Keep the incident, its exposures and offers in one go."""
    if not in_date(work, work.who.id):
        raise NotOpen("training")
    clock = clock_of_site(work)
    ended = ended_at(work, clock, command.clock, command.ended_on, command.ended_at)
    if set(command.direct) & set(command.peripheral):
        raise Invalid(peripheral=mending.PERSON_TWICE)
    named = command.direct or command.peripheral or command.elsewhere
    if not named and not command.unlisted.strip():
        raise Invalid(direct=mending.NOBODY_EXPOSED)
    check_list(command.unlisted)
    planned = work.site.plan_first
    if not planned:
        check_first(work, command, elsewhere(work))
    direct = members_at(work, command.direct, "direct")
    direct += members_elsewhere(work, command.elsewhere, direct)
    peripheral = members_at(work, command.peripheral, "peripheral")
    if {member.id for member in direct} & {member.id for member in peripheral}:
        raise Invalid(peripheral=mending.PERSON_TWICE)
    unlisted = {one.member.id: one for one in unlisted_people(work, command.unlisted)}
    direct += [one.member for one in unlisted.values()]
    incident = Incident(
        IncidentId(new_id()), work.tx.new_key(), trauma_programme(work).key, command.kind, ended, command.account,
        work.who.id, work.now, zone_chosen(clock, command.clock),
    )  # fmt: skip
    work.tx.add(incident)
    work.about(incident)
    work.tx.count(Measure.INCIDENTS, work.now.astimezone(work.zone_of(None)).date())
    everyone = [(member, Directness.DIRECT) for member in direct]
    everyone += [(member, Directness.PERIPHERAL) for member in peripheral]
    if planned:
        return _to_be_planned(work, incident, everyone, unlisted)
    room = room_to_offer(work, work.who.id) if command.mine else 0
    if work.who.id in {member.id for member, _ in everyone}:
        room = 0
    offered = 0
    read_people(work, (member.id for member, _ in everyone))
    for member, directness in everyone:
        proposed = work.who.id if offered < room else None
        typed = unlisted[member.id].typed if member.id in unlisted else PersonRow("", "")
        offered += offer_to(work, incident, member, directness, proposed, typed).proposed is not None
    if work.who.id in {member.id for member, _ in everyone}:
        move_on_from(work, incident, [member for member, _ in everyone if member.id == work.who.id])
    ids = {"incident": incident.id, "sheet": "yes" if unlisted else "no", "of": str(len(everyone))}
    if command.mine:
        ids["mine"] = str(offered)
    return Outcome("incident_logged", ids)


def _to_be_planned(
    work: Work,
    incident: Incident,
    everyone: Sequence[tuple[Member, Directness]],
    unlisted: Mapping[MemberId, Unlisted],
) -> Outcome:
    """Note who was part of it, and let it wait until a lead has chosen what each is offered."""
    for member, directness in everyone:
        typed = unlisted[member.id].typed if member.id in unlisted else PersonRow("", "")
        note_exposure(work, incident, member, directness, typed)
    plan(work, incident)
    return Outcome("incident_planned", {"incident": incident.id})


def trauma_programme(work: Work) -> Programme:
    """The programme that a new event begins with. Raises NotOpen when the site has none."""
    found = work.definitions.begun_by(WindowClock.TRAUMA)
    if found is None:
        raise NotOpen("programme")
    return found
