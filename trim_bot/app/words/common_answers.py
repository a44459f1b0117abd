"""Answers that belong to no one topic: crisis help on every entry screen, refused, try again, and what to mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from trim_bot.app.seam.in_language import translated
from trim_bot.app.seam.sentences import phrase
from trim_bot.app.seam.views import (
    Alert,
    Answer,
    Bullets,
    Button,
    Done,
    Form,
    Heading,
    Link,
    Text,
    Tone,
    View,
    Weight,
)
from trim_bot.app.words.adapter_words import Names
from trim_bot.app.words.help_lines import called, rung
from trim_bot.app.words.page_words import quote
from trim_bot.app.words.times import spoken_date, spoken_day
from trim_bot.domain.site import CrisisNumber, Site

RINGS = frozenset({Tone.HELP, Tone.DANGER})
"""What is said in these tones holds numbers to ring."""
RING = "If you need help now, ring your local emergency number."


def not_open() -> Done:
    """Nothing is open here to whoever asked; nothing is said about whether anything exists."""
    return Done(
        "not_open",
        "No longer open to you",
        (
            Text("It may have ended, or moved to someone else. You do not need to do anything."),
            Button("support", "", "Ask for support", Weight.MAIN, goes=True),
            Button("me", "", "My talks and choices", Weight.QUIET, goes=True),
        ),
        Answer.REFUSED,
    )


def kept() -> Done:
    """A change was kept, and what it was about is no longer open to whoever made it."""
    return Done(
        "kept",
        "That is saved",
        (Text("What it was about is now with somebody else, so it is not shown here."),),
    )


def held_back(reference: str, *, serves: bool = False) -> Done:
    """Far more was opened in an hour than ordinary use asks for, so that this was not; nothing was saved.

    `serves` leads on to a call for safety.
    """
    return Done(
        "held_back",
        "Not open just now",
        (
            Text("A lot was opened here in a short time. For a while only a few pages open."),
            Text("Nothing was saved, and nobody was told. Please try again in a few minutes."),
            Alert(
                Tone.HELP,
                RING,
                ("The page Help now has numbers to ring. Asking for support works as well.",),
            ),
            *(_way_to_safety() if serves else ()),
            Text(quote(reference)),
        ),
        Answer.TRY_AGAIN,
    )


def try_again(reference: str) -> Done:
    """Nothing was saved: a store could not be used, or a fault of ours, found in the log by its `reference`."""
    return Done(
        "try_again",
        "Nothing was saved",
        (
            Text("Something did not work on our side. What you typed was not saved, and nobody was told."),
            Text("Please try again."),
            Alert(
                Tone.HELP,
                RING,
                ("The page Help now has numbers to ring. It works even when the rest does not.",),
            ),
            Text(quote(reference)),
        ),
        Answer.TRY_AGAIN,
    )


def altered(reference: str, *, serves: bool = False) -> Done:
    """Something is not as the desk wrote it, so that it opens for nobody; the log knows it by its `reference`.

    `serves` leads on to a call for safety, and gives the reference to quote.
    """
    return Done(
        "altered",
        "This cannot open now",
        (
            Text("The people who run the desk have been told. You need do nothing."),
            Alert(
                Tone.HELP,
                RING,
                ("The page Help now has numbers to ring. It works even when the rest does not.",),
            ),
            *(
                (
                    *_way_to_safety(),
                    Text(phrase("If you speak to them, quote {reference}.", reference=reference)),
                )
                if serves
                else ()
            ),
        ),
        Answer.TRY_AGAIN,
    )


def _way_to_safety() -> tuple[Text, Button]:
    return (
        Text("If you are worried about somebody you support, you can still call the lead and the cover."),
        Button("concern", "", "Safety concern", Weight.MAIN, goes=True),
    )


TO_MEND = "mend"
"""The name of the screen about what was typed beside a button."""


def mend(errors: Mapping[str, str]) -> Done:
    """What has to be put right after a button that has no field to show it at."""
    return Done(TO_MEND, "Please look again", (Bullets(tuple(errors.values())), Text("Nothing was lost.")))


def help_screen(names: Names) -> Done:
    """What can be typed in this organisation. The same for everybody there, and needs no store."""
    work, ask = f"/{names.work}", f"/{names.ask}"
    return Done(
        "help",
        "What you can type here",
        (
            Heading("For everyone"),
            Bullets(
                (
                    phrase("{ask} asks for a talk with a trained colleague", ask=ask),
                    phrase("{ask} me shows your requests, offers and who opened your record", ask=ask),
                )
            ),
            Heading("For those who serve"),
            Bullets(
                (
                    phrase("{work} log: log a hard event and offer support", work=work),
                    phrase("{work} cases: the people you support", work=work),
                    phrase("{work} due: what waits for you", work=work),
                    phrase("{work} cover: what you cover, and handing over", work=work),
                    phrase("{work} team: planning, for leads and coordinators", work=work),
                    phrase("{work} concern: call for help when somebody may not be safe", work=work),
                    phrase("{work} profile: your hours and how to reach you", work=work),
                    phrase("{work} status: whether the scheme is on track", work=work),
                )
            ),
            Text("Type only these words. Never type a name here.", quiet=True),
        ),
    )


def help_now(site: Site) -> Alert:
    """The set-off block with numbers to ring."""
    return Alert(
        Tone.HELP,
        "If someone may be in danger, ring now. This desk is not watched round the clock.",
        tuple(number_line(number) for number in site.numbers),
    )


def number_line(number: CrisisNumber) -> str:
    """One number with how far it can be trusted."""
    if number.verified_on is None:
        return phrase(
            "{label}: {number} (not yet verified by your site)", label=called(number), number=rung(number)
        )
    return phrase(
        "{label}: {number} (checked {day})",
        label=called(number),
        number=rung(number),
        day=spoken_date(number.verified_on),
    )


def way_to_help(link: str) -> Link:
    """A button to the page of numbers; every number there dials or texts. `link` is where the pages are."""
    return Link("Help now: numbers to ring", f"{link}/help-now")


def with_way_to_help(view: View, link: str, *, first: bool) -> View:
    """A page in chat with a way to the page of numbers: below every number there is, and at the end of the `first`.

    Chat has no header that is always there, as the pages in the browser have, and not every chat dials a number.
    """
    way = way_to_help(link)
    if isinstance(view, Form | Done):
        way = replace(way, label=translated(way.label, view.language))
    if not isinstance(view, Form | Done) or way in view.blocks:
        return view
    rings = [isinstance(block, Alert) and block.tone in RINGS for block in view.blocks]
    if any(rings):
        place = rings.index(True) + 1
        return replace(view, blocks=(*view.blocks[:place], way, *view.blocks[place:]))
    return replace(view, blocks=(*view.blocks, way)) if first else view


def when_to_expect(by: date) -> str:
    """By which day somebody who asked hears."""
    return phrase("A colleague will answer by {day}.", day=spoken_day(by))
