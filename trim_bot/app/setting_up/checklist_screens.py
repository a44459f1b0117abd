"""Every sentence of the set-up list: what each line is called, what is so, and what is to be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from trim_bot.app.oversight.commands import OpenServing
from trim_bot.app.seam.command import Command
from trim_bot.app.seam.links import OpenRoster, OpenSetUp
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Heading, Text, Weight
from trim_bot.app.setting_up.checklist import (
    LineStands,
    SetUpFacts,
    SetUpItem,
    next_of,
    not_rung,
    notice_fits,
)
from trim_bot.app.setting_up.commands import SendTestMessage
from trim_bot.app.site_file.placeholders import all_numbers
from trim_bot.domain.people import Platform, Role

TITLE = "Set up your desk"
WHO_SEES = "Administrators alone see this page. No case, name of a person or count of a case is here."
NAMES: Mapping[SetUpItem, str] = {
    SetUpItem.PLACE: "Name, place and hours",
    SetUpItem.NUMBERS: "Numbers to ring",
    SetUpItem.NOTICE: "What people are told about privacy",
    SetUpItem.SERVICES: "Other help you can offer",
    SetUpItem.OUTSIDE: "Somebody outside to turn to",
    SetUpItem.COORDINATOR: "A coordinator",
    SetUpItem.LEADS: "A lead and a deputy",
    SetUpItem.TRAINING: "Practitioners trained and in date",
    SetUpItem.MESSAGE: "A message in chat",
}
_TICK = "✓ "
_CHATS = {Platform.SLACK: "Slack", Platform.TEAMS: "Teams", Platform.WEB: "the browser"}


def checklist_page(
    facts: SetUpFacts, standing: Mapping[SetUpItem, LineStands], *, can_be_written_to: bool
) -> Page:
    """The whole list; the first thing that is missing has the one filled button."""
    needed = [how for how in standing.values() if how is not LineStands.NOT_NEEDED]
    done = sum(how is LineStands.DONE for how in needed)
    first = next_of(standing)
    blocks: list[Block] = [Text(_how_far(done, len(needed))), Text(WHO_SEES, quiet=True)]
    for item, how in standing.items():
        blocks += _line(item, how, facts, first=item is first, can_be_written_to=can_be_written_to)
    return Page("set_up", TITLE, tuple(blocks))


def _how_far(done: int, of: int) -> str:
    if done == of:
        return f"All {of} are done. The list looks again each time you open it."
    return f"{done} of {of} are done. People can ask for support already. Each line makes it better."


def _line(
    item: SetUpItem, how: LineStands, facts: SetUpFacts, *, first: bool, can_be_written_to: bool
) -> Iterator[Block]:
    mark = _TICK if how is LineStands.DONE else "Next: " if first else ""
    yield Heading(f"{mark}{NAMES[item]}")
    yield Text(said(item, how, facts, can_be_written_to=can_be_written_to))
    way = _way(item, facts, can_be_written_to=can_be_written_to)
    if way is not None:
        label, command = way
        yield Button(label, command, Weight.MAIN if first else Weight.QUIET)


def said(item: SetUpItem, how: LineStands, facts: SetUpFacts, *, can_be_written_to: bool) -> str:
    """One line: what is so, or what is missing."""
    done, site = how is LineStands.DONE, facts.site
    match item:
        case SetUpItem.PLACE:
            where = f"{site.name}, {site.country}, {site.zone}."
            return where if done else f"{where} Please say what your organisation is called."
        case SetUpItem.NUMBERS:
            return _numbers(facts)
        case SetUpItem.NOTICE:
            told = f"The wording in force is {site.notice}. It is a sample: have your adviser check it."
            return told if notice_fits(site) else f"{told} It was written for another country than yours."
        case SetUpItem.SERVICES:
            many = len(site.services)
            return (
                f"{_many(many, 'service')} to refer to." if done else "Nobody can be referred to anybody yet."
            )
        case SetUpItem.OUTSIDE:
            many = len(site.outside)
            return (
                f"{_many(many, 'way')} named."
                if done
                else "Whoever fears a colleague finds nobody outside yet."
            )
        case SetUpItem.COORDINATOR:
            many = facts.roles.get(Role.COORDINATOR, 0)
            return f"Kept by {_many(many, 'person', 'people')}." if done else "Nobody keeps the roster yet."
        case SetUpItem.LEADS:
            return _leads(facts)
        case SetUpItem.TRAINING:
            return f"{facts.in_date} of at least {site.least_practitioners}. A coordinator records training."
        case SetUpItem.MESSAGE:
            return _message(how, facts, can_be_written_to=can_be_written_to)
        case _:
            assert_never(item)


def _numbers(facts: SetUpFacts) -> str:
    every = all_numbers(facts.site)
    left = not_rung(facts.site, facts.today)
    if not every:
        return "No number is named yet."
    if not left:
        return f"{_many(len(every), 'number')}, each rung and dated within a year."
    first = f"{left[0].label}, {left[0].number}"
    return f"{_many(len(every), 'number')}. Not rung and dated within a year: {len(left)}, such as {first}."


def _leads(facts: SetUpFacts) -> str:
    leads, deputies = facts.roles.get(Role.LEAD, 0), facts.roles.get(Role.DEPUTY, 0)
    if leads and deputies:
        return f"{_many(leads, 'lead')} and {_many(deputies, 'deputy', 'deputies')}."
    missing = "Nobody leads yet." if not leads else "Nobody stands in for the lead yet."
    return f"{missing} A coordinator names them under People who serve."


def _message(how: LineStands, facts: SetUpFacts, *, can_be_written_to: bool) -> str:
    if how is LineStands.NOT_NEEDED:
        return "No chat is connected, so there is nothing to send. People use the browser."
    chats = " and ".join(_CHATS[one] for one in facts.chats)
    if how is LineStands.DONE:
        return f"{chats} took a message from this desk."
    if not can_be_written_to:
        return f"No message has gone out by {chats} yet. Open the desk there first, then send one from there."
    return f"No message has gone out by {chats} yet. Send one to yourself. It says nothing about you."


def _way(item: SetUpItem, facts: SetUpFacts, *, can_be_written_to: bool) -> tuple[str, Command] | None:
    """The button of a line, and where it leads; None where there is nothing to press."""
    match item:
        case SetUpItem.COORDINATOR:
            return "Name a coordinator", OpenServing()
        case SetUpItem.LEADS | SetUpItem.TRAINING:
            return f"People who serve: {_SEE[item]}", OpenRoster()
        case SetUpItem.MESSAGE:
            able = bool(facts.chats) and can_be_written_to
            return ("Send me a test message", SendTestMessage()) if able else None
        case SetUpItem.PLACE | SetUpItem.NUMBERS | SetUpItem.NOTICE | SetUpItem.SERVICES | SetUpItem.OUTSIDE:
            return None
        case _:
            assert_never(item)


_SEE = {SetUpItem.LEADS: "leads", SetUpItem.TRAINING: "training"}


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"


def message_on_its_way(_work: object, _ids: Mapping[str, str]) -> Screen:
    """A test message is on its way."""
    return Page(
        "test_sent",
        "It is on its way",
        (
            Text(
                "You get the one message that everybody gets. It says nothing about you, and nobody else gets it."
            ),
            Text("Once your chat has taken it, the list shows so. That takes a minute at most."),
            Button(TITLE, OpenSetUp(), Weight.MAIN),
        ),
    )
