"""Using the desk in several chats: one file, since a code and a second yes lead to one person, and taking
one off undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from trim_bot.app.cases.replanning import recheck
from trim_bot.app.chats import screens
from trim_bot.app.chats.codes import (
    end_codes,
    find_code,
    kept_code,
    make_code,
    may_guess,
    note_guess,
    note_typed,
    typed_code,
)
from trim_bot.app.chats.commands import (
    ConfirmJoin,
    EnterChatCode,
    GiveChatCode,
    JoinChats,
    OpenChatCode,
    OpenChats,
    RefuseJoin,
    UnlinkChat,
)
from trim_bot.app.chats.own_chats import (
    chats_of,
    former_selves,
    in_one_chat,
    joined_profile,
    labelled,
    may_join,
)
from trim_bot.app.chats.screens import PLATFORMS, Asking, OwnChat
from trim_bot.app.event_room.joined import one_exposure_each, one_invite_each
from trim_bot.app.events.briefing_leaders import look_again_at_briefings
from trim_bot.app.events.tell_in_person import may_tell
from trim_bot.app.people.eligible import conflict_free, line_key, serves
from trim_bot.app.people.kept_pages import drop_pages
from trim_bot.app.people.meeting import was_welcomed
from trim_bot.app.people.sessions import LINK, SESSION
from trim_bot.app.requests.hands import give_back
from trim_bot.app.seam.paging import part_by_id
from trim_bot.app.seam.sentences import listed, ours
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Concerned, Outcome, Subject, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.app.words.times import spoken_date
from trim_bot.domain.cases import Case, CaseState, Interview
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MemberId, OfferId
from trim_bot.domain.incidents import Exposure, Incident, Offer, OfferState
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Account, Grant, Joined, Member, Platform, Training
from trim_bot.domain.records import Action, KeptPage, Session
from trim_bot.domain.requests import OPEN_REQUESTS, RequestState, SupportRequest
from trim_bot.domain.steps import OPEN_STATES, OutboxState, Outgoing, Step, StepKind, StepState


def open_chats(work: Work, command: OpenChats) -> Screen:
    """One's own chats."""
    me = work.who.member
    here = work.who.address.text
    chats = [OwnChat(one.id, label, one.address == here) for one, label in labelled(chats_of(work, me))]
    rows: list[tuple[str, OwnChat | screens.JoinedOn]] = [(chat.id, chat) for chat in chats]
    for one in former_selves(work, me.id):
        day = spoken_date(one.joined_at.astimezone(work.zone).date())
        rows.append((one.id, screens.JoinedOn(day)))
    part = part_by_id(rows, lambda row: row[0], command.after)
    shown = part.holding(row for _, row in part.rows)
    return screens.chats_page(shown, waiting_yes(work, me), several=len(chats) > 1)


def give_code(work: Work, command: GiveChatCode) -> Screen:
    """A one-time code. It is in no stored outcome: pressing again makes another."""
    return screens.code_page(make_code(work, work.who.member))


def open_code(work: Work, command: OpenChatCode) -> Screen:
    """Where a code is typed."""
    return screens.code_form()


def enter_code(work: Work, command: EnterChatCode) -> Outcome:
    """Look a code up. A wrong one is counted, so this is never undone; after a few, no more are taken for a while.

    Whose code it is, a colleague in the maker's own chat does not learn: whoever is there already is somebody else.
    """
    me = work.who.member
    if not may_guess(work, me.id):
        return Outcome("code_rest")
    found = find_code(work, command.typed)
    owner = _owner(work, found)
    if found is None or owner is None:
        note_guess(work, me.id)
        return Outcome("code_unknown")
    if owner.id == me.id:
        return Outcome("code_own")
    if in_one_chat(work, owner, me):
        work.journal(Action.REFUSED, "code_same", Subject(owner.key_id, owner.id))
        return Outcome("code_same")
    work.journal(Action.SHOWED, "chat_code", Subject(owner.key_id, owner.id))
    return Outcome("joining", {"code": found.id})


def join_chats(work: Work, command: JoinChats) -> Outcome:
    """The first yes. Nothing is joined before whoever made the code says yes too, where they made it."""
    me = work.who.member
    found = kept_code(work, command.code)
    owner = _owner(work, found)
    if found is None or owner is None or owner.id == me.id:
        return Outcome("code_over")
    note_typed(work, found, me.id)
    return Outcome("join_asked")


def unlink(work: Work, command: UnlinkChat) -> Outcome:
    """Take a chat off, with every browser, link and code: whoever had that chat may have these too.

    Raises NotOpen for the one in use, and for the last one.
    """
    me = work.who.member
    chats = chats_of(work, me)
    account = next((one for one in chats if one.id == command.account), None)
    if account is None or len(chats) < 2 or account.address == work.who.address.text:
        raise NotOpen("account")
    # Whom one manages does not change with the chats one uses.
    taken_off = line_key(work.tx, account.address)
    work.tx.save(replace(me, lines=tuple(dict.fromkeys((*me.lines, taken_off)))))
    work.tx.drop(Account, account.id)
    end_codes(work, me.id)
    for kept in work.tx.find(Session, member_id=me.id, purpose=(LINK, SESSION)):
        work.tx.drop(Session, kept.id)
        drop_pages(work.tx, kept.id)
    return Outcome("chat_unlinked")


def _owner(work: Work, found: Session | None) -> Member | None:
    """Who made a code, if they are still here."""
    owner = work.tx.get(Member, found.member_id) if found is not None else None
    return owner if owner is not None and not owner.left else None


def waiting_yes(work: Work, me: Member) -> Asking | None:
    """What the maker of a code is asked: where somebody typed it, and under which name."""
    typed = typed_code(work, me.id)
    typist = work.tx.get(Member, typed.by) if typed is not None else None
    if typed is None or typist is None or typist.left:
        return None
    chats = [label for one, label in labelled(chats_of(work, typist)) if not one.left]
    return Asking(typed.code, listed(chats) if chats else ours(PLATFORMS[Platform.WEB]), typist.name)


def confirm(work: Work, command: ConfirmJoin) -> Outcome:
    """Make one of the asker, whose record is kept, and whoever typed their code; or say that it cannot be yet."""
    me = work.who.member
    typed = typed_code(work, me.id)
    typist = work.tx.get(Member, typed.by) if typed is not None and typed.code == command.code else None
    if typist is None or typist.left:
        return Outcome("code_over")
    end_codes(work, me.id)
    if in_one_chat(work, me, typist) or not may_join(work, me.id, typist.id):
        return Outcome("chats_apart")
    join(work, me, typist)
    work.journal(Action.CHANGED, "chats_joined", Subject(me.key_id, me.id))
    return Outcome("chats_joined")


def refuse(work: Work, command: RefuseJoin) -> Outcome:
    """End every code of the asker, and write down that it was not them."""
    me = work.who.member
    end_codes(work, me.id)
    work.journal(Action.REFUSED, "chats_joined", Subject(me.key_id, me.id))
    return Outcome("join_refused")


Pointing = (
    Account
    | Joined
    | Grant
    | Training
    | Incident
    | Exposure
    | Offer
    | Case
    | Interview
    | SupportRequest
    | Step
    | Outgoing
    | Session
    | KeptPage
)
"""Every kind of record that names a member."""
NAMED: tuple[tuple[type[Pointing], str], ...] = (
    (Account, "member_id"),
    (Joined, "member_id"),
    (Grant, "member_id"),
    (Training, "member_id"),
    (Incident, "logged_by"),
    (Exposure, "member_id"),
    (Offer, "member_id"),
    (Offer, "proposed"),
    (Offer, "taken_by"),
    (Case, "member_id"),
    (Case, "holder"),
    (Case, "cover"),
    (Case, "closed_by"),
    (Interview, "by"),
    (SupportRequest, "member_id"),
    (SupportRequest, "taken_by"),
    (Step, "holder"),
    (Outgoing, "member_id"),
    (Session, "member_id"),
    (KeptPage, "member_id"),
)
"""Fields that name one member and can be searched; each record stays sealed under the key it has."""
LISTED: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Case, ("called", "refused", "passed")),
    (SupportRequest, ("passed_by",)),
)
"""Sealed lists of members. They matter only while a case or request is open, so only those are read."""
STANDS = (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.WAITING, OfferState.NOT_NOW)
"""Which of two offers about one event counts: an answer first."""


def join(work: Work, kept: Member, gone: Member) -> None:
    """Make one of two. Whoever may no longer hold what is about them, or by them, lets go of it."""
    served = serves(work, gone.id) and not serves(work, kept.id)
    for kind, field in NAMED:
        where: dict[str, object] = {field: gone.id}
        for record in work.tx.find(kind, order_by="id", limit=None, **where):
            work.tx.save(_changed(record, {field: kept.id}))
    for rule in work.records:
        for field in (name for name, id_type in rule.named() if id_type is MemberId):
            where = {field: gone.id}
            for one in work.tx.find(rule.kind, order_by="id", limit=None, **where):
                work.tx.save(replace(one, **{field: kept.id}))  # type: ignore[type-var]
    cases = work.tx.find(Case, state=CaseState.OPEN)
    requests = work.tx.find(SupportRequest, state=OPEN_REQUESTS)
    opened: tuple[Case | SupportRequest, ...] = (*cases, *requests)
    for one in opened:
        _rename_in_lists(work, one, gone.id, kept.id)
    work.tx.save(joined_profile(kept, gone, served=served))
    work.tx.drop(Member, gone.id)
    work.tx.add(Joined(gone.id, gone.key_id, kept.id, work.now))
    _once_each(work, kept.id)
    _let_go(work, kept.id)


def _rename_in_lists(work: Work, record: Case | SupportRequest, old: MemberId, new: MemberId) -> None:
    fields = next(fields for kind, fields in LISTED if isinstance(record, kind))
    changes = {
        field: tuple(dict.fromkeys(new if id == old else id for id in getattr(record, field)))
        for field in fields
        if old in getattr(record, field)
    }
    if changes:
        work.tx.save(_changed(record, changes))


def _changed(record: Pointing, changes: Mapping[str, object]) -> Pointing:
    """The record with other values; which fields it has, the tables above know, and a test compares them."""
    return replace(record, **changes)  # type: ignore[arg-type]


def _once_each(work: Work, id: MemberId) -> None:
    """What one person has once only: a role, an exposure to an event, an offer for it, a message of a kind."""
    _drop_repeats(work, Grant, ((grant.role, grant.id) for grant in work.tx.find(Grant, member_id=id)))
    one_exposure_each(work, id)
    one_invite_each(work, id)
    _one_answer_each(work, id)
    seen: set[object] = set()
    for step in waits.open_steps(work, holder=id):
        if (what := (step.kind, step.subject)) in seen:
            work.tx.save(waits.ended(work, step, StepState.MOVED))
        seen.add(what)
    for waiting in work.tx.find(Outgoing, member_id=id, state=OutboxState.QUEUED):
        if _told_already(work, waiting):
            work.tx.save(waiting.come_to_its_end(OutboxState.DROPPED, work.now))
    for account in work.tx.find(Account, member_id=id, first=True)[1:]:
        work.tx.save(replace(account, first=False))


def _drop_repeats(work: Work, kind: type, found: Iterable[tuple[object, str]]) -> None:
    seen: set[object] = set()
    for what, id in found:
        if what in seen:
            work.tx.drop(kind, id)
        seen.add(what)


def _one_answer_each(work: Work, id: MemberId) -> None:
    """Of several offers about one event the one that stands stays; the others that were open are taken back."""
    offers = [offer for offer in work.tx.find(Offer, member_id=id) if offer.state in STANDS]
    offers.sort(key=lambda offer: (STANDS.index(offer.state), offer.made_at))
    seen: set[object] = set()
    for offer in offers:
        if offer.incident_id in seen and offer.state in (OfferState.WAITING, OfferState.NOT_NOW):
            work.tx.save(replace(offer, state=OfferState.WITHDRAWN))
            waits.end(work, StepState.CANCELLED, subject=offer.id)
        seen.add(offer.incident_id)


def _told_already(work: Work, waiting: Outgoing) -> bool:
    """Whether another message says the same: about the same step, or of a kind that everybody gets."""
    if waiting.kind == MessageKind.WELCOME.value and was_welcomed(work.tx, waiting.member_id):
        return True
    same = work.tx.find(
        Outgoing, member_id=waiting.member_id, kind=waiting.kind, step_id=waiting.step_id,
        state=OutboxState.QUEUED,
    )  # fmt: skip
    return any(one.id < waiting.id for one in same)


def _let_go(work: Work, id: MemberId) -> None:
    """Look again at everything that is about the one person or in their hands, since they may know more people now."""
    for case in work.tx.find(Case, state=CaseState.OPEN):
        if case.cover == case.holder and case.cover is not None:
            case = replace(case, cover=None)
            work.tx.save(case)
        near = id in (case.member_id, case.holder, case.cover, *case.called)
        if near or work.tx.find(Step, case_id=case.id, holder=id, state=OPEN_STATES, limit=1):
            recheck(work, case)
    for request in work.tx.find(SupportRequest, state=RequestState.TAKEN):
        taker = request.taken_by
        if taker is None or id not in (taker, request.member_id):
            continue
        if not conflict_free(work, taker, Concerned(request.member_id, (), request.passed_by)):
            give_back(work, request)
    look_again_at_briefings(work, id)
    for step in waits.open_steps(work, kind=StepKind.CONTACT):
        told = work.tx.get(Offer, OfferId(step.subject))
        if told is not None and step.holder is not None and not may_tell(work, step.holder, told):
            climb(work, step)
    for step in waits.open_steps(work, kind=StepKind.OFFER, holder=id):
        offer = work.tx.get(Offer, OfferId(step.subject))
        if offer is not None and offer.proposed is not None and not _fits(work, offer):
            work.tx.save(replace(offer, proposed=None))


def _fits(work: Work, offer: Offer) -> bool:
    return offer.proposed is not None and conflict_free(
        work, offer.proposed, Concerned(offer.member_id, (offer.incident_id,))
    )
