"""What is said after an event was logged or put right."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.views import Bullets, Button, Done, Text, View, Weight
from trim_bot.app.work import Work


def logged(work: Work, ids: Mapping[str, str]) -> View:
    """It is kept, and offers are on their way."""
    return Done(
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
            *_sheet(work, ids),
            Button(
                "incident",
                work.sign.press("incident", incident=ids["incident"]),
                "Put it right",
                Weight.QUIET,
            ),
        ),
    )


def _mine(ids: Mapping[str, str]) -> tuple[Text, ...]:
    """In how many offers one's own name is, where one offered to hold the talks."""
    if "mine" not in ids:
        return ()
    named, of = int(ids["mine"]), int(ids["of"])
    rest = " The others are held by colleagues who have room." if named < of else ""
    return (Text(f"Your name is in {named} of {of} offers.{rest}"),)


def _sheet(work: Work, ids: Mapping[str, str]) -> tuple[Button, ...]:
    if ids.get("sheet") != "yes":
        return ()
    sheet = work.sign.press("call_sheet", incident=ids["incident"])
    return (Button("call_sheet", sheet, "People to tell in person", Weight.MAIN),)


def corrected(work: Work, ids: Mapping[str, str]) -> View:
    """It was put right."""
    return Done(
        "incident_corrected",
        "The event is put right",
        (
            Text("Talks that were planned have moved with the new time. People you added get an offer."),
            Button(
                "incident", work.sign.press("incident", incident=ids["incident"]), "Look again", Weight.QUIET
            ),
        ),
    )
