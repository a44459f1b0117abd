"""The lines of the lists of what waits: one for each thing, and one for all the people of an event to be told."""

from __future__ import annotations

from trim_bot.app.screens.waiting import Row
from trim_bot.app.tell_in_person import offers_behind
from trim_bot.app.waiting import waiting_and_late
from trim_bot.app.work import Work
from trim_bot.domain.steps import StepKind


def waiting_rows(work: Work) -> tuple[Row, ...]:
    """What waits for whoever asks, in the order of `waiting_for`; people to tell in person stand under their event."""
    found = waiting_and_late(work)
    offers = offers_behind(work, [step for step, _ in found if step.kind is StepKind.CONTACT])
    rows: dict[str, Row] = {}
    for step, late in found:
        offer = offers.get(step.subject) if step.kind is StepKind.CONTACT else None
        event = offer.incident_id if offer is not None else ""
        place = event or step.id
        if place in rows:
            rows[place] = rows[place].and_one(late=late)
        else:
            rows[place] = Row(step.id, step.kind, step.opens_at, late, event)
    return tuple(rows.values())
