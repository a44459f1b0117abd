"""How to reach the lead and the deputy."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.people.eligible import with_role
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Facts, Text
from trim_bot.app.seam.work import Work
from trim_bot.domain.people import Member, Role


def talk_to_lead(work: Work, ids: Mapping[str, str]) -> Screen:
    """Names and numbers of lead and deputy, with what to share and what not."""
    rows: list[tuple[str, str]] = []
    for id in with_role(work, Role.LEAD, Role.DEPUTY):
        member = work.tx.get(Member, id)
        if member is not None and (work.who.member is None or id != work.who.id):
            rows.append((member.name, member.phone or "by chat or in person"))
    found: Block = (
        Facts(tuple(rows)) if rows else Text("No lead is named yet. The coordinator can put this right.")
    )
    return Page(
        "talk_to_lead",
        "Talk it over with the lead",
        (
            Text("You can talk about what worries you without saying who it is about."),
            found,
            Button("Back", OpenCase(ids["case"])),
        ),
    )
