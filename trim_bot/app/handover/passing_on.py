"""Moves on what waits for somebody who is away, gets no messages any more, or leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from trim_bot.app.cases.entitled import REQUESTED
from trim_bot.app.requests.hands import give_back
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.domain.ids import MemberId
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind

OWNED = (Rung.ASSIGNED, Rung.COVER, Rung.LEAD, Rung.DEPUTY)


def move_on(work: Work, id: MemberId, back_at: datetime | None) -> None:
    """Give what a member owns to whoever is next on the ladder; a request they took goes back to the pool.

    With `back_at` (UTC), what opens only after they are back stays with them. Safety calls go to several
    people together and pay no heed to leave, so the clock alone moves those.
    """
    for step in _still_open(work, id):
        later = back_at is not None and step.opens_at >= back_at
        if step.rung not in OWNED or step.kind is StepKind.SAFETY or later:
            continue
        about_request = step.kind in REQUESTED and step.case_id is None
        request = work.tx.get(SupportRequest, step.subject) if about_request else None
        if request is not None and (request.taken_by == id or step.rung is Rung.ASSIGNED):
            give_back(work, request)
        else:
            climb(work, step)


def _still_open(work: Work, id: MemberId) -> Iterator[Step]:
    """What they own, each read again: moving one on may have ended another."""
    for step in waits.open_steps(work, holder=id):
        now = work.tx.get(Step, step.id)
        if now is not None and now.state in OPEN_STATES and now.holder == id:
            yield now
