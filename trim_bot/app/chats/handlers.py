"""Using the desk in several chats: a code and a second yes join two accounts; either can be taken off again."""

from __future__ import annotations

from dataclasses import replace

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
from trim_bot.app.chats.joining import join
from trim_bot.app.chats.own_chats import chats_of, former_selves, in_one_chat, labelled, may_join
from trim_bot.app.chats.screens import PLATFORMS, Asking, OwnChat
from trim_bot.app.people.eligible import line_key
from trim_bot.app.people.sessions import LINK, SESSION
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, Subject, Work
from trim_bot.app.words.times import spoken_date
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Account, Member, Platform
from trim_bot.domain.records import Action, Session


def open_chats(work: Work, command: OpenChats) -> Screen:
    """One's own chats."""
    me = _member(work)
    here = work.who.address.text
    return screens.chats_page(
        [OwnChat(one.id, label, one.address == here) for one, label in labelled(chats_of(work, me))],
        waiting_yes(work, me),
        [spoken_date(one.joined_at.astimezone(work.zone).date()) for one in former_selves(work, me.id)],
    )


def give_code(work: Work, command: GiveChatCode) -> Screen:
    """A one-time code. It is in no stored outcome: pressing again makes another."""
    return screens.code_page(make_code(work, _member(work)))


def open_code(work: Work, command: OpenChatCode) -> Screen:
    """Where a code is typed."""
    return screens.code_form()


def enter_code(work: Work, command: EnterChatCode) -> Outcome:
    """Look a code up. A wrong one is counted, so this is never undone; after a few, no more are taken for a while.

    Whose code it is, a colleague in the maker's own chat does not learn: whoever is there already is somebody else.
    """
    me = _member(work)
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
    me = _member(work)
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
    me = _member(work)
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
    return Outcome("chat_unlinked")


def _owner(work: Work, found: Session | None) -> Member | None:
    """Who made a code, if they are still here."""
    owner = work.tx.get(Member, found.member_id) if found is not None else None
    return owner if owner is not None and not owner.left else None


def _member(work: Work) -> Member:
    if work.who.member is None:
        raise NotOpen("signed_out")
    return work.who.member


def waiting_yes(work: Work, me: Member) -> Asking | None:
    """What the maker of a code is asked: where somebody typed it, and under which name."""
    typed = typed_code(work, me.id)
    typist = work.tx.get(Member, typed.by) if typed is not None else None
    if typed is None or typist is None or typist.left:
        return None
    chats = [label for one, label in labelled(chats_of(work, typist)) if not one.left]
    return Asking(typed.code, " and ".join(chats) or PLATFORMS[Platform.WEB], typist.name)


def confirm(work: Work, command: ConfirmJoin) -> Outcome:
    """Make one of the asker, whose record is kept, and whoever typed their code; or say that it cannot be yet."""
    me = _asker(work)
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
    me = _asker(work)
    end_codes(work, me.id)
    work.journal(Action.REFUSED, "chats_joined", Subject(me.key_id, me.id))
    return Outcome("join_refused")


def _asker(work: Work) -> Member:
    if work.who.member is None:
        raise NotOpen("signed_out")
    return work.who.member
