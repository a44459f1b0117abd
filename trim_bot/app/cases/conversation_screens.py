"""Parts of the case form: its conversations, the events they are for, agreeing a time, and help being arranged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenMove, SkipCheckIn
from trim_bot.app.seam.links import OpenCase, OpenInterview, OpenReferral, OpenReferralMove, OpenResult
from trim_bot.app.seam.unsigned import Block, Button, Form
from trim_bot.app.seam.views import DateInput, Heading, Text, TimeInput, Toggle, Weight
from trim_bot.app.words.clocks import ReadBy
from trim_bot.app.words.times import spoken, spoken_day, spoken_event
from trim_bot.domain.cases import CheckIn, CheckInState
from trim_bot.domain.referrals import ReferralState

REFERRAL_STATES = {
    ReferralState.OFFERED: "offered, and they are thinking about it",
    ReferralState.DECLINED: "they do not want it",
    ReferralState.ACCEPTED: "they said yes; to be arranged",
    ReferralState.MADE: "arranged; waiting until they have been seen",
    ReferralState.SEEN: "they have been seen",
    ReferralState.NOT_SEEN: "they have not been seen yet",
    ReferralState.CLOSED: "finished",
}

HANDED_ON = "Being handed on, since they have left"


def window_words(label: str, check_in: CheckIn, zone: ZoneInfo) -> str:
    """When a conversation is to be held, in words."""
    return f"{label}: {_window(check_in, zone)}."


def check_in_blocks(rows: Sequence[tuple[str, CheckIn]], zone: ZoneInfo, now: datetime) -> list[Block]:
    """The conversations of a case: held ones to look at, the next one to hold, move or leave out."""
    blocks: list[Block] = []
    for label, check_in in rows:
        match check_in.state:
            case CheckInState.HELD:
                held = (
                    f" on {spoken_day(check_in.held_at.astimezone(zone).date())}" if check_in.held_at else ""
                )
                shared = ", as part of another talk" if check_in.met_by is not None else ""
                blocks += [
                    Heading(label),
                    Text(f"Held{held}{shared}."),
                    Button("Look at it", OpenResult(check_in.id)),
                ]
            case CheckInState.PLANNED | CheckInState.OPEN:
                blocks += _coming(label, check_in, zone, now)
            case CheckInState.DECLINED:
                blocks += [Heading(label), Text("They did not want this one.")]
            case CheckInState.CANCELLED:
                pass
    return blocks


def referral_blocks(case: str, referrals: Sequence[tuple[str, str, ReferralState]]) -> list[Block]:
    """Help being arranged, and the way to arrange more."""
    blocks: list[Block] = [Heading("Other help")]
    for id, service, state in referrals:
        blocks += [
            Text(f"{service}: {REFERRAL_STATES[state]}."),
            Button("What comes next", OpenReferralMove(id)),
        ]
    blocks.append(Button("Arrange other help", OpenReferral(case)))
    return blocks


def _coming(label: str, check_in: CheckIn, zone: ZoneInfo, now: datetime) -> list[Block]:
    window = _window(check_in, zone)
    blocks: list[Block] = [Heading(label), Text(f"{window[0].upper()}{window[1:]}.")]
    if check_in.opens_at <= now:
        blocks.append(Button("Start or go on", OpenInterview(check_in.id), Weight.MAIN))
    else:
        blocks.append(Text("It can be held once this time has come.", quiet=True))
    blocks += [
        Button("Agree a time", OpenMove(check_in.id)),
        Button("They do not want this one", SkipCheckIn(check_in.id)),
    ]
    return blocks


def _window(check_in: CheckIn, zone: ZoneInfo) -> str:
    if check_in.agreed_at is not None:
        return f"agreed for {spoken(check_in.agreed_at, zone)}"
    closes = check_in.closes_at.astimezone(zone)
    return f"from {spoken(check_in.opens_at, zone)} to about {spoken_day(closes.date())}"


def about(label: str, ended: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """`First conversation, about Sunday 20 December`; the label alone where there is only one event."""
    return label if ended is None else f"{label}, about {event_day(ended, zone, now)}"


def event_day(ended: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The day an event ended, in a zone; with its year where it is long ago."""
    return spoken_event(ended.astimezone(zone).date(), now.astimezone(zone).date())


def move_form(check_in: CheckIn, label: str, clock: ReadBy) -> Form:
    """Day and time, and whether the person wants a message."""
    zone = ZoneInfo(clock.zone)
    agreed = check_in.agreed_at.astimezone(zone) if check_in.agreed_at is not None else None
    return Form(
        OpenMove(check_in.id),
        "Agree a time",
        (
            Text(window_words(label, check_in, zone)),
            DateInput("day", "Day", value=agreed.date().isoformat() if agreed else ""),
            TimeInput("at", clock.label("Time"), value=f"{agreed:%H:%M}" if agreed else ""),
            *clock.choice(),
            Toggle(
                "tell",
                "Show it on their page when it is near",
                hint="A message goes only to those who asked to hear of changes.",
            ),
        ),
        submit="Keep this time",
        back=Button("Back", OpenCase(check_in.case_id)),
    )
