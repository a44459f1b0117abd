"""What the pages ask of the desk and of the practice workspace, as protocols, and all that they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from integrations.web.direct_message import SLACK_HOME
from integrations.web.rate_limit import MOST_ASKS, MOST_LOOKS, MOST_SIGN_INS, RateLimit
from trim_bot.app.clock.clocks import real_now
from trim_bot.app.seam.door import DeskLike
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.log_events import Tell
from trim_bot.app.seam.page_again import PageAgain, PageKey
from trim_bot.app.seam.views import Message, View
from trim_bot.domain.name_search import PeopleChoice
from trim_bot.domain.people import Address, Role
from trim_bot.domain.site import CrisisNumber


class SignedIn(Protocol):
    """Who a session belongs to."""

    @property
    def actor(self) -> Actor: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def country(self) -> str: ...


class Desk(DeskLike, Protocol):
    """The one door, with the sessions the browser needs. Any of these may raise a SafeError."""

    async def lead_on(self, actor: Actor, gesture: Gesture, key: PageKey, sent: PageAgain) -> View:
        """Carry a gesture out; what can be shown again is kept under the key: then `LedOn`.

        `sent` shows the page of what only shows something, and the form where something in it is to be mended.
        """
        ...

    async def kept_page(self, slug: str, key: PageKey) -> PageAgain | None:
        """The page that a browser has under a handle; None where there is none any more."""
        ...

    def mark(self, actor: Actor) -> str:
        """For whom a page is drawn, sealed, so that its form can say so."""
        ...

    def marked(self, mark: str) -> Address | None:
        """Whom `mark` was made for; None where it was not made here, or a day ago."""
        ...

    async def keep_unsent(self, typed_by: Address, page: PageAgain, key: PageKey) -> bool:
        """Keep a form that was not sent for whoever typed it; False where there is no such member."""
        ...

    async def unsent(self, actor: Actor, secret: str) -> Sequence[str]:
        """Forms of the actor's own that were not sent from this browser, by the id of each, the newest first."""
        ...

    async def take_unsent(self, actor: Actor, secret: str, id: str, key: PageKey) -> bool:
        """Put one of them under the key; False where it is not there any more, or another's."""
        ...

    async def drop_unsent(self, actor: Actor, secret: str) -> None:
        """Forget them."""
        ...

    async def redeem(self, link_secret: str) -> str | None:
        """Swap a one-time link for a session secret; None when it was used or has run out."""
        ...

    async def signed_in(self, session_secret: str) -> SignedIn | None:
        """Who a session belongs to, or None."""
        ...

    async def sign_out(self, session_secret: str) -> None:
        """End a session."""
        ...

    async def work_session(self, account: Address) -> str | None:
        """A session secret for whoever has this work account; None where nobody here has it."""
        ...

    async def open_session(self, address: Address) -> str:
        """A session secret for practice; raises a SafeError when nobody has this address."""
        ...

    async def people_to_choose(self, actor: Actor) -> PeopleChoice | None:
        """Whom the actor may name in a form, to be found in memory; None for those whose forms name nobody."""
        ...

    async def employer_view(self, slug: str) -> View:
        """What closed weeks and quarters say of an organisation, for anyone."""
        ...


@dataclass(frozen=True, slots=True)
class PracticePerson:
    """A sample member one can be."""

    address: Address
    name: str
    role_label: str


@dataclass(frozen=True, slots=True)
class PracticeMessage:
    """A chat message that was delivered in practice, at business time."""

    at: datetime
    message: Message


@dataclass(frozen=True, slots=True)
class PracticeStep:
    """One step of the tour: what to do, and what its button does."""

    text: str
    done: bool
    actor: str
    """Whom to be, as `Address.text`; empty where the step moves the clock."""
    path: str = field(repr=False)
    """Where it leads; it may hold the token of a message."""
    to: datetime | None
    """The time to move to; None where the step is somebody's, or cannot be done yet."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What moving the clock set off."""

    ran: int
    """How many things the clock did, most of them messages."""
    talks: int
    """How many talks came due."""


class Practice(Protocol):
    """The movable clock and the sample members; given in practice only."""

    def now(self) -> datetime:
        """Business time, UTC."""
        ...

    def zone(self) -> str:
        """IANA name of the zone in which the clock is spoken."""
        ...

    async def move(self, to: datetime) -> Moved:
        """Move business time and run what comes due. ValueError when backwards."""
        ...

    async def look(self, path: str, roles: frozenset[Role], *, sends: bool) -> None:
        """A page is asked for by somebody with these roles, or sent; see how far the tour has come."""
        ...

    def tour(self) -> Sequence[PracticeStep]:
        """The steps of the tour, as they stood when a page was last asked for; none where there is no tour."""
        ...

    def people(self) -> Sequence[PracticePerson]:
        """The sample members, in the order to show them."""
        ...

    def messages(self, address: Address) -> Sequence[PracticeMessage]:
        """What the chat of one member holds, oldest first."""
        ...

    def jumps(self) -> Sequence[tuple[str, datetime]]:
        """Times worth moving to, such as `("day 3", ...)`."""
        ...


class WorkSignIn(Protocol):
    """Tells which work account somebody has. Either may raise TryLater."""

    async def begin(self) -> tuple[str, str]:
        """Where to send somebody, and what their browser keeps until they come back."""
        ...

    async def finish(self, kept: str, answer: Mapping[str, str]) -> Address:
        """The account of whoever came back with this answer. Raises a SafeError where it proves nothing."""
        ...


class Consent(Protocol):
    """Takes in the tenants whose administrators agree. Either may raise TryLater."""

    def begin(self) -> tuple[str, str]:
        """Where to send an administrator, and what their browser keeps until they come back."""
        ...

    async def finish(self, kept: str, answer: Mapping[str, str]) -> bool:
        """Whether the tenant has its organisation now."""
        ...


@dataclass(frozen=True, slots=True)
class Web:
    """Everything the pages are given at the start."""

    desk: Desk
    help_numbers: Callable[[], HelpPage]
    entry_words: Callable[[str], tuple[str, ...] | None]
    opens: Callable[[str], bool]
    """Whether opening a form or button by this name only shows something."""
    default_slug: Callable[[], str | None]
    practice: Practice | None
    secret: bytes
    https: bool
    signed_out_limit: RateLimit = field(default_factory=RateLimit)
    """How often one address may send something without a name."""
    ask_limit: RateLimit = field(default_factory=lambda: RateLimit(most=MOST_ASKS))
    """How often one address may ask for a talk without a name."""
    sign_in_limit: RateLimit = field(default_factory=lambda: RateLimit(most=MOST_SIGN_INS))
    """How often one address may go to the login and come back: each return asks the login something."""
    look_limit: RateLimit = field(default_factory=lambda: RateLimit(most=MOST_LOOKS))
    """How often one session may look for people by name."""
    work: WorkSignIn | None = None
    """Signing in with the work account, where Teams is set up."""
    consent: Consent | None = None
    """Taking in further tenants, where the app is for many."""
    tab: bool = False
    """Whether the page for the frame in Teams is served."""
    slack_home: str = SLACK_HOME
    tell: Tell = lambda event, error=None, about="": ""
    """Told of every page whose place says that something went wrong."""

    def today(self) -> date:
        """The day it is, UTC; in practice that of the movable clock."""
        return (real_now() if self.practice is None else self.practice.now()).date()


@dataclass(frozen=True, slots=True)
class HelpPage:
    """Numbers of the sites first, then of every country; when to expect an answer, in working days."""

    site: tuple[CrisisNumber, ...] = ()
    everywhere: tuple[CrisisNumber, ...] = ()
    answer_working_days: int | None = None
    places: tuple[str, ...] = ()
    """The countries in which the sites have places, the main ones first."""
    home: str = ""
    """The country of whoever says nothing; empty where it is not known, for none is guessed."""
