"""The people one supports, a part at a time: first whom danger or time presses, after them what one ended lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trim_bot.app.cases import list_screens as screens
from trim_bot.app.cases.commands import FindCase, OpenCases, OpenFindCase
from trim_bot.app.cases.list_screens import CaseRow, EndedRow
from trim_bot.app.cases.opening import ended_by_me
from trim_bot.app.cases.screens import CheckInRow
from trim_bot.app.cases.stages import STILL_OPEN, label_of
from trim_bot.app.cases.state import is_late
from trim_bot.app.people import screens as room
from trim_bot.app.people.eligible import in_date, load, whom_they_manage
from trim_bot.app.people.screens import told_apart
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import ListPart, found_part, newest_first, part_of, placed
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import Case, CaseLine, CaseState, CheckIn
from trim_bot.domain.ids import CaseId
from trim_bot.domain.people import Member
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind


@dataclass(frozen=True, slots=True)
class _Row:
    """A case of the list before it is opened: what is needed to put it in its place."""

    case: CaseLine | Case
    place: ListPlace
    coming: CheckIn | None = None
    late: bool = False
    danger: bool = False
    ended: bool = False


def open_cases(work: Work, command: OpenCases) -> Screen:
    """The people one supports, with what comes next for each."""
    part = part_of(_rows(work), lambda row: row.place, command.after)
    held_line = room.held_line(load(work, work.who.id), work.site.most_open_cases)
    drawn = _drawn(work, part, _names(work, part.rows))
    return screens.cases_page(drawn, work.zone, held_line, trained=in_date(work, work.who.id))


def open_find(work: Work, command: OpenFindCase) -> Screen:
    """The form for finding somebody by name."""
    return screens.find_form()


def find(work: Work, command: FindCase) -> Screen:
    """Those whose name has what was typed, the best first. Who gave no name is not found by one."""
    rows = sorted(_rows(work), key=lambda row: row.place)
    names = _names(work, rows)
    part = found_part(rows, lambda row: names[row.case.id], command.typed)
    return screens.found_page(_drawn(work, part, names), work.zone)


def _rows(work: Work) -> list[_Row]:
    held = work.tx.lines(CaseLine, Case, holder=work.who.id, state=CaseState.OPEN)
    covered = {
        step.case_id
        for step in waits.open_steps(work, holder=work.who.id)
        if step.case_id is not None and step.kind is not StepKind.SUPERVISION
    }
    others = tuple(sorted(covered - {case.id for case in held}))
    cases = held + (work.tx.lines(CaseLine, Case, id=others) if others else [])
    managed = whom_they_manage(work, work.who.id, [case.member_id for case in cases])
    mine = [case for case in cases if case.holder == work.who.id or case.member_id != work.who.id]
    mine = [case for case in mine if case.member_id not in managed]
    ids = tuple(case.id for case in mine)
    coming, steps = _coming(work, ids), _steps(work, ids)
    going_on = [_open(work, case, coming.get(case.id), steps.get(case.id, ())) for case in mine]
    return [*going_on, *(_ended(case) for case in ended_by_me(work))]


def _open(work: Work, case: CaseLine, coming: CheckIn | None, steps: Sequence[Step]) -> _Row:
    danger = any(step.kind is StepKind.SAFETY for step in steps)
    late = any(_is_open_past_its_time(work, step) for step in steps)
    soonest = (coming.agreed_at or coming.opens_at) if coming is not None else None
    at = (soonest is None, soonest or case.opened_at, case.opened_at)
    place = placed(False, not danger, not late, *at, case.id)
    return _Row(case, place, coming, late=late, danger=danger)


def _ended(case: Case) -> _Row:
    place = placed(True, newest_first(case.closed_at or case.opened_at), case.id)
    return _Row(case, place, ended=True)


def _drawn(work: Work, part: ListPart[_Row], names: Mapping[CaseId, str]) -> ListPart[CaseRow | EndedRow]:
    """The rows as they are read; no other case is opened."""
    cases = work.tx.get_many(Case, [row.case.id for row in part.rows])
    work.lists(cases.values())
    return part.holding(
        _row(work, row, cases[row.case.id], names[row.case.id]) for row in part.rows if row.case.id in cases
    )


def _row(work: Work, row: _Row, case: Case, name: str) -> CaseRow | EndedRow:
    if row.ended:
        return EndedRow(case.id, name, case.closed_at or case.opened_at)
    coming = CheckInRow(row.coming, label_of(work, case, row.coming)) if row.coming is not None else None
    return CaseRow(case.id, name, coming, late=row.late, danger=row.danger)


def _coming(work: Work, ids: tuple[CaseId, ...]) -> Mapping[CaseId, CheckIn]:
    """The next conversation of each case."""
    found = work.tx.find(CheckIn, case_id=ids, state=STILL_OPEN, order_by="-opens_at") if ids else []
    return {one.case_id: one for one in found}


def _steps(work: Work, ids: tuple[CaseId, ...]) -> Mapping[CaseId | None, Sequence[Step]]:
    found = work.tx.find(Step, case_id=ids, state=OPEN_STATES) if ids else []
    of_each: dict[CaseId | None, list[Step]] = defaultdict(list)
    for step in found:
        of_each[step.case_id].append(step)
    return of_each


def _is_open_past_its_time(work: Work, step: Step) -> bool:
    """Of what is the holder's to do, that it is late, or that the ladder has taken it elsewhere."""
    theirs = work.steps[step.kind].goes_with_case
    return theirs and step.opens_at <= work.now and is_late(work, step)


def _names(work: Work, rows: Sequence[_Row]) -> Mapping[CaseId, str]:
    """Names of those who gave one, two of one name told apart; empty for the others."""
    named = [row.case for row in rows if row.case.named]
    members = work.tx.get_many(Member, [case.member_id for case in named])
    there = [case for case in named if case.member_id in members]
    people = [members[case.member_id] for case in there]
    apart = told_apart([(one.name, one.phone) for one in people])
    return dict.fromkeys((row.case.id for row in rows), "") | {
        case.id: name for case, name in zip(there, apart, strict=True)
    }
