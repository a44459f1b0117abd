"""Every sentence of asking for support, in one file like any subject's: the person's screens, and those of
whoever answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import assert_never
from zlib import crc32

from trim_bot.app.people.screens import at_the_limit
from trim_bot.app.requests.commands import (
    Naming,
    OpenAsk,
    PassRequest,
    TakeRequest,
)
from trim_bot.app.seam.links import OpenMe, OpenSupport, OpenTaken
from trim_bot.app.seam.sentences import as_given, capitalised, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import (
    Choice,
    Done,
    Facts,
    Heading,
    Link,
    PersonCard,
    Text,
    TextInput,
    TimeInput,
    Weight,
    Wording,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending
from trim_bot.app.waiting.hours import day_of_answer
from trim_bot.app.words.clocks import ReadBy
from trim_bot.app.words.common_answers import help_now, when_to_expect
from trim_bot.app.words.times import spoken_day, spoken_wait
from trim_bot.domain.ids import RequestId
from trim_bot.domain.requests import AfterAnswer, RequestState, SupportRequest, reply_code
from trim_bot.domain.site import Site
from trim_bot.domain.steps import StepKind

LANGUAGES = {
    "ar": "Arabic", "cy": "Welsh", "da": "Danish", "de": "German", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "it": "Italian", "nb": "Norwegian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "sv": "Swedish",
    "uk": "Ukrainian",
}  # fmt: skip
REQUEST = "A request for support"
REVISIONS = 1_000_000


def language_name(code: str) -> str:
    """`English` for `en` or `en-GB`; the code itself for a language without a name here."""
    return LANGUAGES.get(code.partition("-")[0].partition("_")[0].lower(), code)


def request_page(
    request: RequestId, waited: timedelta, language: str, *, can_take: bool, full: int = 0
) -> Page:
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
            Facts((("Has waited", capitalised(spoken_wait(waited))), ("Language", language_name(language)))),
            *take,
            Button("Not me", PassRequest(request)),
            Text("You are not asked why. They are not told who looked.", quiet=True),
        ),
    )


WHAT_FOLLOWS = Wording(
    AfterAnswer,
    {
        AfterAnswer.WAIT: "I keep it, and wait for them",
        AfterAnswer.STRESS: "Begin a talk about stress at work or home",
        AfterAnswer.TRAUMA: "Begin a talk after a hard event",
        AfterAnswer.CLOSE: "Nothing more is needed, so it ends here",
    },
)


def passes_on(day: str) -> Text:
    """For whoever took a request and whose training has run out."""
    return Text(
        phrase(
            "Your training has run out. You can open this until {day}. Then it goes to a colleague.", day=day
        )
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
            Text(as_given(request.text) if request.text else "Nothing was written."),
            Heading("How they would like to be reached"),
            Text(as_given(request.contact) if request.contact else "They did not say."),
            TextInput(
                "reply",
                "Your reply",
                hint="Such as who you are, and when you can talk.",
                required=False,
                value=request.reply,
                multiline=True,
                readers="the person who asked",
            ),
            Choice.of("then", "What comes next?", WHAT_FOLLOWS),
            Text("Only for a talk after a hard event: when did it end for them?"),
            *clock.day("ended_on", "Day it ended", required=False),
            TimeInput(
                "ended_at",
                clock.label("Time it ended"),
                hint="About right is good enough.",
                required=False,
                day="ended_on",
            ),
            *clock.choice(),
            Button("Not me", PassRequest(request.id), Weight.QUIET),
        ),
        submit="Save",
        revision=crc32(request.reply.encode("utf-8", "surrogatepass")) % REVISIONS,
    )


def passed(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Somebody said "Not me"."""
    return Page(
        "request_passed",
        "Thank you for looking",
        (Text("It waits for someone else. You will not be asked about it again, and no reason is kept."),),
    )


def _reminded(work: UnitOfWork, ids: Mapping[str, str]) -> tuple[Text, ...]:
    """On which day its taker is reminded, while it is open."""
    steps = pending.open_steps(work, kind=StepKind.REQUEST, subject=ids["request"])
    if not steps:
        return ()
    day = spoken_day(steps[0].due_at.astimezone(work.zone).date())
    return (Text(phrase("We remind you on {day} if it is still open.", day=day)),)


def kept(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """The practitioner keeps it and waits."""
    return Page(
        "request_kept",
        "It stays with you",
        (
            Text("They can read what you wrote."),
            *_reminded(work, ids),
            Button("Open it again", OpenTaken(RequestId(ids["request"])), Weight.QUIET),
        ),
    )


def closed(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """After a request was ended without a case, for whoever had taken it."""
    return Page(
        "request_closed",
        "The request has ended",
        (Text("They can still read what you wrote, and can ask again at any time."),),
    )


READER = "the colleague who takes your request"
MOST_CONTACT = 300


NAMES = Wording(Naming, {Naming.NAMED: "Use my name", Naming.UNNAMED: "Without my name for now"})


def support_form(site: Site, link: str, by: date) -> Form:
    """The form for every member. `link` is the address of the browser pages; `by` is the day of an answer."""
    return Form(
        OpenSupport(),
        "Ask for support",
        (
            help_now(site),
            Text(
                phrase(
                    "Ask a trained colleague for a talk. Your manager is not told. {when_to_expect}",
                    when_to_expect=when_to_expect(by),
                )
            ),
            Choice.of(
                "name",
                "Your name",
                NAMES,
                hint="Without your name, colleagues do not see who asked. The desk itself still knows.",
            ),
            *_words(),
            Text("You can take this back at any time under My talks and choices.", quiet=True),
            Text("If the desk should not know either, ask on this page instead.", quiet=True),
            Link("Ask without anyone knowing who you are", f"{link}/o/{site.slug}/ask"),
        ),
        submit="Ask for support",
    )


def ask_form(site: Site, by: date) -> Form:
    """The form for somebody signed out; `by` is the day of an answer."""
    return Form(
        OpenAsk(),
        "Ask without your name",
        (
            help_now(site),
            Text("Ask a trained colleague. We do not know who you are, and your manager is not told."),
            Text(
                phrase(
                    "You get a code to read the answer with. {when_to_expect}",
                    when_to_expect=when_to_expect(by),
                )
            ),
            *_words(),
            Text("Leave out your name if you do not want us to know it.", quiet=True),
        ),
        submit="Ask for support",
    )


def _by(work: UnitOfWork, ids: Mapping[str, str]) -> date:
    """By when whoever asked is answered, counted from when they did."""
    request = work.tx.get(SupportRequest, RequestId(ids["request"])) if "request" in ids else None
    return day_of_answer(work, request.asked_at if request is not None else None)


def received(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """A member has asked; somebody who has a talk going on by name is told that the same colleague gets it."""
    seen = (
        Text("Trained colleagues see that someone asked. They do not see a name or what you wrote."),
        Text("The one who takes it sees what you wrote, and your name if you chose that."),
    )
    if ids.get("known") == "yes":
        seen = (
            Text("It goes first to the colleague you already talk with."),
            Text(
                "They see what you wrote and your name once they open it. If they cannot, another takes it."
            ),
        )
    return Page(
        "request_received",
        "We have your request",
        (
            Text(
                phrase(
                    "{when_to_expect} The answer will be under My talks and choices.",
                    when_to_expect=when_to_expect(_by(work, ids)),
                )
            ),
            *seen,
            Text(
                "Nothing was sent to your manager. You can take it back at any time, and are not asked why."
            ),
            Button("My talks and choices", OpenMe(), Weight.QUIET),
            help_now(work.site),
        ),
    )


def sent_without_name(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Somebody signed out has asked. The code is derived again from the form's nonce; it is kept nowhere."""
    return Page(
        "request_sent",
        "We have your request",
        (
            Facts((("Your reply code", as_given(reply_code(work.tx.keyed, work.nonce))),)),
            Text(
                "Please write this code down. It is the only way to read the answer, and we cannot find it."
            ),
            Link("Read the answer later", f"{work.link}/o/{work.site.slug}/reply"),
            Text(
                phrase(
                    "{when_to_expect} The one who takes it sees what you wrote.",
                    when_to_expect=when_to_expect(_by(work, ids)),
                )
            ),
            Text("We do not know who you are. Nothing was sent to any manager."),
            help_now(work.site),
        ),
    )


def too_many(site: Site) -> Done:
    """So much is kept that more would take the room of those who serve; nothing of this one was kept."""
    return Done(
        "ask_full",
        "Please ring one of these",
        (
            help_now(site),
            Text("A lot of people have asked today, so we could not keep this one."),
            Text("Please ask again tomorrow, or ring if you want to talk to someone before."),
        ),
    )


def _words() -> tuple[TextInput, TextInput]:
    return (
        TextInput(
            "text",
            "What is it about?",
            hint="A few facts are enough, or leave it empty. You do not need to tell the story.",
            required=False,
            multiline=True,
            readers=READER,
        ),
        TextInput(
            "contact",
            "How and when would you like to be reached?",
            hint="Such as a phone number and a good time. You can leave it empty.",
            required=False,
            max_length=MOST_CONTACT,
            readers=READER,
        ),
    )


def state_line(state: RequestState, by: date, today: date) -> str:
    """Where a request stands; `by` is the day of an answer, and both are days of whoever reads."""
    match state:
        case RequestState.WAITING:
            if today > by:
                return phrase(
                    "You were to hear by {day}. We are sorry. Nobody has taken it yet.", day=spoken_day(by)
                )
            return phrase("Nobody has taken it yet. {when_to_expect}", when_to_expect=when_to_expect(by))
        case RequestState.TAKEN:
            return "A trained colleague has it now."
        case RequestState.CASE:
            return "A trained colleague has it, and a talk is planned."
        case RequestState.CLOSED:
            return "It has ended. You can ask again at any time."
        case RequestState.WITHDRAWN:
            return "You took it back. Nobody was told why."
        case _:
            assert_never(state)
