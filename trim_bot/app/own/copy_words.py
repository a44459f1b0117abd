"""What the names and answers in the copy of one's record are called, for readers of other languages than English.

In English the copy has the names that programs know, so that whoever reads it with one finds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from trim_bot.app.own.readers_screens import RECORD, WHAT
from trim_bot.app.seam.in_language import translated
from trim_bot.app.seam.languages import ENGLISH, Language
from trim_bot.app.seam.sentences import Sentence, phrase

NAMES: Mapping[str, str] = {
    "made_at": "Made at",
    "person": "Person",
    "accounts": "Accounts",
    "places_told_by_chats": "Places told by chats",
    "roles": "Roles",
    "training": "Training",
    "events": "Hard events",
    "offers": "Offers",
    "requests": "Requests for support",
    "cases": "Talks",
    "check_ins": "Talks that were planned",
    "interviews": "What was written of a talk",
    "referrals": "Help arranged",
    "who_opened_this": "Who opened this",
    "at": "At",
    "action": "What was done",
    "what": "What",
    "kind": "Kind",
    "grant_request": "Roles asked for",
    "founding": "The first of the organisation",
    "planned_event": "Events planned first",
    "briefing": "Group briefings",
    "briefing_invite": "Group briefings one was told of",
    "accepted_at": "Accepted at",
    "account": "In their own words",
    "agreed": "Agreed",
    "agreed_at": "Agreed for",
    "agreed_by": "Agreed by",
    "answered_at": "Answered at",
    "answers": "Answers",
    "asked": "Was asked",
    "asked_at": "Asked at",
    "asked_by": "Asked by",
    "asks": "Asks for",
    "availability": "Room for talks",
    "away_from": "Away from",
    "away_until": "Away until",
    "best_time": "Best time",
    "calls": "Calls for safety",
    "changed_at": "Changed at",
    "chosen": "What was chosen",
    "close_reason": "Why it ended",
    "closed_at": "Ended at",
    "closed_by": "Ended by",
    "closes_at": "Its time ends",
    "contact": "How to reach them",
    "contact_by": "To be spoken with by",
    "directness": "How close it was",
    "due_at": "Due at",
    "end": "How it ended",
    "ended_at": "Ended on",
    "ended_with": "Ended with",
    "expires_on": "Runs out on",
    "exposure": "Of which event",
    "exposure_ended": "The event ended",
    "exposures": "Events it is for",
    "granted_at": "Given at",
    "held_at": "Held at",
    "hours": "Working hours",
    "incident": "Event",
    "known_as": "Known as",
    "language": "Language of the chat",
    "lapse_told_at": "Told that training ended",
    "left": "Has left",
    "listed": "On the list of staff",
    "messages_stopped": "Messages are stopped",
    "met_by": "Held together with",
    "name": "Name",
    "named": "With their name",
    "notes": "Notes",
    "notice": "Notice that was told",
    "offered_again": "Offered again",
    "offered_at": "Offered at",
    "on_leave": "On leave",
    "opened_at": "Begun at",
    "opens_at": "Its time begins",
    "overrides": "Concerns",
    "passed": "Passed on",
    "phone": "Phone",
    "place": "Place",
    "programme": "Programme",
    "provider": "Given by",
    "questionnaire": "Questionnaire",
    "reach": "How they like to be reached",
    "read_at": "Read at",
    "reads": "Language of the pages",
    "released_at": "Released at",
    "reopened_at": "Opened again at",
    "reply": "Reply",
    "role": "Role",
    "sent_at": "Sent at",
    "service": "Service",
    "shifts": "Shifts",
    "stage": "Stage",
    "start": "Beginning",
    "state": "State",
    "text": "Text",
    "answer": "Answer",
    "told_at": "Told at",
    "told_of_changes": "Told of changes",
    "told_when": "When others were told",
    "told_whom": "Who else was told",
    "told_why": "Why others were told",
    "trained_on": "Trained on",
    "until": "Until",
    "week": "Week",
    "zone": "Time zone",
}
"""What is held, by its name in a record."""
ANSWERS: Mapping[str, str] = {
    "phone": phrase("by phone"),
    "chat": phrase("in chat"),
    "in_person": phrase("in person"),
    "browser": phrase("in the browser"),
    "room": phrase("has room"),
    "full": phrase("full"),
    "away": phrase("away"),
    "practitioner": phrase("practitioner"),
    "suspended_lead": phrase("lead, out of effect"),
    "lead": phrase("lead"),
    "deputy": phrase("deputy"),
    "clinical_lead": phrase("clinical lead"),
    "coordinator": phrase("coordinator"),
    "administrator": phrase("administrator"),
    "auditor": phrase("auditor"),
    "direct": phrase("in the middle of it"),
    "peripheral": phrase("at its edge"),
    "mistaken": phrase("named by mistake"),
    "waiting": phrase("waiting"),
    "not_now": phrase("not now"),
    "accepted": phrase("said yes"),
    "declined": phrase("said no"),
    "no_reply": phrase("no reply"),
    "withdrawn": phrase("taken back"),
    "taken": phrase("taken"),
    "case": phrase("became talks"),
    "closed": phrase("ended"),
    "open": phrase("open"),
    "safety": phrase("concern for safety"),
    "cannot_function": phrase("cannot manage"),
    "person_asks": phrase("the person asks"),
    "uneasy": phrase("the practitioner is uneasy"),
    "score": phrase("the total"),
    "second_exposure": phrase("a second event"),
    "not_reached": phrase("not reached"),
    "contacts_used": phrase("no further tries"),
    "training": phrase("training ended"),
    "call_taken_back": phrase("a call that was taken back"),
    "finished": phrase("finished"),
    "moved_on": phrase("went on to other help"),
    "unreachable": phrase("could not be reached"),
    "answered": phrase("answered"),
    "taken_back": phrase("taken back by who called"),
    "planned": phrase("planned"),
    "released": phrase("released"),
    "nothing": phrase("nothing yet"),
    "talk": phrase("an offer of a talk"),
    "briefing": phrase("a group briefing"),
    "set": phrase("to be held"),
    "called_off": phrase("called off"),
    "yes": phrase("yes"),
    "no": phrase("no"),
    "leaflet": phrase("something to read"),
    "held": phrase("held"),
    "cancelled": phrase("cancelled"),
    "draft": phrase("not finished"),
    "done": phrase("done"),
    "offered": phrase("offered"),
    "made": phrase("arranged"),
    "seen": phrase("was seen"),
    "not_seen": phrase("was not seen"),
    "agreed": phrase("agreed"),
    "given": phrase("given"),
    "refused": phrase("refused"),
    "lapsed": phrase("ran out"),
    "notified": phrase("a message was sent or given up"),
    "showed": phrase("opened"),
    "logged": phrase("an event was logged"),
    "corrected": phrase("put right"),
    "assigned": phrase("changed hands"),
    "referred": phrase("help was arranged"),
    "reopened": phrase("opened again"),
    "requested": phrase("support was asked for"),
    "climbed": phrase("went to somebody else"),
    "changed": phrase("changed"),
    "erased": phrase("erased"),
    "signed_in": phrase("signed in or out"),
}
"""What closed answers and states are called, by their value in a record."""


def called(name: str) -> str:
    """What a name in a record is called; one that a subject of the site's own added stays as it is."""
    return _instead_of(name, NAMES.get(name, ""))


def answered(value: Enum) -> str:
    """What an answer or a state is called."""
    return _instead_of(str(value.value), ANSWERS.get(str(value.value), ""))


def opened(what: str) -> str:
    """What somebody opened, as the page about it has it."""
    return _instead_of(what, WHAT.get(what, RECORD))


def copy_in(told: object, language: Language) -> object:
    """A copy as a reader of the language reads it. What somebody wrote, days and times stay as they are."""
    if language is ENGLISH:
        return told
    match told:
        case Sentence():
            return told.within(language)
        case dict():
            return {copy_in(name, language): copy_in(one, language) for name, one in told.items()}
        case list():
            return [copy_in(one, language) for one in told]
        case _:
            return told


def _instead_of(name: str, words: str) -> str:
    """A name that is said in words where the language is another."""
    return Sentence(name, lambda language: translated(words, language)) if words else name
