"""What the desk needs from the outside, as protocols in one file: all that the core knows of stores and platforms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ParamSpec, Protocol, TypeVar

from trim_bot.app.seam.views import Message
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import KeyId, OrganisationId, RecordType
from trim_bot.domain.journal_search import FoundRows, JournalSearch
from trim_bot.domain.looks import ClockLook
from trim_bot.domain.people import Address, Profile
from trim_bot.domain.records import Action, AnyMeasure, JournalEntry, SchemeStatus, Staffing
from trim_bot.domain.site import CrisisNumber, Organisation
from trim_bot.domain.steps import Outgoing, Step

R = TypeVar("R")
L = TypeVar("L")
Last = tuple[str, int]
"""A field, and how many records with the latest in it."""
K = TypeVar("K", bound=str)
P = ParamSpec("P")
T = TypeVar("T")


class Clock(Protocol):
    """Two times: business time may be moved in practice; real time never."""

    def now(self) -> datetime:
        """Business time, UTC."""
        ...

    def real(self) -> datetime:
        """Real time, UTC: for signatures, tokens, sessions and leases."""
        ...


class TimeWitness(Protocol):
    """Hears what somebody else's clock says, so that a wrong one of ours destroys nothing."""

    def heard(self, source: str, said: datetime) -> None:
        """`source` is a fixed word (`slack`, `teams`, `database`); `said` is the time it told just now (aware).

        It may be called as often as one likes: it does no I/O and raises nothing.
        """
        ...


class Counts(Protocol):
    """StoreAndClock figures, with no way to any case, name or key. All that a status handler is given."""

    def totals(self, period: str) -> Mapping[AnyMeasure, int]:
        """Sums of one closed period, a quarter `2026-Q4` or an ISO week `2026-W47`. What was altered is left out."""
        ...

    def altered(self, period: str) -> bool:
        """Whether a figure of a period, or a row of who serves now, was altered: nothing may be said from them."""
        ...

    def staffing(self, today: date) -> Staffing:
        """Who serves, with training as it stands on a day."""
        ...

    def standing(self, newest_weeks: tuple[str, str], today: date) -> SchemeStatus:
        """What the status page tells beside bulletins, of one moment: statements of closed weeks, and who serves.

        `newest_weeks` are two ISO weeks, and staffing is that of the day `today`.
        """
        ...


class Journal(Protocol):
    """The tamper-evident record; the only thing the core reports to."""

    def write(self, actor: str, action: Action, what: str, subject: str, at: datetime) -> None:
        """Add a row to the chain; the same reading again within the hour is not written twice."""
        ...

    def about(self, subjects: Sequence[str], limit: int) -> list[JournalEntry]:
        """The newest rows about any of these pseudonyms, newest first."""
        ...

    def search(self, wanted: JournalSearch, before: int | None, limit: int) -> FoundRows:
        """At most `limit` rows that fit, newest first, numbered below `before`, in one stretch of the chain."""


class Tx(Protocol):
    """One transaction of one organisation. Records are the frozen dataclasses of `trim_bot.domain`.

    Every record type has `id`. Sealed fields are sealed under the record's `key_id`. Reading or writing may raise the
    vault's own signals (key needed, spares needed), which the store answers by running the body again; so a body
    has no effect but through this object.
    """

    organisation: OrganisationId

    def get(self, kind: RecordType[K, P, R], id: K) -> R | None:
        """The record, or None; also None when its key has been destroyed."""
        ...

    def find(
        self, kind: type[R], /, *, order_by: str = "id", limit: int | None = None, **where: object
    ) -> list[R]:
        """Records whose open or keyed fields equal what is given; a tuple means any of these, however many.

        `order_by` names an open field, with `-` before it for descending.
        """
        ...

    def lines(self, line: type[L], of: type[object], /, last: Last | None = None, **where: object) -> list[L]:
        """What `find` would give of the records `of`, each as a `line`: a dataclass of some of their open fields.

        For lists, which are put in order before any record is opened. By id; or as many as `last` says, from the latest
        of an open field on. Those whose key has been destroyed are among them until they are gone.
        """
        ...

    def get_many(self, kind: RecordType[K, P, R], ids: Iterable[K]) -> dict[K, R]:
        """The records with these ids, by id, at the cost of one; those that `get` would not find are left out."""
        ...

    def tally(self, kind: type[object], by: str, /, **where: object) -> dict[str, int]:
        """How many records equal what is given, by the value of one open field. No record is opened."""
        ...

    def add(self, record: object) -> None:
        """Insert a new record."""
        ...

    def save(self, record: object) -> None:
        """Replace the record of this type and id."""
        ...

    def drop(self, kind: RecordType[K, P, R], id: K) -> None:
        """Delete one record; nothing happens if it is not there."""
        ...

    def new_key(self) -> KeyId:
        """A fresh data key, already kept in the key store."""
        ...

    def expect_keys(self, count: int) -> None:
        """So many fresh keys are about to be taken, so that they are made in one round."""
        ...

    def pseudonym(self, key_id: KeyId, of: str) -> str:
        """The name under which the journal knows `of`; it dies with the key."""
        ...

    def pseudonyms(self, of: Mapping[str, KeyId]) -> list[str]:
        """The names of many, each given with its key, in one round of keys."""
        ...

    def keyed(self, purpose: str, text: str) -> str:
        """Keyed digest of a text for this organisation and purpose."""
        ...

    def count(self, measure: AnyMeasure, on: date, by: int = 1) -> None:
        """Raise a kept figure, for the week and the quarter of a day."""
        ...

    @property
    def counts(self) -> Counts:
        """The kept figures."""
        ...

    @property
    def journal(self) -> Journal:
        """The organisation's chain."""
        ...

    def is_still(self, organisation: Organisation) -> bool:
        """Whether the organisation is as it was looked up before the transaction: its name, and its workspaces."""
        ...

    @property
    def in_doubt(self) -> bool:
        """Whether the chain is known not to be whole, so that little is open to anybody."""
        ...


class Store(Protocol):
    """Where everything is kept. Bodies are plain functions, run again from the start when the store must."""

    async def write(self, organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        """Run a body in one transaction, committed and durable before this returns.

        Raises StoreUnavailable when nothing was saved. An exception of the body rolls everything back.
        """
        ...

    async def read(self, organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        """Run a body that only reads, and reads nothing that needs a journal row."""
        ...

    async def organisations(self) -> list[Organisation]:
        """Every organisation of this deployment."""
        ...

    async def organisation_at(self, workspace: ChatWorkspace) -> Organisation | None:
        """The organisation of a chat workspace, or None."""
        ...

    async def organisation_called(self, slug: str) -> Organisation | None:
        """The organisation with this slug, or None."""
        ...

    async def known_at(self, workspace: ChatWorkspace, *, anew: bool = False) -> Organisation | None:
        """As `organisation_at`, perhaps from memory, unless it is to be looked up `anew`.

        Whoever goes by it asks `Tx.is_still` in each transaction that rests on it.
        """
        ...

    async def known_called(self, slug: str, *, anew: bool = False) -> Organisation | None:
        """As `organisation_called`, in the same way."""
        ...

    async def organisations_due(self, look: ClockLook, now: datetime) -> list[Organisation]:
        """Those in which something is to be looked at by `now` (business time, UTC): its time has come, it concerns
        what was written since, or there was no look for as long as there may be. One question however many there are.
        """
        ...

    async def disconnect(self, workspace: ChatWorkspace) -> None:
        """Forget that a chat workspace belongs to an organisation (the app was removed there)."""
        ...

    async def found(self, slug: str, workspace: ChatWorkspace | None) -> Organisation:
        """Make an organisation with its keys, or return the one with this slug with the workspace added."""
        ...

    async def claim_steps(
        self, now: datetime, real: datetime, lease_seconds: int, limit: int, *, urgent: bool = False
    ) -> list[tuple[OrganisationId, Step]]:
        """Open steps due at `now` whose lease is free at `real`, leased to the caller.

        If `urgent`, only calls for safety. A lease further ahead than the longest there is comes of a wrong clock,
        and is free.
        """
        ...

    async def claim_outgoing(
        self, now: datetime, real: datetime, lease_seconds: int, limit: int, *, urgent: bool = False
    ) -> list[tuple[OrganisationId, Outgoing]]:
        """Queued messages due at `now` whose lease is free at `real`, leased to the caller; as `claim_steps`."""
        ...

    async def clock_off(self) -> timedelta:
        """How far the clock of the database's server is ahead of this machine's; nothing where they are the same."""
        ...


class StoreAndClock(Protocol):
    """What a use case is given that only keeps something: where, and by which clock."""

    @property
    def store(self) -> Store: ...
    @property
    def clock(self) -> Clock: ...


class Notes(Protocol):
    """Short texts of the whole deployment by name, never about a person. Every call raises StoreUnavailable."""

    async def get(self, name: str) -> str | None:
        """The note with this name, or None."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Keep a note, in place of an older one; durable when it returns."""
        ...


class KeyDestroyer(Protocol):
    """Ends data keys."""

    def destroy(self, key_ids: Iterable[str], /) -> None:
        """Delete keys for good; committed when it returns."""
        ...


class Messenger(Protocol):
    """Sends messages on one platform."""

    async def send(self, address: Address, message: Message, route: str) -> str:
        """Deliver, and return what the platform calls it. Raises Undeliverable or TryLater.

        `route` is what the adapter had kept with the account (`Account.route`); empty if there is nothing. `GONE`
        says that its owner took the app away, and is Undeliverable wherever an app can be taken away.
        """
        ...


@dataclass(frozen=True, slots=True)
class ListPage:
    """A part of a platform's list."""

    profiles: tuple[Profile, ...]
    further: str = ""
    """The cursor of what follows, in the platform's own words; empty at the end."""


class Directory(Protocol):
    """Looks people up on one platform."""

    async def look_up(self, address: Address, *, hours: bool = True) -> Profile:
        """What the platform tells of this account. Raises NotThere or TryLater.

        Without `hours`, when they work may be left out, where that needs a question of its own.
        """
        ...

    async def page(self, workspace: str, cursor: str = "") -> ListPage:
        """The accounts of what the platform calls so, those that have left included, from one place of its list on.

        No cursor is the beginning. Raises TryLater, and PlaceUnknown for a cursor that leads nowhere any more.
        """
        ...


class Holidays(Protocol):
    """Public holidays of a place."""

    def between(self, country: str, region: str, first: date, last: date) -> frozenset[date]:
        """The public holidays from `first` to `last`, both included; empty for an unknown place."""
        ...


class PhoneNumbers(Protocol):
    """Telephone numbers, however they are written."""

    def one_form(self, text: str, country: str) -> str:
        """The same text for every way of writing a number, read as one of a country; empty for what is no number."""
        ...


class Tokens(Protocol):
    """Seals the references that buttons and forms carry: none can be read or joined."""

    def sign(
        self,
        org: str,
        name: str,
        refs: Mapping[str, str],
        *,
        nonce: str | None,
        expires_at: datetime | None,
    ) -> str:
        """A sealed reference for one form or action."""

    def read(self, token: str, now: datetime) -> TokenLike:
        """The reference, or a SafeError when it is forged, malformed or expired at `now` (real time)."""

    def hide(self, org: str, value: str) -> str:
        """The value of an option that names a record or an address, in a form that nobody can read or join."""

    def reveal(self, org: str, text: str) -> str:
        """What `hide` made unreadable; any other text as it is."""

    def seal_for(self, secret: str, org: str, place: str, text: str) -> str:
        """A text that is opened with a browser's secret, in this place, alone."""

    def open_for(self, secret: str, org: str, place: str, sealed: str) -> str | None:
        """What `seal_for` sealed; None where it is not that secret or place, or was changed."""


class TokenLike(Protocol):
    """What a signed reference holds."""

    @property
    def org(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def refs(self) -> Mapping[str, str]: ...
    @property
    def nonce(self) -> str | None: ...


Messengers = Mapping[str, Messenger]
"""By platform value."""
Directories = Mapping[str, Directory]
"""By platform value."""
CrisisNumbers = Callable[[str], tuple[CrisisNumber, ...]]
"""The shipped numbers of an ISO 3166 country code; never empty."""
