"""Whose talk a screen is about: name, talk and phone at its top, for whoever the case is open to."""

from __future__ import annotations

from trim_bot.app.cases.screens import NO_NAME
from trim_bot.app.cases.stages import label_of
from trim_bot.app.cases.state import get_member
from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.seam.views import PersonCard
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CheckIn


def whose(work: Work, case: Case, check_in: CheckIn | None = None) -> PersonCard:
    """The banner of a screen about one talk, or about the whole case.

    It is asked for by handlers alone whose route has found the case to be open to the asker, and is drawn on the form
    or page that answers them: nothing that a chat keeps has room for it. Raises NotOpen.
    """
    programme = work.definitions.programmes[(check_in.programme if check_in else "") or case.programme].name
    talk = (
        ours(programme)
        if check_in is None
        else phrase(
            "{talk} · {programme}", talk=ours(label_of(work, case, check_in)), programme=ours(programme)
        )
    )
    if not case.named:
        return PersonCard(ours(NO_NAME), "", "", "", talk=talk)
    member = get_member(work, case.member_id)
    return PersonCard(member.name, member.phone, "", "", talk=talk)
