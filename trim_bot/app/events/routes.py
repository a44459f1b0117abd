"""Logging a hard event, putting it right, offers and telling people in person, and the steps that wait
after it.
"""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.commands import OpenSwitch, SwitchCase
from trim_bot.app.cases.entitled import holds_case, logged_incident, own_offer
from trim_bot.app.events import answer_screens as offers_answered
from trim_bot.app.events import (
    call_sheet_screens,
    call_sheets,
    checking,
    corrections,
    handlers,
    offers,
    planned_screens,
)
from trim_bot.app.events.commands import (
    AcceptOffer,
    AcceptWithSomeoneElse,
    CorrectIncident,
    DeclineOffer,
    FindCall,
    GiveBackCall,
    GiveCalls,
    LogIncident,
    OfferAnswer,
    OpenCallSheet,
    OpenContact,
    OpenFindCall,
    OpenGiveCalls,
    OpenIncident,
    OpenLogged,
    OpenOffer,
    PutOffOffer,
    RecordAnswer,
    RecordCall,
    TakeCall,
    TakeCalls,
)
from trim_bot.app.events.switching import open_switch, switch
from trim_bot.app.events.tell_in_person import call_row, call_sheet, own_call_row, rows_for, tells
from trim_bot.app.people.access import ANYONE, LEADS, SERVES
from trim_bot.app.seam.links import OpenLog
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import Concerned, Next, StepRule, UnitOfWork, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import OfferId
from trim_bot.domain.incidents import Incident, Offer, OfferState
from trim_bot.domain.records import Action, AnyMeasure, RecordedMeasure, RecordRule
from trim_bot.domain.steps import Step, StepKind

ROUTES: tuple[Route, ...] = (
    form(
        "log",
        OpenLog,
        handlers.open_log,
        LogIncident,
        handlers.log,
        Action.LOGGED,
        allow=SERVES,
        people=("direct", "peripheral"),
        words=("peer log",),
        again=checking.shown_again,
    ),
    page("logged", OpenLogged, corrections.open_logged, allow=SERVES, reads=True, to_all=True),
    form(
        "incident",
        OpenIncident,
        corrections.open_incident,
        CorrectIncident,
        corrections.correct,
        Action.CORRECTED,
        allow=SERVES & logged_incident,
        reads=True,
        people=("more",),
    ),
    page("offer", OpenOffer, offers.open_offer, allow=ANYONE & own_offer, reads=True),
    button("offer_yes", AcceptOffer, offers.accept, Action.ANSWERED, allow=ANYONE & own_offer),
    button(
        "offer_other",
        AcceptWithSomeoneElse,
        offers.accept_with_someone_else,
        Action.ANSWERED,
        allow=ANYONE & own_offer,
    ),
    button("offer_later", PutOffOffer, offers.put_off, Action.ANSWERED, allow=ANYONE & own_offer),
    button("offer_no", DeclineOffer, offers.decline, Action.ANSWERED, allow=ANYONE & own_offer),
    form(
        "contact",
        OpenContact,
        offers.open_contact,
        RecordAnswer,
        offers.record_answer,
        Action.ANSWERED,
        allow=SERVES & own_call_row,
        reads=True,
    ),
    page("call_sheet", OpenCallSheet, call_sheets.open_sheet, allow=SERVES & call_sheet, reads=True),
    form(
        "find_call",
        OpenFindCall,
        call_sheets.open_find,
        FindCall,
        call_sheets.find,
        Action.SHOWED,
        allow=SERVES & call_sheet,
    ),
    button("call_take", TakeCall, call_sheets.take_one, Action.ASSIGNED, allow=SERVES & call_row),
    button("call_take_some", TakeCalls, call_sheets.take_some, Action.ASSIGNED, allow=SERVES & call_sheet),
    button("call_back", GiveBackCall, call_sheets.give_back, Action.ASSIGNED, allow=SERVES & call_row),
    # One name each: Slack lets no two buttons beside one another have the same.
    button(
        "call_no",
        RecordCall,
        call_sheets.record,
        Action.ANSWERED,
        allow=SERVES & own_call_row,
        when={"answer": OfferAnswer.NO},
    ),
    button(
        "call_not_now",
        RecordCall,
        call_sheets.record,
        Action.ANSWERED,
        allow=SERVES & own_call_row,
        when={"answer": OfferAnswer.NOT_NOW},
    ),
    button(
        "call_yes",
        RecordCall,
        call_sheets.record,
        Action.ANSWERED,
        allow=SERVES & own_call_row,
        when={"answer": OfferAnswer.YES},
    ),
    button(
        "call_not_reached",
        RecordCall,
        call_sheets.record,
        Action.ANSWERED,
        allow=SERVES & own_call_row,
        when={"answer": OfferAnswer.NOT_REACHED},
    ),
    form(
        "call_give",
        OpenGiveCalls,
        call_sheets.open_give,
        GiveCalls,
        call_sheets.give_some,
        Action.ASSIGNED,
        allow=LEADS & call_sheet,
    ),
    form(
        "switch",
        OpenSwitch,
        open_switch,
        SwitchCase,
        switch,
        Action.CHANGED,
        allow=SERVES & holds_case,
        reads=True,
    ),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "incident_logged": offers_answered.logged,
    "incident_planned": planned_screens.planned,
    "incident_corrected": offers_answered.corrected,
    "offer_accepted": offers_answered.accepted,
    "offer_put_off": offers_answered.put_off,
    "offer_declined": offers_answered.declined,
    "answer_recorded": offers_answered.recorded,
    "calls_given": call_sheet_screens.given,
}


def _offer(work: Work, step: Step) -> Next:
    return OpenOffer(OfferId(step.subject))


def _to_tell(work: Work, step: Step) -> Next:
    """The form for the one person of an event who is to be told, else the event's call sheet. Raises NotOpen."""
    offer = work.tx.get(Offer, OfferId(step.subject))
    incident = work.tx.get(Incident, offer.incident_id) if offer is not None else None
    rows = rows_for(work, incident) if incident is not None else []
    if incident is None or not rows:
        raise NotOpen("offer")
    if len(rows) == 1 and tells(work, rows[0].offer.id):
        return OpenContact(rows[0].offer.id)
    return OpenCallSheet(incident.id)


def _can_be_answered(work: UnitOfWork, step: Step) -> bool:
    offer = work.tx.get(Offer, OfferId(step.subject))
    return offer is not None and offer.state in (OfferState.WAITING, OfferState.NOT_NOW)


def _exposed(work: UnitOfWork, step: Step) -> Concerned:
    offer = work.tx.get(Offer, OfferId(step.subject))
    return Concerned(offer.member_id, (offer.incident_id,)) if offer else Concerned()


STEPS = (
    StepRule(
        StepKind.OFFER,
        "Something is offered to you",
        _offer,
        still_wanted=_can_be_answered,
        concerns=_exposed,
        # What they answered stays theirs to look at.
        once_ended=_offer,
    ),
    StepRule(
        StepKind.CONTACT,
        "Someone to tell in person",
        _to_tell,
        still_wanted=_can_be_answered,
        concerns=_exposed,
    ),
)

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = tuple(RecordedMeasure)
