"""A step on to professional help, with consent and a closed loop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from trim_bot.domain.ids import CaseId, KeyId, ReferralId, ServiceId


class ReferralState(Enum):
    """Where a referral stands."""

    OFFERED = "offered"
    """The person was asked whether they want it."""
    DECLINED = "declined"
    """The person does not want it; nothing follows from that."""
    ACCEPTED = "accepted"
    """The person agreed that it be made."""
    MADE = "made"
    """The service has been contacted."""
    SEEN = "seen"
    """The person has been seen there."""
    NOT_SEEN = "not_seen"
    """The person was not seen there; something else may be needed."""
    CLOSED = "closed"
    """The loop is closed."""


NEXT: dict[ReferralState, tuple[ReferralState, ...]] = {
    ReferralState.OFFERED: (ReferralState.ACCEPTED, ReferralState.DECLINED),
    ReferralState.DECLINED: (),
    ReferralState.ACCEPTED: (ReferralState.MADE, ReferralState.CLOSED),
    ReferralState.MADE: (ReferralState.SEEN, ReferralState.NOT_SEEN),
    ReferralState.SEEN: (ReferralState.CLOSED,),
    ReferralState.NOT_SEEN: (ReferralState.MADE, ReferralState.CLOSED),
    ReferralState.CLOSED: (),
}
"""The moves that are allowed, from each state."""


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral of one case to an entry of the site's directory."""

    id: ReferralId
    key_id: KeyId
    case_id: CaseId
    service: ServiceId
    """Id of the directory entry, sealed."""
    state: ReferralState
    offered_at: datetime
    changed_at: datetime
