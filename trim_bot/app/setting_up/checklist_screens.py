"""Every sentence of the set-up list: what each line is called, what is so, and what is to be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from trim_bot.app.oversight.commands import OpenServing
from trim_bot.app.seam.command import Command
from trim_bot.app.seam.links import OpenRoster, OpenSetUp
from trim_bot.app.seam.sentences import joined, ours, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Heading, Text, Weight
from trim_bot.app.setting_up.chat_screens import chats_line, ways_to_test
from trim_bot.app.setting_up.checklist import (
    LineStands,
    SetUpFacts,
    SetUpItem,
    has_own_country,
    next_of,
    not_rung,
    notice_fits,
)
from trim_bot.app.setting_up.commands import (
    OpenSettingGroup,
    OpenSettingList,
    OpenSettings,
)
from trim_bot.app.setting_up.settings_shape import SettingGroup, SettingList
from trim_bot.app.site_file.placeholders import all_numbers
from trim_bot.domain.people import Role

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


def checklist_page(facts: SetUpFacts, standing: Mapping[SetUpItem, LineStands]) -> Page:
    """The whole list; the first thing that is missing has the one filled button."""
    needed = [how for how in standing.values() if how is not LineStands.NOT_NEEDED]
    done = sum(how is LineStands.DONE for how in needed)
    first = next_of(standing)
    blocks: list[Block] = [Text(_how_far(done, len(needed))), Text(WHO_SEES, quiet=True)]
    for item, how in standing.items():
        blocks += _line(item, how, facts, first=item is first)
    blocks.append(Button("All settings", OpenSettings(), Weight.QUIET, to_all=True))
    return Page("set_up", TITLE, tuple(blocks))


def _how_far(done: int, of: int) -> str:
    if done == of:
        return phrase("All {of} are done. The list looks again each time you open it.", of=of)
    return phrase(
        "{done} of {of} are done. People can ask for support already. Each line makes it better.",
        done=done,
        of=of,
    )


def _line(item: SetUpItem, how: LineStands, facts: SetUpFacts, *, first: bool) -> Iterator[Block]:
    mark = _TICK if how is LineStands.DONE else phrase("Next: ") if first else ""
    yield Heading(joined((mark, ours(NAMES[item])), "") if mark else NAMES[item])
    yield Text(said(item, how, facts))
    for number, (label, command) in enumerate(_ways(item, facts)):
        yield Button(label, command, Weight.MAIN if first and number == 0 else Weight.QUIET)


def said(item: SetUpItem, how: LineStands, facts: SetUpFacts) -> str:
    """One line: what is so, or what is missing."""
    done, site = how is LineStands.DONE, facts.site
    match item:
        case SetUpItem.PLACE:
            where = phrase("{name}, {country}, {zone}.", name=site.name, country=site.country, zone=site.zone)
            return (
                where if done else phrase("{where} Please say what your organisation is called.", where=where)
            )
        case SetUpItem.NUMBERS:
            return _numbers(facts)
        case SetUpItem.NOTICE:
            told = phrase(
                "The wording in force is {notice}. It is a sample: have your adviser check it.",
                notice=site.notice,
            )
            return (
                told
                if notice_fits(site)
                else phrase("{told} It was written for another country than yours.", told=told)
            )
        case SetUpItem.SERVICES:
            many = len(site.services)
            return (
                phrase_of(many, "{n} service to refer to.", "{n} services to refer to.")
                if done
                else "Nobody can be referred to anybody yet."
            )
        case SetUpItem.OUTSIDE:
            many = len(site.outside)
            return (
                phrase_of(many, "{n} way named.", "{n} ways named.")
                if done
                else "Whoever fears a colleague finds nobody outside yet."
            )
        case SetUpItem.COORDINATOR:
            many = facts.roles.get(Role.COORDINATOR, 0)
            return (
                phrase_of(many, "Kept by {n} person.", "Kept by {n} people.")
                if done
                else "Nobody keeps the roster yet."
            )
        case SetUpItem.LEADS:
            return _leads(facts)
        case SetUpItem.TRAINING:
            return phrase(
                "{in_date} of at least {least_practitioners}. A coordinator records training.",
                in_date=facts.in_date,
                least_practitioners=site.least_practitioners,
            )
        case SetUpItem.MESSAGE:
            return chats_line(facts.chats)
        case _:
            assert_never(item)


def _numbers(facts: SetUpFacts) -> str:
    every = all_numbers(facts.site)
    left = not_rung(facts.site, facts.today)
    if not every:
        return "No number is named yet."
    if not has_own_country(facts.site):
        return phrase("No number is named yet for {country}. Please add one.", country=facts.site.country)
    if not left:
        return phrase_of(
            len(every),
            "{n} number, rung and dated within a year.",
            "{n} numbers, each rung and dated within a year.",
        )
    first = phrase("{label}, {number}", label=left[0].label, number=left[0].number)
    return phrase_of(
        len(every),
        "{n} number. Not rung and dated within a year: {left}, such as {first}.",
        "{n} numbers. Not rung and dated within a year: {left}, such as {first}.",
        left=len(left),
        first=first,
    )


def _leads(facts: SetUpFacts) -> str:
    leads, deputies = facts.roles.get(Role.LEAD, 0), facts.roles.get(Role.DEPUTY, 0)
    if leads and deputies:
        return phrase(
            "{leads} and {deputies}.",
            leads=phrase_of(leads, "{n} lead", "{n} leads"),
            deputies=phrase_of(deputies, "{n} deputy", "{n} deputies"),
        )
    missing = phrase("Nobody stands in for the lead yet.") if leads else phrase("Nobody leads yet.")
    return phrase("{missing} A coordinator names them under People who serve.", missing=missing)


def _ways(item: SetUpItem, facts: SetUpFacts) -> Iterator[tuple[str, Command]]:
    """The buttons of a line, and where each leads; one for each chat that can be tried."""
    match item:
        case SetUpItem.MESSAGE:
            yield from ways_to_test(facts.chats)
        case _:
            yield _way(item)


def _way(item: SetUpItem) -> tuple[str, Command]:
    """The one button of a line."""
    match item:
        case SetUpItem.COORDINATOR:
            return "Name a coordinator", OpenServing()
        case SetUpItem.LEADS | SetUpItem.TRAINING:
            return phrase("People who serve: {item}", item=ours(_SEE[item])), OpenRoster()
        case SetUpItem.PLACE:
            return "Name and place", OpenSettingGroup(SettingGroup.PLACE)
        case SetUpItem.NOTICE:
            return "Privacy wording", OpenSettingGroup(SettingGroup.NOTICE)
        case SetUpItem.NUMBERS:
            return "Ring and tick", OpenSettingList(SettingList.NUMBERS)
        case SetUpItem.SERVICES:
            return "Other help", OpenSettingList(SettingList.SERVICES)
        case SetUpItem.OUTSIDE:
            return "Name somebody", OpenSettingList(SettingList.OUTSIDE)
        case SetUpItem.MESSAGE:
            raise ValueError("each chat has a button of its own")
        case _:
            assert_never(item)


_SEE = {SetUpItem.LEADS: phrase("leads"), SetUpItem.TRAINING: phrase("training")}


def message_on_its_way(_work: object, _ids: Mapping[str, str]) -> Screen:
    """A test message is on its way."""
    return Page(
        "test_sent",
        "It is on its way",
        (
            Text(
                "You get the one message that everybody gets. It says nothing about you, and nobody else gets it."
            ),
            Text("Once that chat has taken it, the list shows so. That takes a minute at most."),
            Button(TITLE, OpenSetUp(), Weight.MAIN),
        ),
    )
