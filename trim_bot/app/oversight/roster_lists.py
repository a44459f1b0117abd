"""Who serves, and what was asked on the roster, a part at a time: what waits for a yes, then everybody."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from trim_bot.app.oversight import asked_screens, screens
from trim_bot.app.oversight.commands import FindServing, OpenFindServing
from trim_bot.app.people.roster import Overview
from trim_bot.app.people.roster_records import Asked, Serving
from trim_bot.app.seam.links import OpenGivenRoles, OpenRoster
from trim_bot.app.seam.paging import found_part, part_by_id
from trim_bot.app.seam.unsigned import Screen
from trim_bot.domain.grants import COMING
from trim_bot.domain.people import Role


def open_roster(overview: Overview, command: OpenRoster) -> Screen:
    """What was asked and has not begun, and everyone who serves; no more of them is read than is shown."""
    waiting = [one for one, _ in overview.roster.requests() if one.state in COMING]
    people = [id for id, _ in overview.roster.names()]
    part = part_by_id([*(one.id for one in waiting), *people], str, command.after)
    asked = overview.roster.asked(overview.who.id, [one for one in waiting if one.id in part.rows])
    serving = overview.roster.some([id for id in people if id in part.rows])
    rows: list[Asked | Serving] = [*asked, *serving]
    return screens.roster_page(
        part.holding(rows),
        overview.now,
        ZoneInfo(overview.site.zone),
        for_coordinator=Role.COORDINATOR in overview.who.roles,
    )


def open_find(overview: Overview, command: OpenFindServing) -> Screen:
    """The form for finding somebody who serves."""
    return screens.find_form()


def find(overview: Overview, command: FindServing) -> Screen:
    """Those who serve and whose name has what was typed."""
    part = found_part(overview.roster.names(), lambda one: one[1], command.typed)
    people = overview.roster.some([id for id, _ in part.rows])
    return screens.found_page(part.holding(people), overview.now, ZoneInfo(overview.site.zone))


def open_given_roles(overview: Overview, command: OpenGivenRoles) -> Screen:
    """What was asked and given lately, for leads."""
    part = part_by_id([one for one, _ in overview.roster.requests()], lambda one: one.id, command.after)
    asked = overview.roster.asked(overview.who.id, part.rows)
    return asked_screens.given_roles_page(part.holding(asked), ZoneInfo(overview.site.zone))
