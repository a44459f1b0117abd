"""What became of a request, in plain words, for the person who made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from trim_bot.app.requests.commands import OpenReply, StopSignedOut
from trim_bot.app.seam.unsigned import Button, Form, Page, Screen
from trim_bot.app.seam.views import Heading, Text, TextInput
from trim_bot.app.seam.work import Work
from trim_bot.app.words.help_lines import help_now, when_to_expect
from trim_bot.domain.requests import RequestState
from trim_bot.domain.site import Site


def state_line(state: RequestState, site: Site) -> str:
    """Where a request stands."""
    match state:
        case RequestState.WAITING:
            return f"Nobody has taken it yet. {when_to_expect(site)}"
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


def reply_form(site: Site) -> Form:
    """Where a reply code is typed."""
    return Form(
        OpenReply(),
        "Read the answer",
        (
            help_now(site),
            TextInput("code", "Your reply code", hint="Sixteen letters and digits.", max_length=60),
            Text("Only someone with the code can read the answer.", quiet=True),
        ),
        submit="Read the answer",
    )


def reply_screen(state: RequestState, reply: str, site: Site, stop: Button | None) -> Page:
    """The answer to a signed-out request. `stop` takes it back, where there is something to take back."""
    answer = (
        (Heading("What they wrote"), Text(reply)) if reply else (Text("There is no written answer yet."),)
    )
    return Page(
        "reply",
        "Your request",
        (
            Text(state_line(state, site)),
            *answer,
            Text("You can come back with the same code."),
            *((stop,) if stop is not None else ()),
            help_now(site),
        ),
    )


def stop_button(request: str) -> Button:
    """Ends it, with no question asked."""
    return Button("I want to stop", StopSignedOut(request))


def stopped(work: Work, ids: Mapping[str, str]) -> Screen:
    """Somebody signed out took their request back, or ended the talks that came of it."""
    return Page(
        "request_stopped",
        "That is fine, it has ended",
        (
            Text("Nobody will get in touch about it. You won't be asked why."),
            Text("You can ask again at any time. We still do not know who you are."),
            help_now(work.site),
        ),
    )
