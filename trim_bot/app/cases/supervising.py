"""What a lead is asked to talk over with a colleague; nothing of whom it is about."""

from __future__ import annotations

from trim_bot.app.cases import first_contact
from trim_bot.app.cases import supervising_screens as screens
from trim_bot.app.cases.commands import OpenSupervision, SuperviseCase
from trim_bot.app.cases.look_up import get_case
from trim_bot.app.cases.supervision import talked_over
from trim_bot.app.people.eligible import still_here
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.domain.cases import Case
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.steps import Step


def open_supervision(work: Work, command: OpenSupervision) -> Screen:
    """Who is to be talked with, how to reach them, and why."""
    case = _case(work, command.step)
    holder = still_here(work, case.holder)
    programme = work.definitions.programmes[case.programme].name
    return screens.supervision_page(command.step, case, programme, holder)


def supervise(work: Work, command: SuperviseCase) -> Outcome:
    """It was talked over; getting in touch, where it is still owed, waits for the holder again."""
    first_contact.begin(work, talked_over(work, _case(work, command.step)))
    return Outcome("talked_over")


def _case(work: Work, id: str) -> Case:
    step = work.tx.get(Step, id)
    if step is None or step.case_id is None:
        raise NotOpen("step")
    return get_case(work, step.case_id)
