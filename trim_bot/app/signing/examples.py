"""Examples of what a clinical lead sees: signed, asked for, from a file before, and brought in."""

from __future__ import annotations

from datetime import date

from assessments.questionnaire import Questionnaire
from trim_bot.app.examples.sample import DEFINITIONS, Example, Mended, Sample
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import ListPart, whole
from trim_bot.app.seam.sentences import as_given
from trim_bot.app.signing import screens
from trim_bot.app.signing.screens import SignedRow
from trim_bot.app.site_file.signatures import ThresholdLine
from trim_bot.domain.site import AskedThreshold, SignedQuestionnaire, SignedThreshold

DAY = date(2026, 9, 1)
KEY, OTHER = "trauma_first_v1", "trauma_month_v1"
ASKED = AskedThreshold(KEY, 8, 3)
SIGNED = SignedThreshold(KEY, 9, 3, "Dr Ingrid Solberg", DAY, signed_here=True)
BOTH = ThresholdLine(KEY, SIGNED, ASKED)


def views(sample: Sample) -> dict[str, Example]:
    """The page of signatures, the form for a threshold, and the questions of a questionnaire."""
    from_file = SignedThreshold(OTHER, 6, 3, "Dr Ingrid Solberg", DAY)
    by_whom = SignedQuestionnaire("site_first_v1", "Dr Ingrid Solberg", DAY)
    rows = (
        SignedRow(KEY, "First talk", scored=True, line=BOTH),
        SignedRow(OTHER, "Month talk", scored=True, line=ThresholdLine(OTHER, from_file)),
        SignedRow(
            "gone_v1",
            as_given("An older one"),
            scored=True,
            line=ThresholdLine("gone_v1", SIGNED, to_go=True),
        ),
        SignedRow("site_v1", as_given("Our own"), scored=False, line=ThresholdLine("site_v1"), brought=True),
        SignedRow(
            "own_v2",
            as_given("Our own"),
            scored=True,
            line=ThresholdLine("own_v2"),
            signed=by_whom,
            brought=True,
        ),
    )
    form = screens.threshold_form("First talk", BOTH, 20, "seen", "Dr Ingrid Solberg")
    asking = DEFINITIONS.questionnaires[KEY]
    return {
        "signing/waits": screens.signing_page(whole(rows)),
        "signing/unsigned": screens.signing_page(whole(rows[1:2]), 1),
        "signing/none": screens.signing_page(whole(())),
        "signing/part": screens.signing_page(ListPart(rows[:2], 16, 40, ListPlace("mark"))),
        "threshold/asked": form,
        "threshold/none": screens.threshold_form(
            "Month talk", ThresholdLine(OTHER), 16, "seen", "Dr Ingrid Solberg"
        ),
        "threshold/to_mend": Mended(
            form, {"floor": mending.whole_number(1, 20)}, {"floor": "99", "rise": "3"}
        ),
        "questionnaire/unsigned": _questions(asking, None, brought=True),
        "questionnaire/signed": _questions(asking, by_whom, brought=True),
    }


def _questions(asking: Questionnaire, signed: SignedQuestionnaire | None, *, brought: bool) -> Example:
    return screens.questionnaire_page(asking, whole(tuple(asking.items())[:2]), signed, brought=brought)
