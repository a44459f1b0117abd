"""The planning list for leads, giving a case to a practitioner, and handing over one's own work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.screens.case_parts import window_words
from trim_bot.app.screens.times import spoken_day
from trim_bot.app.views import (
    Alert,
    Block,
    Button,
    Choice,
    Done,
    Facts,
    Form,
    Heading,
    Option,
    Text,
    Tone,
    View,
    Weight,
)
from trim_bot.app.work import Sign, Work
from trim_bot.domain.cases import CheckIn
from trim_bot.domain.steps import StepKind

ANY_COVER = "any"
"""The choice of leaving the cover to the desk."""
NO_OWNER_SAFETY = "A safety call has no owner. Please give it to somebody."
NO_OWNER = "Something that waits here has no owner. Please give it to somebody."
STILL_OPEN = "Still open past its time."
LOOSE = {
    StepKind.SAFETY: "A safety call has no owner.",
    StepKind.REQUEST: "A request for support has no owner.",
    StepKind.CONTACT: "Someone is to be told of an offer in person. Nobody has this.",
}
SOMETHING_ELSE = "Some other work has no owner."
LOOSE_COVERED = {
    StepKind.REQUEST: "A request for support",
    StepKind.CONTACT: "Someone to tell of an offer in person",
}
OTHER_COVERED = "Something that waits"


@dataclass(frozen=True, slots=True)
class Coming:
    """The conversation that comes next, with the name of its stage."""

    label: str
    check_in: CheckIn


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What a lead sees of one case: its state, and nothing of whom it is about."""

    case: str
    programme: str
    opened_at: datetime
    coming: Coming | None
    holder: str
    cover: str
    late: bool
    unowned: bool
    safety: bool = False
    """Whether what nobody owns is a safety call."""


@dataclass(frozen=True, slots=True)
class Able:
    """A practitioner who can take a case, and how many they hold."""

    id: str
    name: str
    holds: int
    has_it: bool = False


@dataclass(frozen=True, slots=True)
class Covering:
    """A case or request that one covers; `step` is what has come to oneself, if anything has."""

    what: str
    coming: Coming | None
    step: str | None


def team_page(
    sign: Sign,
    rows: Sequence[PlanRow],
    loose: Sequence[tuple[StepKind, str | None]],
    zone: ZoneInfo,
    *,
    roster: bool,
) -> Done:
    """Every open case by its state. `loose` is work of no case that nobody owns, with its request."""
    blocks: list[Block] = [Text("You see where each case stands. Whom it is about is not shown here.")]
    for kind, request in loose:
        blocks.append(Alert(Tone.WAITING, LOOSE.get(kind, SOMETHING_ELSE)))
        if request is not None:
            blocks.append(Button("request", sign.press("request", request=request), "Look at it"))
    if not rows:
        blocks.append(Text("No case is open now."))
    for number, row in enumerate(rows, 1):
        blocks += _row(sign, number, row, zone)
    if roster:
        blocks.append(Button("roster", sign.press("roster"), "Who serves", Weight.QUIET))
    return Done("team", "Planning", tuple(blocks))


def _row(sign: Sign, number: int, row: PlanRow, zone: ZoneInfo) -> list[Block]:
    facts = (
        ("Open since", spoken_day(row.opened_at.astimezone(zone).date())),
        ("What comes next", _coming(row.coming, zone)),
        ("Who holds it", row.holder or "Nobody yet"),
        ("Who covers", row.cover or "Chosen when needed"),
    )
    blocks: list[Block] = [Heading(f"{number}. {row.programme}"), Facts(facts)]
    if row.safety:
        blocks.append(Alert(Tone.DANGER, NO_OWNER_SAFETY))
    elif row.unowned:
        blocks.append(Alert(Tone.WAITING, NO_OWNER))
    elif row.late:
        blocks.append(Alert(Tone.WAITING, STILL_OPEN))
    blocks.append(Button("assign", sign.press("assign", case=row.case), "Assign"))
    return blocks


def assign_form(
    sign: Sign,
    case: str,
    facts: Facts,
    able: Sequence[Able],
    covers: Sequence[Able],
) -> Form | Done:
    """Choose who holds a case and who covers. Only practitioners nothing stands in the way of are listed."""
    back = Button("team", sign.press("team"), "Back to planning", Weight.QUIET)
    if not able:
        nobody = Text(
            "No practitioner can take this now. Please ring one who has room, or ask the coordinator."
        )
        return Done("assign", "Give this case to somebody", (facts, nothing_sent(), nobody, back))
    holders = tuple(Option(one.id, _able(one)) for one in able)
    cover = (Option(ANY_COVER, "Choose for me"), *(Option(one.id, _able(one)) for one in covers))
    return Form(
        "assign",
        "Give this case to somebody",
        (
            facts,
            Text("Listed are those with training in date, with room, and with no tie to this case."),
            Choice(
                "holder", "Who holds it?", holders, value=next((one.id for one in able if one.has_it), "")
            ),
            Choice("cover", "Who covers?", cover, required=False, value=ANY_COVER, compact=True),
        ),
        token=sign.form("assign", case=case),
        submit="Assign",
        back=back,
    )


def case_facts(programme: str, coming: Coming | None, zone: ZoneInfo) -> Facts:
    """What a lead sees of a case while giving it to somebody."""
    return Facts((("Kind of support", programme), ("What comes next", _coming(coming, zone))))


def nothing_sent() -> Text:
    """Nothing has changed yet."""
    return Text("Nothing was changed, and nobody was told.", quiet=True)


def assigned(work: Work, _ids: Mapping[str, str]) -> View:
    """A case was given to a practitioner."""
    return Done(
        "case_assigned",
        "It is in their hands",
        (
            Text("They get a message that something waits. The person it is about is not told by us."),
            Button("team", work.sign.press("team"), "Back to planning"),
        ),
    )


def cover_page(sign: Sign, rows: Sequence[Covering], zone: ZoneInfo) -> Done:
    """What one covers, and the way to hand over one's own work."""
    blocks: list[Block] = []
    if not rows:
        blocks.append(Text("You cover nothing now."))
    for row in rows:
        blocks.append(Heading(row.what))
        if row.coming is not None:
            blocks.append(Text(_coming(row.coming, zone)))
        if row.step is not None:
            blocks += (
                Text("This has come to you."),
                Button("open", sign.press("open", step=row.step), "Open", Weight.MAIN),
            )
        else:
            blocks.append(Text("Somebody holds this. It comes to you only if they cannot.", quiet=True))
    blocks += (
        Heading("If you cannot work"),
        Text("Your open work moves to whoever covers, and no new work comes to you. No reason is asked."),
        Button(
            "hand_over_all", sign.press("hand_over_all"), "I cannot work: hand my work over", Weight.QUIET
        ),
    )
    return Done("cover", "What you cover", tuple(blocks))


def handed_over(work: Work, ids: Mapping[str, str]) -> View:
    """One's own work has moved on."""
    blocks: list[Block] = [Text(_moved(int(ids["moved"])))]
    if ids["unowned"] == "yes":
        blocks.append(Alert(Tone.WAITING, "For some of it nobody is free. Please ring the lead if you can."))
    blocks += (
        Text(
            "You are away now, so no new work comes to you. You were not asked why, and nobody is told why."
        ),
        Button("profile", "", "When you are back, say so here", Weight.QUIET),
    )
    return Done("handed_over", "Your work is handed over", tuple(blocks))


def _moved(conversations: int) -> str:
    match conversations:
        case 0:
            return "You had no open work, so nothing had to move."
        case 1:
            return "One piece of work has moved to somebody else."
        case _:
            return f"{conversations} pieces of work have moved to others."


def _coming(coming: Coming | None, zone: ZoneInfo) -> str:
    return window_words(coming.label, coming.check_in, zone) if coming is not None else "Nothing is planned"


def _able(one: Able) -> str:
    held = {0: "no open case", 1: "1 open case"}.get(one.holds, f"{one.holds} open cases")
    return f"{one.name}, {held}" + (", has this one" if one.has_it else "")
