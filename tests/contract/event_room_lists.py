"""The long lists of the event room, for `lists.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.contract.list_parts import LONG_NAME, Drawn, ids, middle
from trim_bot.app.event_room import release_screens, screens
from trim_bot.app.event_room.briefing_screens import set_form
from trim_bot.app.event_room.own_end_screens import OwnEnd, nobody_left, own_end_form
from trim_bot.app.event_room.proposing import CouldHold
from trim_bot.app.examples.sample import CLOCK, FIRST, KEY, NOW
from trim_bot.app.seam.command import FIRST as BEGIN
from trim_bot.app.seam.unsigned import Screen
from trim_bot.domain.ids import IncidentId, KindId, MemberId, new_id
from trim_bot.domain.incidents import Chosen, Directness, Incident
from trim_bot.domain.policy import POLICY

ROWS, OPTIONS = POLICY.rows_on_a_page, POLICY.options_at_once
KIND = "Threat or violence at work"


def _room(many: int, *, sent: bool) -> screens.Room:
    rows = [
        screens.PlannedPerson(id, LONG_NAME, Directness.DIRECT, Chosen.TALK, has_page=False, sent=sent)
        for id in ids(many)
    ]
    return screens.Room(IncidentId(new_id()), KIND, NOW, NOW, middle(rows), BEGIN, "seen", many)


def _events(many: int) -> Screen:
    rows = middle(screens.ToPlan(IncidentId(id), KIND, NOW, 300, NOW) for id in ids(many))
    return screens.events_page(rows, FIRST.zone)


def _release(many: int) -> Screen:
    names = (LONG_NAME,) * many
    able = tuple(CouldHold(MemberId(id), f"{LONG_NAME} {n}", 12) for n, id in enumerate(ids(many)))
    release = release_screens.Release(IncidentId(new_id()), names, names, names, names, able, "seen", NOW)
    return release_screens.release_form(release, FIRST.zone)


def _incident() -> Incident:
    return Incident(
        IncidentId(new_id()), KEY, "trim_style_v1", KindId("other"), NOW, "", MemberId("one"), NOW
    )


def _ends(many: int) -> Screen:
    ends = [OwnEnd(MemberId(id), LONG_NAME, NOW) for id in ids(many)]
    return own_end_form(_incident(), ends, CLOCK) if ends else nobody_left()


def _briefing(many: int) -> Screen:
    leaders = [
        replace(FIRST.lead, id=MemberId(id), name=f"{LONG_NAME} {n}") for n, id in enumerate(ids(many))
    ]
    return set_form(_incident(), None, leaders, CLOCK)


EVENT_ROOM_LISTS: Mapping[str, Drawn] = {
    "events_page": Drawn(ROWS, _events),
    "room_form": Drawn(ROWS, lambda many: screens.room_form(_room(many, sent=False), FIRST.zone)),
    "room_form sent": Drawn(ROWS, lambda many: screens.room_form(_room(many, sent=True), FIRST.zone)),
    "all_sent": Drawn(ROWS, lambda many: screens.all_sent(_room(many, sent=True), FIRST.zone)),
    "set_form": Drawn(OPTIONS, _briefing),
    "own_end_form": Drawn(OPTIONS, _ends),
    "release_form": Drawn(OPTIONS, _release),
}
