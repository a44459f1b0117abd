"""Every list and every choice whose length comes from data, made as long as one likes, as it leaves the desk.

A screen that goes through data stands here with a builder, or in `list_bounds.py` with what bounds it;
`test_lists.py` names whichever does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from tests.contract.event_room_lists import EVENT_ROOM_LISTS
from tests.contract.list_parts import LONG_NAME, Drawn, first, found, ids, middle
from tests.contract.setting_lists import SETTING_LISTS
from trim_bot.app.bulletins import examples as bulletin_examples
from trim_bot.app.bulletins import screens as bulletins
from trim_bot.app.cases import examples as case_examples
from trim_bot.app.cases import list_screens as case_lists
from trim_bot.app.cases import screens as cases
from trim_bot.app.cases.conversation_screens import Coming
from trim_bot.app.cases.list_screens import CaseRow, EndedRow
from trim_bot.app.cases.screens import CheckInRow, HelpRow, NotedRow
from trim_bot.app.chats import screens as chats
from trim_bot.app.events import call_sheet_screens as call_sheets
from trim_bot.app.events import screens as events
from trim_bot.app.events.call_sheet_screens import Card, Sheet, SheetLine
from trim_bot.app.events.tell_in_person import Event
from trim_bot.app.examples.sample import CLOCK, DEFINITIONS, FIRST, KEY, NOW, check_in
from trim_bot.app.handover import room_screens
from trim_bot.app.handover import screens as planning
from trim_bot.app.handover.screens import Able, Board, Covering, Loose, OpenCall, PlanRow
from trim_bot.app.interviews import examples as interview_examples
from trim_bot.app.interviews import screens as interviews
from trim_bot.app.interviews.commands import OpenLeads
from trim_bot.app.interviews.screens import AlsoMet
from trim_bot.app.oversight import asked_screens, work_move_screens
from trim_bot.app.oversight import examples as oversight_examples
from trim_bot.app.oversight import screens as roster
from trim_bot.app.own import examples as own_examples
from trim_bot.app.own import home_screens as home
from trim_bot.app.own import profile_screens
from trim_bot.app.own import screens as own
from trim_bot.app.own.about_colleague import ToTurnTo, about_colleague_page
from trim_bot.app.own.home_screens import WaitingRow
from trim_bot.app.own.readers_screens import Reading, readers_page
from trim_bot.app.own.screens import Mine, Newly, OwnOffer, OwnRequest, OwnTalk
from trim_bot.app.own.written_screens import HeldTalk, NotedGroup, Written, written_page
from trim_bot.app.people import screens as people
from trim_bot.app.people.other_chats import Elsewhere
from trim_bot.app.people.roster_records import Asked, Serving
from trim_bot.app.referrals import screens as referrals
from trim_bot.app.requests.tray import tray_page
from trim_bot.app.safety import screens as safety
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.paging import ListPart
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.words.clocks import ReadBy
from trim_bot.domain.bulletins import BulletinId
from trim_bot.domain.grants import GrantRequestId, GrantState
from trim_bot.domain.ids import (
    AccountId,
    CaseId,
    CheckInId,
    IncidentId,
    KindId,
    MemberId,
    OfferId,
    PlaceId,
    ReferralId,
    RequestId,
    ServiceId,
    StepId,
    new_id,
)
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Availability, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.referrals import ReferralState
from trim_bot.domain.requests import RequestState
from trim_bot.domain.site import Kind, Service
from trim_bot.domain.steps import StepKind

COMING = Coming("First talk", check_in("first", opens=-timedelta(hours=2)))
CHECK_IN = check_in("first", opens=-timedelta(hours=2))
ZONE, SITE = FIRST.zone, FIRST.site


def _case_rows(many: int) -> list[CaseRow]:
    row = CheckInRow(CHECK_IN, "First talk, about Sunday 20 December")
    return [CaseRow(CaseId(id), LONG_NAME, row, late=True, danger=True) for id in ids(many)]


def _ended(many: int) -> list[EndedRow]:
    return [EndedRow(CaseId(id), LONG_NAME, NOW) for id in ids(many)]


def _plan_rows(many: int) -> list[PlanRow]:
    return [
        PlanRow(CaseId(id), "Support after a hard event", NOW, COMING, LONG_NAME, LONG_NAME,
                late=True, unowned=True, call=OpenCall.LOST)
        for id in ids(many)
    ]  # fmt: skip


def _room(many: int) -> list[tuple[str, str]]:
    return [(f"{LONG_NAME} {number}", "12 of 12, full") for number in range(many)]


def _board(rows: Callable[[int], Iterable[planning.BoardRow]]) -> Callable[[int], Screen]:
    return lambda many: planning.team_page(Board(first(rows(many)), many, _room(many)), ZONE, roster=True)


def _able(many: int) -> tuple[Able, ...]:
    return tuple(Able(MemberId(id), f"{LONG_NAME} {n}", 12, full=True) for n, id in enumerate(ids(many)))


def _assign(many: int) -> Screen:
    facts = planning.case_facts(CaseId("case"), "Support after a hard event", COMING, ZONE)
    return planning.assign_form(CaseId(new_id()), facts, _able(many), _able(many))


def _serving(many: int) -> list[Serving]:
    one = Serving(
        MemberId("one"), LONG_NAME, frozenset(Role), Availability.AWAY, FIRST.training, NOW + timedelta(days=9),
        work_goes_to=LONG_NAME, work_goes_at=NOW + timedelta(days=1), work_needs_yes=True,
    )  # fmt: skip
    return [replace(one, id=MemberId(id)) for id in ids(many)]


def _asked(many: int) -> list[Asked]:
    one = oversight_examples._asked(FIRST, GrantState.WAITING)
    one = replace(one, name=LONG_NAME, asked_by=LONG_NAME, agreed_by=LONG_NAME)
    return [replace(one, request=replace(one.request, id=GrantRequestId(id))) for id in ids(many)]


def _waiting(many: int) -> list[WaitingRow]:
    return [
        WaitingRow(
            StepId(id), StepKind.SAFETY, "Someone you support: what comes next", NOW, late=True, about=NOW
        )
        for id in ids(many)
    ]


def _cards(many: int) -> list[Card]:
    return [
        Card(
            OfferId(id),
            number,
            LONG_NAME,
            "+44 7700 900123 extension 4411",
            "After nights, or at weekends",
            NOW,
        )
        for number, id in enumerate(ids(many), 1)
    ]


def _lines(many: int, *, taken: bool) -> list[SheetLine]:
    return [
        SheetLine(OfferId(id), number, f"{LONG_NAME}, +44 7700 900123, after nights", taken=taken)
        for number, id in enumerate(ids(many), 1)
    ]


def _sheet(rows: ListPart[call_sheets.SheetEntry], many: int) -> Screen:
    day = NOW.date()
    return call_sheets.sheet(
        Sheet(IncidentId(new_id()), day, rows, many, many, 10, leads=True, room=False), ZONE, NOW
    )


def _mine(rows: Callable[[int], Iterable[own.OwnRow]]) -> Callable[[int], Screen]:
    return lambda many: own.me_page(
        SITE,
        ZONE,
        Mine(middle(rows(many)), stopped=False, several=True, newly=[Newly(NOW, Role.LEAD)] * many),
    )


def _talks(many: int) -> list[OwnTalk]:
    planned = ("First talk, about Sunday 20 December: from Wednesday 23 December, 9:00.",) * 2
    return [
        OwnTalk(
            CaseId(id),
            LONG_NAME,
            NOW,
            None,
            "By Thursday.",
            reopened="Opened again.",
            planned=planned,
        )
        for id in ids(many)
    ]


def _written(many: int) -> Screen:
    talks = middle(HeldTalk(CHECK_IN, "Month talk, about Sunday 20 December") for _ in range(many))
    help_rows = [(LONG_NAME, ReferralState.MADE, NOW)] * many
    agreed = NotedGroup(
        "What you agreed", (("Facts and actions you agreed", "We ring on Sunday."),), "A line."
    )
    return written_page(
        Written(FIRST.case, "Support after a hard event", [NOW] * many, agreed, talks, help_rows), ZONE, NOW
    )


def _requests(many: int) -> list[OwnRequest]:
    return [
        OwnRequest(
            RequestId(id), RequestState.TAKEN, NOW, "I am free on Thursday at two. " * 40, "By Thursday."
        )
        for id in ids(many)
    ]


def _sheet_rows(many: int) -> list[cases.SheetRow]:
    label = "First talk, about Sunday 20 December"
    talks: list[cases.SheetRow] = [CheckInRow(replace(CHECK_IN, id=CheckInId(id)), label) for id in ids(many)]
    helps: list[cases.SheetRow] = [HelpRow(ReferralId(id), LONG_NAME, ReferralState.MADE) for id in ids(many)]
    return talks[: many // 2 + 1] + helps[: many // 4] + [NotedRow("What was noted. " * 60)] * (many // 4)


def _case(many: int) -> Screen:
    sheet = replace(case_examples._sheet(FIRST), rows=middle(_sheet_rows(many)[:many]), events=(NOW,) * many)
    return cases.case_page(sheet, ZONE, NOW, SITE)


def _referral(many: int) -> Screen:
    service = Service(
        ServiceId("s"), f"Occupational health of {LONG_NAME}", "A nurse or doctor at work", "Ring 1234"
    )
    services = tuple(replace(service, id=ServiceId(f"service-{n}")) for n in range(many))
    return referrals.referral_form(FIRST.whose(), CaseId(new_id()), replace(SITE, services=services))


def _log(many: int, *, others: int = 0) -> Screen:
    kinds = tuple(Kind(KindId(f"kind-{n}"), f"A kind of event {n}") for n in range(max(many, 1)))
    elsewhere = Elsewhere(tuple((id, LONG_NAME) for id in ids(others)), more=True)
    return events.log_form(replace(SITE, kinds=kinds), _clock(many), elsewhere)


def _clock(many: int) -> ReadBy:
    return ReadBy("Europe/London", tuple((PlaceId(f"place-{n}"), f"Europe/Place_{n}") for n in range(many)))


def _profile(many: int) -> Screen:
    names = tuple((f"place-{n}", f"The place of {LONG_NAME}") for n in range(many))
    codes = tuple(f"x{n}" for n in range(many))
    zones = tuple((f"Europe/Place_{n}", f"Place {n}, Europe") for n in range(1, many))
    return profile_screens.profile_form(
        replace(own_examples._kept(FIRST), sites=names, places=names, languages=codes, zones=zones)
    )


def _told(many: int) -> Screen:
    content = bulletin_examples._told(bulletin_examples.YEAR, {})
    return bulletins.bulletins_page(middle((BulletinId(id), content) for id in ids(many)), altered=True)


def _leads(many: int) -> Screen:
    members = (replace(FIRST.lead, id=MemberId(id), name=LONG_NAME) for id in ids(many))
    return people.leads_page(
        FIRST.whose(),
        middle(members),
        lambda after: OpenLeads(CaseId(new_id()), after),
        OpenCase(CaseId(new_id())),
    )


def _safety(many: int) -> Screen:
    members = tuple(replace(FIRST.lead, id=MemberId(id), name=LONG_NAME) for id in ids(many))
    called = [safety.Called(one, reached=n % 2 == 0) for n, one in enumerate(members)]
    stands = safety.CallStands(CaseId(new_id()), safety.CallState.OPEN, called, members, mine=True)
    return safety.safety_page(FIRST.whose(), stands, middle(members), SITE, ZONE)


def _covering(many: int) -> list[Covering]:
    return [Covering(LONG_NAME, COMING, StepId(id)) for id in ids(many)]


def _roster(part: ListPart[Serving] | ListPart[Asked]) -> Screen:
    rows: ListPart[Serving | Asked] = part.holding(part.rows)
    return roster.roster_page(rows, NOW, ZONE, for_coordinator=True)


def _chats(many: int) -> list[chats.OwnChat]:
    return [chats.OwnChat(AccountId(id), "Slack", here=False) for id in ids(many)]


READING = Reading(NOW, LONG_NAME, "safety_called")
ABOUT = "First talk, about Sunday 20 December"
INCIDENT = Incident(
    IncidentId("incident"),
    KEY,
    "trim_style_v1",
    KindId("other"),
    NOW,
    "What was noted.",
    MemberId("one"),
    NOW,
)
_FIRST_TALK = DEFINITIONS.questionnaires["trauma_first_v1"]
_ENDING = (_FIRST_TALK, interview_examples._draft(_FIRST_TALK, FIRST), CHECK_IN, 3)
ROWS, OPTIONS = POLICY.rows_on_a_page, POLICY.options_at_once

LISTS: Mapping[str, Drawn] = {
    "cases_page": Drawn(
        ROWS, lambda many: case_lists.cases_page(middle(_case_rows(many)), ZONE, "You hold 5.")
    ),
    "ended_blocks": Drawn(ROWS, lambda many: case_lists.cases_page(middle(_ended(many)), ZONE)),
    "cases found": Drawn(ROWS, lambda many: case_lists.found_page(found(_case_rows(many)), ZONE)),
    "case_page": Drawn(ROWS, _case),
    "team_page": Drawn(ROWS, _board(_plan_rows)),
    "team_page loose": Drawn(
        ROWS, _board(lambda many: [Loose(StepKind.REQUEST, StepId(id), RequestId(id)) for id in ids(many)])
    ),
    "team_page events": Drawn(
        ROWS, _board(lambda many: [Event(IncidentId(id), NOW, 300, 150, 300) for id in ids(many)])
    ),
    "team_page ended": Drawn(ROWS, _board(_ended)),
    "room_page": Drawn(ROWS, lambda many: room_screens.room_page(middle(_room(many)))),
    "found_room_page": Drawn(ROWS, lambda many: room_screens.found_room_page(found(_room(many)))),
    "assign_form": Drawn(OPTIONS - 1, _assign),
    "cover_page": Drawn(ROWS, lambda many: planning.cover_page(middle(_covering(many)), ZONE)),
    "due_page": Drawn(ROWS, lambda many: home.due_page(middle(_waiting(many)), ZONE, NOW)),
    "waiting_page": Drawn(ROWS, lambda many: home.waiting_page(middle(_waiting(many)), many, ZONE)),
    "roster_page": Drawn(ROWS, lambda many: _roster(middle(_serving(many)))),
    "asked_rows": Drawn(ROWS, lambda many: _roster(middle(_asked(many)))),
    "roster found": Drawn(ROWS, lambda many: roster.found_page(found(_serving(many)), NOW, ZONE)),
    "given_roles_page": Drawn(ROWS, lambda many: asked_screens.given_roles_page(middle(_asked(many)), ZONE)),
    "work_move_form": Drawn(
        OPTIONS - 2, lambda many: work_move_screens.work_move_form(_serving(1)[0], _serving(many), NOW, ZONE)
    ),
    "bulletins_page": Drawn(ROWS, _told),
    **SETTING_LISTS,
    **EVENT_ROOM_LISTS,
    "logged_page": Drawn(
        ROWS,
        lambda many: events.logged_page(
            middle(events.Logged(IncidentId(id), "Threat or violence at work", NOW, 300) for id in ids(many)),
            ZONE,
        ),
    ),
    "incident_form": Drawn(
        OPTIONS,
        lambda many: events.incident_form(
            INCIDENT, tuple((MemberId(id), f"{LONG_NAME}, number ending 123") for id in ids(many)), CLOCK
        ),
    ),
    "log_form": Drawn(OPTIONS, _log),
    "_elsewhere": Drawn(OPTIONS, lambda many: _log(1, others=many)),
    "sheet": Drawn(ROWS, lambda many: _sheet(middle(_cards(many)), many)),
    "sheet free": Drawn(ROWS, lambda many: _sheet(middle(_lines(many, taken=False)), many)),
    "sheet taken": Drawn(ROWS, lambda many: _sheet(middle(_lines(many, taken=True)), many)),
    "call sheet found": Drawn(
        ROWS, lambda many: call_sheets.found_page(IncidentId(new_id()), found(_cards(many)), ZONE)
    ),
    "give_form": Drawn(
        OPTIONS,
        lambda many: call_sheets.give_form(IncidentId(new_id()), many, [(id, LONG_NAME) for id in ids(many)]),
    ),
    "tray_page": Drawn(
        ROWS, lambda many: tray_page(middle((RequestId(id), timedelta(hours=99)) for id in ids(many)))
    ),
    "about_colleague_page": Drawn(
        ROWS,
        lambda many: about_colleague_page(
            middle(ToTurnTo(MemberId(id), LONG_NAME, deputy=True) for id in ids(many)), ()
        ),
    ),
    "me_page": Drawn(ROWS, _mine(_talks)),
    "me_page requests": Drawn(ROWS, _mine(_requests)),
    "me_page offers": Drawn(ROWS, _mine(lambda many: [OwnOffer(OfferId(id), NOW) for id in ids(many)])),
    "written_page": Drawn(ROWS, _written),
    "readers_page": Drawn(ROWS, lambda many: readers_page(ZONE, middle([READING] * many))),
    "chats_page": Drawn(ROWS, lambda many: chats.chats_page(middle(_chats(many)))),
    "_profile places": Drawn(OPTIONS, _profile),
    "referral_form": Drawn(OPTIONS, _referral),
    "leads_page": Drawn(ROWS, _leads),
    "safety_page": Drawn(ROWS, _safety),
    "concern_page": Drawn(
        ROWS,
        lambda many: safety.concern_page(middle((CaseId(id), "2 March 2026") for id in ids(many)), SITE),
    ),
    "_also": Drawn(
        OPTIONS,
        lambda many: interviews.ending_form(
            FIRST.whose(),
            *_ENDING,
            tuple(AlsoMet(CheckInId(id), ABOUT, meant=True) for id in ids(many)),
        ),
    ),
}
"""By name. Where it is the name of a function of a screen, that one is drawn by it."""
