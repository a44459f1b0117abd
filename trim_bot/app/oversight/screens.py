"""Every sentence of keeping the scheme running, in one file like any subject's: status, roster, and monthly note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from trim_bot.app.bulletins.commands import OpenBulletins
from trim_bot.app.bulletins.content import Content
from trim_bot.app.bulletins.screens import figure_blocks
from trim_bot.app.oversight.asked_screens import TWO_PEOPLE, asked_rows, role_word, training_word
from trim_bot.app.oversight.commands import (
    OpenEndRole,
    OpenFindServing,
    OpenPerson,
    OpenServing,
    OpenWorkMove,
    RosterRecord,
    SendMonthly,
)
from trim_bot.app.oversight.last_of_role import LAST_ONE
from trim_bot.app.oversight.status_file import status_file
from trim_bot.app.people.roster_records import Asked, Serving
from trim_bot.app.seam.links import OpenMonthly, OpenRoster
from trim_bot.app.seam.paging import ListPart, by_name, finding, found, onward
from trim_bot.app.seam.sentences import as_given, capitalised, joined, ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Plain, Screen
from trim_bot.app.seam.views import (
    Bullets,
    Choice,
    DateInput,
    Done,
    Facts,
    Heading,
    Link,
    Option,
    PersonInput,
    Text,
    TextInput,
    Weight,
)
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, MONTHLY
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.people import Availability, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Served, Staffing, WeekSays

"""The change that records training; every other change is the role to end."""
TITLE_OF_ONE = "Training and roles"
WHO_SEES = "You see who serves and their training. No case, name or count of a case is here."


def roster_page(
    part: ListPart[Serving | Asked], now: datetime, zone: ZoneInfo, *, for_coordinator: bool
) -> Page:
    """What is asked and has not begun, and everyone who serves, by name."""
    people = [one for one in part.rows if isinstance(one, Serving)]
    blocks: list[Block] = [Text(WHO_SEES), *finding(part, OpenFindServing())]
    blocks += asked_rows([one for one in part.rows if isinstance(one, Asked)], zone)
    if not people and not part.after:
        blocks.append(Text("Nobody serves yet."))
    blocks += _people(people, now, zone)
    blocks += onward(part, OpenRoster)
    blocks.append(Button("Add somebody", OpenServing(), Weight.MAIN))
    if for_coordinator:
        blocks.append(Button("The monthly note", OpenMonthly(), Weight.QUIET))
    return Page("roster", "People who serve", tuple(blocks))


def _people(people: Iterable[Serving], now: datetime, zone: ZoneInfo) -> Iterator[Block]:
    for one in people:
        yield Heading(as_given(one.name))
        yield Facts(serving_rows(one, now, zone))
        yield Button(phrase("Training and roles of {name}", name=one.name), OpenPerson(one.id), Weight.QUIET)


def find_form() -> Form:
    """For finding somebody who serves by name."""
    return by_name(OpenFindServing(), "Find somebody who serves", OpenRoster())


def found_page(part: ListPart[Serving], now: datetime, zone: ZoneInfo) -> Page:
    """Those who serve and were found by a part of their name."""
    back = Button("People who serve", OpenRoster(), Weight.QUIET, to_all=True)
    blocks = found(part, _people(part.rows, now, zone), OpenFindServing(), back)
    return Page("find_serving", "People who serve", blocks)


def serving_form(grantable: Iterable[Role]) -> Form:
    """Give somebody a role."""
    return Form(
        OpenServing(),
        "Add somebody who serves",
        (
            Text("They can see what their role needs, and nothing else. You can end a role at any time."),
            Text(TWO_PEOPLE, quiet=True),
            PersonInput("person", "Who is it?"),
            Choice("role", "Which role?", tuple(Option(role.value, _label(role)) for role in grantable)),
        ),
        submit="Give this role",
    )


def person_page(one: Serving, now: datetime, zone: ZoneInfo, *, may_end: bool) -> Page:
    """One person who serves, for whoever records no training."""
    facts = Facts(serving_rows(one, now, zone))
    nothing = () if may_end else (Text("There is nothing here for you to change."),)
    ways = (*_ways(one, may_end=may_end), Button("People who serve", OpenRoster(), Weight.QUIET, to_all=True))
    return Page("person", TITLE_OF_ONE, (Heading(as_given(one.name)), facts, *nothing, *ways))


def person_form(
    one: Serving, now: datetime, zone: ZoneInfo, *, days: int, may_end: bool, may_move: bool
) -> Form:
    """One person who serves: record training, or go on to end a role or pass on their work. `days` is how long training
    counts for."""
    left_empty = phrase("Left empty, it counts for {days} days.", days=days)
    blocks: tuple[Block, ...] = (
        Heading(as_given(one.name)),
        Facts(serving_rows(one, now, zone)),
        Heading("Record training"),
        TextInput(
            "provider", "Who gave the training?", max_length=200, readers="Coordinators and administrators"
        ),
        DateInput("trained_on", "Day of the training"),
        DateInput("expires_on", "Runs out on", left_empty, required=False),
        *_ways(one, may_end=may_end, may_move=may_move),
    )  # fmt: skip
    return Form(OpenPerson(one.id), TITLE_OF_ONE, blocks, submit="Save")


def _ways(one: Serving, *, may_end: bool, may_move: bool = False) -> tuple[Button, ...]:
    end = (Button("End a role", OpenEndRole(one.id), Weight.QUIET),) if may_end else ()
    move = (Button("Pass on all their work", OpenWorkMove(one.id), Weight.QUIET),) if may_move else ()
    return (*end, *move)


def end_role_form(
    one: Serving, ending: Sequence[Role], now: datetime, zone: ZoneInfo, last: Sequence[Role]
) -> Form | Page:
    """The roles that can be ended. Nothing is chosen beforehand. `last` are those that nobody else holds."""
    if not ending:
        return person_page(one, now, zone, may_end=False)
    options = tuple(
        Option(role.value, phrase("End their role as {role}", role=role_word(role))) for role in ending
    )
    if Role.LEAD in ending:
        options += (Option(RosterRecord.SUSPEND.value, "Suspend them as lead"),)
    return Form(
        OpenEndRole(one.id),
        "End a role",
        (
            Heading(as_given(one.name)),
            Facts(serving_rows(one, now, zone)),
            *(Text(LAST_ONE[role]) for role in ending if role in last),
            Text("It ends at once. What waits for them goes to a colleague."),
            Choice("change", "Which role ends?", options),
        ),
        submit="End it",
        back=Button("Back", OpenPerson(one.id)),
    )


def serving_rows(one: Serving, now: datetime, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """What the roster says of one person."""
    roles = [role_word(role) for role in Role if role in one.roles]
    rows: list[tuple[str, str]] = [("Roles", capitalised(joined(roles, ", ")) if roles else "None yet")]
    if one.roles & {Role.PRACTITIONER, Role.LEAD, Role.DEPUTY}:
        rows.append(("Availability", _availability(one, now, zone)))
        rows.append(("Training", training_word(one.training, now.astimezone(zone).date())))
        if one.work_goes_at is not None and one.work_goes_at > now:
            day = spoken_day(one.work_goes_at.astimezone(zone).date())
            goes = phrase("Goes to {somebody}", somebody=one.work_goes_to or phrase("a lead, to give on"))
            if one.work_needs_yes:
                rows.append(
                    (
                        "All their work",
                        phrase("{goes} once a lead says yes. It is asked until {day}", goes=goes, day=day),
                    )
                )
            else:
                rows.append(("All their work", phrase("{goes} on {day}", goes=goes, day=day)))
    return tuple(rows)


def _availability(one: Serving, now: datetime, zone: ZoneInfo) -> str:
    begun = one.away_from is None or one.away_from <= now
    if begun and one.away_until is not None and one.away_until > now:
        return phrase("Away until {day}", day=spoken_day(one.away_until.astimezone(zone).date()))
    match one.availability:
        case Availability.ROOM:
            return "Has room"
        case Availability.FULL:
            return "Full"
        case Availability.AWAY:
            return "Away"
        case _:
            assert_never(one.availability)


def _label(role: Role) -> str:
    return capitalised(role_word(role))


def preview(last: date | None = None, *, again: bool = True) -> Page:
    """The whole note as it will be sent, when it last went out, and the button that sends it, once a month."""
    blocks: list[Block] = [
        Text("Everyone who works here gets the same note, in their own working hours."),
        Facts((("The message", MESSAGE_TEXT), ("What opens", joined(map(ours, MONTHLY))))),
        Text("Because everyone gets it, a note from this desk tells nothing about anyone."),
    ]
    if last is not None:
        blocks.append(Facts((("Last sent", spoken_day(last)),)))
    if again:
        blocks += (
            Button("Send it to everyone", SendMonthly(), Weight.MAIN),
            Button("Not now", OpenRoster(), Weight.QUIET, to_all=True),
        )
    else:
        blocks += (
            Text("It goes out to each on a day of their own."),
            *_again(last),
            Button("Back", OpenRoster(), Weight.QUIET, to_all=True),
        )
    return Page("monthly", "The monthly note", tuple(blocks))


def _again(last: date | None) -> tuple[Text, ...]:
    if last is None:
        return ()
    day = spoken_day(last + POLICY.notes_apart)
    return (Text(phrase("From {day} it can be sent again.", day=day)),)


def sent(_work: object, _ids: Mapping[str, str]) -> Screen:
    """The note is on its way."""
    return Page(
        "monthly_sent",
        "The note is on its way",
        (Text("It goes to everyone who works here. Nobody is told who pressed the button."),),
    )


TITLE = "How the scheme is going"
FIRST = "There is nothing to say yet. The first sentence comes when this week has ended."
FROZEN = "Figures are people, in bands, for a quarter that has ended. They never change afterwards."
NO_FIGURES = "There are no figures yet. The first come when this quarter has ended."
NOT_LIVE = "This is from when the week ended. Nothing on this page changes before the next week has ended."


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about one closed week, and its last day."""

    last_day: date
    says: WeekSays


def status_blocks(statement: Statement | None, *, told: Content | None) -> tuple[Plain, ...]:
    """What is closed. `told` is the newest bulletin of a quarter, None before there is one."""
    return (_week(statement), *_figures(told))


def employer_page(said: tuple[Plain, ...]) -> Done:
    """The page as anybody may read it: nothing on it leads on."""
    return Done("status", TITLE, said)


def coordinator_page(said: tuple[Plain, ...], link: str) -> Page:
    """The status with ways to bulletins and roster; without a token, so it is byte for byte the same at every look.

    `link` is the desk's own address.
    """
    ways = (
        Button("Bulletins", OpenBulletins(), Weight.QUIET, to_all=True),
        Button("People who serve", OpenRoster(), Weight.QUIET, to_all=True),
    )
    keep = (
        Link("Open in the browser, to print it", f"{link}/status"),
        Link("Save as a table (CSV)", f"{link}/status.csv"),
    )
    return Page("status", TITLE, (*said, *keep, *ways), files=(status_file(said),))


def _week(statement: Statement | None) -> Text:
    """One sentence, whatever happened: which kind of work it was about is never said."""
    if statement is None:
        return Text(FIRST)
    week = phrase("the week to {day}", day=spoken_day(statement.last_day))
    match statement.says:
        case WeekSays.ON_TRACK:
            return Text(phrase("Follow-ups were on track in {week}.", week=week))
        case WeekSays.NOT_ON_TRACK:
            return Text(phrase("Follow-ups were not on track in {week}.", week=week))
        case WeekSays.UNDERSTAFFED:
            return Text(
                phrase(
                    "Your site was understaffed in {week}. Nothing more is said about that week.", week=week
                )
            )
        case _:
            assert_never(statement.says)


def _figures(told: Content | None) -> tuple[Plain, ...]:
    """What the newest bulletin of a quarter says, and nothing beside it."""
    return (Text(NO_FIGURES),) if told is None else (*figure_blocks(told), Text(FROZEN, quiet=True))


def served_blocks(served: Served | None) -> tuple[Plain, ...]:
    """Who served when the week closed, in bands; nothing where that was not kept."""
    if served is None:
        return ()
    rows = (
        ("Practitioners trained and in date", served.practitioners),
        ("Leads and deputies", served.leads),
    )
    return (Heading("Who served when that week ended"), Facts(rows), Text(NOT_LIVE, quiet=True))


def staffing_blocks(staffing: Staffing) -> tuple[Plain, ...]:
    """Who serves now, and what is missing; for those who keep the roster."""
    rows = (
        ("Practitioners trained and in date", str(staffing.in_date)),
        ("With room for more", str(staffing.with_room)),
        ("Full", str(staffing.full)),
        ("Away", str(staffing.away)),
        ("Training ends within 60 days, or has ended", str(staffing.training_ends_soon)),
        ("Leads", str(staffing.leads)),
        ("Deputies", str(staffing.deputies)),
    )
    gaps = _gaps(staffing)
    return (Heading("Serving today"), Facts(rows), *((Bullets(gaps),) if gaps else ()))


def _gaps(staffing: Staffing) -> tuple[str, ...]:
    gaps = (
        (staffing.leads == 0, "Nobody is named as lead."),
        (staffing.deputies == 0, "Nobody is named as deputy."),
        (staffing.in_date == 0, "No practitioner has training in date."),
        (staffing.in_date > 0 and staffing.with_room == 0, "No practitioner has room at the moment."),
    )
    return tuple(text for missing, text in gaps if missing)
