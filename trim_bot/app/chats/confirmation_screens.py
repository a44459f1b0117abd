"""What is said while two chats wait for the second yes, and once it was given or not."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.chats.commands import OpenChats
from trim_bot.app.chats.screens import mine
from trim_bot.app.seam.links import OpenProfile
from trim_bot.app.seam.unsigned import Button, Page, Screen
from trim_bot.app.seam.views import Alert, Text, Tone, Weight
from trim_bot.app.seam.work import Work


def asked(work: Work, ids: Mapping[str, str]) -> Screen:
    """The first yes was said; nothing is joined yet."""
    return Page(
        "join_asked",
        "One more yes is needed",
        (
            Text("Nothing is joined yet. Go back to the chat where you got the code."),
            Text("Open Peer Support there. Choose What is mine, then I also use another chat, and say yes."),
            Text("You have ten minutes. After that, nothing is joined and you can get a new code."),
            mine(),
        ),
    )


def refused(work: Work, ids: Mapping[str, str]) -> Screen:
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


def joined(work: Work, ids: Mapping[str, str]) -> Screen:
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


def apart(work: Work, ids: Mapping[str, str]) -> Screen:
    """They stay two for now; the same words whatever stands in the way."""
    return Page(
        "chats_apart",
        "These two stay apart for now",
        (
            Text("Nothing was changed, and nothing was lost. Both chats work as before."),
            Text("They can be joined once there is no talk and no open request in one of them."),
            Text("If you serve here, the other chat can hold nothing of your own either."),
            Text("If both have different duties here, one has to be ended first. Ask whoever gave it."),
            Text("Look under What is mine in both. When things have ended there, get a new code."),
            mine(),
        ),
    )
