"""Which chats a member uses, where they are written to, and whether two members may become one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from trim_bot.app.chats.screens import PLATFORMS
from trim_bot.app.people.meeting import add_account
from trim_bot.app.seam.sentences import capitalised, ours, phrase
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.delivery import IN_ORDER
from trim_bot.domain.cases import Case, CaseState, Interview
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import AccountId, MemberId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Account, Address, Grant, Joined, Member, Platform, Reach, Role
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung

PAGE = AccountId("page")
"""Stands for the member's own page where a place is chosen."""


def chats_of(work: Work, member: Member) -> list[Account]:
    """A member's chat accounts, in a fixed order."""
    accounts = work.tx.find(Account, member_id=member.id)
    chats = [one for one in accounts if one.platform is not Platform.WEB]
    return sorted(chats, key=lambda one: (IN_ORDER.index(one.platform), one.id))


def in_one_chat(work: Work, one: Member, other: Member) -> bool:
    """Whether both are in the same workspace now, so that they are two people: nobody is there twice."""
    return bool(_workspaces(work, one) & _workspaces(work, other))


def _workspaces(work: Work, member: Member) -> set[ChatWorkspace]:
    addresses = (Address.parse(one.address) for one in chats_of(work, member) if not one.left)
    return {ChatWorkspace.of(one) for one in addresses}


def several_chats(work: Work, me: Member) -> bool:
    """Whether the organisation has more than one chat, or the member uses more than one already."""
    return len(work.workspaces) > 1 or len(chats_of(work, me)) > 1


def labelled(chats: list[Account]) -> list[tuple[Account, str]]:
    """Each account with what to call it; numbered where there are several of one platform."""
    every = Counter(one.platform for one in chats)
    seen: Counter[Platform] = Counter()
    found: list[tuple[Account, str]] = []
    for one in chats:
        seen[one.platform] += 1
        label = ours(PLATFORMS[one.platform])
        if every[one.platform] > 1:
            label = phrase("{chat} {number}", chat=label, number=seen[one.platform])
        found.append((one, label))
    return found


def places_of(work: Work, member: Member) -> list[tuple[AccountId, str]]:
    """Where a member may be written to, each with what to call it; nothing to choose with one chat at most."""
    chats = chats_of(work, member)
    if len(chats) < 2:
        return []
    return [
        *((one.id, label) for one, label in labelled(chats)),
        (PAGE, capitalised(ours(PLATFORMS[Platform.WEB]))),
    ]


def chosen_place(work: Work, member: Member) -> AccountId:
    """The place chosen; the first chat as long as none is."""
    chosen = work.tx.find(Account, member_id=member.id, first=True, limit=1)
    if chosen:
        return PAGE if chosen[0].platform is Platform.WEB else chosen[0].id
    chats = chats_of(work, member)
    return chats[0].id if chats else PAGE


def choose_place(work: Work, member: Member, place: AccountId) -> None:
    """Write to the member there from now on, and nowhere else as long as that works."""
    accounts = work.tx.find(Account, member_id=member.id)
    if place == PAGE and not any(one.platform is Platform.WEB for one in accounts):
        add_account(work.tx, member, Address(Platform.WEB, "", member.id))
        accounts = work.tx.find(Account, member_id=member.id)
    web = next((one.id for one in accounts if one.platform is Platform.WEB), None)
    chosen = web if place == PAGE else place
    for one in accounts:
        if one.first is not (one.id == chosen):
            work.tx.save(replace(one, first=one.id == chosen))


APART = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR, Role.CLINICAL_LEAD)
"""Roles of trust beside care."""
NO_PREFERENCE = "en"
"""The language of whoever chose none."""


def may_join(work: Work, one: MemberId, other: MemberId) -> bool:
    """Whether nothing stands in the way: not a talk each, nothing of one in the other's hands, no trust added up."""
    both_in_talks = all(work.tx.find(Case, member_id=id, state=CaseState.OPEN) for id in (one, other))
    if both_in_talks or (
        _trust(work, one) and _trust(work, other) and _trust(work, one) != _trust(work, other)
    ):
        return False
    return not _cares_for(work, one, other) and not _cares_for(work, other, one)


def _cares_for(work: Work, who: MemberId, person: MemberId) -> bool:
    """Whether anything about a person is, or for a case ever was, in somebody's hands."""
    cases = work.tx.find(Case, member_id=person)
    if any(who in (case.holder, case.cover, *case.called) for case in cases):
        return True
    ids = tuple(case.id for case in cases)
    if ids and work.tx.find(Interview, case_id=ids, by=who, limit=1):
        return True
    requests = work.tx.find(SupportRequest, member_id=person)
    if any(one.taken_by == who and one.state is not RequestState.WITHDRAWN for one in requests):
        return True
    offers = work.tx.find(Offer, member_id=person)
    subjects: set[str] = {*(one.id for one in requests), *(one.id for one in offers)}
    held = [step for step in waits.open_steps(work, holder=who) if step.rung is not Rung.PERSON]
    return any(step.case_id in ids or step.subject in subjects for step in held)


def _trust(work: Work, id: MemberId) -> set[Role]:
    """Roles that are given apart on purpose: one person comes to several only by somebody's giving them."""
    return {grant.role for grant in work.tx.find(Grant, member_id=id, role=APART)}


def former_selves(work: Work, *ids: MemberId) -> list[Joined]:
    """Everybody who turned out to be one of these."""
    return work.tx.find(Joined, member_id=ids) if ids else []


def joined_profile(kept: Member, gone: Member, *, served: bool) -> Member:
    """The profile of both: what was said for the one that is kept counts, and the other fills the gaps.

    `served` says that the other alone took work, so that its room and leave are the ones that count.
    """
    told = gone if served else kept
    return Member(
        id=kept.id,
        key_id=kept.key_id,
        name=kept.name or gone.name,
        phone=kept.phone or gone.phone,
        reach=_narrower(kept.reach, gone.reach),
        best_time=kept.best_time or gone.best_time,
        zone=kept.zone or gone.zone,
        hours=kept.hours or gone.hours,
        shifts=kept.shifts or gone.shifts,
        away_from=told.away_from,
        away_until=told.away_until,
        place=kept.place or gone.place,
        language=kept.language if kept.language != NO_PREFERENCE else gone.language,
        availability=told.availability,
        messages_stopped=kept.messages_stopped or gone.messages_stopped,
        listed=kept.listed or gone.listed,
        on_leave=told.on_leave,
        left=False,
        asked=kept.asked or gone.asked,
        lines=tuple(dict.fromkeys((*kept.lines, *gone.lines))),
        known_as=kept.known_as or gone.known_as,
    )


def _narrower(kept: Reach, gone: Reach) -> Reach:
    """The pages alone wherever they were asked for; and what nobody touched yields to what somebody chose."""
    if Reach.BROWSER in (kept, gone):
        return Reach.BROWSER
    return gone if kept is Reach.CHAT else kept
