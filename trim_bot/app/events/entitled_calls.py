"""Relationships to a call sheet: whoever logged the event, leads, and whoever a row of it has come to."""

from __future__ import annotations

from trim_bot.app.events.tell_in_person import Row, rows_for, was_part_of
from trim_bot.app.seam.access import Refs
from trim_bot.app.seam.work import Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.incidents import Incident, Offer


def call_sheet(work: Work, refs: Refs) -> None:
    """Logged the event, or may see a row of its sheet; never somebody who was part of it themselves."""
    incident = work.tx.get(Incident, refs.get("incident", ""))
    if incident is None or was_part_of(work, work.who.id, incident):
        raise NotOpen("incident")
    if incident.logged_by != work.who.id and not rows_for(work, incident):
        raise NotOpen("incident")
    work.about(incident)


def call_row(work: Work, refs: Refs) -> None:
    """May see the row; whether it is still to be had, the sheet says."""
    row_of(work, refs.get("offer", ""))


def own_call_row(work: Work, refs: Refs) -> None:
    """Has taken the row, or logged the event while nobody has."""
    check_tells(work, row_of(work, refs.get("offer", "")))


def check_tells(work: Work, row: Row) -> None:
    """Raise NotOpen unless whoever asks may see whom a row is about and record what they said."""
    incident = work.tx.get(Incident, row.offer.incident_id)
    logged = incident is not None and incident.logged_by == work.who.id
    if row.taker != work.who.id and not (logged and row.taker is None):
        raise NotOpen("offer")


def row_of(work: Work, id: str) -> Row:
    """The row of an offer, as far as whoever asks may see it; names it for the journal. Raises NotOpen."""
    offer = work.tx.get(Offer, id)
    incident = work.tx.get(Incident, offer.incident_id) if offer is not None else None
    rows = rows_for(work, incident) if incident is not None else []
    for row in rows:
        if row.offer.id == id:
            work.about(row.offer)
            return row
    raise NotOpen("offer")
