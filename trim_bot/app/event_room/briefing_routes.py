"""The lines of group briefings, and what waits for whoever is told of one or is to lead it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from trim_bot.app.event_room import briefing_screens as screens
from trim_bot.app.event_room import briefings
from trim_bot.app.event_room.briefing_commands import (
    AgreeToLead,
    CallOffBriefing,
    CannotLead,
    NoteBriefing,
    OpenBriefing,
    OpenLeadBriefing,
    OpenSetBriefing,
    SetBriefing,
)
from trim_bot.app.event_room.briefings_seen import is_told, leads_briefing, own_briefing
from trim_bot.app.event_room.seen_by import plans_event
from trim_bot.app.events.briefing_leaders import is_over, to_lead
from trim_bot.app.people.access import ANYONE, LEADS, SERVES
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import Concerned, Next, StepRule, UnitOfWork, Work
from trim_bot.domain.briefings import Briefing, BriefingAnswer, BriefingInvite, BriefingState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import BriefingId, BriefingInviteId
from trim_bot.domain.planned_events import PlannedStep
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action, RecordRule
from trim_bot.domain.steps import Step

ROUTES: tuple[Route, ...] = (
    form(
        "briefing_set_up",
        OpenSetBriefing,
        briefings.open_set,
        SetBriefing,
        briefings.set_briefing,
        Action.CHANGED,
        allow=LEADS & plans_event,
        reads=True,
    ),
    button(
        "briefing_call_off", CallOffBriefing, briefings.call_off, Action.CHANGED, allow=LEADS & plans_event
    ),
    page("briefing", OpenBriefing, briefings.open_briefing, allow=ANYONE & own_briefing, reads=True),
    # One name each: Slack lets no two buttons beside one another have the same.
    button(
        "briefing_no",
        NoteBriefing,
        briefings.note,
        Action.ANSWERED,
        allow=ANYONE & own_briefing,
        when={"answer": BriefingAnswer.NO},
    ),
    button(
        "briefing_yes",
        NoteBriefing,
        briefings.note,
        Action.ANSWERED,
        allow=ANYONE & own_briefing,
        when={"answer": BriefingAnswer.YES},
    ),
    page("lead_briefing", OpenLeadBriefing, briefings.open_lead, allow=SERVES & leads_briefing, reads=True),
    button("briefing_lead", AgreeToLead, briefings.agree, Action.ASSIGNED, allow=SERVES & leads_briefing),
    button("briefing_pass_on", CannotLead, briefings.cannot, Action.ASSIGNED, allow=SERVES & leads_briefing),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "briefing_set": screens.briefing_set,
    "briefing_off": screens.briefing_off,
    "briefing_passed_on": screens.passed_on,
}


def _invite(work: UnitOfWork, step: Step) -> tuple[BriefingInvite | None, Briefing | None]:
    invite = work.tx.get(BriefingInvite, BriefingInviteId(step.subject))
    return invite, work.tx.get(Briefing, invite.briefing_id) if invite is not None else None


def _told(work: Work, step: Step) -> Next:
    invite, _ = _invite(work, step)
    if invite is None:
        raise NotOpen("briefing")
    return OpenBriefing(invite.briefing_id)


def _still_told(work: UnitOfWork, step: Step) -> bool:
    invite, briefing = _invite(work, step)
    stands = invite is not None and briefing is not None and is_told(work, briefing, invite)
    return stands and _is_held(work, briefing)


def _of_person(work: UnitOfWork, step: Step) -> Concerned:
    invite, briefing = _invite(work, step)
    if invite is None or briefing is None:
        return Concerned()
    return Concerned(invite.member_id, (briefing.incident_id,))


def _is_held(work: UnitOfWork, briefing: Briefing | None) -> bool:
    return briefing is not None and briefing.state is BriefingState.SET and not is_over(work, briefing)


def _still_led(work: UnitOfWork, step: Step) -> bool:
    return _is_held(work, work.tx.get(Briefing, BriefingId(step.subject)))


def _held_at(work: UnitOfWork, step: Step) -> datetime | None:
    briefing = work.tx.get(Briefing, BriefingId(step.subject))
    return briefing.held_at if briefing is not None else None


def _of_event(work: UnitOfWork, step: Step) -> Concerned:
    briefing = work.tx.get(Briefing, BriefingId(step.subject))
    return to_lead(work, briefing.incident_id) if briefing is not None else Concerned()


STEPS: tuple[StepRule, ...] = (
    StepRule(
        PlannedStep.BRIEFING,
        "A group briefing",
        _told,
        still_wanted=_still_told,
        concerns=_of_person,
        once_ended=_told,
        lasts_until=lambda work, step: step.opens_at + POLICY.leaflet_waits,
        has_message=True,
    ),
    StepRule(
        PlannedStep.BRIEFING_TO_COME,
        "A group briefing is over",
        lambda work, step: OpenLeadBriefing(BriefingId(step.subject)),
        done_by_clock=lambda work, step: None,
        is_the_holders=False,
    ),
    StepRule(
        PlannedStep.LEAD_BRIEFING,
        "A group briefing to lead",
        lambda work, step: OpenLeadBriefing(BriefingId(step.subject)),
        still_wanted=_still_led,
        concerns=_of_event,
        needed_by=_held_at,
        has_cover=False,
        is_the_holders=False,
        working_days=1,
    ),
)

RECORDS: tuple[RecordRule, ...] = (
    RecordRule(
        Briefing, "briefing", sealed=("place", "zone"), goes_with=("incident_id",), lets_go_of=("leader",)
    ),
    RecordRule(BriefingInvite, "briefing_invite", sealed=("answer",), goes_with=("briefing_id", "member_id")),
)
