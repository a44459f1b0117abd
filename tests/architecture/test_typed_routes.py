"""A handler that does not fit its command, its rule or its neighbour is a type error.

Each line below is wrong in one way. The type checker must say so: under `strict` an ignored fault that is none any
more is a fault of its own, so that a route which grows looser fails `mypy`.
"""

from __future__ import annotations

from trim_bot.app.cases import handlers as cases
from trim_bot.app.cases import hands as case_hands
from trim_bot.app.cases import held
from trim_bot.app.cases.commands import AssignCase, CloseCase, OpenCases, OpenClose, TakeCase
from trim_bot.app.cases.entitled import holds_case, holds_check_in
from trim_bot.app.cases.state import get_case
from trim_bot.app.oversight import handlers as status
from trim_bot.app.people.access import ANYONE, KEEPS, LEADS, SERVES, SIGNED_OUT, signed_out
from trim_bot.app.seam.command import Command, Opening
from trim_bot.app.seam.links import OpenCase, OpenStatus
from trim_bot.app.seam.route import Route, button, form, page
from trim_bot.app.seam.unsigned import Button, Form
from trim_bot.app.seam.work import Next, Outcome, UnitOfWork, Work
from trim_bot.domain.cases import Case, CloseReason
from trim_bot.domain.ids import CaseId, MemberId
from trim_bot.domain.records import Action


def swapped() -> list[Route]:
    """Never made by the product."""
    return [
        page("case", OpenCase, held.open_cases, allow=SERVES),  # type: ignore[arg-type]
        page("cases", OpenCases, cases.open_case, allow=SERVES),  # type: ignore[arg-type]
        page("close", CloseCase, cases.close, allow=SERVES),  # type: ignore[type-var]
        page("status", OpenStatus, status.open_status, allow=LEADS),  # type: ignore[arg-type]
        page("case", OpenCase, cases.open_case, allow=KEEPS),  # type: ignore[arg-type]
        button("take", TakeCase, case_hands.pass_on, Action.ASSIGNED, allow=ANYONE),  # type: ignore[arg-type]
        form(
            "close",
            OpenClose,
            cases.close,  # type: ignore[arg-type]
            CloseCase,
            cases.open_close,  # type: ignore[arg-type]
            Action.CLOSED,
            allow=SERVES,
        ),
    ]


def guests(work: UnitOfWork) -> list[object]:
    """Somebody who is signed out has no id, so nothing that asks for one is theirs."""
    return [
        page("case", OpenCase, cases.open_case, allow=SIGNED_OUT),  # type: ignore[arg-type]
        page("case", OpenCase, cases.open_case, allow=signed_out(holds_case)),  # type: ignore[arg-type]
        work.who.id,  # type: ignore[attr-defined]
    ]


def led_astray() -> list[Next]:
    """A change leads to what is shown, not to another change."""
    return [OpenCase(CaseId("case")), Outcome("case_closed"), TakeCase(CaseId("case"))]  # type: ignore[list-item]


def drawn_wrong() -> list[object]:
    """A button carries a command, and a form what shows it."""
    return [
        Button("Open", "case"),  # type: ignore[arg-type]
        Form(CloseCase(CaseId("case"), CloseReason.FINISHED), "End", (), "End"),  # type: ignore[arg-type]
        Button("Open", OpenCase()),  # type: ignore[call-arg]
    ]


def named_wrong(work: Work, member: MemberId, case: CaseId) -> list[object]:
    """An id of one thing is not taken for that of another, nor a word for an answer."""
    return [
        OpenCase(member),  # type: ignore[arg-type]
        OpenCase("case"),  # type: ignore[arg-type]
        CloseCase(case, "finished"),  # type: ignore[arg-type]
        AssignCase(case, case, member),  # type: ignore[arg-type]
        get_case(work, member),  # type: ignore[arg-type]
        work.tx.get(Case, member),  # type: ignore[misc]
        work.tx.drop(Case, "case"),  # type: ignore[func-returns-value, misc]
        page("case", OpenCase, cases.open_case, allow=SERVES & holds_check_in),  # type: ignore[misc]
    ]


def test_the_kinds_of_commands_are_told_apart() -> None:
    assert issubclass(Opening, Command) and not issubclass(CloseCase, Opening)
