"""What somebody finds on their own page after an event: something to read, and group briefings, told of or led."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.event_room.briefing_commands import OpenBriefing, OpenLeadBriefing
from trim_bot.app.event_room.briefings_seen import briefings_led, is_told
from trim_bot.app.event_room.commands import OpenLeftLeaflet
from trim_bot.app.event_room.seen_by import leaflets_of
from trim_bot.app.events.briefing_leaders import is_over
from trim_bot.app.seam.command import Opening
from trim_bot.app.seam.sentences import phrase
from trim_bot.app.seam.unsigned import Block, Button
from trim_bot.app.seam.views import Text
from trim_bot.app.seam.work import Work
from trim_bot.app.words.times import spoken, spoken_date
from trim_bot.domain.briefings import Briefing, BriefingInvite, BriefingState


@dataclass(frozen=True, slots=True)
class LeftAfter:
    """One of these. A briefing has a time at which it is held."""

    id: str
    at: datetime
    """When it was left, or the briefing was told of; UTC."""
    opens: Opening
    held_at: datetime | None = field(default=None, kw_only=True)
    leads: bool = field(default=False, kw_only=True)


def left_after(work: Work) -> Iterator[LeftAfter]:
    """All that is still of use to whoever asks."""
    for exposure, at in leaflets_of(work):
        yield LeftAfter(exposure.id, at, OpenLeftLeaflet(exposure.incident_id))
    invites = work.tx.find(BriefingInvite, member_id=work.who.id)
    told_of = work.tx.get_many(Briefing, [one.briefing_id for one in invites])
    for invite in invites:
        briefing = told_of.get(invite.briefing_id)
        if briefing is None or is_over(work, briefing) or not is_told(work, briefing, invite):
            continue
        held = briefing.held_at if briefing.state is BriefingState.SET else None
        yield LeftAfter(invite.id, invite.told_at, OpenBriefing(briefing.id), held_at=held)
    for briefing in briefings_led(work):
        opens = OpenLeadBriefing(briefing.id)
        yield LeftAfter(briefing.id, briefing.held_at, opens, held_at=briefing.held_at, leads=True)


def left_heading(row: LeftAfter) -> str:
    """What stands above it."""
    if isinstance(row.opens, OpenLeftLeaflet):
        return "To read"
    return "A briefing you lead" if row.leads else "A group briefing"


def left_blocks(zone: ZoneInfo, row: LeftAfter, which: str) -> Iterator[Block]:
    """It in a sentence, and the way to it."""
    if isinstance(row.opens, OpenLeftLeaflet):
        day = spoken_date(row.at.astimezone(zone).date())
        yield Text(phrase("Something to read was left for you on {day}.", day=day))
        yield Button("Read it", row.opens, about=which)
        return
    if row.held_at is None:
        yield Text("It was called off.")
    else:
        yield Text(phrase("It is on {when}.", when=spoken(row.held_at, zone)))
    yield Button("Look at the briefing", row.opens, about=which)
