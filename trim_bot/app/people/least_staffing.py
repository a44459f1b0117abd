"""Whether fewer serve than the site has declared it needs: a fact of staffing alone, kept for the closed week.

It is noted at every change of staffing and by the clock, and depends on nothing that anybody asked for or holds.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.figures import week_of
from trim_bot.domain.records import Measure, Staffing
from trim_bot.domain.site import Site


def is_short(site: Site, staffing: Staffing) -> bool:
    """Whether staffing is below the declared minimum: practitioners in date and not away, and leads with deputies."""
    here = staffing.in_date - staffing.away
    return here < site.least_practitioners or staffing.leads + staffing.deputies < site.least_leads


def note_staffing(tx: Tx, now: datetime) -> None:
    """Mark this week if staffing is too low at this moment (`now`, UTC); once is enough."""
    site = tx.get(Site, "site")
    if site is None:
        return
    today = now.astimezone(ZoneInfo(site.zone)).date()
    if (
        is_short(site, tx.counts.staffing(today))
        and not tx.counts.totals(week_of(today))[Measure.UNDERSTAFFED]
    ):
        tx.count(Measure.UNDERSTAFFED, today)
