"""Finds the numbers in what somebody wrote, and how each is dialled or texted; the one place that knows telephony."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_MOST_DIGITS = 15
_LEAST_DIGITS = 3
_LEAST_ALONE = 2
_MOST_TEXT_DIGITS = 8
"""A line for texts has a short number; a longer one is a telephone that takes texts too."""
_CANDIDATE = re.compile(
    r"""(?<![\w:@.+-])(?<![^\d]/)  # Not in the middle of a word, a time, a date or an address.
    (?P<number>(?:\+|00(?=[1-9]))?\(?\d(?:[ \u00a0().-]{0,3}\d)*)
    (?P<extension>[ ,;]*(?:ext(?:ension|n)?\.?|x)[ ]?(?P<inner>\d{1,6}))?
    (?![\w%-]|[ \u00a0\u202f]?:)  # Nor in a label, which some languages part from its colon.""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_NUMBER = re.compile(
    r"^\d{4}-\d{2}-\d{2}$|^\d{1,2}[.-]\d{1,2}([.-]\d{2,4})?$|^\d{1,2}[ ]?-[ ]?\d{1,2}$", re.ASCII
)
"""Dates and hours, which are written with digits too."""
_SPAN = re.compile(r"\s*(?:hours?|hrs?|days?|minutes?|weeks?|months?|years?|times?|people)\b", re.IGNORECASE)
_BEFORE_A_YEAR = re.compile(
    r"(?:/|\b(?:since|in|until|from|by)\s+|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s*)$",
    re.IGNORECASE,
)
_ABOUT_IT = re.compile(r"\s*\((?=[^()]*[a-z])[^()]*\)\s*$", re.IGNORECASE)
"""What stands in brackets at the end, such as when a number was checked."""
_BY_TEXT = re.compile(r"\b(?:texts?|texting|sms|whatsapp)\b(?P<said>[^0-9]{0,40})$", re.IGNORECASE)
_WORD = re.compile(r"[\s:]*(?:the word\s+)?[\"'“‘]?(?P<word>[A-Z][A-Z0-9]{1,19})[\"'”’]?\s+(?:to|au)[\s:]*$")
_OR_RING = re.compile(
    r"\b(?:call|ring|phone) or (?:text|sms)\b|\b(?:text|sms) or (?:call|ring|phone)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NumberLink:
    """One number in a text. `start` and `end` say where it stands there."""

    start: int
    end: int
    url: str
    """`tel:` or `sms:`, as a phone takes it."""


def number_links(text: str) -> tuple[NumberLink, ...]:
    """Every number in a text that can be dialled or texted, in order; none is guessed.

    A number written with its country is dialled with it, whatever stands in it for those who are there (`(0)`);
    any other is dialled as it is written. Nothing is found in brackets at the end that hold words.
    """
    about = _ABOUT_IT.search(text)
    end = about.start() if about else len(text)
    return tuple(_found(text[:end]))


def url_of(text: str) -> str:
    """How the first number in a text is dialled or texted; empty where there is none."""
    return next((way.url for way in number_links(text)), "")


def normalised_number(text: str, country: str) -> str:
    """One spelling for every way a person writes a number: with its country, or its digits where that fails.

    `country` (ISO 3166) is where it is dialled from. Empty where there is no number.
    """
    written = text.strip()
    try:
        read = phonenumbers.parse(written, country.upper() or None)
    except NumberParseException:
        return re.sub(r"\D", "", written)
    if not phonenumbers.is_possible_number(read):
        return re.sub(r"\D", "", written)
    spelt = phonenumbers.format_number(read, PhoneNumberFormat.E164)
    return f"{spelt};{read.extension}" if read.extension else str(spelt)


class PhoneNumbers:
    """Implements the port `PhoneNumbers` with Google's table of numbering plans."""

    def one_form(self, text: str, country: str) -> str:
        """The same text for every way of writing a number, read as one of a country; empty for what is no number."""
        return normalised_number(text, country)


def _found(text: str) -> Iterator[NumberLink]:
    for match in _CANDIDATE.finditer(text):
        number = match["number"]
        if _is_no_number(text, match):
            continue
        start, end = match.start("number"), match.end()
        by_text = _BY_TEXT.search(text[:start])
        if by_text is not None and not _OR_RING.search(text[:start]):
            address = _dialled(number)
            word = _WORD.match(by_text["said"])
            if address:
                if word or not by_text["said"].strip():
                    start = by_text.start()
                yield NumberLink(
                    start, end, f"sms:{address}" + (f"?body={quote(word['word'])}" if word else "")
                )
        elif address := _dialled(number, _alone(text, match)):
            inner = f";ext={match['inner']}" if match["inner"] else ""
            yield NumberLink(start, end, f"tel:{address}{inner}")


def _is_no_number(text: str, match: re.Match[str]) -> bool:
    number = match["number"]
    before, after = text[: match.start()], text[match.end() :]
    year = re.fullmatch(r"(?:19|20)\d\d", number) is not None and _BEFORE_A_YEAR.search(before) is not None
    return bool(_NO_NUMBER.match(number) or _SPAN.match(after) or year)


def _alone(text: str, match: re.Match[str]) -> bool:
    """Whether nothing but a label and its colon stands beside the number."""
    before = text[: match.start()].rstrip()
    return not text[match.end() :].strip() and (not before or before.endswith(":"))


def _dialled(number: str, alone: bool = False) -> str:
    """The digits to dial, or nothing when these are not as many as a number has."""
    digits = re.sub(r"\D", "", number)
    abroad = number.startswith("+") or (number.startswith("00") and len(digits) > _MOST_TEXT_DIGITS)
    if abroad:
        return _with_country(f"+{number.removeprefix('+').removeprefix('00')}")
    # Some emergency services have two digits; among other words they could be anything.
    least = _LEAST_ALONE if alone else _LEAST_DIGITS
    return digits if least <= len(digits) <= _MOST_DIGITS else ""


def _with_country(number: str) -> str:
    try:
        read = phonenumbers.parse(number, None)
    except NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(read):
        return ""
    return str(phonenumbers.format_number(read, PhoneNumberFormat.E164))
