"""The screens for offering help from the directory, and for following it until the loop is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trim_bot.app.cases.conversation_screens import REFERRAL_STATES
from trim_bot.app.referrals.commands import HelpAnswer, PutOff
from trim_bot.app.seam.links import OpenCase, OpenDue, OpenReferral, OpenReferralMove
from trim_bot.app.seam.sentences import as_given, capitalised, ours, phrase
from trim_bot.app.seam.unsigned import Button, Form, Page, Screen
from trim_bot.app.seam.views import Choice, Facts, Option, PersonCard, Text, Weight, Wording
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.common_answers import help_now
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.ids import CaseId
from trim_bot.domain.referrals import NEXT, Referral, ReferralState
from trim_bot.domain.site import Service, Site

ANSWERS = Wording(
    HelpAnswer,
    {
        HelpAnswer.YES: "Yes, they want it",
        HelpAnswer.LATER: "They want to think about it",
        HelpAnswer.NO: "No, they do not want it",
    },
)
MOVES = Wording(
    ReferralState,
    {
        ReferralState.OFFERED: "It was offered",
        ReferralState.ACCEPTED: "They said yes",
        ReferralState.DECLINED: "They do not want it",
        ReferralState.MADE: "The service has been contacted",
        ReferralState.SEEN: "They have been seen there",
        ReferralState.NOT_SEEN: "They have not been seen there",
        ReferralState.CLOSED: "This is finished",
    },
)
"""What a state is called as something new."""
NOTHING = Wording(PutOff, {PutOff.NOTHING_NEW: "Nothing new yet; ask me again"})


def referral_form(whose: PersonCard, case: CaseId, site: Site) -> Form | Page:
    """Offer an entry of the site's directory, and record what the person said."""
    back = Button("Back", OpenCase(case), Weight.QUIET)
    if not site.services:
        return Page(
            "referral",
            "Help from professionals",
            (
                whose,
                Text(
                    "Your site has not listed any service yet. Please ask your clinical lead whom to turn to."
                ),
                help_now(site),
                back,
            ),
        )
    services = tuple(
        Option(service.id, phrase("{name}: {what}", name=service.name, what=service.what))
        for service in site.services
    )
    return Form(
        OpenReferral(case),
        "Help from professionals",
        (
            whose,
            Text("Offer it, and let them choose. Nothing is sent anywhere without their yes."),
            Choice("service", "What did you offer?", services),
            Choice.of("answer", "What did they say?", ANSWERS),
            help_now(site),
        ),
        submit="Save",
        back=back,
    )


def move_form(
    whose: PersonCard, referral: Referral, service: Service | None, changed_on: date
) -> Form | Page:
    """Where it stands, and what can come next."""
    name = as_given(service.name) if service is not None else "A service that is no longer listed"
    how = as_given(service.how) if service is not None else "Please ask your clinical lead."
    facts = Facts(
        (
            ("Service", name),
            ("How to reach it", how),
            (
                "Where it stands",
                phrase(
                    "{state} (since {day})",
                    state=capitalised(ours(REFERRAL_STATES[referral.state])),
                    day=spoken_day(changed_on),
                ),
            ),
        )
    )
    title = "How the other help goes"
    back = Button("Back", OpenCase(referral.case_id), Weight.QUIET)
    if not NEXT[referral.state]:
        return Page("referral_next", title, (whose, facts, Text("Nothing more follows from this."), back))
    moves = (*MOVES.options(NEXT[referral.state]), *NOTHING.options())
    return Form(
        OpenReferralMove(referral.id),
        title,
        (
            whose,
            facts,
            Choice("state", "What is new?", moves),
        ),
        submit="Save",
        back=back,
    )


def kept(work: UnitOfWork, _ids: Mapping[str, str]) -> Screen:
    """For somebody whose part ended with this step."""
    return Page(
        "referral_kept",
        "That is saved",
        (Text("Whoever holds this sees it. Nobody else was told."), Button("What waits for you", OpenDue())),
    )
