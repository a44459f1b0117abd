"""What a coordinator's handler is given: kept figures and the roster, with no way to any case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Counts
from trim_bot.app.seam.work import Who
from trim_bot.domain.people import Profile
from trim_bot.domain.site import Site


@dataclass(slots=True)
class Overview:
    """What a coordinator's handler is given: kept figures and the roster, with no way to any case."""

    counts: Counts
    roster: Roster
    who: Who
    site: Site
    now: datetime
    zone: ZoneInfo
    profiles: Mapping[str, Profile]
    nonce: str = ""
