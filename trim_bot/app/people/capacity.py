"""Whether there is room: open cases against the limit, and people serving against the least declared.

Counted in the transaction that takes or gives, of which an organisation has one at a time: two at once cannot both
have the last place.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.people.staffing import staffing_now
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.figures import week_of
from trim_bot.domain.ids import MemberId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.records import Measure, Staffing
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.site import Site

CAN_SAY_YES = (OfferState.WAITING, OfferState.NOT_NOW)


def load(work: Work, id: MemberId) -> int:
    """Open cases somebody holds, and requests they have taken that are no case yet."""
    cases = work.tx.find(Case, holder=id, state=CaseState.OPEN)
    return len(cases) + len(work.tx.find(SupportRequest, taken_by=id, state=RequestState.TAKEN))


def has_room(work: Work, id: MemberId) -> bool:
    """Whether the site's limit lets somebody hold one more."""
    most = work.site.most_open_cases
    held = len(work.tx.find(Case, holder=id, state=CaseState.OPEN, limit=most))
    if held < most:
        held += len(work.tx.find(SupportRequest, taken_by=id, state=RequestState.TAKEN, limit=most))
    return held < most


def room_to_offer(work: Work, id: MemberId) -> int:
    """In how many more offers somebody can be named: each that names them already may still become a case."""
    named = len(work.tx.find(Offer, proposed=id, state=CAN_SAY_YES))
    return max(0, work.site.most_open_cases - load(work, id) - named)


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
    if not tx.counts.totals(week_of(today))[Measure.UNDERSTAFFED] and is_short(
        site, staffing_now(tx, today, now)
    ):
        tx.count(Measure.UNDERSTAFFED, today)
