"""Examples of telling people in person: the call sheet as its logger, a lead and a helping colleague see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.events import call_sheet_screens as call_sheets
from trim_bot.app.events.call_sheet_screens import Card, Line, Sheet
from trim_bot.app.examples.sample import ENDED, NOW, Example, Sample


def views(sample: Sample) -> dict[str, Example]:
    """The sheet in its states, and giving rows to somebody."""
    person, other = sample.person, sample.other
    day = ENDED.astimezone(sample.zone).date()
    words = f"{person.name}, {person.phone}"
    cards = [
        Card("offer", 1, person.name, person.phone, "Mornings"),
        Card("offer_2", 2, other.name, other.phone, "", NOW + timedelta(days=2)),
    ]
    named = [Line(f"offer_{number}", number, words) for number in (3, 4)]
    own = Sheet("incident", day, cards, named, [Line("offer_5", 5, words)], 10)
    unnamed = [Line(f"offer_{number}", number) for number in range(1, 41)]
    lead = Sheet("incident", day, [], unnamed, [Line("offer_41", 41)], 10, leads=True)
    many = [Line(f"offer_{number}", number, words) for number in range(1, 52)]
    colleagues = [(sample.practitioner.id, sample.practitioner.name), (other.id, other.name)]
    return {
        "call_sheet/loggers": call_sheets.sheet(own, sample.zone, NOW),
        "call_sheet/no_room": call_sheets.sheet(replace(own, room=False), sample.zone, NOW),
        "call_sheet/leads": call_sheets.sheet(lead, sample.zone, NOW),
        "call_sheet/many": call_sheets.sheet(replace(own, own=[], free=many), sample.zone, NOW),
        "call_sheet/nobody_left": call_sheets.sheet(
            replace(own, own=[], free=[], taken=[]), sample.zone, NOW
        ),
        "call_give/open": call_sheets.give_form("incident", 40, colleagues),
        "call_give/nobody": call_sheets.give_form("incident", 40, []),
        "call_give/all_taken": call_sheets.give_form("incident", 0, colleagues),
    }
