"""What is done and what is missing before people can rely on the desk, judged by what is kept and never by a flag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from trim_bot.app.site_file.placeholders import all_numbers, made_up
from trim_bot.app.site_file.reading import DEFAULT_NAME
from trim_bot.domain.people import Platform, Role
from trim_bot.domain.site import CrisisNumber, Site

NOTICE_OF = {"GB": "uk", "US": "us", "IE": "ie"}
"""Which notice is written for a country; elsewhere the generic one is."""


class SetUpItem(Enum):
    """One line of the list, in the order in which it is best done."""

    PLACE = "place"
    """Name, place and hours."""
    NUMBERS = "numbers"
    """Numbers to ring, each rung and dated."""
    NOTICE = "notice"
    """What people are told about privacy."""
    SERVICES = "services"
    """Professional help to refer to."""
    OUTSIDE = "outside"
    """Somebody outside the desk to turn to about a colleague."""
    COORDINATOR = "coordinator"
    """Somebody who keeps the roster."""
    LEADS = "leads"
    """A lead and a deputy."""
    TRAINING = "training"
    """Practitioners whose training is in date."""
    MESSAGE = "message"
    """A test message that each connected chat took."""


class LineStands(Enum):
    """How one line of the list stands."""

    DONE = "done"
    """Nothing is left to do."""
    MISSING = "missing"
    """Something is."""
    NOT_NEEDED = "not_needed"
    """Here there is nothing to do."""


@dataclass(frozen=True, slots=True)
class ConnectedChat:
    """One Slack workspace or Teams tenant that is connected."""

    key: str
    """A digest that stands for it."""
    platform: Platform
    name: str
    """What the platform calls it; empty where it is the only one of its platform."""
    taken: bool
    """Whether it took a test message."""
    reaches: bool
    """Whether whoever looks has an account there."""


@dataclass(frozen=True, slots=True)
class SetUpFacts:
    """What the list is judged by."""

    site: Site
    today: date
    """The day it is at the site."""
    roles: Mapping[Role, int]
    """How many people hold each role."""
    in_date: int
    """Practitioners whose training is in date."""
    chats: tuple[ConnectedChat, ...]


def standings(facts: SetUpFacts) -> Mapping[SetUpItem, LineStands]:
    """How each line stands, in order."""
    return {item: _standing(item, facts) for item in SetUpItem}


def not_rung(site: Site, today: date) -> tuple[CrisisNumber, ...]:
    """The numbers that nobody rang within a year of `today`."""
    return tuple(one for one in all_numbers(site) if one.should_be_rung(today))


def has_own_country(site: Site) -> bool:
    """Whether one of its numbers can be rung in the country of the site."""
    return any(one.place in ("", site.country) for one in site.numbers)


def notice_fits(site: Site) -> bool:
    """Whether the notice is written for the country of the site, or for any."""
    written_for = site.notice.partition("-")[0]
    return written_for in ("generic", NOTICE_OF.get(site.country, "generic"))


def next_of(standing: Mapping[SetUpItem, LineStands]) -> SetUpItem | None:
    """The first line of which something is missing."""
    return next((item for item, how in standing.items() if how is LineStands.MISSING), None)


def _standing(item: SetUpItem, facts: SetUpFacts) -> LineStands:
    if item is SetUpItem.MESSAGE and not facts.chats:
        return LineStands.NOT_NEEDED
    return LineStands.DONE if all(_held(item, facts)) else LineStands.MISSING


def _held(item: SetUpItem, facts: SetUpFacts) -> Iterator[bool]:
    """What has to be true of a line, one by one."""
    site, roles = facts.site, facts.roles
    match item:
        case SetUpItem.PLACE:
            yield site.name != DEFAULT_NAME and not made_up(site.name)
        case SetUpItem.NUMBERS:
            yield has_own_country(site) and not not_rung(site, facts.today)
        case SetUpItem.NOTICE:
            yield notice_fits(site)
        case SetUpItem.SERVICES:
            yield bool(site.services)
        case SetUpItem.OUTSIDE:
            yield bool(site.outside)
        case SetUpItem.COORDINATOR:
            yield roles.get(Role.COORDINATOR, 0) > 0
        case SetUpItem.LEADS:
            yield roles.get(Role.LEAD, 0) > 0
            yield roles.get(Role.DEPUTY, 0) > 0
        case SetUpItem.TRAINING:
            yield facts.in_date >= site.least_practitioners
        case SetUpItem.MESSAGE:
            yield all(chat.taken for chat in facts.chats)
