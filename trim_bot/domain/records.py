"""Small records the desk keeps beside its cases, and the rule by which a subject keeps one of its own: one file,
since each is a few fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import NewType, get_args, get_type_hints

from trim_bot.domain.ids import KeptPageId, KeyId, MemberId, SessionId


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """What a consumed form token led to: a screen's name and ids, drawn again for a replay. Never content."""

    id: str
    """Keyed digest of actor and nonce."""
    screen: str
    ids: Mapping[str, str]
    stored_at: datetime


CODE = "code"
"""Purpose of a session that is a one-time code."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser, or a one-time link to become one. The id is a digest; the secret is not kept."""

    id: SessionId
    member_id: MemberId
    purpose: str
    """`link` (usable once) or `session`."""
    expires_at: datetime
    """Real time, UTC."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """What shows a page again that a browser saw, sealed with a secret that this browser alone holds."""

    id: KeptPageId
    """Digest of that secret and of the handle in the page's address."""
    holder: str
    """Digest of the secret: the id of the session, or of a visitor who is signed out."""
    member_id: str
    """Whose it is; empty for somebody who is signed out."""
    kept_at: datetime
    """Real time, UTC."""
    kept: str
    """Ciphertext as base64, which no key of ours opens alone."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """That an account was welcomed, and whether messages there were stopped when its owner was erased.

    It outlives a record that is erased, so that its owner hears from the desk as if they had never used it.
    """

    id: str
    """The keyed digest by which the account is found."""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Erasure:
    """A member asked to be erased; carried out soon after, outside the transaction that took it down."""

    id: str
    member_id: MemberId
    asked_at: datetime
    """Business time, UTC."""


@dataclass(frozen=True, slots=True)
class NoteSent:
    """When a note to everybody last went out. Nobody's name or hours are in it."""

    id: str
    """Value of the message kind; or a name of ours, such as that nobody is welcomed yet since the founding."""
    sent_at: datetime
    """When it was asked for; business time, UTC."""


class Action(Enum):
    """What the journal can say happened."""

    SHOWED = "showed"
    """Content was read."""
    REFUSED = "refused"
    """Something was asked for and refused."""
    LOGGED = "logged"
    """An incident was logged."""
    CORRECTED = "corrected"
    """A mistake was put right."""
    OFFERED = "offered"
    """An offer was made."""
    ANSWERED = "answered"
    """An offer was answered."""
    ASSIGNED = "assigned"
    """A case or request changed hands."""
    HELD = "held"
    """A conversation was recorded."""
    SAFETY = "safety"
    """A safety call was made or acknowledged."""
    TAKEN_BACK = "taken_back"
    """A safety call was taken back by whoever made it, as pressed by mistake."""
    REFERRED = "referred"
    """A referral was offered or moved on."""
    CLOSED = "closed"
    """A case or request ended."""
    REOPENED = "reopened"
    """Talks that were ended by mistake were opened again."""
    WITHDRAWN = "withdrawn"
    """A person ended their part."""
    REQUESTED = "requested"
    """Support was asked for."""
    CLIMBED = "climbed"
    """A step changed owner because nobody acted."""
    CHANGED = "changed"
    """Settings, roles, training or a profile changed."""
    ERASED = "erased"
    """Records were erased."""
    SIGNED_IN = "signed_in"
    """A browser was signed in or out."""
    NOTIFIED = "notified"
    """A message reached its end: sent, dropped or given up."""


SHOWN_IN_DOUBT = frozenset({"safety", "safety_called"})
"""Pages that are shown although the journal is not whole: whom to ring when somebody may not be safe."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One link of an organisation's chain. Actor and subject are pseudonyms that die with their keys."""

    seq: int
    at: datetime
    actor: str
    action: Action
    what: str
    """Name of the command or screen."""
    subject: str
    times: int
    """How many repeats were folded into this row."""
    digest: str


class AnyMeasure(Enum):
    """What is counted, organisation-wide, for closed periods; a subject adds to these with a class of its own."""


class Measure(AnyMeasure):
    """What is counted and may be shown, in bands: the published tables are made of these alone."""

    INCIDENTS = "incidents"
    """Incidents logged."""
    OFFERED = "offered"
    """People offered a conversation."""
    ACCEPTED = "accepted"
    """People who said yes."""
    REQUESTS = "requests"
    """Requests for support."""
    REACHED = "reached"
    """First contacts made after a yes, or after a request was taken."""
    REACHED_IN_TIME = "reached_in_time"
    """People spoken with by the day they were told."""
    HELD_FIRST = "held_first"
    """First conversations held."""
    HELD_MONTH = "held_month"
    """One-month conversations held."""
    HELD_STRESS = "held_stress"
    """Stress conversations held."""
    HELD_LATER = "held_later"
    """Contacts held after the one-month conversation."""
    REFERRED = "referred"
    """Referrals accepted."""
    NO_OWNER = "no_owner"
    """Steps that reached the end of the ladder, whatever they are about."""
    STOOD = "stood"
    """Steps that stood there and have left since, one for each week in which they did."""
    UNDERSTAFFED = "understaffed"
    """One for a week in which fewer served than the site has declared it needs."""


class RecordedMeasure(AnyMeasure):
    """What others recorded for people who have no account: never added to the figures of those who have one.

    No page shows it. Whoever invents people could else fill a band up to its edge, and see in it whether one more
    said yes.
    """

    OFFERED = "recorded_offered"
    """People without an account who were offered a conversation."""
    ACCEPTED = "recorded_accepted"
    """Answers of yes that somebody else recorded."""
    REQUESTS = "recorded_requests"
    """Requests by somebody who was not signed in."""
    REACHED = "recorded_reached"
    """First contacts with people without an account."""
    REACHED_IN_TIME = "recorded_reached_in_time"
    """People spoken with by the day they were told."""
    HELD_FIRST = "recorded_held_first"
    """First conversations held with people without an account."""
    HELD_MONTH = "recorded_held_month"
    """One-month conversations held with them."""
    HELD_STRESS = "recorded_held_stress"
    """Stress conversations held with them."""
    HELD_LATER = "recorded_held_later"
    """Contacts held with them after the one-month conversation."""
    REFERRED = "recorded_referred"
    """Referrals that they accepted."""


class WeekSays(Enum):
    """All that is ever said about one closed week."""

    ON_TRACK = "on_track"
    """Nothing stood at the end of the ladder."""
    NOT_ON_TRACK = "not_on_track"
    """Something did, of whatever kind."""
    UNDERSTAFFED = "understaffed"
    """Fewer served than the site has declared it needs, so nothing is said about the work."""


@dataclass(frozen=True, slots=True)
class Served:
    """Who served when a week closed, in bands such as `10–14`: what everybody may read."""

    practitioners: str
    """Trained and in date."""
    leads: str
    """Leads and deputies together."""


@dataclass(frozen=True, slots=True)
class WeekStatus:
    """The frozen statement for one closed week; written once and never changed."""

    id: str
    """ISO week, `2026-W47`."""
    says: WeekSays
    written_at: datetime
    practitioners: str = ""
    """How many were trained and in date when it closed, as a band; empty where that was not kept."""
    leads: str = ""
    """The same of leads and deputies together."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The day on which the desk began here, so that it says nothing of a time before."""

    id: str
    """Always `desk`: one record an organisation."""
    began_on: date
    """A day at the site."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Whether the scheme is staffed: whole numbers about practitioners, never about cases."""

    in_date: int
    with_room: int
    full: int
    away: int
    training_ends_soon: int
    """Training that runs out within 60 days, or has."""
    leads: int
    deputies: int
    as_of: date = field(default=date.min)


@dataclass(frozen=True, slots=True)
class SchemeStatus:
    """How the scheme stands: all that the status page tells beside bulletins, of one moment."""

    weeks: Mapping[str, WeekSays]
    """By ISO week, for those whose statement is written."""
    served: Mapping[str, Served]
    """By ISO week, where it was kept."""
    began_on: date | None
    """The day on which the desk began; None before the clock has looked at it for the first time."""
    staffing: Staffing


@dataclass(frozen=True, slots=True)
class RecordRule:
    """How a record type of a subject's own is kept, and what becomes of it when what it names is erased.

    A field that is not sealed lies open, so it is an id, a state, a time or a number. Every id of something else is
    in `goes_with` or in `lets_go_of`, so that no record outlives whom it is about unnoticed. Raises ValueError
    when the rule leaves one out, or names what is not there.
    """

    kind: type[object]
    """A frozen dataclass with `id`, and with `key_id` where anything is sealed."""
    table: str
    sealed: tuple[str, ...] = ()
    """Fields sealed together under the record's key."""
    keyed: tuple[str, ...] = ()
    """Text fields that can be found again by a keyed digest."""
    goes_with: tuple[str, ...] = ()
    """Ids: the whole record is erased together with any of these."""
    lets_go_of: tuple[str, ...] = ()
    """Ids of members who only had a part in it: emptied when they are erased, and the record stays."""

    def __post_init__(self) -> None:
        hints = get_type_hints(self.kind)
        hidden, named = {*self.sealed, *self.keyed}, (*self.goes_with, *self.lets_go_of)
        if not {"id", *hidden, *named} <= set(hints) or (self.sealed and "key_id" not in hints):
            raise ValueError(f"{self.table} has a rule for a field that is not there")
        told = {name for name, hint in hints.items() if name not in ("id", "key_id") and _names(hint)}
        if told != set(named) or len(named) != len(told) or told & hidden:
            raise ValueError(
                f"{self.table} does not say what becomes of it when something it names is erased"
            )
        if any(hints[name] != MemberId | None for name in self.lets_go_of):
            raise ValueError(f"{self.table} lets go only of members, and only where there may be none")
        if hidden and not self.goes_with:
            raise ValueError(f"{self.table} holds what people said, and goes with nothing")

    def named(self) -> Iterator[tuple[str, object]]:
        """Each field that names something else, with the type of its id."""
        hints = get_type_hints(self.kind)
        return ((name, bare(hints[name])) for name in (*self.goes_with, *self.lets_go_of))


def _names(hint: object) -> bool:
    """Whether a field holds ids of something, alone or among others."""
    if isinstance(hint, NewType):
        return hint is not KeyId
    return any(_names(part) for part in get_args(hint))


def bare(hint: object) -> object:
    """The type hint of a field without its `| None`."""
    parts = [part for part in get_args(hint) if part is not NoneType]
    return parts[0] if NoneType in get_args(hint) and len(parts) == 1 else hint
