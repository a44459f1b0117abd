"""How much somebody holds, and whether the site's limit leaves room for more.

Counted in the transaction that takes or gives, of which an organisation has one at a time: two at once cannot both
have the last place.
"""

from __future__ import annotations

from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.ids import MemberId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.requests import RequestState, SupportRequest

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
