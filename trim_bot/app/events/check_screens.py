"""The page on which many offers are looked at before they go out: the same form, with what would happen above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32
from zoneinfo import ZoneInfo

from trim_bot.app.seam.links import OpenLog
from trim_bot.app.seam.sentences import joined, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Form
from trim_bot.app.seam.views import Facts, Heading, Text
from trim_bot.app.words.times import spoken

CHECK_TITLE = "Check, then send"
REVISIONS = 1_000_000
MOST_NAMES = 20
"""Names shown of one group; of the others how many they are."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The names of those who would get an offer, by how it reaches them."""

    in_chat: tuple[str, ...] = ()
    on_page: tuple[str, ...] = ()
    in_person: tuple[str, ...] = ()

    @property
    def many(self) -> int:
        """How many they are."""
        return len(self.in_chat) + len(self.on_page) + len(self.in_person)


def check_form(
    form: Form, seen: str, reached: Reached, goes: datetime, now: datetime, zone: ZoneInfo
) -> Form:
    """The form for an event with all that stands in it, under what would happen. `goes` is when the site works next."""
    begins = phrase("today, from now") if goes <= now else phrase("from {when}", when=spoken(goes, zone))
    groups = (
        ("By one message in chat", reached.in_chat),
        ("On their page in the browser", reached.on_page),
        ("By you, in person: no chat reaches them", reached.in_person),
    )
    rows = tuple((how, _names(names)) for how, names in groups if names)
    first: tuple[Block, ...] = (
        Heading(phrase_of(reached.many, "{n} person gets an offer", "{n} people get an offer")),
        Text("Nothing is sent yet. Please look at who they are."),
        Facts(rows),
        *(
            (Text(phrase("Messages go out in each person's working hours, {begins}.", begins=begins)),)
            if reached.in_chat
            else ()
        ),
        Text("All you filled in is below. You can still change it, then press Log and offer."),
    )
    revision = 1 + crc32(seen.encode()) % REVISIONS
    return replace(
        form,
        shown_by=OpenLog(seen),
        title=CHECK_TITLE,
        blocks=(*first, *form.blocks),
        revision=revision,
    )


def _names(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    said = joined(names[:MOST_NAMES], ", ")
    return (
        phrase("{number}: {names} and {more} more", number=len(names), names=said, more=more)
        if more > 0
        else phrase("{number}: {names}", number=len(names), names=said)
    )
