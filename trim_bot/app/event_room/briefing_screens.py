"""Every sentence about group briefings: setting one, leading it, and being told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from trim_bot.app.event_room.briefing_commands import (
    AgreeToLead,
    CallOffBriefing,
    CannotLead,
    NoteBriefing,
    OpenSetBriefing,
)
from trim_bot.app.event_room.commands import OpenEventRoom
from trim_bot.app.seam.links import OpenSupport
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Choice, DateInput, Facts, Option, Text, TextInput, TimeInput, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.clocks import ReadBy
from trim_bot.app.words.common_answers import help_now
from trim_bot.app.words.times import spoken, spoken_event, zone_words
from trim_bot.domain.briefings import Briefing, BriefingAnswer, BriefingState
from trim_bot.domain.ids import BriefingId, IncidentId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Member

WHAT_IT_IS = (
    "It tells what is known, what many people notice afterwards, and where help is. Nobody has to speak."
)
UNSEEN = "Only you see what you press, and you can change it. Whoever leads it does not see it either."
NEVER_LISTED = "Nobody you manage or who manages you is ever in this list."
MOST_PLACE = 300


@dataclass(frozen=True, slots=True)
class ShownBriefing:
    """What a page tells of a briefing."""

    id: BriefingId
    held_at: datetime
    place: str
    zone: str
    leader: str
    """Empty where nobody has said yet that they lead it."""
    off: bool = False
    over: bool = False


def set_form(incident: Incident, found: Briefing | None, leaders: Sequence[Member], clock: ReadBy) -> Screen:
    """When, where, and who is asked to lead it: in `found`, whoever leads it or is asked to."""
    back = Button("Back", OpenEventRoom(incident.id))
    if not leaders:
        nobody = Text(
            "There is nobody you can ask to lead it now. Another lead or the deputy may find somebody."
        )
        return Page("briefing_set_up", "A group briefing", (nobody, back))
    there = found.held_at.astimezone(ZoneInfo(clock.zone)) if found is not None else None
    set_before = found is not None and found.state is BriefingState.SET
    options = tuple(Option(one.id, as_given(one.name)) for one in leaders)
    value = found.leader if found is not None and found.leader in {one.id for one in leaders} else None
    return Form(
        OpenSetBriefing(incident.id),
        "A group briefing",
        (
            Text("Once it is set you can choose it for people. It goes out to them when you release it."),
            Text(WHAT_IT_IS),
            DateInput("held_on", "Day", value=there.date().isoformat() if there else ""),
            TimeInput(
                "held_at",
                clock.label("Time it begins"),
                value=f"{there.hour:02d}:{there.minute:02d}" if there else "",
                day="held_on",
            ),
            *clock.choice(),
            TextInput(
                "where",
                "Where",
                "A room, or how to join.",
                value=found.place if found is not None else "",
                max_length=MOST_PLACE,
                readers="those it is chosen for, whoever is asked to lead it, and leads",
            ),
            Choice(
                "leader", "Who is asked to lead it", options, NEVER_LISTED, value=value or "", compact=True
            ),
            *(
                (
                    Text("Whoever was told of it finds a change on their page, and is not written to again."),
                    Button("Call it off", CallOffBriefing(incident.id), Weight.QUIET),
                )
                if set_before
                else ()
            ),
        ),
        submit="Save",
        back=back,
    )


LEADER = {
    "asked": "Whoever leads it is asked to say so. If they do not, a lead is asked, then the deputy.",
    "said": "Whoever leads it has said so, and finds the change on their page.",
    "own": "You lead it.",
}


def briefing_set(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """It is kept; nobody but whoever is to lead it has been asked."""
    return Page(
        "briefing_set",
        "The briefing is set",
        (
            Text(LEADER[ids["leader"]]),
            Text(
                "Whoever was told of it finds the change on their page. They were not written to."
                if ids["told"] == "yes"
                else "Nobody else was told. Choose it for people, then release it."
            ),
            Button("Back to the people", OpenEventRoom(IncidentId(ids["incident"])), Weight.MAIN),
        ),
    )


def briefing_off(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """It is not held."""
    return Page(
        "briefing_off",
        "The briefing is off",
        (
            Text("Whoever was told of it finds that on their page. Nobody was written to."),
            Text("If it is soon, please let them know yourself."),
            Button("Back to the people", OpenEventRoom(IncidentId(ids["incident"])), Weight.MAIN),
        ),
    )


def briefing_page(shown: ShownBriefing, day: date, answer: BriefingAnswer | None, work: UnitOfWork) -> Page:
    """For whoever was told of it: what it is, when and where, and an answer that is theirs alone."""
    event = spoken_event(day, work.now.astimezone(work.zone).date())
    first = phrase("There is a group briefing about what happened at work on {event}.", event=event)
    blocks: list[Block] = [Text(first), Text(WHAT_IT_IS), *_when_and_where(shown)]
    if shown.off or shown.over:
        blocks.append(Button("Ask for support", OpenSupport(), Weight.MAIN))
    else:
        said = {BriefingAnswer.YES: "You noted yes.", BriefingAnswer.NO: "You noted no. That is fine."}
        blocks += (
            *((Text(said[answer]),) if answer is not None else ()),
            Text("Do you mean to come? It is up to you, and nobody is asked why."),
            Button("No", NoteBriefing(shown.id, BriefingAnswer.NO)),
            Button("Yes", NoteBriefing(shown.id, BriefingAnswer.YES)),
            Text(UNSEEN),
            Text("If you would like a talk of your own as well, you can ask any time."),
            Button("Ask for support", OpenSupport(), Weight.QUIET),
        )
    return Page("briefing", "A group briefing", (*blocks, help_now(work.site)))


def lead_page(shown: ShownBriefing, *, mine: bool, asked: bool) -> Page:
    """For whoever leads it, or is asked to."""
    blocks: list[Block] = [*_when_and_where(shown), Text(WHAT_IT_IS)]
    if not (shown.off or shown.over):
        if mine and not asked:
            blocks.append(Text("You lead it. You are asked once more the day before."))
        else:
            blocks += (
                Text("Please say whether you lead it. If you do not, a lead is asked, then the deputy."),
                Button("I lead it", AgreeToLead(shown.id), Weight.MAIN),
            )
        blocks.append(Button("I cannot lead it", CannotLead(shown.id), Weight.QUIET))
    blocks.append(Text("Who was told of it, and who comes, is not shown to you.", quiet=True))
    return Page("lead_briefing", "A group briefing to lead", tuple(blocks))


def passed_on(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Somebody cannot lead it."""
    return Page(
        "briefing_passed_on",
        "That is fine",
        (Text("A lead is asked now, then the deputy. You were not asked why, and nobody is told why."),),
    )


def _when_and_where(shown: ShownBriefing) -> Iterator[Block]:
    if shown.off:
        yield Text("It was called off.")
        return
    if shown.over:
        yield Text("It is over.")
        return
    zone = ZoneInfo(shown.zone)
    when = phrase("{when} ({zone})", when=spoken(shown.held_at, zone), zone=zone_words(shown.zone))
    leader = as_given(shown.leader) if shown.leader else phrase("A trained colleague")
    yield Facts((("When", when), ("Where", as_given(shown.place)), ("Who leads it", leader)))
