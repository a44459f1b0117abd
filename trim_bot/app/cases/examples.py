"""Examples of cases: lists, one case, getting in touch, taking and ending."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from trim_bot.app.cases import conversation_screens as check_ins
from trim_bot.app.cases import list_screens as lists
from trim_bot.app.cases import screens as cases
from trim_bot.app.cases import supervision_screens
from trim_bot.app.cases.given_on import given_on_page
from trim_bot.app.cases.list_screens import CaseRow, EndedRow
from trim_bot.app.cases.screens import CaseSheet, CheckInRow, HelpRow, NotedRow, SheetRow
from trim_bot.app.examples.sample import CLOCK, CLOCKS, ENDED, NOW, Example, Sample, check_in, contact_step
from trim_bot.app.people.screens import held_line
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.links import OpenCase, OpenTaken
from trim_bot.app.seam.paging import ListPart, whole
from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.seam.views import PersonCard
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.cases import CheckInState
from trim_bot.domain.ids import CaseId, ReferralId, RequestId, StepId
from trim_bot.domain.referrals import ReferralState
from workflows.engine import Reason

PROGRAMME = "Support after a hard event"
FIRST_LABEL, MONTH_LABEL = "First talk", "Month talk"


def views(sample: Sample) -> dict[str, Example]:
    """What practitioners and leads see of cases."""
    first = check_in("first", opens=-timedelta(hours=2))
    person = PersonCard(
        sample.person.name, sample.person.phone, "By phone", sample.person.best_time, talk=PROGRAMME
    )
    rows = (
        CaseRow(CaseId("case"), sample.person.name, CheckInRow(first, FIRST_LABEL)),
        CaseRow(CaseId("case_2"), "", None),
        CaseRow(CaseId("case_3"), sample.other.name, CheckInRow(first, FIRST_LABEL), late=True, danger=True),
    )
    return {
        "cases/none": lists.cases_page(whole(()), sample.zone),
        "cases/some": lists.cases_page(whole(rows), sample.zone, held_line(3, 5)),
        "cases/at_the_limit": lists.cases_page(whole(rows), sample.zone, held_line(5, 5)),
        "cases/ended_lately": lists.cases_page(
            whole((EndedRow(CaseId("case_2"), sample.person.name, NOW), EndedRow(CaseId("case_3"), "", NOW))),
            sample.zone,
        ),
        "cases/part": lists.cases_page(
            ListPart(rows, 16, 57, ListPlace("place")), sample.zone, held_line(5, 5)
        ),
        "find_case/open": lists.find_form(),
        "find_case/found": lists.found_page(ListPart(rows[::2], 1, 2), sample.zone),
        "find_case/none": lists.found_page(whole(()), sample.zone),
        "case_closed/may_go_on": cases.closed_page(
            sample.whose("Support after a hard event"), CaseId("case")
        ),
        "case/too_early": _case(sample, _sheet(sample, early=True)),
        "case/open": _case(sample, _sheet(sample)),
        "case/unnamed": _case(sample, replace(_sheet(sample), name="", phone="", switchable=True)),
        "case/covered": _case(sample, replace(_sheet(sample), holder=False)),
        "close/open": cases.close_form(sample.whose(PROGRAMME), CaseId("case")),
        "move/open": check_ins.move_form(sample.whose(), first, FIRST_LABEL, CLOCK),
        "move/agreed": check_ins.move_form(
            sample.whose(), replace(first, agreed_at=NOW + timedelta(days=1)), FIRST_LABEL, CLOCKS
        ),
        "first_contact/early": check_ins.contact_form(
            contact_step(),
            person,
            check_in("first", CheckInState.PLANNED, opens=timedelta(days=2)),
            sample.zone,
            OpenCase(CaseId("case")),
        ),
        "first_contact/by_reply": check_ins.contact_form(
            contact_step(), None, None, sample.zone, OpenTaken(RequestId("request"))
        ),
        "supervision/asked": supervision_screens.supervision_page(
            StepId("step"),
            replace(sample.case, asks=tuple(Reason)),
            PROGRAMME,
            sample.practitioner,
        ),
        "given_on/taken": given_on_page(
            StepId("step"),
            PROGRAMME,
            spoken_day(date(2026, 11, 23)),
            sample.other.name,
            "",
            mine=False,
        ),
        "given_on/waiting": given_on_page(
            StepId("step"), PROGRAMME, spoken_day(date(2026, 11, 23)), "", "", mine=False
        ),
        "given_on/covered": given_on_page(
            StepId("step"),
            PROGRAMME,
            spoken_day(date(2026, 11, 23)),
            "",
            sample.other.name,
            mine=True,
        ),
        "supervision/nobody": supervision_screens.supervision_page(
            StepId("step"), replace(sample.case, asks=(), holder=None), PROGRAMME, None
        ),
        "supervision/handed_on": supervision_screens.supervision_page(
            StepId("step"), replace(sample.case, asks=()), PROGRAMME, None
        ),
        "case/several_events": _case(
            sample,
            replace(_sheet(sample), events=(ENDED, NOW - timedelta(days=1), NOW - timedelta(days=4000))),
        ),
        "case/to_contact": _case(sample, replace(_sheet(sample, early=True), contact=contact_step())),
        "take/waiting": cases.take_page(CaseId("case"), timedelta(hours=5)),
        "take/at_the_limit": cases.take_page(CaseId("case"), timedelta(hours=5), 5),
    }


def _case(sample: Sample, sheet: CaseSheet) -> Example:
    return cases.case_page(sheet, sample.zone, NOW, sample.site)


def _sheet(sample: Sample, *, early: bool = False) -> CaseSheet:
    opens = timedelta(days=1) if early else -timedelta(hours=2)
    month = check_in("month", CheckInState.PLANNED, opens=timedelta(days=21))
    rows: tuple[SheetRow, ...] = (
        NotedRow("A short account of what happened."),
        CheckInRow(check_in("first", opens=opens), FIRST_LABEL),
        CheckInRow(month, MONTH_LABEL),
    )
    arranged = HelpRow(ReferralId("referral"), sample.site.services[0].name, ReferralState.ACCEPTED)
    return CaseSheet(
        case=sample.case,
        programme=PROGRAMME,
        name=sample.person.name,
        phone=sample.person.phone,
        reach=sample.person.reach,
        best_time=sample.person.best_time,
        chat=None,
        rows=whole(rows if early else (*rows, arranged)),
        holder=True,
        switchable=False,
        events=(ENDED,),
        line=(
            (spoken_day(date(2026, 11, 23)), phrase("The event ended, {time}", time="8:00")),
            (spoken_day(date(2026, 11, 23)), "A talk was offered"),
            (spoken_day(date(2026, 11, 24)), "They said yes"),
            (
                phrase("From {day}", day=spoken_day(date(2026, 12, 21))),
                phrase("{talk}: to come", talk=ours(MONTH_LABEL)),
            ),
        ),
    )
