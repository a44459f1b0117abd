"""Says what should happen in a case and when, and what an interview leads to, as data: one file, since an
effect is its answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import assert_never
from zoneinfo import ZoneInfo

from workflows.programme import Agreed, Around, AtOnce, NotBefore, Programme, WindowClock
from workflows.windows import (
    Planned,
    WindowSettings,
    agreed,
    around,
    at_once,
    in_utc,
    not_before,
    with_settings,
)


class Advised(Enum):
    """What a score suggests to the practitioner; it decides nothing."""

    NOTHING = "none"
    """The score suggests nothing: none was signed for, it is incomplete, or it is below the signed floor."""
    DISCUSS = "discuss"
    """Talk it over with the supervising practitioner."""
    OFFER_HELP = "offer_help"
    """Offer a step on to professional help."""


class Override(Enum):
    """What outweighs any score. Each is asked of the practitioner, never worked out."""

    SAFETY = "safety"
    """Someone may come to harm."""
    CANNOT_FUNCTION = "cannot_function"
    """The person cannot manage daily life."""
    PERSON_ASKS = "person_asks"
    """The person asks for professional help."""
    UNEASY = "uneasy"
    """The practitioner is uneasy, whatever the answers say."""


class Reason(Enum):
    """Why an effect was named."""

    SAFETY = "safety"
    """A safety concern."""
    CANNOT_FUNCTION = "cannot_function"
    """The person cannot manage daily life."""
    PERSON_ASKS = "person_asks"
    """The person asked."""
    UNEASY = "uneasy"
    """The practitioner is uneasy."""
    SCORE = "score"
    """The score and the signed threshold."""
    SECOND_EXPOSURE = "second_exposure"
    """Another hard event came while the case was open."""
    NOT_REACHED = "not_reached"
    """Several tries to get in touch came to nothing."""
    CONTACTS_USED = "contacts_used"
    """The programme's contacts are used up; other help may suit better than more of the same."""
    TRAINING = "training"
    """The training of whoever holds the case has run out."""
    CALL_TAKEN_BACK = "call_taken_back"
    """A call for safety was taken back as pressed by mistake, and somebody looks once."""


@dataclass(frozen=True, slots=True)
class PlanStage:
    """Plan this stage, or move it if it is planned already."""

    planned: Planned


@dataclass(frozen=True, slots=True)
class SuggestReferral:
    """Offer a step on to professional help, now; never empty, in the order of `Reason`."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class AskSupervisor:
    """Ask the practitioner to talk it over with the supervising practitioner."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class SummonHelp:
    """Human contact now; hours and leave are ignored."""


@dataclass(frozen=True, slots=True)
class MayClose:
    """Nothing further is planned or just now offered; a person decides whether to close."""


Effect = PlanStage | SuggestReferral | AskSupervisor | SummonHelp | MayClose


_AS_DEFINED = WindowSettings()


class ExposureNeeded(ValueError):
    """A programme on the trauma clock was started without the end of an exposure."""

    def __str__(self) -> str:
        return "This programme needs the time when the event ended."


@dataclass(frozen=True, slots=True)
class HeldInterview:
    """An interview that was held, and what the case's windows count from. Moments are aware.

    `exposure_ended` is the end of the exposure it was for, None off the trauma clock. `first_held_at` is when that
    exposure's first stage was held, for that stage the same as `held_at`. `agreed_for` is the next date the person
    agreed to. `contacts` counts those held so far, this one included. `no_more_wanted` means that the person
    wants no further contact; nothing is planned then.
    """

    stage_id: str
    held_at: datetime
    first_held_at: datetime
    exposure_ended: datetime | None = None
    agreed_for: datetime | None = None
    contacts: int = 1
    no_more_wanted: bool = False


def schedule(
    programme: Programme,
    *,
    exposure_ended: datetime | None,
    opened_at: datetime,
    zone: ZoneInfo,
    settings: WindowSettings = _AS_DEFINED,
) -> tuple[Planned, ...]:
    """The stages that can be planned when a case opens, in order, as aware UTC moments.

    `exposure_ended` is the end of the exposure, never the moment of logging; each exposure has a schedule of its
    own. `zone` is the person's.
    The 72 hours are elapsed time; days are calendar days in `zone` at the wall time of the exposure's end
    (`windows.days_after` gives the rules for skipped and repeated hours). A case that opens late opens its
    first stage at once, and one month is the later of exposure + 28 days and first interview + 21 days; until
    the first interview is held, its opening stands for it. Stages whose date is agreed with the person are
    planned by `after_interview`. Nothing opens before `opened_at`.

    Raises `ExposureNeeded`, `SettingsRefused`, `NaiveTime`.
    """
    planned: list[Planned] = []
    for stage in with_settings(programme, settings).stages:
        match stage.timing:
            case NotBefore() as timing:
                ended = _needed(exposure_ended)
                planned.append(
                    not_before(stage.id, timing, exposure_ended=ended, opened_at=opened_at, zone=zone)
                )
            case Around() as timing:
                first_at = planned[0].opens_at
                ended = _needed(exposure_ended)
                planned.append(around(stage.id, timing, exposure_ended=ended, first_at=first_at, zone=zone))
            case AtOnce() as timing:
                planned.append(at_once(stage.id, timing, opened_at=opened_at, zone=zone))
            case Agreed():
                pass  # Its date is the person's to agree, once there has been a conversation.
            case other:
                assert_never(other)
    return tuple(planned)


def after_interview(
    programme: Programme, held: HeldInterview, *, zone: ZoneInfo, settings: WindowSettings = _AS_DEFINED
) -> tuple[Planned, ...]:
    """The stages still to come, worked out again from when the first interview was really held.

    A follow-up agreed with the person may be held again while contacts remain: the usual date stands for an
    unnamed one after the first conversation only; later ones need a date the person agreed to.

    Raises `UnknownStage`, `ExposureNeeded`, `AgreedTooSoon`, `SettingsRefused`, `NaiveTime`.
    """
    if held.no_more_wanted:
        programme.stage(held.stage_id)
        return ()
    settled = with_settings(programme, settings)
    here = settled.stage(held.stage_id)
    if isinstance(here.timing, Agreed):
        again = (here,) if held.agreed_for is not None else ()
        to_come = settled.stages_after(here.id) or again
    else:
        to_come = settled.stages_after(here.id)
    planned: list[Planned] = []
    for stage in to_come:
        match stage.timing:
            case Around() as timing:
                ended = _needed(held.exposure_ended)
                first_at = held.first_held_at
                planned.append(around(stage.id, timing, exposure_ended=ended, first_at=first_at, zone=zone))
            case Agreed() as timing if held.contacts < timing.contacts_at_most:
                return (
                    agreed(stage.id, timing, held_at=held.held_at, agreed_for=held.agreed_for, zone=zone),
                )
            case Agreed() | NotBefore() | AtOnce():
                pass  # Contacts are used up, or a first stage, which never comes after another.
            case other:
                assert_never(other)
    return tuple(planned)


def advance(
    programme: Programme,
    held: HeldInterview,
    *,
    advised: Advised,
    overrides: frozenset[Override],
    zone: ZoneInfo,
    settings: WindowSettings = _AS_DEFINED,
) -> tuple[Effect, ...]:
    """All that follows from one held interview, most urgent first.

    A safety concern always calls for a person. Any override offers a referral, whatever the score; so does a
    score advised as `OFFER_HELP`, at every stage: a severe picture at day 3 does not wait for day 28.
    `MayClose` comes when nothing is planned, called for or offered. Raises as `after_interview` does.
    """
    effects: list[Effect] = []
    if Override.SAFETY in overrides:
        effects.append(SummonHelp())
    reasons = [Reason(override.value) for override in Override if override in overrides]
    if advised is Advised.OFFER_HELP:
        reasons.append(Reason.SCORE)
    if reasons:
        effects.append(SuggestReferral(tuple(reasons)))
    if Override.UNEASY in overrides:
        effects.append(AskSupervisor(Reason.UNEASY))
    if advised is Advised.DISCUSS:
        effects.append(AskSupervisor(Reason.SCORE))
    to_come = after_interview(programme, held, zone=zone, settings=settings)
    if _contacts_used(programme, held):
        effects.append(AskSupervisor(Reason.CONTACTS_USED))
    effects += [PlanStage(planned) for planned in to_come]
    if not to_come and not reasons:
        effects.append(MayClose())
    return tuple(effects)


def _contacts_used(programme: Programme, held: HeldInterview) -> bool:
    timing = programme.stage(held.stage_id).timing
    more_agreed = held.agreed_for is not None and not held.no_more_wanted
    return isinstance(timing, Agreed) and more_agreed and held.contacts >= timing.contacts_at_most


def _needed(exposure_ended: datetime | None) -> datetime:
    if exposure_ended is None:
        raise ExposureNeeded
    return exposure_ended


@dataclass(frozen=True, slots=True)
class Owed:
    """One conversation not held yet: of which stage, for which exposure, and from when it may be held (aware)."""

    id: str
    exposure: str
    stage_id: str
    opens_at: datetime


def another_exposure(
    programme: Programme,
    *,
    exposure_ended: datetime,
    accepted_at: datetime,
    zone: ZoneInfo,
    settings: WindowSettings = _AS_DEFINED,
) -> tuple[Effect, ...]:
    """What another accepted exposure brings to a case that is open: stages of its own, and a look by the lead.

    Its windows count from its own end and from when it was accepted, as if there were no other; nothing that is
    owed for another exposure is moved. Several hard events in a short time weigh more than each alone, so the
    supervising practitioner is asked each time. Off the trauma clock nothing follows.

    Raises `SettingsRefused`, `NaiveTime`.
    """
    if programme.clock is not WindowClock.TRAUMA:
        return ()
    planned = schedule(
        programme, exposure_ended=exposure_ended, opened_at=accepted_at, zone=zone, settings=settings
    )
    return (*map(PlanStage, planned), AskSupervisor(Reason.SECOND_EXPOSURE))


def may_stand_for(programme: Programme, held: Owed, owed: Iterable[Owed], at: datetime) -> tuple[Owed, ...]:
    """What one conversation held at `at` (aware) may be marked as meeting too, in the order of `owed`.

    Of each other exposure the earliest stage it still waits for, if that may be held by then. Two stages of one
    exposure are never one talk: a month lies between them for a reason. Raises `UnknownStage`, `NaiveTime`.
    """
    order = {stage.id: number for number, stage in enumerate(programme.stages)}
    programme.stage(held.stage_id)
    earliest: dict[str, Owed] = {}
    for one in owed:
        programme.stage(one.stage_id)
        before = earliest.get(one.exposure)
        if before is None or order[one.stage_id] < order[before.stage_id]:
            earliest[one.exposure] = one
    earliest.pop(held.exposure, None)
    return tuple(one for one in earliest.values() if in_utc(one.opens_at) <= in_utc(at))
