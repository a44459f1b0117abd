"""Whoever held a case hears when somebody else puts it into other hands, so that nobody takes one unseen."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.commands import OpenGivenOn, SeeGivenOn
from trim_bot.app.cases.state import get_case
from trim_bot.app.seam.sentences import as_given, ours, phrase
from trim_bot.app.seam.unsigned import Button, Page, Screen
from trim_bot.app.seam.views import Facts, Text, Weight
from trim_bot.app.seam.work import Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.cases import Case
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import CaseId, MemberId, StepId
from trim_bot.domain.people import Member
from trim_bot.domain.steps import AnyStepKind, Rung, Step, StepState


class GivenOnStep(AnyStepKind):
    """What waits about whose hands a case is in."""

    GIVEN_ON = "case_given_on"
    """Somebody who held a case is to see that it was put into other hands. It opens nothing of the case."""


def tell_former(work: UnitOfWork, case: Case, holder: MemberId | None) -> None:
    """Somebody else put a case into other hands, or named who covers it: its holder finds that on their page.

    The step is not one of the case: nothing of it opens with it.
    """
    if holder is not None and not waits.open_steps(
        work, kind=GivenOnStep.GIVEN_ON, subject=case.id, holder=holder
    ):
        waits.begin(work, GivenOnStep.GIVEN_ON, case.id, Rung.PERSON, holder)


def open_given_on(work: Work, command: OpenGivenOn) -> Screen:
    """That a case is in other hands, without whom it is about."""
    case = get_case(work, CaseId(given_on(work, command.step).subject))
    now = work.tx.get(Member, case.holder) if case.holder is not None else None
    cover = work.tx.get(Member, case.cover) if case.cover is not None else None
    return given_on_page(
        command.step,
        work.definitions.programmes[case.programme].name,
        spoken_day(case.opened_at.astimezone(work.zone).date()),
        now.name if now is not None else "",
        cover.name if cover is not None else "",
        mine=case.holder == work.who.id,
    )


def see_given_on(work: Work, command: SeeGivenOn) -> Outcome:
    """Nothing waits about it any more."""
    work.tx.save(waits.ended(work, given_on(work, command.step), StepState.DONE))
    return Outcome("given_on_read")


def given_on(work: Work, id: StepId) -> Step:
    """The step that tells whoever asks of it. Raises NotOpen for anybody else."""
    step = work.tx.get(Step, id)
    if step is None or step.kind is not GivenOnStep.GIVEN_ON or step.holder != work.who.id:
        raise NotOpen("step")
    return step


def given_on_page(step: StepId, programme: str, since: str, holder: str, cover: str, *, mine: bool) -> Page:
    """For whoever held a case: that somebody else put it into other hands. Whom it is about is not shown."""
    with_whom = (
        phrase("It is with {holder} now.", holder=holder) if holder else phrase("It is with nobody yet.")
    )
    whose = "You" if mine else as_given(holder) if holder else "Nobody yet"
    rows = [
        ("What", phrase("{programme}, open since {since}", programme=ours(programme), since=since)),
        ("Who holds it", whose),
    ]
    if cover:
        rows.append(("Who covers", as_given(cover)))
    said = (
        "Somebody else named who covers this."
        if mine
        else phrase(
            "A lead, a colleague or a coordinator put this into other hands. {with_whom}", with_whom=with_whom
        )
    )
    return Page(
        "given_on",
        "Talks now in other hands",
        (
            Text(said),
            Facts(tuple(rows)),
            Text("If this surprises you, talk to a lead you trust or to whoever runs the scheme."),
            Text("Only you see this page.", quiet=True),
            Button("I have read this", SeeGivenOn(step), Weight.MAIN),
        ),
    )


def given_on_read(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """It was read."""
    return Page("given_on_read", "Thank you", (Text("It does not wait for you any more."),))
