"""One person in two chats, from the code to the second yes and taking one off again: one file, since it is
one conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trim_bot.app.chats.codes import kept_code
from trim_bot.app.chats.commands import (
    ConfirmJoin,
    GiveChatCode,
    JoinChats,
    OpenChatCode,
    OpenChats,
    RefuseJoin,
    UnlinkChat,
)
from trim_bot.app.seam.links import OpenMe, OpenProfile
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Alert, Facts, Text, TextInput, Tone, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.ids import AccountId, SessionId
from trim_bot.domain.people import Member, Platform

PLATFORMS = {Platform.SLACK: "Slack", Platform.TEAMS: "Microsoft Teams", Platform.WEB: "only on my page"}
"""What people call the places they may be written to."""


@dataclass(frozen=True, slots=True)
class OwnChat:
    """One chat account of one's own."""

    id: AccountId
    label: str
    here: bool
    """Whether this page was opened from it."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A code of one's own that somebody typed, and that waits for the second yes."""

    code: SessionId
    chat: str
    """Where it was typed."""
    name: str = field(repr=False)
    """Whose account that is."""


@dataclass(frozen=True, slots=True)
class JoinedOn:
    """The day on which another chat was joined, in words."""

    day: str


def chats_page(
    part: ListPart[OwnChat | JoinedOn], asking: Asking | None = None, *, several: bool = True
) -> Page:
    """Which chats are one's own, what was ever joined, and both halves of adding another.

    `several` says that there is more than one chat, so that one can be taken off.
    """
    return Page(
        "chats",
        "The chats you use",
        (
            Text(
                "You can use us in more than one chat. All of them then open the same record, which is yours."
            ),
            *(_asking(asking) if asking is not None else ()),
            *counted(part),
            *(block for row in part.rows for block in _row(row, several=several)),
            *onward(part, OpenChats),
            Text("To add another chat: get a code in one, enter it in the other, then say yes in the first."),
            Button("Get a code", GiveChatCode()),
            Button("Enter a code", OpenChatCode()),
            Text("Nobody else is told. Your colleagues do not see which chats you use.", quiet=True),
            mine(),
        ),
    )


def _row(row: OwnChat | JoinedOn, *, several: bool) -> Sequence[Block]:
    if isinstance(row, JoinedOn):
        return (Text(phrase("Another chat was joined with your record on {day}.", day=row.day), quiet=True),)
    return _chat(row, several=several)


def _chat(chat: OwnChat, *, several: bool) -> Sequence[Block]:
    said = Text(
        phrase("You use us in {chat}. You are there now.", chat=chat.label)
        if chat.here
        else phrase("You use us in {chat}.", chat=chat.label)
    )
    if chat.here or not several:
        return (said,)
    label = phrase("Take {chat} off", chat=chat.label)
    return (said, Button(label, UnlinkChat(chat.id), Weight.QUIET))


def _asking(asking: Asking) -> Sequence[Block]:
    name = asking.name or phrase("someone whose name we do not know")
    return (
        Alert(
            Tone.WAITING,
            phrase("Your code was entered in {chat}, by {name}. Is this you?", chat=asking.chat, name=name),
        ),
        Text("If you say yes, that chat can open all that is yours. If it was not you, please say no."),
        Button("Yes, join this chat", ConfirmJoin(asking.code)),
        Button("No, do not join", RefuseJoin()),
    )


def code_page(code: str) -> Page:
    """A code; drawn once and never stored."""
    return Page(
        "chat_code",
        "Your code",
        (
            Facts((("Code", as_given(code)),)),
            Text("In your other chat, open Peer Support and choose My talks and choices."),
            Text("There, choose I also use another chat, then Enter a code."),
            Text("It works once, in the next ten minutes. You can get a new one at any time."),
            Text("Then come back here. We ask you once more before anything is joined."),
            Alert(Tone.WAITING, "Tell this code to nobody. We never ask you for it in a message."),
            Button("I have entered it", OpenChats()),
            mine(),
        ),
    )


def code_form() -> Form:
    """Where a code from another chat is typed."""
    return Form(
        OpenChatCode(),
        "Enter a code",
        (
            Text("Enter the code that you got in your other chat. Nothing is joined before you say yes."),
            Alert(Tone.WAITING, "If someone else gave you a code, please do not enter it."),
            TextInput("typed", "Code", hint="Such as k7mt-2p9x.", max_length=40, readers=phrase("nobody")),
        ),
        submit="Go on",
    )


def joining(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Whose code it is, and the question whether that is the reader."""
    kept = kept_code(work, SessionId(ids["code"]))
    owner = work.tx.get(Member, kept.member_id) if kept is not None else None
    if kept is None or owner is None:
        return code_over(work, ids)
    return Page(
        "joining",
        "Is this you?",
        (
            Text(
                phrase(
                    "This code was made by {name}.",
                    name=owner.name or phrase("someone whose name we do not know"),
                )
            ),
            Text(
                "If this is you, we ask once more in your other chat. There you see the name you have here."
            ),
            Alert(Tone.WAITING, "If it is someone else, please stop. They could open all that is yours."),
            Button("Yes, this is me", JoinChats(kept.id)),
            Button("No, this is not me", OpenMe()),
        ),
    )


def code_unknown(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """After a code that nobody was given."""
    return _again(work, "code_unknown", "We do not know this code", "Please check each letter.")


def code_over(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """It was used, or its ten minutes are over."""
    return _again(
        work, "code_over", "This code is over", "A code works once, for ten minutes. Please get a new one."
    )


def code_own(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Their own code, typed where it was made or in a chat that is joined already."""
    return _again(work, "code_own", "Already joined", "Enter the code in your other chat.")


def code_same(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Made by somebody who is in one of the reader's own chats already, and so is not the reader."""
    return _again(
        work, "code_same", "This code is not yours", "It was made by someone who is already in your chat."
    )


def code_rest(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Too many wrong codes."""
    return Page(
        "code_rest",
        "Please wait an hour",
        (
            Text("Several codes were not right, so we take no more for an hour. Nothing was changed."),
            mine(),
        ),
    )


def unlinked(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """A chat was taken off."""
    return Page(
        "chat_unlinked",
        "No longer linked",
        (
            Text(
                "Your record stays here. The other chat cannot open it any more, and we do not write to you there."
            ),
            Text("You are signed out of every browser, and older links and codes work no more."),
            Text("If you use us there again, we meet you as someone new."),
            Button("The chats you use", OpenChats(), Weight.QUIET),
            mine(),
        ),
    )


def _again(work: UnitOfWork, name: str, title: str, text: str) -> Page:
    return Page(
        name,
        title,
        (
            Text(text),
            Text("Nothing was changed."),
            Button("Enter a code", OpenChatCode()),
            mine(),
        ),
    )


def mine() -> Button:
    """The quiet way out."""
    return Button("My talks and choices", OpenMe(), Weight.QUIET)


def asked(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """The first yes was said; nothing is joined yet."""
    return Page(
        "join_asked",
        "One more yes is needed",
        (
            Text("Nothing is joined yet. Go back to the chat where you got the code."),
            Text(
                "Open Peer Support there. Choose My talks and choices, then I also use another chat, and say yes."
            ),
            Text("You have ten minutes. After that, nothing is joined and you can get a new code."),
            mine(),
        ),
    )


def refused(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """The maker of the code said no."""
    return Page(
        "join_refused",
        "Nothing was joined",
        (
            Text("Your record is yours alone, as before. The code works no more."),
            Alert(
                Tone.WAITING,
                "If you did not enter it yourself, someone saw your code. Please tell the person who runs the scheme.",
            ),
            Button("The chats you use", OpenChats(), Weight.QUIET),
            mine(),
        ),
    )


def joined(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Both chats are one person's now."""
    return Page(
        "chats_joined",
        "Both chats are yours now",
        (
            Text("Both open the same record, and nothing in it was lost. Nobody else was told."),
            Text("We write to you in one chat only. You can choose which under My profile."),
            Button("My profile", OpenProfile()),
            mine(),
        ),
    )


def apart(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """They stay two for now; the same words whatever stands in the way."""
    return Page(
        "chats_apart",
        "They stay apart for now",
        (
            Text("Nothing was changed, and nothing was lost. Both chats work as before."),
            Text("They can be joined once there is no talk and no open request in one of them."),
            Text("If you serve here, the other chat can hold nothing of your own either."),
            Text("If both have different duties here, one has to be ended first. Ask whoever gave it."),
            Text("Look under My talks and choices in both. When things have ended there, get a new code."),
            mine(),
        ),
    )
