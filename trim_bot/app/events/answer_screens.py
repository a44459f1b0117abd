"""The offer as the person and whoever tells them see it, and what is said once it was answered, in one file: each
answer is as warm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from trim_bot.app.cases.conversation_screens import owed_line
from trim_bot.app.cases.stages import settings_of
from trim_bot.app.events.commands import (
    AcceptOffer,
    AcceptWithSomeoneElse,
    DeclineOffer,
    OfferAnswer,
    OpenCallSheet,
    OpenContact,
    OpenIncident,
    OpenOffer,
    PutOffOffer,
)
from trim_bot.app.people.screens import REACH
from trim_bot.app.seam.links import OpenMe, OpenSupport
from trim_bot.app.seam.sentences import joined, ours, phrase, phrase_of
from trim_bot.app.seam.unsigned import Button, Form, Page, Screen
from trim_bot.app.seam.views import Choice, Facts, Heading, PersonCard, Text, Weight, Wording
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.common_answers import help_now
from trim_bot.app.words.talk_names import talk_name
from trim_bot.app.words.times import spoken, spoken_event
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.ids import CaseId, IncidentId, OfferId
from trim_bot.domain.incidents import Incident, Offer, OfferState
from trim_bot.domain.people import Member
from trim_bot.domain.site import Site
from workflows.engine import schedule

NOBODY_TOLD = "Nothing was sent to your manager. Nobody else was told."


def accepted(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Yes: what happens next, and when."""
    planned = _planned(work, ids)
    case = work.tx.get(Case, CaseId(ids["case"]))
    soon = owed_line(work, case, case.holder) if case is not None else ""
    when = (
        phrase(
            "The first talk can be from {when}. They will agree a time with you.",
            when=spoken(planned[0].opens_at, work.zone),
        )
        if planned
        else "They will agree a time with you."
    )
    return Page(
        "offer_accepted",
        "A colleague will call",
        (
            *((Text(phrase("{soon} You need do nothing until then.", soon=soon)),) if soon else ()),
            Text(when),
            Text("Before the first question they tell you what stays private, and the few limits to that."),
            Text(phrase("You can stop at any time. {nobody_told}", nobody_told=ours(NOBODY_TOLD))),
            Button("My talks and choices", OpenMe(), Weight.QUIET),
            help_now(work.site),
        ),
    )


def put_off(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """After an answer of not now: that they may be asked once more."""
    return Page(
        "offer_put_off",
        "That is fine",
        (
            Text("We may ask once more later. After that we leave it with you."),
            Text(phrase("You can ask us any time. {nobody_told}", nobody_told=ours(NOBODY_TOLD))),
            Button("Answer differently", OpenOffer(OfferId(ids["offer"])), Weight.QUIET),
            help_now(work.site),
        ),
    )


def declined(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """After a no: that nobody is told why, and how to ask later."""
    return Page(
        "offer_declined",
        "That is fine",
        (
            Text(
                phrase(
                    "You can ask us any time, and you won't be asked why. {nobody_told}",
                    nobody_told=ours(NOBODY_TOLD),
                )
            ),
            Button("Ask for support later on", OpenSupport(), Weight.QUIET),
            help_now(work.site),
        ),
    )


def recorded(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """A practitioner recorded what somebody said."""
    return Page(
        "answer_recorded",
        "Thank you, it is saved",
        (Text("If they had already answered for themselves, their own answer stands."),),
    )


def _planned(work: UnitOfWork, ids: Mapping[str, str]) -> list[CheckIn]:
    """The talks to come about the event of this offer, the first first."""
    case, offer = work.tx.get(Case, CaseId(ids["case"])), work.tx.get(Offer, OfferId(ids["offer"]))
    coming = work.tx.find(
        CheckIn,
        case_id=CaseId(ids["case"]),
        state=(CheckInState.PLANNED, CheckInState.OPEN),
        order_by="opens_at",
    )
    exposures = case.exposures if case is not None and offer is not None else ()
    about = [one.id for one in exposures if offer is not None and one.incident == offer.incident_id]
    return [one for one in coming if not about or one.exposure in about]


def logged(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """It is kept: how many offers are on their way, and what happens on which day."""
    return Page(
        "incident_logged",
        "The event is logged",
        (
            *_offers(ids.get("of", "")),
            Text(
                "Each person gets the one message that everybody gets. It says nothing about what happened."
            ),
            Heading("What happens next"),
            Facts(
                (("Now", "Each can say yes, not now or no. Nobody is asked why."), *_talks(work, ids)),
                in_time=True,
            ),
            Text("Someone without an account: you will be asked to tell them in person."),
            *_mine(ids),
            Text("Nothing was sent to any manager. Nobody else was told."),
            *_sheet(ids),
            Button("Put it right", OpenIncident(IncidentId(ids["incident"])), Weight.QUIET),
        ),
    )


def _offers(many: str) -> tuple[Heading, ...]:
    if not many:
        return ()
    return (Heading(phrase_of(int(many), "{n} offer is on its way", "{n} offers are on their way")),)


def _talks(work: UnitOfWork, ids: Mapping[str, str]) -> list[tuple[str, str]]:
    """From when each talk may be held with those who say yes, in the zone of whoever logged it."""
    incident = work.tx.get(Incident, IncidentId(ids["incident"]))
    programme = work.definitions.programmes.get(incident.programme) if incident is not None else None
    if incident is None or programme is None:
        return []
    planned = schedule(
        programme,
        exposure_ended=incident.ended_at,
        opened_at=incident.ended_at,
        zone=work.zone,
        settings=settings_of(work.site, programme),
    )
    return [
        (
            phrase("From {when}", when=spoken(one.opens_at, work.zone))
            if one.opens_at > work.now
            else "As soon as they say yes",
            phrase("{talk} with those who say yes", talk=talk_name(programme.stage(one.stage_id).label)),
        )
        for one in planned
    ]


def _mine(ids: Mapping[str, str]) -> tuple[Text, ...]:
    """In how many offers one's own name is, where one offered to hold the talks."""
    if "mine" not in ids:
        return ()
    named, of = int(ids["mine"]), int(ids["of"])
    line = phrase("Your name is in {named} of {of} offers.", named=named, of=of)
    if named < of:
        line = joined((line, phrase("The others are held by colleagues who have room.")))
    return (Text(line),)


def _sheet(ids: Mapping[str, str]) -> tuple[Button, ...]:
    if ids.get("sheet") != "yes":
        return ()
    return (Button("People to tell in person", OpenCallSheet(IncidentId(ids["incident"])), Weight.MAIN),)


def _put_right(ids: Mapping[str, str]) -> Iterator[str]:
    """What changed, and for how many."""
    if ids.get("moved") == "yes":
        yield "Talks that were planned have moved with the new time."
    match int(ids.get("added", "0")):
        case 0:
            pass
        case many if ids.get("planned") == "yes":
            yield phrase_of(
                many,
                "One person was added. A lead plans what they are offered.",
                "{n} people were added. A lead plans what they are offered.",
            )
        case 1:
            yield "One person was added, and gets an offer."
        case many:
            yield phrase("{many} people were added. Each gets an offer.", many=many)
    match int(ids.get("out", "0")):
        case 0:
            pass
        case 1:
            yield "One person was taken off. An offer they had not answered is taken back."
        case many:
            yield phrase(
                "{many} people were taken off. Offers they had not answered are taken back.", many=many
            )


def corrected(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """After an event was put right: what changes for those who were exposed."""
    return Page(
        "incident_corrected",
        "The event is put right",
        (
            *(
                Text(said)
                for said in list(_put_right(ids)) or ["It stands as it stood. Nobody was written to."]
            ),
            Button("Look again", OpenIncident(IncidentId(ids["incident"])), Weight.QUIET),
        ),
    )


def offer_page(offer: Offer, day: date, practitioner: str, site: Site) -> Page:
    """Three equal answers; another practitioner as a quiet way, where one is named."""
    who = (
        phrase("{practitioner}, a trained colleague, can talk with you.", practitioner=practitioner)
        if practitioner
        else phrase("A trained colleague can talk with you.")
    )
    other = (
        (Button("Yes, with someone else", AcceptWithSomeoneElse(offer.id), Weight.QUIET),)
        if practitioner
        else ()
    )
    return Page(
        "offer",
        "Would you like a talk?",
        (
            Text(
                phrase(
                    "You were part of something hard at work on {event}. {who}",
                    event=_event(offer, day),
                    who=who,
                )
            ),
            Text("It is up to you. A first talk is some days later, and another one after about a month."),
            Button("No", DeclineOffer(offer.id)),
            Button("Not now", PutOffOffer(offer.id)),
            Button("Yes", AcceptOffer(offer.id)),
            *other,
            Text(
                "Your manager does not see this or your answer. Only the colleague who talks with you does."
            ),
            help_now(site),
        ),
    )


def answered(offer: Offer) -> Page:
    """What stands, when an offer was answered before."""
    words = {
        OfferState.ACCEPTED: "You said yes. You can end it at any time under My talks and choices.",
        OfferState.DECLINED: "You said no. That is fine. You can ask us any time.",
        OfferState.WITHDRAWN: "This offer was taken back. It was made by mistake.",
    }
    return Page(
        "offer",
        "Your answer",
        (
            Text(words.get(offer.state, "This offer has ended. You can ask us any time.")),
            Button("My talks and choices", OpenMe()),
            Button("Ask for support", OpenSupport()),
        ),
    )


SAID = Wording(
    OfferAnswer,
    {
        OfferAnswer.NO: "No",
        OfferAnswer.NOT_NOW: "Not now",
        OfferAnswer.YES: "Yes",
        OfferAnswer.NOT_REACHED: "I have not reached them yet",
    },
)


def contact_form(offer: Offer, member: Member, day: date) -> Form:
    """For the practitioner who tells somebody in person."""
    return Form(
        OpenContact(offer.id),
        "Tell someone in person",
        (
            PersonCard(
                member.name, member.phone, REACH[member.reach], member.best_time, talk="An offer of a talk"
            ),
            Text(
                phrase(
                    "This person was part of what happened on {event}. Chat cannot reach them.",
                    event=_event(offer, day),
                )
            ),
            Text("Tell them a talk is offered, that it is up to them, and that managers are not told."),
            Choice.of("answer", "What did they say?", SAID),
        ),
        submit="Save",
    )


def _event(offer: Offer, day: date) -> str:
    return spoken_event(day, offer.made_at.date())
