"""Examples of planning an event, and of what is left for somebody to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.event_room import briefing_screens, leaflet_screens, release_screens, screens
from trim_bot.app.event_room.own_end_screens import OwnEnd, nobody_left, own_end_form
from trim_bot.app.event_room.proposing import CouldHold
from trim_bot.app.events.screens import log_form
from trim_bot.app.examples.sample import CLOCK, CLOCKS, ENDED, KEY, NOW, Example, Mended, Sample, shown_work
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import FIRST
from trim_bot.app.seam.paging import whole
from trim_bot.app.seam.sentences import as_given
from trim_bot.app.seam.unsigned import Form
from trim_bot.domain.briefings import Briefing, BriefingAnswer, BriefingState
from trim_bot.domain.ids import BriefingId, IncidentId
from trim_bot.domain.incidents import Chosen, Directness, Incident

GOES = NOW + timedelta(days=2)
INCIDENT = IncidentId("incident")


def views(sample: Sample) -> dict[str, Example]:
    """The list, the people, what would go out, and what is read."""
    kind = sample.site.kinds[0].label
    rows = (screens.ToPlan(INCIDENT, kind, ENDED, 3, GOES),)
    person, other, third = sample.person, sample.other, sample.practitioner
    people = (
        screens.PlannedPerson("one", as_given(person.name), Directness.DIRECT, Chosen.TALK),
        screens.PlannedPerson("two", as_given(other.name), Directness.PERIPHERAL, Chosen.LEAFLET),
        screens.PlannedPerson("three", as_given("Sam Reed"), Directness.DIRECT, Chosen.TALK, has_page=False),
        screens.PlannedPerson("four", as_given("Jo Ellis"), Directness.PERIPHERAL, Chosen.LEAFLET, sent=True),
    )
    people = (people[0], replace(people[1], ended="Monday 23 November, 6:00 (London time)"), *people[2:])
    incident = Incident(
        INCIDENT, KEY, "trim_style_v1", sample.site.kinds[0].id, ENDED, "", sample.practitioner.id, NOW
    )
    ends = [OwnEnd(person.id, person.name), OwnEnd(other.id, other.name, ENDED - timedelta(hours=2))]
    own_end = own_end_form(incident, ends, CLOCK)
    room = screens.Room(INCIDENT, kind, ENDED, GOES, whole(people), FIRST, "seen", 3, briefing=True)
    gone = tuple(replace(one, sent=True) for one in people)
    able = (CouldHold(third.id, third.name, 1),)
    release = release_screens.Release(
        INCIDENT,
        (as_given(person.name),),
        (as_given(other.name),),
        (as_given("Grace Obi"),),
        (as_given("Sam Reed"),),
        able,
        "seen",
        GOES,
    )
    form = screens.room_form(room, sample.zone)
    going = release_screens.release_form(release, sample.zone)
    return {
        **_briefings(sample, incident),
        "log/planned_first": log_form(replace(sample.site, plan_first=True), CLOCK),
        "events_to_plan/none": screens.events_page(whole(()), sample.zone),
        "events_to_plan/some": screens.events_page(whole(rows), sample.zone),
        "event_room/open": form,
        "event_room/mend": Mended(
            form, {"for_one": mending.SETTING_SAVED_MEANWHILE}, {"for_one": Chosen.NOTHING.value}
        ),
        "own_end/open": own_end,
        "own_end/nobody": nobody_left(),
        "own_end/mend": Mended(own_end, {"people": mending.CHOOSE_PERSON}, {}),
        "event_room/sent": screens.all_sent(replace(room, people=whole(gone), left=0), sample.zone),
        "release_event/open": going,
        "release_event/mend": Mended(going, {"holders": mending.RELEASE_CHANGED}, {"holders": (third.id,)}),
        "release_event/nobody_has_room": release_screens.release_form(
            replace(release, holders=()), sample.zone
        ),
        "release_event/nothing": release_screens.nothing_to_release(
            replace(release, talks=(), leaflets=()), sample.zone
        ),
        "leaflet_left/open": leaflet_screens.leaflet_page(
            ENDED.astimezone(sample.zone).date(), NOW.date(), sample.site
        ),
    }


def _briefings(sample: Sample, incident: Incident) -> dict[str, Example]:
    """Setting a group briefing, leading it, and being told of it."""
    held = NOW + timedelta(days=1)
    leader = sample.practitioner
    briefing = Briefing(
        BriefingId("briefing"),
        KEY,
        INCIDENT,
        BriefingState.SET,
        held,
        leader.id,
        "Training room 2",
        "Europe/London",
    )
    form = briefing_screens.set_form(incident, None, [leader, sample.other], CLOCK)
    again = briefing_screens.set_form(incident, briefing, [leader], CLOCKS)
    work = shown_work(sample)
    day = ENDED.astimezone(sample.zone).date()
    shown = briefing_screens.ShownBriefing(briefing.id, held, "Training room 2", "Europe/London", leader.name)
    page, lead = briefing_screens.briefing_page, briefing_screens.lead_page
    found: dict[str, Example] = {
        "briefing_set_up/new": form,
        "briefing_set_up/again": again,
        "briefing_set_up/nobody": briefing_screens.set_form(incident, None, [], CLOCK),
        "briefing/told": page(shown, day, None, work),
        "briefing/noted": page(shown, day, BriefingAnswer.YES, work),
        "briefing/off": page(replace(shown, off=True), day, None, work),
        "briefing/over": page(replace(shown, over=True, leader=""), day, None, work),
        "lead_briefing/asked": lead(replace(shown, leader=""), mine=False, asked=True),
        "lead_briefing/led": lead(shown, mine=True, asked=False),
    }
    if isinstance(form, Form):
        errors = {"held_on": mending.DATE_PASSED, "leader": mending.NOT_ALLOWED_HOLDER}
        found["briefing_set_up/mend"] = Mended(form, errors, {"where": "Training room 2"})
    return found
