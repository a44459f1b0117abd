"""The roles that lines of routes allow, and what each gives a handler: all of a unit of work, or an overview."""

from __future__ import annotations

from trim_bot.app.people import eligible
from trim_bot.app.people.roster import Overview, Roster
from trim_bot.app.seam.route import Allow, Rule, whole
from trim_bot.app.seam.work import Work
from trim_bot.domain.people import Role


def overview_of(work: Work) -> Overview:
    """Kept figures and the roster, with no way to any case."""
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


ANYONE = Allow(Rule(frozenset[Role]()), whole)
"""Every member, whatever they are."""
SIGNED_OUT = Allow(Rule(frozenset[Role](), signed_out=True), whole)
"""Everybody, also without a sign-in."""
SERVES = Allow(Rule(eligible.SERVES), whole)
LEADS = Allow(Rule(frozenset({Role.LEAD, Role.DEPUTY})), whole)
KEEPS = Allow(Rule(frozenset({Role.COORDINATOR})), overview_of)
GRANTS = Allow(Rule(frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})), overview_of)
