"""Examples of what is written about oneself, of the notice to read again, and of stopping."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.examples.sample import DEFINITIONS, ENDED, NOW, Example, Sample, check_in
from trim_bot.app.own.stop_or_change import choices_page
from trim_bot.app.own.written_screens import (
    HeldTalk,
    NotedGroup,
    Written,
    WrittenTalk,
    private_page,
    written_page,
    written_talk_page,
)
from trim_bot.app.seam.paging import whole
from trim_bot.app.seam.sentences import as_given
from trim_bot.domain.cases import CheckInState
from trim_bot.domain.referrals import ReferralState


def views(sample: Sample) -> dict[str, Example]:
    """Each page, with and without something on it."""
    held = check_in("first", CheckInState.HELD, opens=-timedelta(hours=2))
    case = replace(sample.case, account="The rota changed and I sleep badly.", contact="By phone, after six")
    agreed = NotedGroup(
        "What you agreed", (("Facts and actions you agreed", as_given("We ring on Sunday.")),), ""
    )
    after = NotedGroup(
        "Since the event", (("Has had a strong stress reaction since", "Partly"),), as_given("Sleeps better.")
    )
    written = Written(
        case, "Support after a hard event", (ENDED,), agreed, whole((HeldTalk(held, "First talk"),)),
        ((as_given("Occupational health"), ReferralState.MADE, NOW),),
    )  # fmt: skip
    bare = Written(replace(sample.case, closed_at=NOW), "Support after a hard event", (), None, whole(()))
    notice = DEFINITIONS.notices[sample.site.notice]
    return {
        "written/everything": written_page(written, sample.zone, NOW),
        "written/nothing_yet": written_page(bare, sample.zone, NOW),
        "written_talk/notes": written_talk_page(
            WrittenTalk(case.id, "First talk", NOW, (after, agreed), "Likes to be rung."), sample.zone
        ),
        "written_talk/danger": written_talk_page(
            WrittenTalk(case.id, "First talk", NOW, (agreed,), "", asks_about_danger=True), sample.zone
        ),
        "written_talk/nothing": written_talk_page(
            WrittenTalk(case.id, "First talk", NOW, (), ""), sample.zone
        ),
        "private/heard": private_page(notice, heard=True),
        "stop_or_change/held": choices_page(case.id, sample.practitioner.name),
        "stop_or_change/looked_for": choices_page(case.id, ""),
    }
