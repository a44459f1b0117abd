"""What the page says that tells an employer's view, with what the owner of a chat can still guess."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trim_bot.app.seam.sentences import phrase

EMPLOYER_TITLE = "What can my employer see?"


EMPLOYER_LEAD = "Of talks they see counts in wide bands: no name, no answer and no reason."


EMPLOYER_VIEW = "What closed weeks and quarters say"


EMPLOYER_VIEW_NOTE = (
    "This is the real page of your organisation. The coordinator reads the same. "
    "They also see who serves today, and how many have room."
)


EMPLOYER_NONE = "This cannot be shown right now. It holds bands, and a sentence about a closed week."


EMPLOYER_RATES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "default": (57, 59),
        "default_answered": (25, 27),
        "changes": (57, 76),
        "changes_asked": (52, 79),
        "changes_answered": (25, 57),
        "three_days": (57, 63),
        "one_day": (57, 66),
        "presses_answered": (25, 37),
        "called": (62, 94),
    }
)
"""Of a hundred people, counted as if half of them had a talk, of how many the owner of the chat guesses rightly whether
they have one, without the messages and with them, by setting. `asked`: who asked for support without an event;
`answered`: which of four answers, as if each were as likely; `called`: who is in danger, as the desk comes. Each was
measured in 1,000 towns: `docs/trust/figures.md`."""


def _rates(key: str) -> str:
    without, with_notes = EMPLOYER_RATES[key]
    return phrase(
        "without the notes {without} of 100, with them {with_notes}.", without=without, with_notes=with_notes
    )


EMPLOYER_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Your manager sees nothing",
        (
            "There is no page, list or message for managers.",
            "Nobody is told that you asked, said yes or said no.",
        ),
    ),
    (
        "Your colleague sees what you share with them",
        (
            "The trained colleague you talk with keeps short notes.",
            "A lead can help them, and can open notes only when called in.",
            "You can see who opened your record.",
        ),
    ),
    (
        "The coordinator sees bands",
        (
            "They look after training and the rota. So they see, by name, who serves and who has room.",
            "Of those who have talks they see bands alone.",
            "Small numbers are hidden, so that one person cannot be picked out.",
        ),
    ),
    (
        "The owner of your work chat sees that a note was sent, and when",
        (
            "They can see that Peer Support wrote to someone. Every note reads the same.",
            "A note outside the monthly one can show that someone was at a hard event.",
            "It goes out whatever they answer, so it hardly shows the answer.",
        ),
    ),
    (
        "How well the owner can guess from the notes",
        (
            "We let a program guess who has a talk, in small made-up towns: 1,000 for each line here.",
            "How often it was right is counted as if half of them had a talk.",
            phrase("As the desk comes: {rates}", rates=_rates("default")),
            phrase(
                "And which of four answers somebody gave, as if each were as likely: {rates}",
                rates=_rates("default_answered"),
            ),
            phrase(
                "If everyone chose “Write to me when something changes for me”: {rates}",
                rates=_rates("changes"),
            ),
            phrase(
                "And who else asked for support, as if half of the others did: {rates}",
                rates=_rates("changes_asked"),
            ),
            phrase("And which of four answers somebody gave: {rates}", rates=_rates("changes_answered")),
            phrase("If colleagues get their note on three days a week: {rates}", rates=_rates("three_days")),
            phrase("If they get it on one day a week: {rates}", rates=_rates("one_day")),
            "A chat that logs each press of “Open” also shows who looked, and so who may have answered.",
            phrase("There, which of four answers somebody gave: {rates}", rates=_rates("presses_answered")),
            "Other settings were not all measured so thoroughly, so no figure of them stands here.",
            "All that was found stands in the papers of the desk, under “trust”.",
        ),
    ),
    (
        "A call for safety cannot be hidden",
        (
            "If a life may be in danger, some colleagues are written to at once, at night too.",
            "The owner can see that. They may guess whom it is about, above all after a small event.",
            phrase("Counted as if half of the people were in danger: {rates}", rates=_rates("called")),
            "The note says nothing of it. Your safety comes first.",
        ),
    ),
    (
        "What Slack and Microsoft Teams keep",
        (
            "They keep the notes we send, like any message. The owner of the chat can search them.",
            "A note holds no name and no answer. What you type in a form is never put into the chat.",
            "A form passes through Slack or Microsoft on its way to us. Neither says whether it keeps a copy.",
            "What you type to us in the chat itself is kept there. Please use the buttons and forms.",
            "If you sign in with your work account, Microsoft notes that you did. A one-time link is not noted.",
            "To leave no trace there, use these pages in a browser.",
        ),
    ),
    (
        "When something must be shared",
        (
            "If a life may be in danger, your colleague may have to tell someone.",
            "They tell you these limits before the first question.",
        ),
    ),
)
