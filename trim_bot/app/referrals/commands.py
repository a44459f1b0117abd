"""Offering help from professionals, and following it to its end."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import Command


@dataclass(frozen=True, slots=True)
class OfferReferral(Command):
    """Record that help was offered, and what the person said: `yes`, `no` or `later`."""

    case: str
    service: str
    answer: str


@dataclass(frozen=True, slots=True)
class MoveReferral(Command):
    """Record the next state of a referral."""

    referral: str
    state: str
