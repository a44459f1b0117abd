"""Every sentence of the set-up list about the chats that are connected, each with a test message of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trim_bot.app.seam.command import Command
from trim_bot.app.seam.sentences import joined, listed, ours, phrase, phrase_of
from trim_bot.app.setting_up.checklist import ConnectedChat
from trim_bot.app.setting_up.commands import SendTestMessage
from trim_bot.domain.people import Platform

_CHATS = {Platform.SLACK: "Slack", Platform.TEAMS: "Teams", Platform.WEB: "the browser"}
MOST_NAMED = 5
"""Chats that are named one by one; of the others how many they are."""
MOST_BUTTONS = 10
"""Buttons of the line; those not tested yet come first, so that each has its turn."""


def chats_line(chats: Sequence[ConnectedChat]) -> str:
    """Which took a test message, and which did not yet."""
    if not chats:
        return "No chat is connected, so there is nothing to send. People use the browser."
    taken, left = _named(one for one in chats if one.taken), _named(one for one in chats if not one.taken)
    if not left:
        return phrase_of(
            len(chats),
            "Your chat ({chats}) took a test message.",
            "Each of your chats ({chats}) took a test message.",
            chats=taken,
        )
    away = _named(one for one in chats if not one.taken and not one.reaches)
    told = [phrase("{chats} took a test message.", chats=taken)] if taken else []
    told.append(phrase("No test message has gone to {chats} yet.", chats=left))
    if any(one.reaches and not one.taken for one in chats):
        told.append(phrase("Send one to yourself. It says nothing about you."))
    if away:
        told.append(phrase("In {chats} open the desk first, then send one from there.", chats=away))
    return joined(told)


def _named(chats: Iterable[ConnectedChat]) -> str:
    """The first chats one after the other, and how many more; empty where there is none."""
    names = [_chat(one) for one in chats]
    if len(names) > MOST_NAMED:
        names[MOST_NAMED:] = [phrase("{n} more", n=len(names) - MOST_NAMED)]
    return listed(names) if names else ""


def _chat(one: ConnectedChat) -> str:
    """What a chat is called; with its own name where several of its platform are connected."""
    platform = ours(_CHATS[one.platform])
    return phrase("{platform} {name}", platform=platform, name=one.name) if one.name else platform


def ways_to_test(chats: Sequence[ConnectedChat]) -> Iterator[tuple[str, Command]]:
    """A button for each chat in which whoever looks can be written to, what is missing first."""
    able = [one for one in sorted(chats, key=lambda chat: chat.taken) if one.reaches]
    for one in able[:MOST_BUTTONS]:
        yield _test_label(one, chats), SendTestMessage(one.key)


def _test_label(one: ConnectedChat, chats: Sequence[ConnectedChat]) -> str:
    if len(chats) == 1:
        return "Send me a test message"
    return phrase("Send me a test message: {chat}", chat=_chat(one))
