"""One's own profile: how to be reached, usual hours, and room for those who serve: one file, as it is one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

from trim_bot.app.own.commands import PutZoneAside
from trim_bot.app.people.screens import REACH
from trim_bot.app.requests.screens import REVISIONS, language_name
from trim_bot.app.seam.languages import DAYS
from trim_bot.app.seam.links import OpenMe, OpenProfile
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.text_kinds import TextKind
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import (
    Choice,
    Choices,
    DateInput,
    Input,
    Option,
    Text,
    TextInput,
    Toggle,
    Weight,
    Wording,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.people import Availability, Reach
from trim_bot.domain.zones import city_words

ROOM = Wording(
    Availability,
    {
        Availability.ROOM: "I have room for someone new",
        Availability.FULL: "I keep those I support, and take no one new",
        Availability.AWAY: "I am away",
    },
)


MAIN = "site"
"""The choice of the main place."""
LIKE_PLATFORM = "platform"
"""The choice of whatever language the chat or the browser is in."""
SITE_ZONE = "site"
"""The choice of the clock of where somebody works."""
WHAT_IT_SHOWS = (
    "Otherwise it waits on your page. If you choose this, "
    "the owner of the chat can often tell that you asked, or what you answered."
)
"""Said before somebody chooses to be written to about changes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The profile as it stands, as the form shows it."""

    zone: str
    hours: str
    days: tuple[str, ...]
    phone: str = field(repr=False)
    reach: Reach
    best_time: str = field(repr=False)
    away_from: str
    """ISO date of the first day away, while that is to come; else empty."""
    away_until: str
    """ISO date of the last day away, or empty."""
    availability: Availability | None
    """None for those who do not serve; they are not asked."""
    language: str
    languages: tuple[str, ...]
    site_zone: str
    zones: tuple[tuple[str, str], ...]
    """The zones that can be chosen, those of the site's places first, each with what to call it."""
    reads: str = ""
    """The code of the language they chose to read in; empty where they leave it to their platform."""
    readable: tuple[tuple[str, str], ...] = ()
    """The languages that the desk can be read in, by code, each as it calls itself."""
    sites: tuple[tuple[str, str], ...] = ()
    """The places of the site, each with its name; empty where there is one."""
    site: str = MAIN
    """The one they chose."""
    places: tuple[tuple[str, str], ...] = ()
    """Where messages may go, each with what to call it; empty for those with one chat at most."""
    first: str = ""
    """The place chosen, or that is used as long as none is."""
    in_chat: bool = True
    """Whether they have an account in a chat; nobody else is asked whether to be written to there."""
    changes: bool | None = False
    """Whether they asked to hear of changes; None for those who hear daily, who are not asked."""


def profile_form(kept: Kept) -> Form:
    """The form; those who do not serve are not asked about room."""
    about_room: tuple[Block, ...] = ()
    if kept.availability is not None:
        about_room = (
            Choice.of(
                "availability",
                "Your room",
                ROOM,
                hint="When you are away, what waits for you moves to a colleague.",
                value=kept.availability,
            ),
        )
    blocks: tuple[Block, ...] = (
        Text("We use this to reach you at a good time. Your manager cannot see it."),
        TextInput(
            "phone",
            "Your phone number",
            required=False,
            value=kept.phone,
            max_length=40,
            readers="a colleague who talks with you",
            holds=TextKind.OWN_PHONE,
        ),
        Choice.of(
            "reach",
            "How do you like to be reached?",
            REACH,
            only=[one for one in REACH.words if kept.in_chat or one is not Reach.CHAT],
            value=kept.reach,
        ),
        TextInput(
            "best_time",
            "Best time to reach you",
            hint="Such as mornings, or after a late shift.",
            required=False,
            value=kept.best_time,
            max_length=120,
            readers="a colleague who talks with you",
        ),
        TextInput(
            "hours",
            "Your usual hours",
            hint="Such as 09:00-17:00, or 22:00-06:00 for nights. Leave empty for the site's hours.",
            required=False,
            value=kept.hours,
            max_length=60,
        ),
        Choices(
            "days",
            "Days of these hours",
            tuple(Option(str(number), day) for number, day in enumerate(DAYS)),
            value=kept.days,
        ),
        _zone(kept),
        *_sites(kept),
        *_reads(kept),
        *_language(kept),
        *_places(kept),
        *_changes(kept),
        *about_room,
        DateInput(
            "away_from",
            "First day away",
            hint="If you will be away later. Leave it empty if you are away from now on.",
            required=False,
            value=kept.away_from,
        ),
        DateInput(
            "away_until",
            "Last day away",
            hint="If you are or will be away: we write to you again the day after. Otherwise leave it empty.",
            required=False,
            value=kept.away_until,
        ),
    )
    return Form(
        OpenProfile(),
        "My profile",
        blocks,
        submit="Save",
        revision=_revision(blocks),
    )


def saved(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """The profile is kept."""
    return Page(
        "profile_saved",
        "Your profile is saved",
        (
            Text("We use it from now on. Nobody else was told."),
            Button("Look at it again", OpenProfile(), Weight.QUIET),
            Button("My talks and choices", OpenMe(), Weight.QUIET),
        ),
    )


def put_aside(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """They do not say which zone they live in."""
    return Page(
        "zone_put_aside",
        "That is fine",
        (
            Text("We go by the site's time, and do not ask again. You can change it under My profile."),
            Button("My profile", OpenProfile(), Weight.QUIET),
            Button("My talks and choices", OpenMe(), Weight.QUIET),
        ),
    )


def zone_question(zone: str) -> tuple[Block, ...]:
    """Asked once of somebody whose chat does not tell where they live; nothing when `zone` is empty."""
    if not zone:
        return ()
    return (
        Text(
            phrase("We do not know your time zone or hours. Until you tell us, we go by {zone}.", zone=zone),
            quiet=True,
        ),
        Button("Tell us your hours", OpenProfile(), Weight.QUIET),
        Button("This is fine", PutZoneAside(), Weight.QUIET),
    )


def _zone(kept: Kept) -> Choice:
    """By city; of so many one is found by a part of its name."""
    own = (Option(SITE_ZONE, phrase("The site's: {city_words}", city_words=city_words(kept.site_zone))),)
    zones = tuple(Option(name, as_given(label)) for name, label in kept.zones)
    return Choice(
        "zone",
        "Your time zone",
        (*own, *zones),
        "Choose the nearest big city on your clock.",
        required=False,
        value=kept.zone or SITE_ZONE,
        compact=True,
    )


def _sites(kept: Kept) -> tuple[Choice, ...]:
    if not kept.sites:
        return ()
    hint = "Its public holidays, hours and numbers for help count for you."
    options = tuple(Option(value, as_given(label)) for value, label in kept.sites)
    return (Choice("place", "Where you work", options, hint=hint, value=kept.site, compact=True),)


def _places(kept: Kept) -> tuple[Choice, ...]:
    if not kept.places:
        return ()
    hint = "We write in one place only. If someone may be in danger and you serve, we still write in chat."
    options = tuple(Option(value, label) for value, label in kept.places)
    return (Choice("first", "Where we write to you", options, hint=hint, value=kept.first),)


def _changes(kept: Kept) -> tuple[Toggle, ...]:
    if kept.changes is None:
        return ()
    return (
        Toggle(
            "changes", "Write to me when something changes for me", hint=WHAT_IT_SHOWS, value=kept.changes
        ),
    )


def _language(kept: Kept) -> tuple[Choice, ...]:
    if len(kept.languages) < 2:
        return ()
    options = tuple(Option(code, language_name(code)) for code in kept.languages)
    value = kept.language if kept.language in kept.languages else ""
    return (Choice("language", "Language you like to talk in", options, value=value),)


def _reads(kept: Kept) -> tuple[Choice, ...]:
    if len(kept.readable) < 2:
        return ()
    options = (
        Option(LIKE_PLATFORM, "As in my chat or browser"),
        *(Option(code, name) for code, name in kept.readable),
    )
    hint = "Only you know this. Messages in chat stay in the language of your site."
    value = kept.reads or LIKE_PLATFORM
    return (Choice("reads", "Language of these pages", options, hint, value=value, compact=True),)


def _revision(blocks: tuple[Block, ...]) -> int:
    values = "\n".join(str(block.value) for block in blocks if isinstance(block, Input))
    return crc32(values.encode("utf-8", "surrogatepass")) % REVISIONS
