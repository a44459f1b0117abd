"""The offer as the person sees it, and as a practitioner who tells them in person sees it."""

from __future__ import annotations

from datetime import date

from trim_bot.app.screens.help_lines import help_now
from trim_bot.app.screens.times import spoken_event
from trim_bot.app.views import Button, Choice, Done, Form, Option, PersonCard, Text, Weight
from trim_bot.app.work import Sign
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Member, Reach
from trim_bot.domain.site import Site

REACH = {
    Reach.PHONE: "By phone",
    Reach.CHAT: "By chat message",
    Reach.IN_PERSON: "In person",
    Reach.BROWSER: "Through these pages",
}


def offer_page(sign: Sign, offer: Offer, day: date, practitioner: str, site: Site) -> Done:
    """Three equal answers; another practitioner as a quiet way, where one is named."""
    who = (
        f"{practitioner}, a trained colleague, can talk with you."
        if practitioner
        else "A trained colleague can talk with you."
    )
    other = (
        (
            Button(
                "offer_other",
                sign.press("offer_other", offer=offer.id),
                "Yes, with someone else",
                Weight.QUIET,
            ),
        )
        if practitioner
        else ()
    )
    return Done(
        "offer",
        "Would you like a talk?",
        (
            Text(f"You were part of something hard at work on {_event(offer, day)}. {who}"),
            Text("It is up to you. A first talk is some days later, and another one after about a month."),
            Button("offer_no", sign.press("offer_no", offer=offer.id), "No"),
            Button("offer_later", sign.press("offer_later", offer=offer.id), "Not now"),
            Button("offer_yes", sign.press("offer_yes", offer=offer.id), "Yes"),
            *other,
            Text(
                "Your manager does not see this or your answer. Only the colleague who talks with you does."
            ),
            help_now(site),
        ),
    )


def answered(sign: Sign, offer: Offer) -> Done:
    """What stands, when an offer was answered before."""
    words = {
        OfferState.ACCEPTED: "You said yes. You can end it at any time under What is mine.",
        OfferState.DECLINED: "You said no. That is fine. You can ask us any time.",
        OfferState.WITHDRAWN: "This offer was taken back. It was made by mistake.",
    }
    return Done(
        "offer",
        "Your answer",
        (
            Text(words.get(offer.state, "This offer has ended. You can ask us any time.")),
            Button("me", sign.press("me"), "What is mine"),
            Button("support", sign.press("support"), "Ask for support"),
        ),
    )


def contact_form(sign: Sign, offer: Offer, member: Member, day: date) -> Form:
    """For the practitioner who tells somebody in person."""
    return Form(
        "contact",
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
        token=sign.form("contact", offer=offer.id),
        submit="Save",
    )


def _event(offer: Offer, day: date) -> str:
    return spoken_event(day, offer.made_at.date())
