"""Examples of planning for leads, and of handing work over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.cases.conversation_screens import Coming
from trim_bot.app.cases.examples import FIRST_LABEL
from trim_bot.app.cases.list_screens import EndedRow
from trim_bot.app.events.tell_in_person import Event
from trim_bot.app.examples.sample import NOW, Example, Sample, check_in
from trim_bot.app.handover import room_screens
from trim_bot.app.handover import screens as planning
from trim_bot.app.handover.room_screens import load_words
from trim_bot.app.handover.screens import Able, Board, Covering, Loose, OpenCall, PlanRow, Sums
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import ListPart, whole
from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.domain.ids import CaseId, IncidentId, RequestId, StepId
from trim_bot.domain.people import Availability
from trim_bot.domain.steps import StepKind


def views(sample: Sample) -> dict[str, Example]:
    """What leads see of who holds what, and what anyone who serves sees of covering."""
    coming = Coming(FIRST_LABEL, check_in("first", opens=-timedelta(hours=2)))
    row = PlanRow(
        CaseId("case_5"), "Support after a hard event", NOW, coming, sample.practitioner.name, sample.other.name,
        late=False, unowned=False,
    )  # fmt: skip
    lost = replace(row, holder="", cover="", unowned=True)
    called = replace(lost, case=CaseId("case_6"), call=OpenCall.LOST)
    loose = (
        Loose(StepKind.REQUEST, StepId("step_2"), RequestId("request")),
        Loose(StepKind.SAFETY, StepId("step_3")),
    )
    to_tell = (Event(IncidentId("incident"), NOW, 51, 51, 51), Event(IncidentId("incident_2"), NOW, 1, 0, 0))
    rows = (
        loose[1], called, replace(row, call=OpenCall.OPEN), loose[0], *to_tell,
        replace(lost, case=CaseId("case_7")), replace(row, case=CaseId("case_8"), late=True),
    )  # fmt: skip
    room = (
        (sample.other.name, load_words(0, 5, Availability.ROOM, away=False)),
        (sample.practitioner.name, load_words(5, 5, Availability.ROOM, away=False)),
    )
    until = NOW.astimezone(sample.zone).date() + timedelta(days=6)
    sums = Sums(calls=3, unowned=3, offered=0, late=1, due=2, until=until, with_room=1, practitioners=2)
    board = Board(whole(rows), 4, room, sums, unsigned=2)
    many = tuple(
        (f"A colleague {number}", load_words(0, 5, Availability.ROOM, away=False)) for number in range(60)
    )
    ended = EndedRow(CaseId("case_2"), "Support with stress", NOW)
    able = (
        Able(sample.practitioner.id, sample.practitioner.name, 2, has_it=True),
        Able(sample.other.id, sample.other.name, 0),
        Able(sample.lead.id, sample.lead.name, 5, full=True),
    )
    facts = planning.case_facts(row.case, row.programme, coming, sample.zone)
    covering = (
        Covering(
            phrase("{name}: {label}", name="Oak 3470", label=ours("A talk to hold")), coming, StepId("step")
        ),
        Covering(
            phrase("{label}: {number}", label=ours("People to tell in person"), number=40),
            None,
            StepId("step_4"),
            IncidentId("incident"),
        ),
        Covering(phrase("{name}: {programme}", name="Elm 5120", programme=ours(row.programme)), None, None),
    )
    return {
        "team/none": planning.team_page(Board(whole(()), 0), sample.zone, roster=False),
        "team/some": planning.team_page(board, sample.zone, roster=True),
        "team/part": planning.team_page(
            Board(ListPart(rows, 1, 57, ListPlace("place")), 51, many), sample.zone, roster=False
        ),
        "team/ended_lately": planning.team_page(Board(whole((ended,)), 0), sample.zone, roster=False),
        "room/part": room_screens.room_page(ListPart(many[15:30], 16, 60, ListPlace("place"))),
        "room/none": room_screens.room_page(whole(())),
        "find_room/open": room_screens.find_room_form(),
        "find_room/found": room_screens.found_room_page(whole(many[:1])),
        "find_room/none": room_screens.found_room_page(whole(())),
        "assign/open": planning.assign_form(CaseId("case"), facts, able, able),
        "assign/nobody": planning.assign_form(CaseId("case"), facts, (), ()),
        "cover/none": planning.cover_page(whole(()), sample.zone),
        "cover/some": planning.cover_page(whole(covering), sample.zone),
    }
