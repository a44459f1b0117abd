"""What a bulletin can be asked: all of them, or one."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import FIRST, ListPlace, Opening
from trim_bot.domain.bulletins import BulletinId

NEWEST = BulletinId("")


@dataclass(frozen=True, slots=True)
class OpenBulletins(Opening):
    """List every bulletin, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenBulletin(Opening):
    """Show one bulletin; the newest unless a handle says which."""

    bulletin: BulletinId = NEWEST
