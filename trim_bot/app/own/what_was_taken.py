"""What could be read of people, and of which kind, by what was taken of a desk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum, IntEnum


class Taken(Enum):
    """What got into other hands."""

    DATA = "data"
    """The database of `DATABASE_URL`, or a copy of its file."""
    KEYS = "keys"
    """The key store of `KEYSTORE_URL`."""
    LEDGER = "ledger"
    """The ledger of `LEDGER_URL`."""
    ANCHOR = "anchor"
    """The anchor of the ledger or of the journal."""
    KEYRING = "keyring"
    """The keyring, as file or variable."""
    BACKUP = "backup"
    """A whole folder that `backup` wrote: data and keys of its day."""
    CHAT = "chat"
    """An export of the chat, with all messages the desk ever sent there."""
    HOST = "host"
    """The machine or process that serves the desk, or works for it."""


class HowFar(IntEnum):
    """How far whoever has it could read; each holds all before it."""

    NOTHING = 0
    """Nothing of anybody."""
    OPAQUE = 1
    """States and times under opaque ids; nobody's name."""
    SOME_NAMED = 2
    """The same with the person behind the ids of some, by the minute in which the chat says they were written to."""
    NAMED = 3
    """The same with the person behind each id, for whoever also has a list of the staff."""
    CONTENT = 4
    """All that is kept, words and answers too."""


class BreachKind(Enum):
    """What is kept of people, as far as a breach tells them apart."""

    PERSON = "person"
    """That the desk knows them, and how they are reached."""
    ROLE = "role"
    """What they do here."""
    EVENT = "event"
    """A hard event they were part of, with its offer."""
    TALKS = "talks"
    """Talks they had."""
    REQUEST = "request"
    """Support they asked for."""
    MESSAGES = "messages"
    """What the desk wrote to them in chat."""


OPEN_WORDS: Mapping[BreachKind, str] = {
    BreachKind.PERSON: "that they are known here, with room for work, on leave, or gone",
    BreachKind.ROLE: "which role and which days of training",
    BreachKind.EVENT: "that there was an offer after an event, when, and how it was answered",
    BreachKind.TALKS: "that there were talks, when, with whom, and how far they got",
    BreachKind.REQUEST: "that support was asked for, when, and by whom it was taken",
    BreachKind.MESSAGES: "that the app wrote to them, and when; the one text that everybody gets",
}
SEALED_WORDS: Mapping[BreachKind, str] = {
    BreachKind.PERSON: "name, phone, chat ids, how and when they like to be reached, hours, leave, language",
    BreachKind.ROLE: "who trained them",
    BreachKind.EVENT: "what kind of event it was, any account of it, and how close they were",
    BreachKind.TALKS: "answers, notes, what was offered and arranged, and why talks ended",
    BreachKind.REQUEST: "their own words, how to reach them, and the reply",
}


def how_far(taken: Collection[Taken]) -> HowFar:
    """How far all that was taken, put together, could be read."""
    has = set(taken)
    data, keys = bool(has & {Taken.DATA, Taken.BACKUP}), bool(has & {Taken.KEYS, Taken.BACKUP})
    if Taken.HOST in has or (data and keys and Taken.KEYRING in has):
        return HowFar.CONTENT
    if data:
        # Whoever has the root of the keyring makes the digest of any address of a list, and looks it up.
        if Taken.KEYRING in has:
            return HowFar.NAMED
        return HowFar.SOME_NAMED if Taken.CHAT in has else HowFar.OPAQUE
    return HowFar.NOTHING
