"""Screens for practitioners about taking a case and giving it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from trim_bot.app.cases.commands import TakeCase
from trim_bot.app.people.room_words import at_the_limit
from trim_bot.app.seam.unsigned import Button, Page, Screen
from trim_bot.app.seam.views import Text, Weight
from trim_bot.app.seam.work import Work
from trim_bot.app.words.times import spoken_wait


def take_page(case: str, waited: timedelta, full: int = 0) -> Page:
    """A case waits; no name before it is taken. `full` is the site's limit, once somebody has reached it."""
    take: tuple[Text | Button, ...] = (
        Text("Taking it means you hold the talks and keep in touch. You can give it back at any time."),
        Button("Take it", TakeCase(case), Weight.MAIN),
    )
    return Page(
        "take",
        "Someone said yes to a talk",
        (
            Text(f"They have waited {spoken_wait(waited)}. You see their name once you take it."),
            *((Text(at_the_limit(full)),) if full else take),
        ),
    )


def passed(work: Work, ids: Mapping[str, str]) -> Screen:
    """A case was given back."""
    return Page(
        "case_passed",
        "It is back with the others",
        (Text("Another practitioner can take it now. No reason is asked or kept."),),
    )
