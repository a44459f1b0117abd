"""Times and days as people type them: with digits of any script, `8 pm`, `0800`, `24:00`, `24.11.2026`.

Whatever could mean two things is refused with why, so that nobody's clock starts from a guess.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time
from enum import Enum

from trim_bot.domain.errors import FixedText


class Unclear(Enum):
    """Why a time or a day could not be read."""

    NOT_READ = "not_read"
    """It is none."""
    MORNING_OR_EVENING = "morning_or_evening"
    """An hour alone, which may be before noon or after."""
    HOUR_OR_MINUTES = "hour_or_minutes"
    """Three digits, which can be split in two ways."""
    CONTRADICTS = "contradicts"
    """An hour of the afternoon said to be before noon, or the other way round."""
    MIDNIGHT = "midnight"
    """Midnight, which may be the start of the day or its end."""
    DAY_OR_MONTH = "day_or_month"
    """Two numbers, each of which may be the month."""


class NotRead(FixedText, ValueError):
    """What was typed is no time or day, or may be two; the text is not repeated."""

    text = "This could not be read"

    def __init__(self, why: Unclear) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day; `next_day` for 24:00, the end of the day, which is 0:00 of the next."""

    at: time
    next_day: bool = False


_MARKS = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Marks of direction and spaces without width, which phones put beside digits."""


def plain_digits(text: str) -> str:
    """The same text with digits of every script as 0 to 9, without marks nobody sees, on one line."""
    shown = unicodedata.normalize("NFKC", _MARKS.sub("", text))
    return " ".join("".join(_digit(one) for one in shown).split())


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


_HALF = {
    "a": 0, "am": 0, "p": 12, "pm": 12,
    # As phones set to Arabic and to Persian write them.
    "ص": 0, "م": 12, "قظ": 0, "بظ": 12,
}  # fmt: skip
_SPLIT = re.compile(
    r"(\d{1,2})(?: ?[:.,h٫] ?(\d{2})(?:[:.](\d{2}))?|h)? ?([ap]\.? ?m?\.?|ص|م|ق\.? ?ظ\.?|ب\.? ?ظ\.?)?"
)
_TOGETHER = re.compile(r"(\d{2})(\d{2}) ?(?:h|hrs?|hours)?")
_THREE = re.compile(r"\d{3} ?(?:[ap]\.? ?m?\.?)?")


def read_clock(text: str) -> ClockTime:
    """A time of day as typed. Raises NotRead, with why.

    `8:00` and `0800` are by the clock of 24 hours, `8 pm` by that of 12; `12 am` is 0:00 and `12 pm` noon.
    """
    typed = plain_digits(text).casefold()
    if typed in ("noon", "midday", "12 noon"):
        return ClockTime(time(12))
    if typed in ("midnight", "12 midnight"):
        raise NotRead(Unclear.MIDNIGHT)
    if _THREE.fullmatch(typed):
        raise NotRead(Unclear.HOUR_OR_MINUTES)
    together = _TOGETHER.fullmatch(typed)
    if together is not None:
        return _made(int(together[1]), int(together[2]), 0)
    split = _SPLIT.fullmatch(typed)
    if split is None:
        raise NotRead(Unclear.NOT_READ)
    hour, half = int(split[1]), re.sub(r"[. ]", "", split[4] or "")
    if half:
        return _made(
            _of_twelve(hour, int(split[2] or 0), _HALF[half]), int(split[2] or 0), int(split[3] or 0)
        )
    if split[2] is None and not typed.endswith("h"):
        raise NotRead(Unclear.MORNING_OR_EVENING if hour <= 24 else Unclear.NOT_READ)
    return _made(hour, int(split[2] or 0), int(split[3] or 0))


def _of_twelve(hour: int, minute: int, half: int) -> int:
    """The hour by the clock of 24. An hour that already is one stands, where its half of the day agrees."""
    if 1 <= hour <= 12:
        return hour % 12 + half
    if hour > 24 or minute > 59:
        raise NotRead(Unclear.NOT_READ)
    if (hour < 12) is not (half == 0) or hour == 24:
        raise NotRead(Unclear.CONTRADICTS)
    return hour


def _made(hour: int, minute: int, second: int) -> ClockTime:
    if (hour, minute, second) == (24, 0, 0):
        return ClockTime(time(0), next_day=True)
    try:
        return ClockTime(time(hour, minute, second))
    except ValueError:
        raise NotRead(Unclear.NOT_READ) from None


_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\.?")
_DAY_NAMED = re.compile(r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3,9})\.?,?[ -]+(\d{4})")
_MONTH_NAMED = re.compile(r"(?:[a-z]+,? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip


def read_day(text: str) -> date:
    """A day as typed: `2026-11-24`, `24/11/2026`, `24 Nov 2026`. Raises NotRead, with why."""
    typed = plain_digits(text).casefold()
    if first := _YEAR_FIRST.fullmatch(typed):
        return _day(int(first[1]), int(first[2]), int(first[3]))
    if last := _YEAR_LAST.fullmatch(typed):
        one, two, year = int(last[1]), int(last[2]), int(last[3])
        if one <= 12 and two <= 12 and one != two:
            raise NotRead(Unclear.DAY_OR_MONTH)
        return _day(year, one, two) if two > 12 else _day(year, two, one)
    if named := _DAY_NAMED.fullmatch(typed):
        return _day(int(named[3]), _month(named[2]), int(named[1]))
    if named := _MONTH_NAMED.fullmatch(typed):
        return _day(int(named[3]), _month(named[1]), int(named[2]))
    raise NotRead(Unclear.NOT_READ)


def _month(word: str) -> int:
    found = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)]
    if word == "sept":
        return 9
    if len(found) != 1:
        raise NotRead(Unclear.NOT_READ)
    return found[0]


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NotRead(Unclear.NOT_READ) from None
