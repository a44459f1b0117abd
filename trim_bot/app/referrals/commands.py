"""Offering help from professionals, and following it to its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from trim_bot.app.seam.command import Command
from trim_bot.domain.ids import CaseId, ReferralId, ServiceId
from trim_bot.domain.referrals import ReferralState


class HelpAnswer(Enum):
    """What somebody said to the offer of other help."""

    YES = "yes"
    """They want it."""
    LATER = "later"
    """They want to think about it."""
    NO = "no"
    """They do not want it."""


class PutOff(Enum):
    """Stands where the next state of a referral would."""

    NOTHING_NEW = "nothing_new"
    """It stands as it did; only the next look is put off."""


@dataclass(frozen=True, slots=True)
class OfferReferral(Command):
    """Record that help was offered, and what the person said."""

    case: CaseId
    service: ServiceId
    answer: HelpAnswer


@dataclass(frozen=True, slots=True)
class MoveReferral(Command):
    """Record the next state of a referral."""

    referral: ReferralId
    state: ReferralState | PutOff
