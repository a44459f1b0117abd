"""The form for going on as support after a hard event."""

from __future__ import annotations

from trim_bot.app.screens.zones import ReadBy
from trim_bot.app.views import Button, DateInput, Form, Text, TimeInput
from trim_bot.app.work import Sign


def switch_form(sign: Sign, case: str, clock: ReadBy) -> Form:
    """When the event ended; everything else is kept."""
    return Form(
        "switch",
        "A hard event came up",
        (
            Text(
                "You can go on as support after a hard event. What you wrote so far stays, and is not asked again."
            ),
            Text(
                "Ask the person first. The first talk about the event starts 72 hours after it ended, or now."
            ),
            DateInput("ended_on", "Day the event ended for them"),
            TimeInput("ended_at", clock.label("Time it ended"), hint="Roughly is fine."),
            *clock.choice(),
        ),
        token=sign.form("switch", case=case),
        submit="Go on this way",
        back=Button("case", sign.press("case", case=case), "Back"),
    )
