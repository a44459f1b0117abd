"""What a lead reads when a colleague is to talk a case over with them."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.commands import OpenAssign, OpenTeam, SuperviseCase
from trim_bot.app.cases.parts import HANDED_ON
from trim_bot.app.seam.unsigned import Button, Page, Screen
from trim_bot.app.seam.views import Bullets, Facts, Text, Weight
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case
from trim_bot.domain.people import Member
from workflows.effects import Reason

REASONS = {
    Reason.SAFETY: "There was a worry about safety.",
    Reason.CANNOT_FUNCTION: "The person cannot manage daily life.",
    Reason.PERSON_ASKS: "The person asks for professional help.",
    Reason.UNEASY: "Your colleague is uneasy, whatever the answers say.",
    Reason.SCORE: "Your clinical lead asks for a talk like this at this point.",
    Reason.SECOND_EXPOSURE: "Another hard event came while they support this person.",
    Reason.NOT_REACHED: "Several tries to get in touch with the person came to nothing.",
    Reason.CONTACTS_USED: "The usual number of talks is used up. Other help may suit better now.",
}
"""Why, without a word of what was said."""


def supervision_page(step: str, case: Case, programme: str, holder: Member | None) -> Page:
    """Whom to talk with and why; the person it is about is not shown. `holder` is None once they have left."""
    nobody = HANDED_ON if case.holder is not None else "Nobody holds it yet"
    rows = [("Who holds it", holder.name if holder is not None else nobody)]
    if holder is not None:
        rows.append(("How to reach them", holder.phone or "by chat or in person"))
    rows.append(("Kind of support", programme))
    return Page(
        "supervision",
        "Talk something over with a colleague",
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
            Button("Give this case to somebody", OpenAssign(case.id)),
            Text("Your colleague goes on with their work meanwhile. Nobody else is told.", quiet=True)
            if holder is not None
            else Text("Nobody else is told.", quiet=True),
        ),
    )


def talked_over(work: Work, ids: Mapping[str, str]) -> Screen:
    """It was talked over."""
    return Page(
        "talked_over",
        "Thank you, that is kept",
        (
            Text("It is off your list. Nothing of what you said is kept."),
            Button("Back to planning", OpenTeam(), Weight.QUIET),
        ),
    )
