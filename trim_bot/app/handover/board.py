"""The planning list of those who lead, in one file since each row has its place among all the others: danger first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from trim_bot.app.cases.commands import OpenTeam
from trim_bot.app.cases.conversation_screens import HANDED_ON, Coming
from trim_bot.app.cases.list_screens import EndedRow
from trim_bot.app.cases.opening import ended_lately
from trim_bot.app.event_room.seen_by import planned_events_seen
from trim_bot.app.events.tell_in_person import Event, events_to_tell
from trim_bot.app.handover import room_screens, screens
from trim_bot.app.handover.commands import FindRoom, OpenFindRoom, OpenRoom
from trim_bot.app.handover.planning import is_own
from trim_bot.app.handover.screens import BoardRow, OpenCall, PlanRow
from trim_bot.app.people.eligible import (
    is_away,
    loads_seen_by,
    who_is_still_here,
    whom_they_manage,
    with_role,
)
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import found_part, newest_first, part_by_id, part_of, placed
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Work
from trim_bot.app.site_file.signatures import unsigned_in_force
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.ladder import concerned, of_managed_people
from trim_bot.app.words.case_names import case_name
from trim_bot.app.words.talk_names import talk_name
from trim_bot.domain.cases import Case, CaseLine, CaseState, CheckIn, CheckInState
from trim_bot.domain.ids import CaseId, MemberId, RequestId
from trim_bot.domain.people import Availability, Role
from trim_bot.domain.steps import Rung, Step, StepKind

OF_REQUESTS = (StepKind.REQUEST, StepKind.FIRST_CONTACT)


@dataclass(frozen=True, slots=True)
class _Planned:
    """An open case with what tells its place; nothing of it was opened."""

    case: CaseLine
    coming: CheckIn | None
    late: bool
    unowned: bool
    call: OpenCall | None


_Entry = tuple[ListPlace, screens.Loose | Event | _Planned | EndedRow]
"""A place in the list, and what stands there."""


def open_team(work: Work, command: OpenTeam) -> Screen:
    """Danger first, then what has no owner; then every open case but one's own and those of people one manages."""
    unowned = waits.open_steps(work, rung=Rung.NOBODY)
    cases = _cases(work, unowned)
    entries = sorted(
        (*_loose(work, unowned, cases), *_events(work), *_planned(cases), *_ended(work)), key=_place
    )
    part = part_of(entries, _place, command.after)
    rows = part.holding(_drawn(work, [row for _, row in part.rows]))
    room = _room(work) if part.first == 1 else []
    keeps = bool(work.who.roles & {Role.COORDINATOR, Role.ADMINISTRATOR})
    sums = _sums(work, entries, cases, room) if part.first == 1 else None
    unsigned = len(unsigned_in_force(work.site))
    to_plan = [len(left) for *_, left in planned_events_seen(work)] if part.first == 1 else []
    held = [(name, load) for _, name, load, _ in room]
    board = screens.Board(rows, len(cases), held, sums, unsigned, to_plan)
    return screens.team_page(board, work.zone, roster=keeps)


def open_room(work: Work, command: OpenRoom) -> Screen:
    """How much each practitioner holds, the least busy first."""
    part = part_by_id(_room(work), lambda one: one[0], command.after)
    return room_screens.room_page(part.holding((name, load) for _, name, load, _ in part.rows))


def open_find(work: Work, command: OpenFindRoom) -> Screen:
    """The form for finding a practitioner by name."""
    return room_screens.find_room_form()


def find(work: Work, command: FindRoom) -> Screen:
    """How much those hold whose name has what was typed."""
    part = found_part(_room(work), lambda one: one[1], command.typed)
    return room_screens.found_room_page(part.holding((name, load) for _, name, load, _ in part.rows))


def _place(entry: _Entry) -> ListPlace:
    return entry[0]


def _cases(work: Work, unowned: Sequence[Step]) -> list[_Planned]:
    """Every open case that whoever leads may know of, in order."""
    lines = work.tx.lines(CaseLine, Case, state=CaseState.OPEN)
    hidden = {work.who.id, *whom_they_manage(work, work.who.id, [line.member_id for line in lines])}
    seen = [line for line in lines if line.member_id not in hidden]
    without = {step.case_id for step in unowned}
    calls = {step.case_id: OpenCall.OPEN for step in waits.open_steps(work, kind=StepKind.SAFETY)}
    calls |= {step.case_id: OpenCall.LOST for step in unowned if step.kind is StepKind.SAFETY}
    coming = _coming(work, tuple(line.id for line in seen))

    def planned(line: CaseLine) -> _Planned:
        next_one = coming.get(line.id)
        late = next_one is not None and next_one.closes_at < work.now
        return _Planned(line, next_one, late, line.id in without, calls.get(line.id))

    return sorted(map(planned, seen), key=_urgency)


def _urgency(one: _Planned) -> ListPlace:
    soonest = (one.coming.agreed_at or one.coming.opens_at) if one.coming is not None else None
    group = 4 if one.call is None else 1
    lost = one.call is OpenCall.LOST
    at = (soonest is None, soonest or one.case.opened_at, one.case.opened_at)
    return placed(group, not lost, not one.unowned, not one.late, *at, one.case.id)


def _coming(work: Work, ids: tuple[CaseId, ...]) -> Mapping[CaseId, CheckIn]:
    waiting = (CheckInState.PLANNED, CheckInState.OPEN)
    found = work.tx.find(CheckIn, case_id=ids, state=waiting, order_by="-opens_at") if ids else []
    return {one.case_id: one for one in found}


def _planned(cases: Sequence[_Planned]) -> Iterator[_Entry]:
    for one in cases:
        yield _urgency(one), one


def _loose(work: Work, unowned: Sequence[Step], cases: Sequence[_Planned]) -> Iterator[_Entry]:
    """What nobody owns and no case of the list stands for, but for what is about oneself or people one manages."""
    listed = {one.case.id for one in cases}
    loose = [step for step in unowned if _is_loose(step, listed)]
    managed = of_managed_people(work, work.who.id, loose)
    for step in loose:
        if (
            not is_own(work, step)
            and step.id not in managed
            and work.who.id not in concerned(work, step).refused
        ):
            group = 0 if step.kind is StepKind.SAFETY else 2
            yield placed(group, step.due_at, step.id), screens.Loose(step.kind, step.id, _request(step))


def _is_loose(step: Step, listed: set[CaseId]) -> bool:
    """It has no case, or is a safety call of one that is not among those listed."""
    return (step.case_id is None and step.kind is not StepKind.CONTACT) or (
        step.kind is StepKind.SAFETY and step.case_id not in listed
    )


def _request(step: Step) -> RequestId | None:
    return RequestId(step.subject) if step.case_id is None and step.kind in OF_REQUESTS else None


def _events(work: Work) -> Iterator[_Entry]:
    for event in events_to_tell(work):
        yield placed(3, not event.unowned, event.ended_at, event.incident), event


def _ended(work: Work) -> Iterator[_Entry]:
    programmes = work.definitions.programmes
    for case in ended_lately(work):
        at = case.closed_at or case.opened_at
        what = f"{case_name(case.id)}, {programmes[case.programme].name}"
        yield placed(5, newest_first(at), case.id), EndedRow(case.id, what, at)


def _drawn(work: Work, rows: Iterable[screens.Loose | Event | _Planned | EndedRow]) -> Iterator[BoardRow]:
    """The rows as they are read; of people, the names of those alone who hold or cover one of them."""
    shown = list(rows)
    cases = [one.case for one in shown if isinstance(one, _Planned)]
    hands = _Hands(work, [id for case in cases for id in (case.holder, case.cover) if id is not None])
    for one in shown:
        yield _plan_row(work, one, hands) if isinstance(one, _Planned) else one


class _Hands:
    """Names of those who hold or cover what is shown."""

    def __init__(self, work: Work, ids: Iterable[MemberId]) -> None:
        here = who_is_still_here(work, dict.fromkeys(ids))
        self._names = {one.id: one.name for one in here}

    def name(self, id: MemberId | None) -> str:
        """Of somebody who has left, that it is being handed on; nothing where nobody has it."""
        return "" if id is None else self._names.get(id, HANDED_ON)


def _plan_row(work: Work, one: _Planned, hands: _Hands) -> PlanRow:
    programme = work.definitions.programmes[one.case.programme]
    coming = (
        Coming(talk_name(programme.stage(one.coming.stage).label), one.coming)
        if one.coming is not None
        else None
    )
    return PlanRow(
        one.case.id, programme.name, one.case.opened_at, coming, hands.name(one.case.holder),
        hands.name(one.case.cover), one.late, one.unowned, one.call,
    )  # fmt: skip


def _room(work: Work) -> list[tuple[MemberId, str, str, bool]]:
    """Each practitioner by id and name, how much they hold, and whether they have room; the least busy first.

    As far as the asker may see.
    """
    here = who_is_still_here(work, with_role(work, Role.PRACTITIONER))
    held_by = loads_seen_by(work, work.who.id, [member.id for member in here])
    most = work.site.most_open_cases
    ordered = sorted(here, key=lambda one: (held_by[one.id], one.name.casefold(), one.id))
    away = {one.id: is_away(work, one) for one in ordered}
    return [
        (
            one.id,
            one.name,
            room_screens.load_words(held_by[one.id], most, one.availability, away=away[one.id]),
            one.availability is Availability.ROOM and not away[one.id] and held_by[one.id] < most,
        )
        for one in ordered
    ]


def _sums(
    work: Work,
    entries: Sequence[_Entry],
    cases: Sequence[_Planned],
    room: Sequence[tuple[MemberId, str, str, bool]],
) -> screens.Sums:
    today = work.now.astimezone(work.zone).date()
    until = today + timedelta(days=6 - today.weekday())
    loose = [row for _, row in entries if isinstance(row, screens.Loose)]
    events = [row for _, row in entries if isinstance(row, Event)]
    coming = [one.coming.agreed_at or one.coming.opens_at for one in cases if one.coming is not None]
    calls = sum(one.call is not None for one in cases)
    return screens.Sums(
        calls=calls + sum(one.kind is StepKind.SAFETY for one in loose),
        unowned=sum(one.kind is not StepKind.SAFETY for one in loose)
        + sum(one.unowned and one.call is None for one in cases)
        + sum(event.unowned for event in events),
        offered=sum(one.case.holder is None and not one.unowned and one.call is None for one in cases),
        late=sum(one.late for one in cases),
        due=sum(at.astimezone(work.zone).date() <= until for at in coming),
        until=until,
        with_room=sum(has for _, _, _, has in room),
        practitioners=len(room),
    )
