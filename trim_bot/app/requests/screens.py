"""A request for support as practitioners see it: before it is taken no name and no words, after that both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zlib import crc32

from trim_bot.app.people.screens import at_the_limit
from trim_bot.app.requests.commands import PassRequest, TakeRequest
from trim_bot.app.seam.links import OpenTaken
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import (
    Choice,
    DateInput,
    Facts,
    Heading,
    Option,
    PersonCard,
    Text,
    TextInput,
    TimeInput,
    Weight,
)
from trim_bot.app.seam.work import Work
from trim_bot.app.words.clocks import ReadBy
from trim_bot.app.words.times import spoken_wait
from trim_bot.domain.requests import SupportRequest

LANGUAGES = {
    "ar": "Arabic", "cy": "Welsh", "da": "Danish", "de": "German", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "it": "Italian", "nb": "Norwegian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "sv": "Swedish",
    "uk": "Ukrainian",
}  # fmt: skip
REVISIONS = 1_000_000


def language_name(code: str) -> str:
    """`English` for `en` or `en-GB`; the code itself for a language without a name here."""
    return LANGUAGES.get(code.partition("-")[0].partition("_")[0].lower(), code)


def request_page(request: str, waited: timedelta, language: str, *, can_take: bool, full: int = 0) -> Page:
    """A request in the pool: how long it has waited, and the language. `full` is the site's limit, once reached."""
    take: tuple[Text | Button, ...] = (
        Text("Once you take it you see what they wrote, and their name if they gave it."),
        Button("Take it", TakeRequest(request), Weight.MAIN),
    )
    if not can_take:
        take = (
            Text("Your training has ended, or you said that you have no room. Someone else has to take it."),
            Text("You can change your room under your profile."),
        )
    elif full:
        take = (Text(at_the_limit(full)),)
    return Page(
        "request",
        "Someone asked for a talk",
        (
            Facts((("Has waited", spoken_wait(waited).capitalize()), ("Language", language_name(language)))),
            *take,
            Button("Not me", PassRequest(request)),
            Text("You are not asked why. They are not told who looked.", quiet=True),
        ),
    )


def taken_form(
    request: SupportRequest,
    person: PersonCard | None,
    *,
    known: bool = False,
    contact: tuple[Block, ...] = (),
    clock: ReadBy,
) -> Form:
    """The request in full, for the practitioner who took it, with what to do next."""
    if person is not None:
        who: tuple[PersonCard | Text, ...] = (person,)
    elif request.member_id is not None:
        who = (Text("They asked without their name. Your reply reaches them on their own page."),)
    else:
        who = (Text("Nobody knows who asked. They read your reply with a code."),)
    return Form(
        OpenTaken(request.id),
        "A request you took",
        (
            *who,
            *contact,
            *(
                (Text("You support them already. A talk you begin here goes on with what you have."),)
                if known
                else ()
            ),
            Heading("What they wrote"),
            Text(request.text or "Nothing was written."),
            Heading("How they would like to be reached"),
            Text(request.contact or "They did not say."),
            TextInput(
                "reply",
                "Your reply",
                hint="Such as who you are, and when you can talk.",
                required=False,
                value=request.reply,
                multiline=True,
                readers="the person who asked",
            ),
            Choice(
                "then",
                "What comes next?",
                (
                    Option("wait", "I keep it, and wait for them"),
                    Option("stress", "Begin a talk about stress at work or home"),
                    Option("trauma", "Begin a talk after a hard event"),
                    Option("close", "Nothing more is needed, so it ends here"),
                ),
            ),
            Text("Only for a talk after a hard event: when did it end for them?"),
            DateInput("ended_on", "Day it ended", required=False),
            TimeInput(
                "ended_at", clock.label("Time it ended"), hint="About right is good enough.", required=False
            ),
            *clock.choice(),
            Button("Not me", PassRequest(request.id), Weight.QUIET),
        ),
        submit="Save",
        revision=crc32(request.reply.encode("utf-8", "surrogatepass")) % REVISIONS,
    )


def passed(work: Work, ids: Mapping[str, str]) -> Screen:
    """Somebody said "Not me"."""
    return Page(
        "request_passed",
        "Thank you for looking",
        (Text("It waits for someone else. You will not be asked about it again, and no reason is kept."),),
    )


def kept(work: Work, ids: Mapping[str, str]) -> Screen:
    """The practitioner keeps it and waits."""
    return Page(
        "request_kept",
        "It stays with you",
        (
            Text("They can read what you wrote. We remind you in some days if it is still open."),
            Button("Open it again", OpenTaken(ids["request"]), Weight.QUIET),
        ),
    )


def closed(work: Work, ids: Mapping[str, str]) -> Screen:
    """It ended without a case."""
    return Page(
        "request_closed",
        "The request has ended",
        (Text("They can still read what you wrote, and can ask again at any time."),),
    )
