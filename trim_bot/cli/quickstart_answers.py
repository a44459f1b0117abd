"""Reads the four answers that a new desk begins with, as people type them, and writes the first site file from them."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from trim_bot.cli.faults import Misuse
from trim_bot.domain.as_typed import NotRead, read_day
from trim_bot.domain.clean_text import one_line
from trim_bot.domain.countries import country_words, is_country
from trim_bot.domain.people import Address, Platform
from trim_bot.locale.country_zones import country_called, zones_in

NAME = "What is your organisation called?"
PLACE = "Which country, and which city if it has several clocks? Such as GB-ENG, or: US, New York"
LEAD = "Who is the lead? Name, work address, day of their training. Such as: Sam Hill, sam@example.org, 2026-05-04"
ARRIVAL = "How do people arrive: browser, slack or teams?"
HOURS = "09:00-17:00"
"""Working hours from Monday to Friday, where nobody said others."""
NOTICES = {"GB": "uk-1", "US": "us-1", "IE": "ie-1"}
"""The notice of privacy a country begins with; any other has the general one."""
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)")
_MAIL = re.compile(r"[^\s@:<>\"']+@[^\s@:<>\"']+")
_WITH_REGION = re.compile(r"([A-Z]{2})-([A-Z0-9]{1,6})")
_LONGEST_SLUG = 40


class Arrival(Enum):
    """How people come to the desk."""

    BROWSER = "browser"
    """Through its pages alone."""
    SLACK = "slack"
    """Through a Slack workspace as well."""
    TEAMS = "teams"
    """Through Microsoft Teams as well."""


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """Where the organisation works: the code of its country, and an IANA zone."""

    country: str
    zone: str
    region: str = ""
    """The part of the country that has public holidays of its own, such as `ENG`."""


@dataclass(frozen=True, slots=True)
class LeadAnswer:
    """Who leads; `trained_on` is None where nobody said."""

    name: str
    address: Address
    trained_on: date | None


def read_name(text: str) -> str:
    """The organisation's name on one line. Raises Misuse."""
    name = one_line(text)
    if not name:
        raise Misuse("Give the name of your organisation")
    return name


def read_place(text: str) -> PlaceAnswer:
    """A country by code or English name, and after a comma a city where it has several clocks. Raises Misuse.

    A code may name a region: `GB-ENG`.
    """
    said, _, city = one_line(text).partition(",")
    parts = _WITH_REGION.fullmatch(said.strip().upper())
    region = parts[2] if parts else ""
    country = _country(parts[1] if parts else said.strip())
    zones = _zones_of(country)
    city = city.strip().casefold()
    if city:
        found = [zone for zone in zones if city in (zone.casefold(), _city(zone).casefold())]
        if not found:
            raise Misuse(f"No time zone of {country} is called that. There are: {_listed(zones)}")
        return PlaceAnswer(country, found[0], region)
    if len({_clock(zone) for zone in zones}) != 1:
        raise Misuse(f"{country} has several clocks. Name a city after a comma, one of: {_listed(zones)}")
    return PlaceAnswer(country, zones[0], region)


def read_lead(text: str, today: date) -> LeadAnswer:
    """`Name, work address, day of training`; the day may be left out, and is not after `today`. Raises Misuse."""
    parts = [one_line(part) for part in text.split(",")]
    if len(parts) not in (2, 3) or not all(parts[:2]) or not _MAIL.fullmatch(parts[1]):
        raise Misuse("Say who the lead is as: Name, work address, day of their training")
    trained_on = None
    if parts[2:] and parts[2]:
        try:
            trained_on = read_day(parts[2])
        except NotRead:
            raise Misuse("The day of the training reads 2026-05-04: year, month, day") from None
        if trained_on > today:
            raise Misuse("The day of the training is to come. Leave it out, and record it once it was held")
    return LeadAnswer(parts[0], Address(Platform.WEB, "", parts[1].lower()), trained_on)


def read_arrival(text: str) -> Arrival:
    """One of three words. Raises Misuse."""
    try:
        return Arrival(one_line(text).lower())
    except ValueError:
        raise Misuse("Say how people arrive: browser, slack or teams") from None


def read_hours(text: str) -> str:
    """Working hours of a day. Raises Misuse."""
    if not _HOURS.fullmatch(text.strip()):
        raise Misuse(f"Working hours read {HOURS}")
    return text.strip()


def slug_from(name: str) -> str:
    """A short name for addresses, made of the letters of a name that an address may hold."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")
    return slug or "our-organisation"


def first_site_file(name: str, place: PlaceAnswer, hours: str) -> str:
    """The text of a site file with what is needed and nothing else; all the rest is as a new organisation begins."""
    lines = [
        "# The settings this desk began with. docs/site-file.md says what else can stand here.",
        "# trim-bot site check FILE, then trim-bot site apply FILE, puts a changed one into force.",
        f"name = {_quoted(name)}",
        f"slug = {_quoted(slug_from(name))}",
        f"zone = {_quoted(place.zone)}",
        f"country = {_quoted(place.country)}",
        *([f"region = {_quoted(place.region)}"] if place.region else []),
        f"notice = {_quoted(NOTICES.get(place.country, 'generic-1'))}",
        "",
        "[hours]",
        *(f"{day} = [{_quoted(hours)}]" for day in ("monday", "tuesday", "wednesday", "thursday", "friday")),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML, which a string of JSON is once it holds no control character."""
    return json.dumps(text, ensure_ascii=False)


def _country(said: str) -> str:
    code = said.upper()
    if is_country(code):
        return code
    named = country_called(said)
    if not is_country(named):
        raise Misuse(f"The country must be {country_words(code)}")
    return named


def _zones_of(country: str) -> list[str]:
    found = zones_in(country)
    if not found:
        raise Misuse(f"No time zone of {country} is known here: make the desk with a site file of your own")
    return found


def _clock(zone: str) -> tuple[object, ...]:
    """What tells the clocks of two zones apart: how far each is from UTC through this year."""
    year = datetime.now(UTC).year
    return tuple(datetime(year, month, 15, tzinfo=ZoneInfo(zone)).utcoffset() for month in range(1, 13))


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _listed(zones: list[str]) -> str:
    """One city of each clock, so that the list stays short."""
    first: dict[tuple[object, ...], str] = {}
    for zone in zones:
        first.setdefault(_clock(zone), _city(zone))
    return ", ".join(sorted(first.values()))
