"""Whether anybody at all could be called for somebody who may not be safe: a matter of staffing, and of no case."""

from __future__ import annotations

from trim_bot.app.people.eligible import who_is_in_date, with_role
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting.ladder import who_is_reachable
from trim_bot.domain.people import Role


def nobody_to_call(work: UnitOfWork) -> bool:
    """Whether a call would find no lead, no deputy and no practitioner in their place, whomever it were about."""
    leads = with_role(work, Role.LEAD, Role.DEPUTY)
    if who_is_reachable(work, leads, ignoring_leave=True):
        return False
    others = who_is_in_date(work, with_role(work, Role.PRACTITIONER))
    return not who_is_reachable(work, others, ignoring_leave=True)
