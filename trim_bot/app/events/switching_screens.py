"""The form for going on as support after a hard event."""

from __future__ import annotations

from trim_bot.app.cases.commands import OpenSwitch
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.unsigned import Button, Form
from trim_bot.app.seam.views import DateInput, Text, TimeInput
from trim_bot.app.words.zones import ReadBy


def switch_form(case: str, clock: ReadBy) -> Form:
    """When the event ended; everything else is kept."""
    return Form(
        OpenSwitch(case),
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
        submit="Go on this way",
        back=Button("Back", OpenCase(case)),
    )
