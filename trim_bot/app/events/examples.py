"""Examples about hard events, the offers that follow, and telling people in person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.events import answer_screens as offers
from trim_bot.app.events import call_sheet_screens as call_sheets
from trim_bot.app.events import screens as incidents
from trim_bot.app.events.call_sheet_screens import Card, Sheet, SheetEntry, SheetLine
from trim_bot.app.events.check_screens import Reached, check_form
from trim_bot.app.examples.sample import CLOCK, CLOCKS, ENDED, KEY, NOW, Example, Mended, Sample
from trim_bot.app.people.other_chats import Elsewhere
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import ListPart, whole
from trim_bot.domain.ids import CaseId, IncidentId, OfferId
from trim_bot.domain.incidents import Incident, Offer, OfferState

MANY = Reached(
    (
        "Alex Byrne",
        "Jonas Weber",
        "Mei Chen",
        "Samira Haddad",
        "Ruth Adler",
        "Tomasz Nowak",
        "Grace Obi",
        "Ivo Haddad",
    ),
    ("Chloé Martin",),
    ("Sam Reed", "Jo Ellis"),
)


def views(sample: Sample) -> dict[str, Example]:
    """Logging, correcting, and every state of an offer."""
    log = incidents.log_form(sample.site, CLOCK)
    kind = sample.site.kinds[0]
    incident = Incident(
        IncidentId("incident"), KEY, "trim_style_v1", kind.id, ENDED, "", sample.practitioner.id, NOW
    )
    logged = [incidents.Logged(IncidentId("incident"), kind.label, ENDED, to_tell) for to_tell in (3, 0)]
    day = ENDED.astimezone(sample.zone).date()
    errors = {"ended_on": mending.DATE_IN_FUTURE, "direct": mending.NOBODY_EXPOSED}
    return {
        "log/empty": log,
        "log/mend": Mended(log, errors, {"kind": kind.id, "ended_on": "2026-12-24"}),
        "log/many": check_form(log, "seen", MANY, NOW, NOW, sample.zone),
        "log/no_room": incidents.log_form(sample.site, CLOCK, room=0),
        "log/training_first": incidents.training_first(),
        "logged/none": incidents.logged_page(whole(()), sample.zone),
        "logged/some": incidents.logged_page(whole(logged), sample.zone),
        "log/two_chats": incidents.log_form(
            sample.site, CLOCKS, Elsewhere(((sample.other.id, sample.other.name),), more=True)
        ),
        "incident/open": incidents.incident_form(incident, ((sample.person.id, sample.person.name),), CLOCK),
        "offer/waiting": offers.offer_page(
            _offer(sample, OfferState.WAITING), day, sample.practitioner.name, sample.site
        ),
        "offer/nobody_named": offers.offer_page(_offer(sample, OfferState.WAITING), day, "", sample.site),
        "offer/accepted": offers.answered(_offer(sample, OfferState.ACCEPTED)),
        "offer/declined": offers.answered(_offer(sample, OfferState.DECLINED)),
        "offer/withdrawn": offers.answered(_offer(sample, OfferState.WITHDRAWN)),
        "contact/open": offers.contact_form(_offer(sample, OfferState.WAITING), sample.person, day),
        "switch/open": incidents.switch_form(sample.whose("Support with stress"), CaseId("case"), CLOCK),
        "open/offer": offers.offer_page(
            _offer(sample, OfferState.WAITING), day, sample.practitioner.name, sample.site
        ),
        **_call_sheets(sample),
    }


def _offer(sample: Sample, state: OfferState) -> Offer:
    return Offer(
        OfferId("offer"), KEY, IncidentId("incident"), sample.person.id, "trim_style_v1", state, NOW,
        NOW + timedelta(days=42), sample.practitioner.id,
    )  # fmt: skip


def _call_sheets(sample: Sample) -> dict[str, Example]:
    """The sheet in its states, and giving rows to somebody."""
    person, other = sample.person, sample.other
    day = ENDED.astimezone(sample.zone).date()
    words = f"{person.name}, {person.phone}"
    cards = [
        Card(OfferId("offer"), 1, person.name, person.phone, "Mornings"),
        Card(OfferId("offer_2"), 2, other.name, other.phone, "", NOW + timedelta(days=2)),
    ]
    named = [SheetLine(OfferId(f"offer_{number}"), number, words) for number in (3, 4)]
    taken = SheetLine(OfferId("offer_5"), 5, words, taken=True)
    numbered = tuple(replace(card, number=n) for n, card in enumerate(cards * 7, 16))
    own = Sheet(IncidentId("incident"), day, whole((*cards, *named, taken)), 2, 1, 10)
    lead = Sheet(IncidentId("incident"), day, whole(()), 40, 1, 10, leads=True)
    many: tuple[SheetEntry, ...] = tuple(
        SheetLine(OfferId(f"offer_{number}"), number, words) for number in range(1, 16)
    )
    begun = ListPart(many, 1, 51, ListPlace("place"))
    colleagues = [(sample.practitioner.id, sample.practitioner.name), (other.id, other.name)]
    return {
        "call_sheet/loggers": call_sheets.sheet(own, sample.zone, NOW),
        "call_sheet/no_room": call_sheets.sheet(replace(own, room=False), sample.zone, NOW),
        "call_sheet/leads": call_sheets.sheet(lead, sample.zone, NOW),
        "call_sheet/many": call_sheets.sheet(replace(own, rows=begun, free=51, taken=0), sample.zone, NOW),
        "call_sheet/many_of_ones_own": call_sheets.sheet(
            replace(own, rows=ListPart(numbered, 16, 51, ListPlace("place")), free=0),
            sample.zone,
            NOW,
        ),
        "call_sheet/nobody_left": call_sheets.sheet(
            replace(own, rows=whole(()), free=0, taken=0), sample.zone, NOW
        ),
        "find_call/open": call_sheets.find_form(IncidentId("incident")),
        "find_call/found": call_sheets.found_page(
            IncidentId("incident"), whole((cards[0], named[0], taken)), sample.zone
        ),
        "find_call/none": call_sheets.found_page(IncidentId("incident"), whole(()), sample.zone),
        "call_give/open": call_sheets.give_form(IncidentId("incident"), 40, colleagues),
        "call_give/nobody": call_sheets.give_form(IncidentId("incident"), 40, []),
        "call_give/all_taken": call_sheets.give_form(IncidentId("incident"), 0, colleagues),
    }
