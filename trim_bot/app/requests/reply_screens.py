"""Reading a reply by its code, and taking a request back, for whoever asked without a name."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.requests.commands import (
    OpenReply,
    StopSignedOut,
)
from trim_bot.app.seam.sentences import as_given
from trim_bot.app.seam.unsigned import Button, Form, Page, Screen
from trim_bot.app.seam.views import (
    Heading,
    Text,
    TextInput,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.common_answers import help_now
from trim_bot.domain.ids import RequestId
from trim_bot.domain.site import Site


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


def reply_screen(said: str, reply: str, site: Site, stop: Button | None) -> Page:
    """The answer to a signed-out request; `said` is where it stands. `stop` takes it back, where there is anything."""
    answer = (
        (Heading("What they wrote"), Text(as_given(reply)))
        if reply
        else (Text("There is no written answer yet."),)
    )
    return Page(
        "reply",
        "Your request",
        (
            Text(said),
            *answer,
            Text("You can come back with the same code."),
            *((stop,) if stop is not None else ()),
            help_now(site),
        ),
    )


def stop_button(request: RequestId) -> Button:
    """Ends it, with no question asked."""
    return Button("I want to stop", StopSignedOut(request))


def stopped(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Somebody signed out took their request back, or ended the talks that came of it."""
    return Page(
        "request_stopped",
        "That is fine, it ended",
        (
            Text("Nobody will get in touch about it. You won't be asked why."),
            Text("You can ask again at any time. We still do not know who you are."),
            help_now(work.site),
        ),
    )
