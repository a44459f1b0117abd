"""Shows what was published, as it was published."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from trim_bot.app.bulletins import screens
from trim_bot.app.bulletins.commands import OpenBulletin, OpenBulletins
from trim_bot.app.bulletins.content import from_json
from trim_bot.app.people.roster import Overview
from trim_bot.app.seam.paging import part_by_id
from trim_bot.app.seam.unsigned import Screen
from trim_bot.domain.errors import NotOpen


def open_bulletins(overview: Overview, command: OpenBulletins) -> Screen:
    """Every bulletin, the newest first."""
    part = part_by_id(overview.bulletins.all(), lambda one: one.id, command.after)
    told = part.holding((one.id, from_json(one.body)) for one in part.rows)
    return screens.bulletins_page(told, altered=overview.bulletins.altered())


def open_bulletin(overview: Overview, command: OpenBulletin) -> Screen:
    """One bulletin. Raises NotOpen for none, and for one that was changed since it was published."""
    one = overview.bulletins.one(command.bulletin)
    if one is None:
        raise NotOpen("bulletin")
    return screens.bulletin_page(one, from_json(one.body), overview.link, ZoneInfo(overview.site.zone))
