"""The screens around the monthly note to everybody."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.screens.messages import message_text
from trim_bot.app.views import Button, Done, Facts, MessageKind, Text, View, Weight
from trim_bot.app.work import Sign


def preview(sign: Sign) -> Done:
    """The whole note as it will be sent, and the button that sends it."""
    return Done(
        "monthly",
        "The monthly note",
        (
            Text("Everyone who works here gets the same note, in their own working hours."),
            Facts((("What it says", message_text(MessageKind.MONTHLY)),)),
            Text("Because everyone gets it, a note from this desk tells nothing about anyone."),
            Button("send_monthly", sign.press("send_monthly"), "Send it to everyone", Weight.MAIN),
            Button("roster", "", "Not now", Weight.QUIET),
        ),
    )


def sent(_work: object, _ids: Mapping[str, str]) -> View:
    """The note is on its way."""
    return Done(
        "monthly_sent",
        "The note is on its way",
        (Text("It goes to everyone who works here. Nobody is told who pressed the button."),),
    )
