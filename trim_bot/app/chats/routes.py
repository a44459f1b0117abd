"""The chats in which one person uses the desk, joined into one."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.entitled import own_chat
from trim_bot.app.chats import handlers, screens
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
from trim_bot.app.people.access import ANYONE
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import StepRule
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page("chats", OpenChats, handlers.open_chats, allow=ANYONE, words=("support link",)),
    button("chat_code", GiveChatCode, handlers.give_code, Action.CHANGED, allow=ANYONE),
    form(
        "enter_code",
        OpenChatCode,
        handlers.open_code,
        EnterChatCode,
        handlers.enter_code,
        Action.CHANGED,
        allow=ANYONE,
    ),
    button("join_chats", JoinChats, handlers.join_chats, Action.CHANGED, allow=ANYONE),
    button("confirm_join", ConfirmJoin, handlers.confirm, Action.CHANGED, allow=ANYONE),
    button("refuse_join", RefuseJoin, handlers.refuse, Action.CHANGED, allow=ANYONE),
    button("unlink_chat", UnlinkChat, handlers.unlink, Action.CHANGED, allow=ANYONE & own_chat),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "code_unknown": screens.code_unknown,
    "code_rest": screens.code_rest,
    "code_own": screens.code_own,
    "code_same": screens.code_same,
    "code_over": screens.code_over,
    "joining": screens.joining,
    "join_asked": screens.asked,
    "join_refused": screens.refused,
    "chats_joined": screens.joined,
    "chats_apart": screens.apart,
    "chat_unlinked": screens.unlinked,
}

STEPS: tuple[StepRule, ...] = ()

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
