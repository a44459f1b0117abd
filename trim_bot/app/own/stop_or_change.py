"""Stopping one's talks, having somebody else, and taking a request back: what each does, asked once, and said after."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.state import get_case
from trim_bot.app.own.commands import OpenStopOrChange
from trim_bot.app.people.eligible import still_here
from trim_bot.app.requests.commands import ChangePractitioner, WithdrawFromCase
from trim_bot.app.seam.links import OpenMe, OpenSupport
from trim_bot.app.seam.sentences import phrase
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Heading, Text, Weight
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.words.common_answers import help_now
from trim_bot.domain.ids import CaseId


def open_stop_or_change(work: Work, command: OpenStopOrChange) -> Screen:
    """Both ways, with what follows from each; nothing has happened yet."""
    case = get_case(work, command.case)
    holder = still_here(work, case.holder)
    return choices_page(case.id, holder.name if holder is not None else "")


def choices_page(case: CaseId, colleague: str) -> Page:
    """`colleague` is who holds the talks; empty while one is looked for."""
    change: tuple[Block, ...] = (
        (
            Heading("Somebody else"),
            Text(
                phrase(
                    "Another trained colleague is looked for. {colleague} can then no longer open your notes.",
                    colleague=colleague,
                )
            ),
            Button("I would like someone else", ChangePractitioner(case)),
        )
        if colleague
        else ()
    )
    return Page(
        "stop_or_change",
        "Stop, or somebody else",
        (
            Text("Nothing has changed yet. You won't be asked why, and your manager is not told."),
            *change,
            Heading("Stop"),
            Text("No more talks are planned, and nobody reminds you. You can ask again at any time."),
            Button("I want to stop", WithdrawFromCase(case)),
            Button("Leave it as it is", OpenMe(), Weight.QUIET),
        ),
    )


def request_withdrawn(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """A request was taken back."""
    return Page(
        "request_withdrawn",
        "That is fine",
        (
            Text("Your request is taken back, and what you wrote is gone. You can ask again at any time."),
            Text("Nothing was sent to your manager. You won't be asked why."),
            _mine(),
            help_now(work.site),
        ),
    )


def case_withdrawn(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """The person ended their part."""
    return Page(
        "withdrawn",
        "That is fine, it ended",
        (
            Text("No more talks are planned, and nobody will remind you. You won't be asked why."),
            Text("You can ask us again at any time. Nothing was sent to your manager."),
            Button("Ask for support again", OpenSupport(), Weight.QUIET),
            _mine(),
            help_now(work.site),
        ),
    )


def practitioner_changed(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Somebody else is looked for."""
    return Page(
        "practitioner_changed",
        "Finding someone else",
        (
            Text("Another trained colleague will be in touch. You won't be asked why."),
            Text("The colleague until now can no longer open your notes. Your manager is not told."),
            _mine(),
            help_now(work.site),
        ),
    )


def _mine() -> Button:
    return Button("My talks and choices", OpenMe(), Weight.QUIET)
