"""Whether there is room: open cases against the limit, and people serving against the least declared.

Counted in the transaction that takes or gives, of which an organisation has one at a time: two at once cannot both
have the last place.
"""

from __future__ import annotations

from collections.abc import Iterable
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


def loads(work: Work, ids: Iterable[MemberId]) -> dict[MemberId, int]:
    """Open cases each of these holds, and requests they have taken that are no case yet."""
    asked = tuple(ids)
    if not asked:
        return {}
    cases = work.tx.tally(Case, "holder", holder=asked, state=CaseState.OPEN)
    requests = work.tx.tally(SupportRequest, "taken_by", taken_by=asked, state=RequestState.TAKEN)
    return {id: cases.get(id, 0) + requests.get(id, 0) for id in asked}


def load(work: Work, id: MemberId) -> int:
    """Open cases somebody holds, and requests they have taken that are no case yet."""
    return loads(work, (id,))[id]


def who_has_room(work: Work, ids: Iterable[MemberId]) -> list[MemberId]:
    """Those whom the site's limit lets hold one more, in the order given."""
    return [id for id, held in loads(work, ids).items() if held < work.site.most_open_cases]


def has_room(work: Work, id: MemberId) -> bool:
    """Whether the site's limit lets somebody hold one more."""
    return bool(who_has_room(work, (id,)))


def room_to_offer(work: Work, id: MemberId) -> int:
    """In how many more offers somebody can be named: each that names them already may still become a case."""
    named = work.tx.tally(Offer, "proposed", proposed=id, state=CAN_SAY_YES)
    return max(0, work.site.most_open_cases - load(work, id) - named.get(id, 0))


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
