"""What a new organisation starts with until its administrator applies a file of its own."""

from __future__ import annotations

from datetime import time

from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.ids import KeyId
from trim_bot.domain.site import CrisisNumber, Kind, Site

SITE_ID = "site"
NO_KEY = KeyId("")
"""Stands where the key goes until the settings are kept under one."""
DEFAULT_KINDS = (
    Kind("sudden_death", "Sudden death"),
    Kind("serious_injury", "Serious injury"),
    Kind("threat_or_violence", "Threat or violence"),
    Kind("distressing_content", "Distressing content"),
    Kind("near_miss", "Near miss"),
    Kind("other", "Other hard event"),
)
_NINE_TO_FIVE = ((time(9), time(17)),)


def default_site(name: str, slug: str, numbers: tuple[CrisisNumber, ...] = ()) -> Site:
    """Monday to Friday from 9 to 17 in London, with no threshold and no service; `key_id` is empty.

    `numbers` are the shipped ones of Great Britain, which nobody has verified yet.
    """
    return Site(
        id=SITE_ID,
        key_id=NO_KEY,
        name=name,
        slug=slug,
        zone="Europe/London",
        hours=WorkingHours("Europe/London", (_NINE_TO_FIVE,) * 5 + ((),) * 2),
        country="GB",
        region="ENG",
        numbers=numbers,
        kinds=DEFAULT_KINDS,
    )
