"""The form for agreeing a time with the person."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenMove
from trim_bot.app.cases.parts import window_words
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.unsigned import Button, Form
from trim_bot.app.seam.views import DateInput, Text, TimeInput, Toggle
from trim_bot.app.words.zones import ReadBy
from trim_bot.domain.cases import CheckIn


def move_form(check_in: CheckIn, label: str, clock: ReadBy) -> Form:
    """Day and time, and whether the person wants a message."""
    zone = ZoneInfo(clock.zone)
    agreed = check_in.agreed_at.astimezone(zone) if check_in.agreed_at is not None else None
    return Form(
        OpenMove(check_in.id),
        "Agree a time",
        (
            Text(window_words(label, check_in, zone)),
            DateInput("day", "Day", value=agreed.date().isoformat() if agreed else ""),
            TimeInput("at", clock.label("Time"), value=f"{agreed:%H:%M}" if agreed else ""),
            *clock.choice(),
            Toggle(
                "tell",
                "Show it on their page when it is near",
                hint="A message goes only to those who asked to hear of changes.",
            ),
        ),
        submit="Keep this time",
        back=Button("Back", OpenCase(check_in.case_id)),
    )
