"""The offer as the person sees it, and as a practitioner who tells them in person sees it."""

from __future__ import annotations

from datetime import date

from trim_bot.app.events.commands import (
    AcceptOffer,
    AcceptWithSomeoneElse,
    DeclineOffer,
    OpenContact,
    PutOffOffer,
)
from trim_bot.app.people.screens import REACH
from trim_bot.app.seam.links import OpenMe, OpenSupport
from trim_bot.app.seam.unsigned import Button, Form, Page
from trim_bot.app.seam.views import Choice, Option, PersonCard, Text, Weight
from trim_bot.app.words.common_answers import help_now
from trim_bot.app.words.times import spoken_event
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Member
from trim_bot.domain.site import Site


def offer_page(offer: Offer, day: date, practitioner: str, site: Site) -> Page:
    """Three equal answers; another practitioner as a quiet way, where one is named."""
    who = (
        f"{practitioner}, a trained colleague, can talk with you."
        if practitioner
        else "A trained colleague can talk with you."
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
            Text(f"You were part of something hard at work on {_event(offer, day)}. {who}"),
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
        OfferState.ACCEPTED: "You said yes. You can end it at any time under What is mine.",
        OfferState.DECLINED: "You said no. That is fine. You can ask us any time.",
        OfferState.WITHDRAWN: "This offer was taken back. It was made by mistake.",
    }
    return Page(
        "offer",
        "Your answer",
        (
            Text(words.get(offer.state, "This offer has ended. You can ask us any time.")),
            Button("What is mine", OpenMe()),
            Button("Ask for support", OpenSupport()),
        ),
    )


def contact_form(offer: Offer, member: Member, day: date) -> Form:
    """For the practitioner who tells somebody in person."""
    return Form(
        OpenContact(offer.id),
        "Tell someone in person",
        (
            Text(f"This person was part of what happened on {_event(offer, day)}. Chat cannot reach them."),
            PersonCard(member.name, member.phone, REACH[member.reach], member.best_time),
            Text("Tell them a talk is offered, that it is up to them, and that managers are not told."),
            Choice(
                "answer",
                "What did they say?",
                (
                    Option("no", "No"),
                    Option("not_now", "Not now"),
                    Option("yes", "Yes"),
                    Option("not_reached", "I have not reached them yet"),
                ),
            ),
        ),
        submit="Save",
    )


def _event(offer: Offer, day: date) -> str:
    return spoken_event(day, offer.made_at.date())
