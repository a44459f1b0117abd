"""The form for what followed a call for safety."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from trim_bot.app.safety.commands import Spoken
from trim_bot.app.seam.links import OpenAfterCall, OpenCase
from trim_bot.app.seam.sentences import phrase
from trim_bot.app.seam.unsigned import Button, Form
from trim_bot.app.seam.views import Choice, PersonCard, Text, TextInput, Wording
from trim_bot.app.words.times import spoken
from trim_bot.domain.cases import SafetyCall
from trim_bot.domain.ids import CaseId

SPOKEN = Wording(
    Spoken,
    {Spoken.YES: "Yes", Spoken.NOT_YET: "Not yet, it is still to be done"},
)
WHOM_HINT = "Such as the ambulance, or a family doctor."
WHY_HINT = "What you were worried about, in short."
AGREED_HINT = "Facts and next steps, not the story."


def after_form(whose: PersonCard, case: CaseId, followed: SafetyCall, zone: ZoneInfo) -> Form:
    """Who outside was told, when and why, what was agreed, and whether somebody has spoken with the person since."""
    owed = followed.contact_by
    said = (
        phrase(
            "Speak with the person again by {when}. It stays yours until you have.", when=spoken(owed, zone)
        )
        if owed is not None
        else "You have spoken since. You can still add to what is written here."
    )
    return Form(
        OpenAfterCall(case),
        "After the call",
        (
            whose,
            Text(said),
            _field("told_whom", "Who outside this desk was told", WHOM_HINT, followed.told_whom),
            _field("told_when", "When were they told", "", followed.told_when),
            _field("told_why", "Why were they told", WHY_HINT, followed.told_why),
            _field("agreed", "What you agreed with the person", AGREED_HINT, followed.agreed),
            Choice.of(
                "spoken",
                "Has somebody spoken with them since?",
                SPOKEN,
                value=Spoken.YES if followed.contact_by is None else None,
            ),
        ),
        submit="Save",
        back=Button("Back", OpenCase(case)),
    )


def _field(name: str, label: str, hint: str, value: str) -> TextInput:
    return TextInput(
        name, label, hint, required=False, value=value, max_length=500,
        readers="you, whoever covers or is called in, and the person if they ask",
    )  # fmt: skip
