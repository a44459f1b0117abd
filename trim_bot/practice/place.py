"""The settings of the practice organisation, with everything in them marked as made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.site_file import default_site
from trim_bot.domain.calendar import WorkCalendar, at_local, next_open
from trim_bot.domain.site import Service, SignedThreshold, Site
from trim_bot.locale.crisis_numbers import numbers_for
from trim_bot.locale.public_holidays import PublicHolidays
from trim_bot.practice.sample_members import SLUG, sample

NAME = "Practice organisation"
CHECKED = "checked for practice only"
MORNING = time(9, 30)
AHEAD = timedelta(days=400)

SERVICES = (
    Service("oh", "Occupational health", "a nurse or doctor at work", "Ring 01632 960101"),
    Service("gp", "Their own doctor", "the usual surgery", "They ring their surgery themselves"),
    Service("therapy", "Trauma therapy", "a clinic for after hard events", "Refer by phone, 01632 960102"),
    Service("money", "Money advice", "help with debt and bills", "Ring 01632 960103"),
)


def practice_site(today: date) -> Site:
    """Settings without a key. The numbers are those the package ships; `today` is when they were checked."""
    numbers = tuple(
        replace(number, verified_on=today, source=f"{number.source} ({CHECKED})")
        for number in numbers_for("GB")
    )
    signed_by = f"{sample('ingrid').name}, clinical lead"
    signed_on = today - timedelta(days=60)
    return replace(
        default_site(NAME, SLUG, numbers),
        services=SERVICES,
        thresholds=(
            SignedThreshold("trauma_first_v1", 9, 3, signed_by, signed_on),
            SignedThreshold("trauma_month_v1", 6, 3, signed_by, signed_on),
        ),
    )


def working_moment(site: Site, instant: datetime) -> datetime:
    """`instant` (aware) if that is working time at the site, else half past nine on the next working day; UTC."""
    zone = ZoneInfo(site.zone)
    first = instant.astimezone(zone).date()
    holidays = PublicHolidays().between(site.country, site.region, first, first + AHEAD)
    opens = next_open(WorkCalendar(site.hours, holidays=holidays), instant)
    if opens == instant:
        return instant.astimezone(UTC)
    return at_local(opens.astimezone(zone).date(), MORNING, site.zone)
