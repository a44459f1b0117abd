"""What whoever logged an event reads where the site plans first: nothing is sent yet, and who looks next."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.events.commands import OpenIncident
from trim_bot.app.events.planned import asked_at, planned_event
from trim_bot.app.seam.sentences import phrase
from trim_bot.app.seam.unsigned import Button, Page, Screen
from trim_bot.app.seam.views import Facts, Heading, Text, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.times import spoken
from trim_bot.domain.ids import IncidentId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.policy import POLICY

TO_LEADS = "Leads find it under Planning."
TO_A_LEAD_AT_ONCE = "Leads find it under Planning. One of them is asked at once, then the deputy."


def planned(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """It is kept, a lead chooses next, and when it goes out by itself."""
    incident = IncidentId(ids["incident"])
    found = planned_event(work, incident)
    opened = found.opened_at if found is not None else work.now
    event = work.tx.get(Incident, incident)
    asked = asked_at(work, event, opened) if event is not None else opened + POLICY.planned_asked_after
    goes = opened + POLICY.planned_goes_after
    later = (
        phrase("From {when}", when=spoken(asked, work.zone)),
        "If it still waits, one lead is asked, then the deputy.",
    )
    return Page(
        "incident_planned",
        "The event is logged",
        (
            Text("Nothing is sent yet. Your site plans first: a lead chooses what each person is offered."),
            Heading("What happens next"),
            Facts(
                (
                    ("Now", TO_LEADS if asked > opened else TO_A_LEAD_AT_ONCE),
                    *((later,) if asked > opened else ()),
                    (
                        phrase("On {when}", when=spoken(goes, work.zone)),
                        "If nobody has chosen, those directly involved get an offer of a talk.",
                    ),
                ),
                in_time=True,
            ),
            Text(
                "Leads see who was part of it, but never anybody they manage. Nobody sees who answers what."
            ),
            Text("Nothing was sent to any manager. Nobody else was told."),
            Button("Put it right", OpenIncident(incident), Weight.QUIET),
        ),
    )
