"""The yes of whoever made a code: without it, nobody who came by the code is joined with their record."""

from __future__ import annotations

from trim_bot.app.chats.codes import end_codes, typed_code
from trim_bot.app.chats.commands import ConfirmJoin, RefuseJoin
from trim_bot.app.chats.joining import join
from trim_bot.app.chats.one_person import may_join
from trim_bot.app.chats.own_chats import chats_of, in_one_chat, labelled
from trim_bot.app.chats.screens import PLATFORMS, Asking
from trim_bot.app.seam.work import Outcome, Subject, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Member, Platform
from trim_bot.domain.records import Action


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
    me = _member(work)
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
    me = _member(work)
    end_codes(work, me.id)
    work.journal(Action.REFUSED, "chats_joined", Subject(me.key_id, me.id))
    return Outcome("join_refused")


def _member(work: Work) -> Member:
    if work.who.member is None:
        raise NotOpen("signed_out")
    return work.who.member
