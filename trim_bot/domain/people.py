"""Members of an organisation: who they are, how they are reached, what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from trim_bot.domain.calendar import Shift, WorkingHours
from trim_bot.domain.clean_text import one_line, tidy_name
from trim_bot.domain.ids import MAIN_PLACE, AccountId, KeyId, MemberId, PlaceId


class Platform(Enum):
    """Where a member can be met."""

    SLACK = "slack"
    """A Slack workspace."""
    TEAMS = "teams"
    """A Microsoft Teams tenant."""
    WEB = "web"
    """The browser alone."""


@dataclass(frozen=True, slots=True)
class Address:
    """One account on one platform: `slack:TEAM:USER`, `teams:TENANT:OBJECT`, `web:ADDRESS`.

    `workspace` is empty for the browser. The text form is what look-ups are keyed on.
    """

    platform: Platform
    workspace: str
    user: str

    @property
    def text(self) -> str:
        """The address as typed on the command line and carried in forms."""
        if self.platform is Platform.WEB:
            return f"web:{self.user}"
        return f"{self.platform.value}:{self.workspace}:{self.user}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read the text form; raises ValueError with safe text when it is not one."""
        platform, _, rest = one_line(text).partition(":")
        if platform == "web" and rest:
            return cls(Platform.WEB, "", rest.strip().lower())
        workspace, _, user = rest.partition(":")
        if platform in ("slack", "teams") and workspace and user:
            return cls(Platform(platform), workspace, user)
        raise ValueError("an address reads slack:TEAM:USER, teams:TENANT:OBJECT or web:ADDRESS")


class Role(Enum):
    """What a member may do beyond asking for support; no role exists for managers."""

    PRACTITIONER = "practitioner"
    """Trained colleague who logs incidents and holds conversations."""
    LEAD = "lead"
    """Supervising practitioner who assigns, covers and takes safety calls."""
    SUSPENDED_LEAD = "suspended_lead"
    """Was the lead, and may do nothing as one until the role is given again."""
    DEPUTY = "deputy"
    """Stands in for the lead."""
    CLINICAL_LEAD = "clinical_lead"
    """Signs thresholds and questionnaires; sees no case."""
    COORDINATOR = "coordinator"
    """Keeps roster, training and rota; sees de-identified figures only."""
    ADMINISTRATOR = "administrator"
    """Installs and sets up; sees no case and no count."""
    AUDITOR = "auditor"
    """Verifies and searches the journal by opaque ids."""


class Reach(Enum):
    """How somebody likes to be contacted."""

    PHONE = "phone"
    """By phone or text message."""
    CHAT = "chat"
    """By a direct message in the workplace chat."""
    IN_PERSON = "in_person"
    """Face to face at work."""
    BROWSER = "browser"
    """Only through the desk's own pages."""


class Availability(Enum):
    """How much room a practitioner says they have."""

    ROOM = "room"
    """Can take on more."""
    FULL = "full"
    """Keeps open cases, takes no new ones."""
    AWAY = "away"
    """Not working; open steps move to cover."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person the desk knows of. Everything that could tell who or where they are is sealed."""

    id: MemberId
    key_id: KeyId
    name: str
    phone: str = ""
    reach: Reach = Reach.CHAT
    best_time: str = ""
    zone: str = ""
    """IANA name; empty means the site's zone."""
    hours: WorkingHours | None = None
    shifts: tuple[Shift, ...] = ()
    away_from: datetime | None = None
    """When leave that was entered ahead begins, UTC; None where it has begun, or there is none."""
    away_until: datetime | None = None
    place: PlaceId = MAIN_PLACE
    """Id of the place whose clock, holidays, hours and numbers count for them; empty means the main one."""
    language: str = "en"
    """In which they like to talk."""
    reads: str = ""
    """In which they chose to read the desk's pages; empty where they leave it to their platform and site."""
    availability: Availability = Availability.ROOM
    messages_stopped: bool = False
    told_of_changes: bool = False
    """Asked to be written to whenever something of theirs changes, knowing what that shows."""
    listed: bool = False
    """Entered by sign-in or by the site, so that naming them tells nothing."""
    on_leave: bool = False
    """Whether leave with a last day lasts, for figures, which may read no sealed day; the sweep keeps it true."""
    left: bool = False
    asked: bool = False
    """Was asked once for what no platform told, their zone, and has answered or put it aside."""
    lines: tuple[str, ...] = ()
    """Keyed digests of chats they took off, by which reporting lines still know them."""
    known_as: str = ""
    """Name and phone in one form, of somebody without an account; only a keyed digest of it is kept."""


def leave_lasts(member: Member, now: datetime) -> bool:
    """Whether leave with a last day has begun and is not over at `now` (UTC)."""
    begun = member.away_from is None or member.away_from <= now
    return begun and member.away_until is not None and member.away_until > now


GONE = "gone"
"""The route of an account whose owner took the app away: nothing may be sent there until they have it again."""


@dataclass(frozen=True, slots=True)
class Account:
    """One address of one member; found by a keyed look-up, never by reading."""

    id: AccountId
    key_id: KeyId
    member_id: MemberId
    platform: Platform
    address: str
    """`Address.text`, sealed, and keyed for look-up."""
    route: str = ""
    """Where the platform wants messages sent, in the adapter's own words, or GONE; empty if it needs none."""
    first: bool = False
    """Chosen by its owner as the place for messages, where they have several."""
    left: bool = False
    """The platform says that its owner is not there any more; they may still be on another."""
    listed_as: str = ""
    """Keyed digest of all that the platform's list told of it last; empty where it never was met by the list."""
    place: str = ""
    """Where they work or what as, in the platform's own words: tells two of one name apart."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Whom a member turned out to be, once somebody showed that two were one; the journal still names the former."""

    id: MemberId
    """What the member was known as."""
    key_id: KeyId
    """The former member's own key, which lives as long as the one they became."""
    member_id: MemberId
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held by a member."""

    id: str
    member_id: MemberId
    role: Role
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class Training:
    """A practitioner's training attestation; the newest one counts."""

    id: str
    key_id: KeyId
    member_id: MemberId
    provider: str
    trained_on: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class ReportingLine:
    """One person's manager, imported by the site; both ends are keyed digests and cannot be read back."""

    id: str
    person: str
    manager: str


MOST_PLACE = 80
"""Longest place that is taken from a platform, in characters."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform tells of one of its accounts; its names are cleaned here, whoever tells them."""

    address: Address
    name: str
    zone: str = ""
    language: str = ""
    hours: WorkingHours | None = None
    left: bool = False
    """Deactivated, a guest of another workspace, or a bot: not someone to offer support to."""
    handle: str = ""
    """What the platform's gestures call them, where that is not their name; used while it cannot be asked."""
    place: str = ""
    """Where they work or what as, as far as the platform says."""

    def __post_init__(self) -> None:
        for field in ("name", "handle"):
            object.__setattr__(self, field, tidy_name(getattr(self, field)))
        place = one_line(self.place[: 2 * MOST_PLACE])[:MOST_PLACE].strip()
        object.__setattr__(self, "place", place)
