"""Examples of first pages, one's own record and one's own choices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from trim_bot.app.cases import routes as cases
from trim_bot.app.cases.conversation_screens import own_line, window_words
from trim_bot.app.cases.screens import own_line as reopened_line
from trim_bot.app.chats import screens as chats
from trim_bot.app.chats.screens import OwnChat
from trim_bot.app.event_room.briefing_commands import OpenBriefing
from trim_bot.app.event_room.commands import OpenLeftLeaflet
from trim_bot.app.event_room.own_rows import LeftAfter
from trim_bot.app.events import routes as events
from trim_bot.app.examples.sample import ENDED, LINK, NOW, Example, Mended, Sample, check_in
from trim_bot.app.own import home_screens as home
from trim_bot.app.own import profile_screens, written_examples
from trim_bot.app.own import screens as own_record
from trim_bot.app.own.about_colleague import ToTurnTo, about_colleague_page
from trim_bot.app.own.home_screens import WaitingRow
from trim_bot.app.own.readers_screens import Reading, readers_page
from trim_bot.app.own.screens import (
    Mine,
    Newly,
    OwnOffer,
    OwnRequest,
    OwnRow,
    OwnTalk,
    erase_form,
)
from trim_bot.app.referrals import routes as referrals
from trim_bot.app.requests import routes as requests
from trim_bot.app.safety import routes as safety
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import ListPart, whole
from trim_bot.app.seam.sentences import capitalised, ours, phrase
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.ids import (
    AccountId,
    BriefingId,
    CaseId,
    IncidentId,
    OfferId,
    RequestId,
    SessionId,
    StepId,
)
from trim_bot.domain.people import Availability, Role
from trim_bot.domain.requests import RequestState
from trim_bot.domain.site import OutsideWay
from trim_bot.domain.steps import StepKind
from trim_bot.domain.zones import city_words

LABELS = {rule.kind: rule.label for one in (events, cases, requests, safety, referrals) for rule in one.STEPS}


NAMES = (
    "Europe/London", "Africa/Abidjan", "Africa/Accra", "Africa/Cairo", "Africa/Johannesburg",
    "Africa/Lagos", "Africa/Nairobi", "America/Bogota", "America/Chicago", "America/Denver",
    "America/Halifax", "America/Indiana/Knox", "America/Lima", "America/Los_Angeles",
    "America/Mexico_City", "America/New_York", "America/Sao_Paulo", "America/Toronto",
    "America/Vancouver", "Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai", "Asia/Hong_Kong",
    "Asia/Jakarta", "Asia/Karachi", "Asia/Kolkata", "Asia/Manila", "Asia/Riyadh", "Asia/Seoul",
    "Asia/Shanghai", "Asia/Singapore", "Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores",
    "Australia/Perth", "Australia/Sydney", "Europe/Athens", "Europe/Berlin", "Europe/Dublin",
    "Europe/Kyiv", "Europe/Madrid", "Europe/Oslo", "Europe/Paris", "Europe/Warsaw",
    "Pacific/Auckland",
)  # fmt: skip
ZONES = tuple((name, city_words(name)) for name in NAMES)
"""A few of the zones there are, so that what is drawn does not depend on the machine."""


def views(sample: Sample) -> dict[str, Example]:
    """What belongs to whoever looks."""
    due = [
        WaitingRow(
            StepId(f"step_{kind.value}"), kind, LABELS[kind], NOW - timedelta(days=number), late=number > 4
        )
        for number, kind in enumerate(StepKind, 1)
    ]
    due.append(
        WaitingRow(
            StepId("step"),
            StepKind.CONTACT,
            LABELS[StepKind.CONTACT],
            NOW,
            event=IncidentId("incident"),
            many=51,
        )
    )
    zone, site = sample.zone, sample.site
    talk = phrase("{label}, about {day}", label=ours("First talk"), day=spoken_day(date(2026, 12, 20)))
    planned = window_words(talk, replace(check_in(opens=timedelta()), agreed_at=NOW), zone)
    own: list[OwnRow] = [
        OwnOffer(OfferId("offer"), NOW),
        LeftAfter("leaflet", NOW, OpenLeftLeaflet(IncidentId("incident"))),
        LeftAfter("invite", NOW, OpenBriefing(BriefingId("briefing")), held_at=NOW),
        OwnRequest(RequestId("request"), RequestState.TAKEN, NOW, "I am free on Thursday at two."),
        OwnTalk(CaseId("case"), sample.practitioner.name, NOW + timedelta(days=1), None),
        OwnTalk(CaseId("case_4"), sample.other.name, None, None, _contact(sample, sample.other.name)),
        OwnTalk(
            CaseId("case_5"),
            sample.other.name,
            None,
            None,
            _contact(sample, sample.other.name, tried=True),
        ),
        OwnTalk(
            CaseId("case_8"),
            sample.other.name,
            None,
            None,
            "",
            planned=(planned,),
        ),
        OwnTalk(CaseId("case_9"), sample.other.name, None, None, reopened=reopened_line(NOW, sample.zone)),
        OwnTalk(CaseId("case_6"), "", None, None, _contact(sample, "")),
        OwnTalk(CaseId("case_7"), "", None, None, _contact(sample, "", late=True)),
        OwnTalk(CaseId("case_2"), "", None, None),
        OwnTalk(CaseId("case_8"), "", None, None, left=True),
        OwnRequest(RequestId("request_2"), RequestState.CLOSED, NOW, ""),
        OwnTalk(CaseId("case_3"), "", None, NOW),
    ]
    mine = Mine(whole(own), stopped=False)
    readings: list[Reading | datetime] = [
        Reading(NOW, sample.practitioner.name, "case"),
        Reading(NOW, "", "offer"),
    ]
    kept = _kept(sample)
    waits = [home.WaitingRow(StepId(kind.value), kind, LABELS[kind], NOW) for kind in StepKind]
    waits.append(
        home.WaitingRow(
            StepId("step"),
            StepKind.CONTACT,
            LABELS[StepKind.CONTACT],
            NOW,
            event=IncidentId("incident"),
            many=51,
        )
    )
    saved = profile_screens.profile_form(kept)
    erase = erase_form(site, NOW, sample.zone)
    return {
        "due/none": home.due_page(whole(()), sample.zone, NOW),
        "due/some": home.due_page(whole(due), sample.zone, NOW),
        "due/several_events": home.due_page(
            whole(
                [
                    WaitingRow(
                        StepId("step"),
                        StepKind.CHECK_IN,
                        LABELS[StepKind.CHECK_IN],
                        NOW,
                        late=True,
                        about=ENDED,
                    )
                ]
            ),
            sample.zone,
            NOW,
        ),
        "home/nothing_waits": home.home_page(site, (), 0),
        "home/serves": home.home_page(site, frozenset(Role), 2),
        "home/untrained": home.home_page(site, frozenset(Role), 0, trained=False),
        "home/in_chat": home.home_view(LINK),
        "waiting/none": home.waiting_page(whole(()), 0, sample.zone),
        "due/part": home.due_page(ListPart(tuple(due), 16, 40, ListPlace("place")), sample.zone, NOW),
        "waiting/some": home.waiting_page(whole(waits), sum(one.many for one in waits), sample.zone),
        "about_colleague/both": about_colleague_page(
            whole(
                (
                    ToTurnTo(sample.lead.id, sample.lead.name, deputy=False),
                    ToTurnTo(sample.deputy.id, sample.deputy.name, deputy=True),
                )
            ),
            (OutsideWay("The ombudsperson", "Ring 01632 960004, weekdays from 9 to 17"),),
        ),
        "about_colleague/outside": about_colleague_page(
            whole(()), (OutsideWay("The ombudsperson", "Ring 01632 960004, weekdays from 9 to 17"),)
        ),
        "about_colleague/nobody": about_colleague_page(whole(()), ()),
        "me/nothing": own_record.me_page(site, zone, Mine(whole(()), stopped=True)),
        "me/everything": own_record.me_page(site, zone, mine),
        "me/newly_opened": own_record.me_page(
            site,
            zone,
            replace(
                mine, newly=[Newly(NOW, role) for role in (Role.LEAD, Role.DEPUTY, Role.PRACTITIONER, None)]
            ),
        ),
        **written_examples.views(sample),
        "readers/none": readers_page(zone, whole(())),
        "readers/some": readers_page(zone, whole(readings)),
        "readers/part": readers_page(zone, ListPart(tuple(readings), 16, 57, ListPlace("place"))),
        "erase/open": erase,
        "erase/mend": Mended(erase, {"sure": mending.TICK_TO_GO_ON}),
        "profile/serves": saved,
        "profile/does_not_serve": profile_screens.profile_form(
            replace(kept, availability=None, changes=True)
        ),
        "profile/mend": Mended(saved, {"hours": mending.HOURS_NOT_READ}, {"hours": "nine"}),
        "me/asked_for_zone": own_record.me_page(
            site, zone, Mine(whole(()), stopped=False, several=True, ask_zone=site.zone)
        ),
        "home/asked_for_zone": home.home_page(site, (), 0, site.zone),
        "profile/two_chats": profile_screens.profile_form(
            replace(kept, places=(("a", "Slack"), ("page", capitalised(ours("only on my page")))), first="a")
        ),
        "chats/one": chats.chats_page(whole((OwnChat(AccountId("a"), "Slack", here=True),)), several=False),
        "chats/two": chats.chats_page(
            whole(
                (
                    OwnChat(AccountId("a"), "Slack", here=True),
                    OwnChat(AccountId("b"), "Microsoft Teams", here=False),
                )
            )
        ),
        "chats/asked": chats.chats_page(
            whole((OwnChat(AccountId("a"), "Slack", here=True), chats.JoinedOn("24 November 2026"))),
            chats.Asking(SessionId("code"), "Microsoft Teams", sample.person.name),
        ),
        "readers/joined": readers_page(zone, whole((NOW,))),
        "chat_code/made": chats.code_page("k7mt-2p9x"),
        "enter_code/open": chats.code_form(),
        "browser/link": own_record.browser_link(f"{LINK}/sign-in?k=sample"),
    }


def _contact(sample: Sample, name: str, *, tried: bool = False, late: bool = False) -> str:
    by = NOW - timedelta(days=1) if late else NOW + timedelta(days=1)
    return own_line(name, by, NOW, sample.zone, tried=tried)


def _kept(sample: Sample) -> profile_screens.Kept:
    return profile_screens.Kept(
        zone="", hours="09:00-17:00", days=("0", "1", "2", "3", "4"), phone=sample.practitioner.phone,
        reach=sample.practitioner.reach, best_time="Mornings", away_from="", away_until="",
        availability=Availability.ROOM,
        language="en", languages=sample.site.languages, site_zone=sample.site.zone, zones=ZONES, changes=None,
    )  # fmt: skip
