"""Examples of what coordinators and administrators see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from trim_bot.app.bulletins.content import Content, content_of
from trim_bot.app.examples.sample import LINK, NOW, Example, Sample
from trim_bot.app.oversight import asked_screens as asked
from trim_bot.app.oversight import screens as roster
from trim_bot.app.oversight import work_move_screens as moving
from trim_bot.app.oversight.screens import Statement
from trim_bot.app.people.roster_records import Asked, Serving
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import ListPart, whole
from trim_bot.domain.bulletins import Figure, Period, PeriodKind
from trim_bot.domain.disclosure import Band
from trim_bot.domain.grants import GrantRequest, GrantRequestId, GrantState
from trim_bot.domain.people import Availability, Role
from trim_bot.domain.records import Served, Staffing, WeekSays

COORDINATOR = (Role.PRACTITIONER, Role.LEAD, Role.DEPUTY)
ADMINISTRATOR = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR, Role.CLINICAL_LEAD)
QUARTER = Period(PeriodKind.QUARTER, 2026 * 4 + 2)
BANDS = {Figure.CAME: Band(30, 34), Figure.TALKED: Band(20, 24), Figure.REFERRED: Band(0, 9)}


def views(sample: Sample) -> dict[str, Example]:
    """The roster, the monthly note and the status."""
    zone = sample.zone
    one = Serving(
        sample.practitioner.id, sample.practitioner.name, frozenset({Role.PRACTITIONER, Role.LEAD}),
        Availability.ROOM, sample.training, None,
    )  # fmt: skip
    keeper = Serving(
        sample.other.id, sample.other.name, frozenset({Role.AUDITOR}), Availability.ROOM, None, None
    )
    going = replace(one, work_goes_to=sample.other.name, work_goes_at=NOW + timedelta(days=1))
    return {
        "roster/none": roster.roster_page(whole(()), NOW, zone, for_coordinator=True),
        "roster/some": roster.roster_page(whole((one, keeper)), NOW, zone, for_coordinator=True),
        "roster/asked": roster.roster_page(
            whole((_asked(sample, GrantState.WAITING), one)), NOW, zone, for_coordinator=True
        ),
        "roster/part": roster.roster_page(
            ListPart((one, keeper), 16, 60, ListPlace("member 17")), NOW, zone, for_coordinator=True
        ),
        "find_serving/open": roster.find_form(),
        "find_serving/found": roster.found_page(ListPart((one, keeper), 1, 35), NOW, zone),
        "find_serving/none": roster.found_page(whole(()), NOW, zone),
        "asked_role/mine": asked.asked_page(
            _asked(sample, GrantState.WAITING), NOW, zone, NOW + timedelta(days=1), by_me=True, keeps=True
        ),
        "asked_role/alone": asked.asked_page(
            replace(_asked(sample, GrantState.WAITING), could=frozenset()),
            NOW,
            zone,
            NOW + timedelta(days=1),
            by_me=True,
            keeps=True,
        ),
        "asked_role/other": asked.asked_page(
            replace(_asked(sample, GrantState.WAITING, role=None), may_agree=True),
            NOW,
            zone,
            NOW + timedelta(days=1),
            by_me=False,
            keeps=False,
        ),
        "asked_role/agreed": asked.asked_page(
            _asked(sample, GrantState.AGREED), NOW, zone, NOW + timedelta(days=1), by_me=False, keeps=False
        ),
        "asked_role/for_me": asked.asked_page(
            _asked(sample, GrantState.WAITING), NOW, zone, NOW + timedelta(days=1), by_me=False, keeps=False
        ),
        "given_roles/none": asked.given_roles_page(whole(()), zone),
        "given_roles/some": asked.given_roles_page(
            whole(_asked(sample, state) for state in GrantState), zone
        ),
        "serving/coordinator": roster.serving_form(COORDINATOR),
        "serving/administrator": roster.serving_form(ADMINISTRATOR),
        "person/coordinator": roster.person_form(one, NOW, zone, days=730, may_end=True, may_move=False),
        "person/administrator": roster.person_page(keeper, NOW, zone, may_end=True),
        "person/nothing": roster.person_page(keeper, NOW, zone, may_end=False),
        "person/moving": roster.person_form(going, NOW, zone, days=730, may_end=True, may_move=True),
        "end_role/open": roster.end_role_form(one, COORDINATOR, NOW, zone, ()),
        "end_role/last": roster.end_role_form(keeper, ADMINISTRATOR, NOW, zone, (Role.ADMINISTRATOR,)),
        "work_move/open": moving.work_move_form(one, (keeper,), NOW, zone),
        "move_asked/waits": moving.move_asked_page(
            replace(going, work_needs_yes=True), NOW, zone, NOW + timedelta(days=1)
        ),
        "move_asked/own": moving.move_asked_page(replace(going, work_needs_yes=True), NOW, zone, None),
        "move_asked/agreed": moving.move_asked_page(going, NOW, zone, NOW + timedelta(days=1)),
        "monthly/preview": roster.preview(),
        "monthly/too_soon": roster.preview(date(2026, 11, 16), again=False),
        "status/on_track": _status(WeekSays.ON_TRACK),
        "status/late": _status(WeekSays.NOT_ON_TRACK),
        "status/understaffed": _status(WeekSays.UNDERSTAFFED, staffed=False),
        "status/everybody": roster.employer_page(
            (
                *roster.status_blocks(Statement(date(2026, 11, 22), WeekSays.ON_TRACK), told=_told()),
                *roster.served_blocks(Served("10–14", "0–9")),
            )
        ),
        "status/first_week": _status(None, staffed=False),
    }


def _asked(sample: Sample, state: GrantState, role: Role | None = Role.PRACTITIONER) -> Asked:
    request = GrantRequest(
        GrantRequestId("asked"), sample.other.key_id, sample.other.id, sample.lead.id, None, role, state,
        NOW, NOW + timedelta(days=7), "A trainer", NOW.date(), NOW.date(),
    )  # fmt: skip
    agreed = sample.practitioner.name if state in (GrantState.AGREED, GrantState.GIVEN) else ""
    return Asked(
        request, sample.other.name, sample.lead.name, agreed, None,
        frozenset({Role.LEAD, Role.COORDINATOR, Role.ADMINISTRATOR}), may_agree=False,
    )  # fmt: skip


def _status(says: WeekSays | None, *, staffed: bool = True) -> Example:
    statement = Statement(date(2026, 11, 22), says) if says is not None else None
    staffing = Staffing(6, 4, 1, 1, 1, 1, 1) if staffed else Staffing(0, 0, 0, 0, 0, 0, 0)
    told = _told() if says is not None and staffed else None
    return roster.coordinator_page(
        (*roster.status_blocks(statement, told=told), *roster.staffing_blocks(staffing)), LINK
    )


def _told() -> Content:
    return content_of(QUARTER, date(2026, 9, 30), BANDS)
