"""The pages behind the messages that everybody gets: the welcome, and the monthly note."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.seam.links import OpenMe, OpenSupport
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Bullets, Heading, Text, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.adapter_words import MONTHLY
from trim_bot.app.words.common_answers import help_now


def welcome(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """How it works and who can see it, for somebody new."""
    return Page(
        "welcome",
        "Welcome to Peer Support",
        (
            Text("Work can bring hard days. You can ask a trained colleague for a talk at any time."),
            Heading("Who can see it"),
            Bullets(
                (
                    "You, and the colleague who talks with you. Managers have no way in.",
                    "Every message from us reads the same. It says nothing about you.",
                    "The owner of this chat can see when we wrote to you. The message does not say why.",
                )
            ),
            *_ways_on(work),
        ),
    )


def monthly_note(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """The monthly note, the same for everybody."""
    return Page("monthly_note", "The monthly note", (*(Text(line) for line in MONTHLY), *_ways_on(work)))


def _ways_on(work: UnitOfWork) -> tuple[Block, ...]:
    return (
        Button("Ask for support", OpenSupport(), Weight.MAIN),
        Button("My talks and choices", OpenMe(), Weight.QUIET),
        help_now(work.site),
    )
