"""What a lead is told who is asked to talk something over with a colleague."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.commands import (
    OpenAssign,
    OpenTeam,
    SuperviseCase,
)
from trim_bot.app.cases.conversation_screens import (
    HANDED_ON,
)
from trim_bot.app.seam.sentences import as_given, ours, phrase
from trim_bot.app.seam.unsigned import Button, Page, Screen
from trim_bot.app.seam.views import (
    Bullets,
    Facts,
    Text,
    Weight,
    Wording,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import StepId
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from workflows.engine import Reason

LATER = phrase("{days} days after you were told", days=POLICY.lapsed_holds_for.days)


REASONS = Wording(
    Reason,
    {
        Reason.SAFETY: "There was a worry about safety.",
        Reason.CANNOT_FUNCTION: "The person cannot manage daily life.",
        Reason.PERSON_ASKS: "The person asks for professional help.",
        Reason.UNEASY: "Your colleague is uneasy, whatever the answers say.",
        Reason.SCORE: "Your clinical lead asks for a talk like this at this point.",
        Reason.SECOND_EXPOSURE: "Another hard event came while they support this person.",
        Reason.NOT_REACHED: "Several tries to get in touch with the person came to nothing.",
        Reason.CONTACTS_USED: "The usual number of talks is used up. Other help may suit better now.",
        Reason.CALL_TAKEN_BACK: (
            "A call for safety was taken back as pressed by mistake. "
            "Please ring your colleague once, and ask whether everybody is safe."
        ),
        Reason.TRAINING: phrase(
            "Their training has run out. Without new training it goes to a colleague, {later}.",
            later=ours(LATER),
        ),
    },
)
"""Why, without a word of what was said."""


def supervision_page(step: StepId, case: Case, programme: str, holder: Member | None) -> Page:
    """Whom to talk with and why; the person it is about is not shown. `holder` is None once they have left."""
    nobody = HANDED_ON if case.holder is not None else "Nobody holds it yet"
    rows = [("Who holds it", as_given(holder.name) if holder is not None else nobody)]
    if holder is not None:
        rows.append(("How to reach them", as_given(holder.phone) if holder.phone else "by chat or in person"))
    rows.append(("Kind of support", programme))
    return Page(
        "supervision",
        "Talk with a colleague",
        (
            Facts(tuple(rows)),
            Text("Why we ask you:"),
            Bullets(tuple(REASONS[reason] for reason in case.asks) or ("It was asked for earlier.",)),
            Text("Whom it is about is not shown. Your colleague need not say it.")
            if holder is not None
            else Text(
                "Whom it is about is not shown. Give the case to somebody, and talk it over with them."
            ),
            Button("We have talked it over", SuperviseCase(step), Weight.MAIN),
            Button("Give it to somebody", OpenAssign(case.id)),
            Text("Your colleague goes on with their work meanwhile. Nobody else is told.", quiet=True)
            if holder is not None
            else Text("Nobody else is told.", quiet=True),
        ),
    )


def talked_over(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """For the lead, after a talk about a case was ticked off."""
    return Page(
        "talked_over",
        "Thank you, it is saved",
        (
            Text("It is off your list. Nothing of what you said is kept."),
            Button("Back to planning", OpenTeam(), Weight.QUIET),
        ),
    )
