"""What is said after an event was logged or put right."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.events.call_sheet_commands import OpenCallSheet
from trim_bot.app.events.commands import OpenIncident
from trim_bot.app.seam.unsigned import Button, Page, Screen
from trim_bot.app.seam.views import Bullets, Text, Weight
from trim_bot.app.seam.work import Work


def logged(work: Work, ids: Mapping[str, str]) -> Screen:
    """It is kept, and offers are on their way."""
    return Page(
        "incident_logged",
        "The event is logged",
        (
            Text(
                "Each person gets a message that something is waiting. It says nothing about what happened."
            ),
            Bullets(
                (
                    "Those who say yes are offered a talk from 72 hours after it ended.",
                    "Those who say no, or not now, are not asked why.",
                    "Someone without an account: you will be asked to tell them in person.",
                )
            ),
            *_mine(ids),
            Text("Nothing was sent to any manager. Nobody else was told."),
            *_sheet(ids),
            Button("Put it right", OpenIncident(ids["incident"]), Weight.QUIET),
        ),
    )


def _mine(ids: Mapping[str, str]) -> tuple[Text, ...]:
    """In how many offers one's own name is, where one offered to hold the talks."""
    if "mine" not in ids:
        return ()
    named, of = int(ids["mine"]), int(ids["of"])
    rest = " The others are held by colleagues who have room." if named < of else ""
    return (Text(f"Your name is in {named} of {of} offers.{rest}"),)


def _sheet(ids: Mapping[str, str]) -> tuple[Button, ...]:
    if ids.get("sheet") != "yes":
        return ()
    return (Button("People to tell in person", OpenCallSheet(ids["incident"]), Weight.MAIN),)


def corrected(work: Work, ids: Mapping[str, str]) -> Screen:
    """It was put right."""
    return Page(
        "incident_corrected",
        "The event is put right",
        (
            Text("Talks that were planned have moved with the new time. People you added get an offer."),
            Button("Look again", OpenIncident(ids["incident"]), Weight.QUIET),
        ),
    )
