"""A screen says by which day something happens, where the day can be worked out, and never after how many days."""

from __future__ import annotations

import re

import pytest

from tests.contract.screens import screens
from tests.reading import texts
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.views import Done, Text

NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|ten|fourteen|some|a few)"
COUNTED = re.compile(
    rf"\b(?:within|in|after|for) (?:the next )?{NUMBER} (?:working )?(?:days?|weeks?)\b"
    rf"|\b{NUMBER} (?:working )?(?:days?|weeks?) (?:after|later)\b|\bnext working day\b|\bworking days\b",
    re.IGNORECASE,
)
NOT_KNOWN_YET = {
    "A first talk is some days later": "before somebody says yes there is no talk whose day could be told",
    "days after the call has ended": "nobody knows when a call that goes on will end",
    "It stays here for": "each row has a day of its own, which stands beside it",
    "Left empty, it counts for": "it counts from a day that is typed in the same form",
    "Training ends within 60 days": "the name of a figure",
    "In one day": "how many a day are passed on",
    "A colleague answers within": "printed, it hangs for months",
    "Working days in which people": "the name of a setting",
    "Working days until": "the name of a setting",
    "On which working days": "the name of a setting",
    "14 days after you were told": "a case from before it was written down when that was",
}
"""Sentences that count all the same, and why no day can stand in them."""


def counting(said: list[str]) -> list[str]:
    """The texts that count days, but for those in which none can be named."""
    return [one for one in said if COUNTED.search(one) and not any(known in one for known in NOT_KNOWN_YET)]


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_a_screen_names_the_day_and_counts_none(name: str) -> None:
    assert counting(list(texts(screens()[name]))) == []


@pytest.mark.parametrize(
    "said",
    [
        "It lapses within 5 working days.", "It begins on the next working day.", "We remind you in some days.",
        "Backups are gone within 30 days.", "It goes out in four weeks.", "Two days later it is gone.",
    ],
)  # fmt: skip
def test_a_sentence_that_counts_days_is_found(said: str) -> None:
    assert counting(list(texts(Done("x", "X", (Text(said),))))) == [said]


def test_each_exception_is_still_needed() -> None:
    said = [one for view in catalogue().values() for one in texts(view)]
    assert [known for known in NOT_KNOWN_YET if not any(known in one for one in said)] == []
