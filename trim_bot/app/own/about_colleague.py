"""Whom somebody can turn to about a colleague who serves here, without anybody's learning that they looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trim_bot.app.own.commands import OpenAboutColleague
from trim_bot.app.people.eligible import who_manages, with_role
from trim_bot.app.seam.links import OpenMe
from trim_bot.app.seam.paging import ListPart, counted, onward, part_by_id
from trim_bot.app.seam.sentences import as_given
from trim_bot.app.seam.unsigned import Button, Page, Screen
from trim_bot.app.seam.views import Facts, Heading, Text, Weight
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member, Role
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.site import OutsideWay

LEAD, DEPUTY = "Leads here", "Stands in for the lead"


@dataclass(frozen=True, slots=True)
class ToTurnTo:
    """Somebody who leads and has no tie to whoever asks."""

    id: MemberId
    name: str
    deputy: bool


def open_about_colleague(work: Work, command: OpenAboutColleague) -> Screen:
    """The leads and deputies without a tie to whoever asks, then the ways outside. Nothing is noted or counted."""
    part = part_by_id(_to_turn_to(work), lambda one: one.id, command.after)
    return about_colleague_page(part, work.site.outside)


def _to_turn_to(work: Work) -> list[ToTurnTo]:
    """Leads, then deputies: none who manages the asker, or has or had a talk or a request of theirs in hand."""
    me = work.who.id
    leads, deputies = with_role(work, Role.LEAD), with_role(work, Role.DEPUTY)
    ids = list(dict.fromkeys((*leads, *deputies)))
    tied = {me, *who_manages(work, ids, me)}
    for case in work.tx.find(Case, member_id=me):
        tied |= {id for id in (case.holder, case.cover, case.closed_by, *case.called, *case.refused) if id}
    for request in work.tx.find(SupportRequest, member_id=me):
        tied |= {id for id in (request.taken_by, *request.passed_by) if id}
    members = work.tx.get_many(Member, [id for id in ids if id not in tied])
    return [
        ToTurnTo(id, members[id].name, deputy=id not in leads)
        for id in ids
        if id in members and not members[id].left
    ]


def about_colleague_page(part: ListPart[ToTurnTo], outside: Sequence[OutsideWay]) -> Page:
    """It is the same whatever went wrong: it asks nothing, keeps nothing, and tells nobody."""
    rows = tuple((as_given(one.name), DEPUTY if one.deputy else LEAD) for one in part.rows)
    ways = tuple((as_given(way.name), as_given(way.how)) for way in outside)
    return Page(
        "about_colleague",
        "About a colleague here",
        (
            Text(
                "Did something go wrong with a colleague you talk with, or do you fear one? You can say so."
            ),
            Text("Nobody is told that you opened this page. It is not noted, and not counted."),
            Heading("Somebody here"),
            *counted(part),
            *((Facts(rows),) if rows else ()),
            *onward(part, OpenAboutColleague),
            Text(
                "They have none of your talks in hand. Speak to them in person or by phone. Chat keeps a record."
                if rows
                else "Nobody who leads here is free of a tie to you. Please turn to somebody outside."
            ),
            Heading("Somebody outside"),
            Facts(ways)
            if ways
            else Text("Your site has named nobody yet. A union, or a doctor, can help you to find the way."),
            Heading("Another colleague to talk with"),
            Text("You can ask for another colleague on your page, at each talk. You are not asked why."),
            Button("My talks and choices", OpenMe(), Weight.QUIET),
        ),
    )
