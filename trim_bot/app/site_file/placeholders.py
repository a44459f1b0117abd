"""Finds what was left in the settings as an example has it, and days so old that somebody should ring again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from trim_bot.app.site_file.reading import SiteFile
from trim_bot.domain.countries import country_words, is_country
from trim_bot.domain.site import RING_AGAIN, CrisisNumber, Site

SIGN_AGAIN = timedelta(days=5 * 365)
"""After so long whoever signed a threshold should be asked whether it still holds."""
_WORDS = re.compile(
    r"""(?<!for\ )\bexamples?\b | \b(?:todo|tbc|tbd|fixme|changeme|placeholder|lorem\ ipsum)\b | \bxxx+\b
    | \b(?:jane|john)\ (?:doe|roe|bloggs)\b | \bjoe\ bloggs\b | \bname\ and\ role\b
    | \byour\ (?:organisation|company|site|clinical\ lead)\b | <[^<>]+> | \?\?\? | \.(?:test|invalid)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DIGITS = re.compile(
    r"""\A0000 | 000000 | 12345 | 5550?1\d\d\b | \A(\d)\1{4,}\Z
    # Ranges that are kept for plays and examples in the United Kingdom.
    | 1632960 | 7700900 | 2079460 | 8081570 | 9098790 | 3069990 | 1\d{2}4960""",
    re.VERBOSE,
)
_WORKSPACE = re.compile(r"slack:T0{2,}1:|@example\.(?:com|net|org)\Z|\.example\Z")


def placeholders(site: Site) -> list[str]:
    """A sentence for each place of the settings that reads like an example; it names the place, not the words."""
    return list(_of_site(site))


def _of_site(site: Site) -> Iterator[str]:
    if made_up(site.name):
        yield "The name of the organisation reads like an example."
    if site.slug.startswith("example"):
        yield "The slug reads like an example. People see it in addresses, and a new one ends their sessions."
    for number in all_numbers(site):
        if made_up(number.label) or made_up(number.source) or made_up_number(number.number):
            yield f"The number of “{number.label}” reads like a made-up one: nobody may be there to answer."
    for service in site.services:
        texts = (service.name, service.what, service.how)
        if any(map(made_up, texts)) or any(map(made_up_number, texts)):
            yield f"The service “{service.name}” reads like an example: a referral would lead nowhere."
    yield from (
        f"The way outside “{way.name}” reads like an example: whoever fears a colleague would reach nobody."
        for way in site.outside
        if made_up(way.name) or made_up(way.how) or made_up_number(way.how)
    )
    for threshold in site.thresholds:
        if made_up(threshold.signed_by):
            yield f"The threshold of {threshold.questionnaire} is signed by a name that reads like an example."
    for place in site.places:
        if made_up(place.name):
            yield f"The name of the place {place.id} reads like an example."


def listed_placeholders(file: SiteFile) -> list[str]:
    """The same of the people in a file, which are kept in no settings."""
    addresses = [person.address for person in file.staff if _WORKSPACE.search(person.address)]
    lines = [pair for pair in file.reporting_lines if any(map(_WORKSPACE.search, pair[:2]))]
    found = []
    if addresses:
        found.append(f"{len(addresses)} under [[staff]] have the address of an example.")
    if lines:
        found.append(f"{len(lines)} of [[reporting_lines]] have the address of an example.")
    return found


def old_days(site: Site, today: date) -> list[str]:
    """A sentence for each number that was verified more than a year ago, and for each old signature."""
    found = [
        f"“{number.label}” was verified more than a year ago: ring it again, and give the new day."
        for number in all_numbers(site)
        if number.verified_on is not None and today - number.verified_on > RING_AGAIN
    ]
    return found + [
        f"The threshold of {one.questionnaire} was signed more than five years ago: ask whether it still holds."
        for one in site.thresholds
        if today - one.signed_on > SIGN_AGAIN
    ]


def missing_outside(site: Site) -> list[str]:
    """A sentence where nobody outside is named to whom somebody could turn about a colleague who serves."""
    if site.outside:
        return []
    return ["Nobody is named under [[outside]]: whoever fears a colleague finds no way past those who serve."]


def unknown_countries(site: Site) -> list[str]:
    """A sentence for each country that is none: holidays and numbers go by it."""
    named = [
        ("country", site.country),
        *((f"country of the place {one.id}", one.country) for one in site.places),
    ]
    return [f"The {what} must be {country_words(code)}." for what, code in named if not is_country(code)]


def made_up(text: str) -> bool:
    """Whether a text reads like one that stands in an example."""
    return _WORDS.search(text) is not None


def made_up_number(text: str) -> bool:
    """Whether a number is of those that ring nowhere, or nobody has."""
    return _DIGITS.search(re.sub(r"\D", "", text)) is not None


def all_numbers(site: Site) -> tuple[CrisisNumber, ...]:
    """Those of the site, and those of its places."""
    return (*site.numbers, *(number for place in site.places for number in place.numbers))
