"""The screens for offering help from the directory, and for following it until the loop is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from trim_bot.app.cases.conversation_screens import REFERRAL_STATES
from trim_bot.app.seam.links import OpenCase, OpenDue, OpenReferral, OpenReferralMove
from trim_bot.app.seam.unsigned import Button, Form, Page, Screen
from trim_bot.app.seam.views import Choice, Facts, Option, Text, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.common_answers import help_now
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.referrals import NEXT, Referral, ReferralState
from trim_bot.domain.site import Service, Site

YES, NO, LATER = "yes", "no", "later"
NOTHING_NEW = "nothing_new"
"""The choice that only puts the next look off."""


def referral_form(case: str, site: Site) -> Form | Page:
    """Offer an entry of the site's directory, and record what the person said."""
    back = Button("Back", OpenCase(case), Weight.QUIET)
    if not site.services:
        return Page(
            "referral",
            "Help from professionals",
            (
                Text(
                    "Your site has not listed any service yet. Please ask your clinical lead whom to turn to."
                ),
                help_now(site),
                back,
            ),
        )
    services = tuple(Option(service.id, f"{service.name}: {service.what}") for service in site.services)
    return Form(
        OpenReferral(case),
        "Help from professionals",
        (
            Text("Offer it, and let them choose. Nothing is sent anywhere without their yes."),
            Choice("service", "What did you offer?", services),
            Choice(
                "answer",
                "What did they say?",
                (
                    Option(YES, "Yes, they want it"),
                    Option(LATER, "They want to think about it"),
                    Option(NO, "No, they do not want it"),
                ),
            ),
            help_now(site),
        ),
        submit="Keep this",
        back=back,
    )


def move_form(referral: Referral, service: Service | None, changed_on: date) -> Form | Page:
    """Where it stands, and what can come next."""
    name = service.name if service is not None else "A service that is no longer listed"
    how = service.how if service is not None else "Please ask your clinical lead."
    facts = Facts(
        (
            ("Service", name),
            ("How to reach it", how),
            (
                "Where it stands",
                f"{REFERRAL_STATES[referral.state].capitalize()} (since {spoken_day(changed_on)})",
            ),
        )
    )
    title = "How is the other help going?"
    back = Button("Back", OpenCase(referral.case_id), Weight.QUIET)
    if not NEXT[referral.state]:
        return Page("referral_next", title, (facts, Text("Nothing more follows from this."), back))
    moves = tuple(Option(state.value, _move(state)) for state in NEXT[referral.state])
    return Form(
        OpenReferralMove(referral.id),
        title,
        (
            facts,
            Choice("state", "What is new?", (*moves, Option(NOTHING_NEW, "Nothing new yet; ask me again"))),
        ),
        submit="Keep this",
        back=back,
    )


def kept(work: UnitOfWork, _ids: Mapping[str, str]) -> Screen:
    """For somebody whose part ended with this step."""
    return Page(
        "referral_kept",
        "That is kept",
        (Text("Whoever holds this sees it. Nobody else was told."), Button("What waits for you", OpenDue())),
    )


def _move(state: ReferralState) -> str:
    match state:
        case ReferralState.OFFERED:
            return "It was offered"
        case ReferralState.ACCEPTED:
            return "They said yes"
        case ReferralState.DECLINED:
            return "They do not want it"
        case ReferralState.MADE:
            return "The service has been contacted"
        case ReferralState.SEEN:
            return "They have been seen there"
        case ReferralState.NOT_SEEN:
            return "They have not been seen there"
        case ReferralState.CLOSED:
            return "This is finished"
        case _:
            assert_never(state)
