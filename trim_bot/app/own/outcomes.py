"""What is said before and after a choice about one's own record; each answer is warm, and none asks why."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.handover.commands import OpenErase
from trim_bot.app.own.commands import StartMessages, StopMessages
from trim_bot.app.seam.links import OpenMe
from trim_bot.app.seam.unsigned import Button, Form, Page, Screen
from trim_bot.app.seam.views import Bullets, Link, Text, Toggle, Weight
from trim_bot.app.seam.work import Work
from trim_bot.app.words.common_answers import help_now
from trim_bot.domain.site import Site


def request_withdrawn(work: Work, ids: Mapping[str, str]) -> Screen:
    """A request was taken back."""
    return Page(
        "request_withdrawn",
        "That is fine",
        (
            Text("Your request is taken back, and what you wrote is gone. You can ask again at any time."),
            Text("Nothing was sent to your manager. You won't be asked why."),
            _mine(work),
            help_now(work.site),
        ),
    )


def case_withdrawn(work: Work, ids: Mapping[str, str]) -> Screen:
    """The person ended their part."""
    return Page(
        "withdrawn",
        "That is fine, it has ended",
        (
            Text("No more talks are planned, and nobody will remind you. You won't be asked why."),
            Text("You can ask us again at any time. Nothing was sent to your manager."),
            _mine(work),
            help_now(work.site),
        ),
    )


def practitioner_changed(work: Work, ids: Mapping[str, str]) -> Screen:
    """Somebody else is looked for."""
    return Page(
        "practitioner_changed",
        "We are finding someone else",
        (
            Text("Another trained colleague will be in touch. You won't be asked why."),
            Text("The colleague until now can no longer open your notes. Your manager is not told."),
            _mine(work),
            help_now(work.site),
        ),
    )


def erased(work: Work, ids: Mapping[str, str]) -> Screen:
    """Erasure was asked for."""
    days = work.site.erase_days
    return Page(
        "erased",
        "Your record is being erased",
        (
            Text("Everything you had open with us has ended. What we hold on you is erased within minutes."),
            Text(f"Backups are gone within {days} days. After that nobody can bring it back."),
            Text("Nothing was sent to your manager. You can ask us at any time, as someone new."),
            help_now(work.site),
        ),
    )


def messages_stopped(work: Work, ids: Mapping[str, str]) -> Screen:
    """No more chat messages."""
    return Page(
        "stopped",
        "You get no more messages",
        (
            Text("We will not write to you in chat. Anything offered to you stays open under What is mine."),
            Text("If you serve as a practitioner, what waited for you moves to a colleague."),
            Button("Start messages again", StartMessages(), Weight.QUIET),
            _mine(work),
            help_now(work.site),
        ),
    )


def messages_started(work: Work, ids: Mapping[str, str]) -> Screen:
    """Chat messages again."""
    return Page(
        "started",
        "You get messages again",
        (
            Text("A message says only that something waits. It never says what it is about."),
            Button("Stop messages", StopMessages(), Weight.QUIET),
            _mine(work),
        ),
    )


def browser_link(url: str) -> Page:
    """A one-time link; drawn once and never stored."""
    return Page(
        "browser",
        "Open in the browser",
        (
            Text("This link signs you in on one device. It works once, in the next 30 minutes."),
            Link("Open my page", url),
            Text("Please do not pass it on. You can ask for a new one at any time.", quiet=True),
        ),
    )


def _mine(work: Work) -> Button:
    return Button("What is mine", OpenMe(), Weight.QUIET)


def erase_form(site: Site) -> Form:
    """One tick, so that nobody erases by a slip."""
    return Form(
        OpenErase(),
        "Erase my record",
        (
            Text("We erase everything we hold on you. Nobody can bring it back, and we ask no reason."),
            Bullets(
                (
                    "Requests, offers and talks that are open end at once.",
                    "Notes, answers and how to reach you are erased within minutes.",
                    f"Backups are gone within {site.erase_days} days.",
                    "Counts of the whole scheme stay. They name nobody.",
                )
            ),
            Text("If you serve as a practitioner, your work moves to colleagues."),
            Toggle("sure", "Yes, erase my record", required=True),
            Button("Leave it as it is", OpenMe(), Weight.QUIET),
        ),
        submit="Erase it",
    )
