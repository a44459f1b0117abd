"""Examples of cases: lists, one case, taking, planning, covering and ending."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.catalogue.sample import CLOCK, CLOCKS, ENDED, NOW, Example, Sample, check_in, contact_step
from trim_bot.app.commands.cases import OpenCase
from trim_bot.app.commands.requests import OpenTaken
from trim_bot.app.screens import (
    cases,
    check_ins,
    first_contact,
    planning,
    supervising,
    switching,
    taking,
    waiting,
)
from trim_bot.app.screens.cases import CaseRow, CaseSheet, CheckInRow
from trim_bot.app.screens.planning import Able, Board, Call, Coming, Covering, Loose, PlanRow
from trim_bot.app.screens.reopening import EndedRow
from trim_bot.app.screens.room import held_line
from trim_bot.app.screens.waiting import Row
from trim_bot.app.tell_in_person import Event
from trim_bot.app.views import PersonCard
from trim_bot.domain.cases import CheckInState
from trim_bot.domain.ids import IncidentId
from trim_bot.domain.referrals import ReferralState
from trim_bot.domain.steps import StepKind
from workflows.effects import Reason

FIRST_LABEL, MONTH_LABEL = "First conversation", "One month conversation"


def views(sample: Sample) -> dict[str, Example]:
    """What practitioners and leads see of cases."""
    first = check_in("first", opens=-timedelta(hours=2))
    person = PersonCard(sample.person.name, sample.person.phone, "By phone", sample.person.best_time)
    rows = (
        CaseRow("case", sample.person.name, CheckInRow(first, FIRST_LABEL)),
        CaseRow("case_2", "", None),
        CaseRow("case_3", sample.other.name, CheckInRow(first, FIRST_LABEL), late=True, danger=True),
    )
    due = [
        Row(f"step_{kind.value}", kind, NOW - timedelta(days=number), late=number > 4)
        for number, kind in enumerate(StepKind, 1)
    ]
    due.append(Row("step", StepKind.CONTACT, NOW, event="incident", many=51))
    return {
        "cases/none": cases.cases_page((), sample.zone),
        "cases/some": cases.cases_page(rows, sample.zone, held_line(3, 5)),
        "cases/at_the_limit": cases.cases_page(rows, sample.zone, held_line(5, 5)),
        "due/none": waiting.due_page((), sample.zone, NOW),
        "due/some": waiting.due_page(due, sample.zone, NOW),
        "cases/ended_lately": cases.cases_page(
            (),
            sample.zone,
            ended=(EndedRow("case_2", sample.person.name, NOW), EndedRow("case_3", "", NOW)),
        ),
        "case_closed/may_go_on": cases.closed_page("case"),
        "case/too_early": _case(sample, _sheet(sample, early=True)),
        "case/open": _case(sample, _sheet(sample)),
        "case/unnamed": _case(sample, replace(_sheet(sample), name="", phone="", switchable=True)),
        "case/covered": _case(sample, replace(_sheet(sample), holder=False)),
        "close/open": cases.close_form("case"),
        "switch/open": switching.switch_form("case", CLOCK),
        "move/open": check_ins.move_form(first, FIRST_LABEL, CLOCK),
        "move/agreed": check_ins.move_form(
            replace(first, agreed_at=NOW + timedelta(days=1)), FIRST_LABEL, CLOCKS
        ),
        "first_contact/early": first_contact.contact_form(
            contact_step(),
            person,
            check_in("first", CheckInState.PLANNED, opens=timedelta(days=2)),
            sample.zone,
            OpenCase("case"),
        ),
        "first_contact/by_reply": first_contact.contact_form(
            contact_step(), None, None, sample.zone, OpenTaken("request")
        ),
        "supervision/asked": supervising.supervision_page(
            "step",
            replace(sample.case, asks=tuple(Reason)),
            "Support after a hard event",
            sample.practitioner,
        ),
        "supervision/nobody": supervising.supervision_page(
            "step", replace(sample.case, asks=(), holder=None), "Support after a hard event", None
        ),
        "supervision/handed_on": supervising.supervision_page(
            "step", replace(sample.case, asks=()), "Support after a hard event", None
        ),
        "case/several_events": _case(
            sample,
            replace(_sheet(sample), events=(ENDED, NOW - timedelta(days=1), NOW - timedelta(days=4000))),
        ),
        "due/several_events": waiting.due_page(
            (Row("step", StepKind.CHECK_IN, NOW, late=True, about=ENDED),), sample.zone, NOW
        ),
        "case/to_contact": _case(sample, replace(_sheet(sample, early=True), contact=contact_step())),
        "take/waiting": taking.take_page("case", timedelta(hours=5)),
        "take/at_the_limit": taking.take_page("case", timedelta(hours=5), 5),
        **_planning(sample),
    }


def _case(sample: Sample, sheet: CaseSheet) -> Example:
    return cases.case_page(sheet, sample.zone, NOW, sample.site)


def _sheet(sample: Sample, *, early: bool = False) -> CaseSheet:
    opens = timedelta(days=1) if early else -timedelta(hours=2)
    month = check_in("month", CheckInState.PLANNED, opens=timedelta(days=21))
    return CaseSheet(
        case=sample.case,
        programme="Support after a hard event",
        name=sample.person.name,
        phone=sample.person.phone,
        reach=sample.person.reach,
        best_time=sample.person.best_time,
        chat=None,
        accounts=("A short account of what happened.",),
        check_ins=(CheckInRow(check_in("first", opens=opens), FIRST_LABEL), CheckInRow(month, MONTH_LABEL)),
        referrals=() if early else (("referral", sample.site.services[0].name, ReferralState.ACCEPTED),),
        holder=True,
        switchable=False,
        events=(ENDED,),
    )


def _planning(sample: Sample) -> dict[str, Example]:
    coming = Coming(FIRST_LABEL, check_in("first", opens=-timedelta(hours=2)))
    row = PlanRow(
        "case", "Support after a hard event", NOW, coming, sample.practitioner.name, sample.other.name,
        late=False, unowned=False,
    )  # fmt: skip
    lost = replace(row, holder="", cover="", unowned=True)
    called = replace(lost, call=Call.LOST)
    loose = (Loose(StepKind.REQUEST, "step_2", "request"), Loose(StepKind.SAFETY, "step_3"))
    to_tell = (Event(IncidentId("incident"), NOW, 51, 51, 51), Event(IncidentId("incident_2"), NOW, 1, 0, 0))
    rows = (called, replace(row, call=Call.OPEN), lost, replace(row, late=True))
    room = (f"{sample.other.name}: 0 of 5", f"{sample.practitioner.name}: 5 of 5")
    board = Board(rows, loose, to_tell, room)
    able = (
        Able(sample.practitioner.id, sample.practitioner.name, 2, has_it=True),
        Able(sample.other.id, sample.other.name, 0),
        Able(sample.lead.id, sample.lead.name, 5, full=True),
    )
    facts = planning.case_facts(row.programme, coming, sample.zone)
    covering = (Covering(row.programme, coming, "step"), Covering(row.programme, None, None))
    return {
        "team/none": planning.team_page(Board(), sample.zone, roster=False),
        "team/some": planning.team_page(board, sample.zone, roster=True),
        "team/ended_lately": planning.team_page(
            Board(ended=(EndedRow("case_2", "Support with stress", NOW),)), sample.zone, roster=False
        ),
        "assign/open": planning.assign_form("case", facts, able, able),
        "assign/nobody": planning.assign_form("case", facts, (), ()),
        "cover/none": planning.cover_page((), sample.zone),
        "cover/some": planning.cover_page(covering, sample.zone),
    }
