"""After a call for safety: who outside was told, what was agreed, and whether somebody has spoken with them since."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases import after_call
from trim_bot.app.cases.replanning import keep_awake
from trim_bot.app.cases.state import get_case
from trim_bot.app.cases.whose import whose
from trim_bot.app.safety.afterwards_screens import after_form
from trim_bot.app.safety.commands import KeepAfterCall, Spoken
from trim_bot.app.seam.links import OpenAfterCall, OpenCase
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Work
from trim_bot.domain.errors import NotOpen


def open_after(work: Work, command: OpenAfterCall) -> Screen:
    """What followed the last call that somebody had, as far as it is written down."""
    case = get_case(work, command.case)
    followed = after_call.last_answered(case)
    if followed is None:
        raise NotOpen("call")
    return after_form(whose(work, case), case.id, followed, work.zone)


def keep_after(work: Work, command: KeepAfterCall) -> Next:
    """Keep what followed; once somebody has spoken with the person, nothing waits any more."""
    case = get_case(work, command.case)
    followed = after_call.last_answered(case)
    if followed is None:
        raise NotOpen("call")
    spoken = command.spoken is Spoken.YES
    kept = after_call.with_last_answered(
        case,
        replace(
            followed,
            told_whom=command.told_whom,
            told_when=command.told_when,
            told_why=command.told_why,
            agreed=command.agreed,
            contact_by=None if spoken else followed.contact_by,
        ),
    )
    work.tx.save(kept)
    if spoken:
        after_call.end(work, kept)
        keep_awake(work, kept.id)
    return OpenCase(case.id)
