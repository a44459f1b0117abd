"""The roles that lines of routes allow, and what each gives a handler: all of a unit of work, or an overview."""

from __future__ import annotations

from trim_bot.app.people import eligible
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.people.roster import Overview, Roster
from trim_bot.app.people.settled_site import settled_site
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
from trim_bot.domain.calendar import WorkCalendar
from trim_bot.domain.people import Role
from trim_bot.domain.policy import DAY


def overview_of(unit: UnitOfWork) -> Overview:
    """Kept figures and the roster, with no way to any case. Raises NotOpen for somebody who is signed out."""
    work = of_member(unit)
    return Overview(
        counts=work.tx.counts,
        roster=Roster(work.tx, work.note_place, lambda: eligible.note_staffing(work.tx, work.now)),
        who=work.who,
        site=work.site,
        now=work.now,
        calendar=_site_calendar(work),
        profiles=work.profiles,
        bulletins=Bulletins(work.tx),
        nonce=work.nonce,
        link=work.link,
        of_all_places=lambda: settled_site(work.tx),
    )


def _site_calendar(work: UnitOfWork) -> WorkCalendar:
    """When the site works, from now on for as long as anything asked on the roster waits."""
    site, today = work.site, work.now.date()
    days = work.holidays.between(site.country, site.region, today - DAY, today + 60 * DAY)
    return WorkCalendar(site.hours, holidays=days | frozenset(site.extra_holidays))


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
SEES_GRANTS = Allow(
    Rule(frozenset({Role.COORDINATOR, Role.ADMINISTRATOR, Role.LEAD, Role.DEPUTY}), always), overview_of
)
"""Whoever may give a role, or be the second to say yes to one."""
LEADS_OVERSEE = Allow(LEADS.rule, overview_of)
"""Leads where the subject is who serves, and no case."""
