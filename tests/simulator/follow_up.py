"""Watches that somebody gets in touch after a yes, and that each event keeps its talks: a first, and one at a month."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from tests.simulator.facts import Facts, Row
from tests.simulator.findings import Finding, Rule

RECENT = timedelta(days=25)
"""A step that has ended is kept for 30 days and more."""
NOT_BEFORE = timedelta(hours=72)
MONTH = timedelta(days=28)
AFTER_FIRST = timedelta(days=21)
WINDOW = timedelta(days=9)
"""The window of a week, with a day for zones and one for the clocks that change."""


def broken(facts: Facts, ended: Mapping[str, datetime], now: datetime) -> Iterator[Finding]:
    """Whoever said yes and is without a conversation; `ended` says by incident when it was over (UTC)."""
    by_case: dict[str, list[Row]] = {}
    for one in facts.check_ins.values():
        if one.state != "cancelled":
            by_case.setdefault(one.case_id, []).append(one)
    for offer in facts.offers.values():
        case = facts.cases.get(offer.case_id) if offer.case_id is not None else None
        over = ended.get(offer.incident_id)
        if offer.state != "accepted" or case is None or case.state != "open" or over is None:
            continue
        if case.programme != offer.programme:
            continue
        talks = by_case.get(case.id, [])
        firsts = [one for one in talks if one.stage == "first"]
        if not any(_is_first(one, over) for one in firsts):
            yield Finding(Rule.FOLLOW_UP, f"no first conversation after the event of {over:%d %b}", now)
        began = [one.held_at or one.opens_at for one in firsts]
        latest = max([over + MONTH, offer.answered_at + AFTER_FIRST, *(at + AFTER_FIRST for at in began)])
        months = [one for one in talks if one.stage == "month"]
        if not any(over + MONTH - WINDOW <= one.due_at <= latest + WINDOW for one in months):
            yield Finding(Rule.FOLLOW_UP, f"no conversation a month after the event of {over:%d %b}", now)


def _is_first(talk: Row, over: datetime) -> bool:
    """Whether a first conversation is for an event: held 72 hours after it at the soonest, or still to be held."""
    hour = timedelta(hours=1)
    return talk.held_at is None or talk.held_at >= over + NOT_BEFORE - hour


def without_contact(facts: Facts, owed: Collection[str], now: datetime) -> Iterator[Finding]:
    """Cases in somebody's hands after a yes for which nobody was ever asked to get in touch.

    `owed` are the cases and requests for which somebody was; the step goes on from a request into its case.
    """
    of_requests = {one.case_id for id, one in facts.requests.items() if id in owed}
    for offer in facts.offers.values():
        case = facts.cases.get(offer.case_id) if offer.state == "accepted" else None
        if case is None or case.state != "open" or case.holder is None or case.opened_at < now - RECENT:
            continue
        if case.id not in owed and case.id not in of_requests:
            yield Finding(Rule.FOLLOW_UP, "after a yes nobody was asked to get in touch", now)
