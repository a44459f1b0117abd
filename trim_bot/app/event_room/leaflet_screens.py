"""Something to read after a hard event: what is usual, what helps, and where to turn."""

from __future__ import annotations

from datetime import date

from trim_bot.app.seam.links import OpenSupport
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.unsigned import Block, Button, Page
from trim_bot.app.seam.views import Bullets, Facts, Heading, Text, Weight
from trim_bot.app.words.common_answers import help_now
from trim_bot.app.words.times import spoken_event
from trim_bot.domain.site import Site

USUAL = (
    "Pictures or thoughts of it that come back.",
    "Sleeping badly, or being on edge.",
    "Feeling sad, angry, guilty, or nothing much.",
)
HELPS = (
    "Keep to your usual day as far as you can: meals, sleep, moving about.",
    "Be with people you trust. You need not talk about it.",
    "Go easy on alcohol.",
)
MOST_SERVICES = 10
"""How many services the page names."""


def leaflet_page(day: date, left_on: date, site: Site) -> Page:
    """What was left for somebody to read. `day` is that of the event, `left_on` when it was left."""
    services: tuple[Block, ...] = ()
    if site.services:
        named = site.services[:MOST_SERVICES]
        rows = tuple((as_given(one.name), as_given(one.how)) for one in named)
        services = (Heading("Other help"), Facts(rows))
    return Page(
        "leaflet_left",
        "After a hard event",
        (
            Text(phrase("Something hard happened at work on {event}.", event=spoken_event(day, left_on))),
            Text(
                "This is yours to read or leave. Nobody is told whether you opened it, nor is your manager."
            ),
            Heading("What many people notice"),
            Bullets(USUAL),
            Text("For most people this eases with time."),
            Heading("What helps"),
            Bullets(HELPS),
            Heading("If you would like a talk"),
            Text(
                "A trained colleague can listen. You can ask now or any time later, and need give no reason."
            ),
            Button("Ask for support", OpenSupport(), Weight.MAIN),
            *services,
            help_now(site),
        ),
    )
