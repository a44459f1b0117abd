"""`site check` says where a list of the settings is so long that people have to look for what they need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trim_bot.app.site_file.long_lists import DAYS_OF_TWO_YEARS, NUMBERS_READ, long_lists
from trim_bot.app.site_file.reading import default_site
from trim_bot.domain.ids import KindId, PlaceId, ServiceId
from trim_bot.domain.policy import POLICY
from trim_bot.domain.site import CrisisNumber, Kind, Place, Service, Site

NUMBER = CrisisNumber("Samaritans", "116 123", "GB")
SITE = default_site("Northern Line Depot", "northern-line", (NUMBER,))
MOST = POLICY.options_at_once
DAYS = tuple(date(2026, 1, 1) + timedelta(days=day) for day in range(400))


def with_services(many: int) -> Site:
    one = Service(ServiceId("s"), "Occupational health", "A nurse at work", "Ring 1234")
    return replace(SITE, services=(one,) * many)


def with_places(
    many: int, numbers: tuple[CrisisNumber, ...] = (), extra_holidays: tuple[date, ...] = ()
) -> Site:
    one = Place(PlaceId("p0"), "A depot", "UTC", "GB", numbers=numbers, extra_holidays=extra_holidays)
    return replace(SITE, places=(one,) * many)


@pytest.mark.parametrize(
    ("short", "long", "said"),
    [
        (with_services(MOST), with_services(121), "121 services"),
        (with_places(MOST - 1), with_places(MOST), "40 places"),
        (SITE, replace(SITE, kinds=(Kind(KindId("k"), "A kind"),) * 41), "41 kinds of hard events"),
        (SITE, replace(SITE, languages=("en",) * 41), "41 languages"),
        (
            replace(SITE, numbers=(NUMBER,) * NUMBERS_READ),
            replace(SITE, numbers=(NUMBER,) * (NUMBERS_READ + 1)),
            "9 numbers for help",
        ),
        (with_places(1), with_places(1, numbers=(NUMBER,) * 9), "The place p0 has 9 numbers"),
        (
            replace(SITE, extra_holidays=DAYS[:DAYS_OF_TWO_YEARS]),
            replace(SITE, extra_holidays=DAYS[: DAYS_OF_TWO_YEARS + 1]),
            "61 days under extra_holidays",
        ),
        (with_places(1), with_places(1, extra_holidays=DAYS), "The place p0 has 400 days"),
    ],
)
def test_a_long_list_is_said_and_a_short_one_is_not(short: Site, long: Site, said: str) -> None:
    assert long_lists(short) == []
    assert [said in one for one in long_lists(long)] == [True]
