"""The fixed words for whoever is with somebody who may not be safe: what to ask, what to look for, what to say."""

from __future__ import annotations

from trim_bot.app.seam.unsigned import Block
from trim_bot.app.seam.views import Bullets, Heading

ASK = (
    "Ask directly: “Are you thinking about ending your life?” Asking does not put the thought there.",
    "Listen. You do not have to solve it.",
    "Stay with them, or stay on the line, until somebody else is there.",
    "Do not hand this over by message. Ring, and hear that somebody has it.",
)
NEAR_TITLE = "What is near them"
NEAR = (
    "A weapon, also one they carry for work: who could look after it for now?",
    "Medicines, alcohol or drugs: what is within reach, and have they taken any?",
    "A vehicle: are they driving, or about to? Ask who can take them home.",
    "Other people: are they alone, and who could be with them tonight?",
    "Put what could hurt them out of reach, if they agree and it is safe for you.",
)
OTHERS_TITLE = "If others may be in danger"
OTHERS = (
    "They say they may hurt someone: ask whom, how and when. Ring the emergency number. Keep yourself safe.",
    "A child, or somebody who depends on others, may be at risk: ring the emergency number if it is now.",
    "If it is not now, ring the lead today. You need no proof, and cannot promise to keep it to yourself.",
)
WHAT_TO_SHARE = "What to say when you ring"
SHARED = (
    "Say who they are, where they are, and that you are worried about their safety.",
    "Tell an ambulance or the police all they need: what the person said they will do, and how.",
    "Say what they have taken, and when. Say if there is a weapon, if they are alone, if children are there.",
    "Tell a lead what they need to help. A manager is told no more than that help was needed, if that.",
    "Tell the person what you share and with whom, before you do if you can.",
)


def guide() -> tuple[Block, ...]:
    """All of it, in the order in which it is needed. The same for everybody; nothing of a case is in it."""
    return (
        Heading("What to do now"),
        Bullets(ASK),
        Heading(NEAR_TITLE),
        Bullets(NEAR),
        Heading(OTHERS_TITLE),
        Bullets(OTHERS),
        Heading(WHAT_TO_SHARE),
        Bullets(SHARED),
    )
