"""The roles that lines of routes allow, and what each gives a handler: all of a unit of work, or an overview."""

from __future__ import annotations

from trim_bot.app.people import eligible
from trim_bot.app.people.roster import Overview, Roster
from trim_bot.app.seam.route import (
    Allow,
    Asked,
    GuestEntitlement,
    Rule,
    always,
    of_anybody,
    of_member,
    unasked,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.people import Role


def overview_of(unit: UnitOfWork) -> Overview:
    """Kept figures and the roster, with no way to any case. Raises NotOpen for somebody who is signed out."""
    work = of_member(unit)
    return Overview(
        counts=work.tx.counts,
        roster=Roster(work.tx, work.note_place),
        who=work.who,
        site=work.site,
        now=work.now,
        zone=work.zone,
        profiles=work.profiles,
        nonce=work.nonce,
    )


def signed_out(relation: GuestEntitlement[Asked]) -> Allow[UnitOfWork, Asked]:
    """Everybody who stands in a relationship that asks nothing of who they are."""
    return Allow(Rule(frozenset[Role](), relation, relation), of_anybody)


ANYONE = Allow(Rule(frozenset[Role](), always), of_member)
"""Every member, whatever they are."""
SIGNED_OUT = Allow(Rule(frozenset[Role](), always, unasked), of_anybody)
"""Everybody, also without a sign-in."""
SERVES = Allow(Rule(eligible.SERVES, always), of_member)
LEADS = Allow(Rule(frozenset({Role.LEAD, Role.DEPUTY}), always), of_member)
KEEPS = Allow(Rule(frozenset({Role.COORDINATOR}), always), overview_of)
GRANTS = Allow(Rule(frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}), always), overview_of)
