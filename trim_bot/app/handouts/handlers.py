"""Fills poster and leaflet from the settings in force: nothing about anybody stands on either."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from trim_bot.app.handouts import screens
from trim_bot.app.handouts.commands import OpenLeaflet, OpenPoster
from trim_bot.app.people.roster import Overview
from trim_bot.app.seam.links import OpenHandouts
from trim_bot.app.seam.unsigned import Screen
from trim_bot.domain.site import CrisisNumber


def open_handouts(overview: Overview, command: OpenHandouts) -> Screen:
    """The two of them, with what should be seen to before either is printed."""
    return screens.handouts_page(overview.link, _not_rung(overview))


def open_poster(overview: Overview, command: OpenPoster) -> Screen:
    """The poster."""
    return screens.poster(overview.of_all_places(), overview.link)


def open_leaflet(overview: Overview, command: OpenLeaflet) -> Screen:
    """The leaflet."""
    return screens.leaflet(overview.of_all_places(), overview.link)


def _not_rung(overview: Overview) -> tuple[CrisisNumber, ...]:
    site = overview.of_all_places()
    today = overview.now.astimezone(ZoneInfo(site.zone)).date()
    return tuple(one for one in site.numbers[: screens.MOST_NUMBERS] if one.should_be_rung(today))
