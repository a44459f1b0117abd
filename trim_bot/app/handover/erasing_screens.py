"""What erasing one's record means, before it is done."""

from __future__ import annotations

from trim_bot.app.handover.commands import OpenErase
from trim_bot.app.seam.links import OpenMe
from trim_bot.app.seam.unsigned import Button, Form
from trim_bot.app.seam.views import Bullets, Text, Toggle, Weight
from trim_bot.domain.site import Site


def erase_form(site: Site) -> Form:
    """One tick, so that nobody erases by a slip."""
    return Form(
        OpenErase(),
        "Erase my record",
        (
            Text("We erase everything we hold on you. Nobody can bring it back, and we ask no reason."),
            Bullets(
                (
                    "Requests, offers and talks that are open end at once.",
                    "Notes, answers and how to reach you are erased within minutes.",
                    f"Backups are gone within {site.erase_days} days.",
                    "Counts of the whole scheme stay. They name nobody.",
                )
            ),
            Text("If you serve as a practitioner, your work moves to colleagues."),
            Toggle("sure", "Yes, erase my record", required=True),
            Button("Leave it as it is", OpenMe(), Weight.QUIET),
        ),
        submit="Erase it",
    )
