"""Whom a breach concerns, with how to reach them, for the data-protection officer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from trim_bot.app.own.what_was_taken import OPEN_WORDS, SEALED_WORDS, BreachKind, HowFar, Taken, how_far
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import COMMAND_LINE
from trim_bot.domain.briefings import BriefingInvite
from trim_bot.domain.cases import Case
from trim_bot.domain.grants import GrantRequest
from trim_bot.domain.ids import MemberId
from trim_bot.domain.incidents import Exposure, Offer
from trim_bot.domain.people import Account, Grant, Member, Platform, Training
from trim_bot.domain.records import Action
from trim_bot.domain.requests import SupportRequest

KEPT_OF: Mapping[BreachKind, tuple[type[object], ...]] = {
    BreachKind.ROLE: (Grant, GrantRequest, Training),
    BreachKind.EVENT: (Exposure, Offer, BriefingInvite),
    BreachKind.TALKS: (Case,),
    BreachKind.REQUEST: (SupportRequest,),
}
"""The records that are about a member, beside those that only say that the desk knows them."""


@dataclass(frozen=True, slots=True)
class ToBeTold:
    """One person to think of, with how to reach them and what is kept of them."""

    id: MemberId
    name: str
    reach: str
    phone: str
    actors: tuple[str, ...]
    kinds: tuple[BreachKind, ...]


@dataclass(frozen=True, slots=True)
class BreachReport:
    """What a breach means for the people of one organisation."""

    how_far: HowFar
    could_be_read: Mapping[BreachKind, str]
    people: tuple[ToBeTold, ...]
    altered: tuple[str, ...]
    """Ids of those of whom a record was altered, and so not opened: how to reach them must be asked of who knows."""
    nameless: int
    """Requests of people whom nobody knows, the desk included: they can be told on no way but the public one."""


def breach_report(tx: Tx, taken: Collection[Taken], now: datetime) -> BreachReport:
    """The report of one organisation; journalled at business time `now` (UTC). Of what they hold no word is opened."""
    tx.journal.write(COMMAND_LINE, Action.SHOWED, "breach_report", "", now)
    far = how_far(taken)
    known = Taken.CHAT in taken or Taken.HOST in taken
    held = _held(tx, known) if far else {BreachKind.MESSAGES: _in_chat(tx)} if known else {}
    concerned = set[str]().union(*held.values())
    people = [one for one in tx.find(Member) if one.id in concerned] if concerned else []
    told = tuple(_concerned(tx, one, held) for one in people)
    # What is not as it was written is not opened, and whoever it is about is the last to be left out.
    opened, addresses = {one.id: len(one.actors) for one in told}, tx.tally(Account, "member_id")
    return BreachReport(
        far,
        {kind: _words(kind, far) for kind in held},
        told,
        tuple(sorted(id for id in concerned if opened.get(MemberId(id), -1) < addresses.get(id, 0))),
        tx.tally(SupportRequest, "member_id").get("None", 0) if far else 0,
    )


def _words(kind: BreachKind, far: HowFar) -> str:
    sealed = SEALED_WORDS.get(kind) if far is HowFar.CONTENT else None
    return f"{OPEN_WORDS[kind]}; {sealed}" if sealed else OPEN_WORDS[kind]


def _held(tx: Tx, in_chat: bool) -> dict[BreachKind, set[str]]:
    """Who has something of each kind, by open columns alone."""
    everybody = set(tx.tally(Member, "id"))
    held = {BreachKind.PERSON: everybody}
    for kind, records in KEPT_OF.items():
        held[kind] = everybody & set[str]().union(*(tx.tally(record, "member_id") for record in records))
    return held | {BreachKind.MESSAGES: _in_chat(tx)} if in_chat else held


def _in_chat(tx: Tx) -> set[str]:
    chats = (Platform.SLACK, Platform.TEAMS)
    return set().union(*(tx.tally(Account, "member_id", platform=chat) for chat in chats))


def _concerned(tx: Tx, member: Member, held: Mapping[BreachKind, Collection[str]]) -> ToBeTold:
    accounts = tx.find(Account, member_id=member.id, order_by="id")
    kinds = tuple(kind for kind, ids in held.items() if member.id in ids)
    actors = tuple(sorted(account.address for account in accounts))
    return ToBeTold(member.id, member.name, member.reach.value, member.phone, actors, kinds)
