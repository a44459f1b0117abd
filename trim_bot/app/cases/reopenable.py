"""Whether talks that have ended may be opened again."""

from __future__ import annotations

from datetime import timedelta

from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CaseState, CloseReason


def may_open_again(work: Work, case: Case) -> bool:
    """Within the site's days, and never what the person ended, also where a practitioner wrote that down for them.

    A case whose record is gone, erased or of a programme that keeps none, is not there to be asked about.
    """
    return (
        case.state is CaseState.CLOSED
        and case.closed_at is not None
        and case.close_reason not in (None, CloseReason.WITHDRAWN)
        and work.now - case.closed_at <= timedelta(days=work.site.reopen_days)
    )
