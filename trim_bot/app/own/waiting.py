"""What waits for whoever asks, as things and as lines: theirs whatever the ladder did, and what they may take."""

from __future__ import annotations

from datetime import datetime

from trim_bot.app.cases.entitled import LEADING
from trim_bot.app.cases.exposures import ended_at
from trim_bot.app.cases.state import is_late
from trim_bot.app.events.tell_in_person import offers_behind, rows_for
from trim_bot.app.own.home_screens import Row
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.ladder import concerned, fits, manages_concerned
from trim_bot.domain.cases import Case, CaseState, CheckIn
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Role
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState


def _is_shown(work: Work, step: Step) -> bool:
    """From when its time comes; of a time that was agreed, from when its owner was told of it."""
    return step.opens_at <= work.now or step.state is StepState.TOLD


def waiting_for(work: Work) -> list[Step]:
    """Open steps whose time has come: danger first, then what is late, then those longest due.

    One's own, those of what one holds wherever the ladder has taken them, those one may take, and for leads what
    stands at the end of the ladder.
    """
    return [step for step, _ in waiting_and_late(work)]


def waiting_and_late(work: Work) -> list[tuple[Step, bool]]:
    """The same, each with whether it is one's own and should have happened by now."""
    own = [step for step in waits.open_steps(work, holder=work.who.id) if _is_shown(work, step)]
    calls = _to_tell(work, own)
    own = [step for step in own if step.kind is not StepKind.CONTACT or step.id in calls]
    found = [
        step
        for step in (*own, *_held(work))
        if step.id in calls or not manages_concerned(work, work.who.id, step)
    ]
    late = {step.id for step in found if is_late(work, step)}
    every = {
        step.id: (step, step.id in late) for step in (*found, *_to_take(work), *_lost(work), *calls.values())
    }.values()
    return sorted(
        every, key=lambda one: (one[0].kind is not StepKind.SAFETY, not one[1], one[0].opens_at, one[0].id)
    )


def _to_tell(work: Work, own: list[Step]) -> dict[str, Step]:
    """People to tell in person: what has come to oneself, and for leads what has come to nobody.

    Asked for each event at once: nobody sees those of an event they were part of, nor of people they manage.
    """
    steps = [step for step in own if step.kind is StepKind.CONTACT]
    if work.who.roles & LEADING:
        lost = waits.open_steps(work, kind=StepKind.CONTACT, rung=Rung.NOBODY)
        steps += [step for step in lost if step.opens_at <= work.now]
    events = dict.fromkeys(offer.incident_id for offer in offers_behind(work, steps).values())
    incidents = [work.tx.get(Incident, id) for id in events]
    seen = {row.step.id for one in incidents if one is not None for row in rows_for(work, one)}
    return {step.id: step for step in steps if step.id in seen}


def _held(work: Work) -> list[Step]:
    """Steps of the cases and requests one holds that are somebody else's by now, or nobody's.

    A call for safety is in the hands of those who were called; the holder sees it where it has nobody.
    """
    cases = tuple(case.id for case in work.tx.find(Case, holder=work.who.id, state=CaseState.OPEN))
    requests = work.tx.find(SupportRequest, taken_by=work.who.id, state=RequestState.TAKEN)
    asked = tuple(request.id for request in requests)
    found = work.tx.find(Step, case_id=cases, state=OPEN_STATES) if cases else []
    found += work.tx.find(Step, subject=asked, state=OPEN_STATES) if asked else []
    return [
        step
        for step in found
        if step.opens_at <= work.now
        and step.rung is not Rung.PERSON
        and work.steps[step.kind].is_the_holders
        and (step.kind is not StepKind.SAFETY or step.rung is Rung.NOBODY)
    ]


def _to_take(work: Work) -> list[Step]:
    if Role.PRACTITIONER not in work.who.roles:
        return []
    return [
        step
        for step in waits.open_steps(work, rung=Rung.POOL)
        if step.opens_at <= work.now and fits(work, work.who.id, concerned(work, step))
    ]


def _lost(work: Work) -> list[Step]:
    """For leads, what has come to the end of the ladder; never about themselves or whom they manage."""
    if not work.who.roles & LEADING:
        return []
    found: list[Step] = []
    for step in waits.open_steps(work, rung=Rung.NOBODY):
        if step.kind is StepKind.CONTACT:
            continue
        about = concerned(work, step)
        in_the_way = work.who.id in (about.person, *about.refused)
        if not in_the_way and not manages_concerned(work, work.who.id, step):
            found.append(step)
    return found


def waiting_rows(work: Work) -> tuple[Row, ...]:
    """What waits for whoever asks, in the order of `waiting_for`; people to tell in person stand under their event."""
    found = waiting_and_late(work)
    offers = offers_behind(work, [step for step, _ in found if step.kind is StepKind.CONTACT])
    rows: dict[str, Row] = {}
    for step, late in found:
        offer = offers.get(step.subject) if step.kind is StepKind.CONTACT else None
        event = offer.incident_id if offer is not None else ""
        place, label = event or step.id, work.steps[step.kind].label
        if place in rows:
            rows[place] = rows[place].and_one(late=late)
        else:
            rows[place] = Row(
                step.id, step.kind, label, step.opens_at, late, event, about=_event_of(work, step)
            )
    return tuple(rows.values())


def _event_of(work: Work, step: Step) -> datetime | None:
    """When the event ended that a talk in one's own hands is for, where its case is about several."""
    if step.kind is not StepKind.CHECK_IN or step.case_id is None:
        return None
    check_in, case = work.tx.get(CheckIn, step.subject), work.tx.get(Case, step.case_id)
    if check_in is None or case is None or work.who.id not in (step.holder, case.holder):
        return None
    return ended_at(work, case, check_in)
