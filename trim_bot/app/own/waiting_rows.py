"""The lines of the lists of what waits: one for each thing, and one for all the people of an event to be told."""

from __future__ import annotations

from datetime import datetime

from trim_bot.app.cases.exposures import ended_at
from trim_bot.app.events.tell_in_person import offers_behind
from trim_bot.app.own.waiting import waiting_and_late
from trim_bot.app.own.waiting_screens import Row
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.steps import Step, StepKind


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
