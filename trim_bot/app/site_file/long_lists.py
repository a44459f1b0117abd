"""Finds lists in the settings that are so long that whoever reads them has to look for what they need."""

from __future__ import annotations

from collections.abc import Iterator

from trim_bot.domain.policy import POLICY
from trim_bot.domain.site import Site

NUMBERS_READ = 8
"""Numbers for help that somebody can take in at once, on a bad day and on a phone."""
DAYS_OF_TWO_YEARS = 60
"""More days off beside the public holidays than two years have."""


def long_lists(site: Site) -> list[str]:
    """A sentence for each list that is long: how many there are, what that does, and what to do about it."""
    return list(_long(site))


def _long(site: Site) -> Iterator[str]:
    most = POLICY.options_at_once
    told = "The first of them are shown, the others are found by a part of their name."
    if len(site.services) > most:
        yield f"There are {len(site.services)} services. {told} Put those that are used most first."
    if len(site.places) >= most:
        yield f"There are {len(site.places)} places. {told} Put those with most people first."
    if len(site.kinds) > most:
        yield f"There are {len(site.kinds)} kinds of hard events. {told} Fewer and wider ones are chosen sooner."
    if len(site.languages) > most:
        yield f"There are {len(site.languages)} languages. {told} Name those that your practitioners speak."
    if len(site.numbers) > NUMBERS_READ:
        many = f"There are {len(site.numbers)} numbers for help."
        yield f"{many} Every first page shows them all: keep the few to ring first."
    for place in site.places:
        if len(place.numbers) > NUMBERS_READ:
            yield f"The place {place.id} has {len(place.numbers)} numbers for help. Keep the few to ring first."
    days = [("There are", site.extra_holidays)]
    days += [(f"The place {place.id} has", place.extra_holidays) for place in site.places]
    for said, extra in days:
        if len(extra) > DAYS_OF_TWO_YEARS:
            yield f"{said} {len(extra)} days under extra_holidays. Take out those that are over."
