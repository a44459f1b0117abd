"""What a handler is given: one transaction, who is asking, and what the organisation has settled, in one file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from assessments.questionnaire import Questionnaire
from trim_bot.app.notices import Notice
from trim_bot.app.seam.command import Opening
from trim_bot.app.seam.languages import EnglishAlone, Languages
from trim_bot.app.seam.ports import CrisisNumbers, Holidays, PhoneNumbers, Tx
from trim_bot.app.seam.unsigned import Form
from trim_bot.app.seam.views import View
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import FixedText
from trim_bot.domain.ids import MAIN_PLACE, IncidentId, KeyId, MemberId, OrganisationId
from trim_bot.domain.people import Address, Member, Platform, Profile, Role
from trim_bot.domain.records import Action, RecordRule
from trim_bot.domain.site import Organisation, Place, Site, place_called
from trim_bot.domain.steps import AnyStepKind, Step
from trim_bot.domain.zones import known_zone
from workflows.programme import Programme, WindowClock

SHIPPED_IDS = {WindowClock.TRAUMA: "trim_style", WindowClock.AGREED: "straw_style"}
"""The names of the programmes that come with the package; a later version of them comes before any other."""
COMMAND_LINE = "command-line"
"""The journal's name for whoever has the keyring and a terminal."""
RESTORE = "restore"
"""The journal's name for what is done again after a restore."""
CLOCK = Address(Platform.WEB, "", "clock")
"""Stands where a person's address would, when the clock acts."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever makes a gesture: a member, somebody who is signed out, or the clock."""

    address: Address
    member: Member | None = None
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Who(Asker):
    """The member making a gesture."""

    member: Member

    @property
    def id(self) -> MemberId:
        """The member's id."""
        return self.member.id


@dataclass(frozen=True, slots=True)
class Definitions:
    """Programmes, questionnaires and notices, by id with version (`trim_style_v1`)."""

    programmes: Mapping[str, Programme]
    questionnaires: Mapping[str, Questionnaire]
    notices: Mapping[str, Notice]
    retired: frozenset[str] = frozenset()
    """Those that nothing new begins with; what runs by them ends by them."""
    brought: frozenset[str] = frozenset()
    """Questionnaires that did not come with the desk: nothing new begins by one until a clinical lead signs it."""

    def begun_by(self, clock: WindowClock) -> Programme | None:
        """The programme that whatever is new on this clock begins with: of the shipped name first, then the newest."""
        live = [one for key, one in self.programmes.items() if one.clock is clock and key not in self.retired]
        return max(live, key=lambda one: (one.id == SHIPPED_IDS[clock], one.version), default=None)

    def unsigned_in(self, programme: Programme, signed: Collection[str]) -> tuple[str, ...]:
        """The questionnaires that a programme asks by and that nobody has signed."""
        asks = dict.fromkeys(stage.questionnaire for stage in programme.stages if stage.questionnaire)
        return tuple(key for key in asks if key in self.brought and key not in signed)

    def as_signed(self, signed: Collection[str]) -> Definitions:
        """The same where nothing new begins by a questionnaire that was brought in and is not among those signed.

        Where nothing else is left for a clock, what came with the desk is used again: it needs no signature.
        """
        waiting = {key for key, one in self.programmes.items() if self.unsigned_in(one, signed)}
        if not waiting:
            return self
        kept = replace(self, retired=self.retired | waiting)
        lost = {
            clock
            for clock in WindowClock
            if kept.begun_by(clock) is None and self.begun_by(clock) is not None
        }
        again = {key for key, one in self.programmes.items() if one.clock in lost and key not in waiting}
        return replace(kept, retired=kept.retired - again)


class Sign(Protocol):
    """Makes the signed references that forms and buttons carry."""

    def form(self, name: str, **refs: str) -> str:
        """For a form: lasts 24 hours and is used up by one success."""
        ...

    def press(self, action: str, **refs: str) -> str:
        """For a button in a form or page: lasts 24 hours and has one effect."""
        ...

    def lasting(self, action: str, **refs: str) -> str:
        """For a button in a message: does not run out, and is authorised at every press."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plain screen by its name and ids, so that a replay can draw it again. Never content."""

    screen: str
    ids: Mapping[str, str] = field(default_factory=dict)


Next = Outcome | Opening
"""What a change leads to: a plain screen, or a command that shows something."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a gesture is about, for the journal: an id, and the key whose destruction makes it unreadable."""

    key_id: KeyId
    id: str


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a step is about, so that nobody in conflict becomes its owner."""

    person: MemberId | None = None
    incidents: tuple[IncidentId, ...] = ()
    refused: tuple[MemberId, ...] = ()
    cover: MemberId | None = None


@dataclass(frozen=True, slots=True)
class StepRule:
    """All that is particular to one kind of step; each stands with its subject, and the ladder knows none of them."""

    kind: AnyStepKind
    label: str
    """What waits, without a name."""
    opens: Callable[[Work, Step], Next]
    """The form or page it waits in. Raises NotOpen where there is none for whoever asks."""
    still_wanted: Callable[[UnitOfWork, Step], bool] = lambda work, step: True
    """Whether it is, as long as its case is open."""
    concerns: Callable[[UnitOfWork, Step], Concerned] = lambda work, step: Concerned()
    """Whom it is about, where it is about no case."""
    once_ended: Callable[[Work, Step], Next | None] = lambda work, step: None
    """Where whoever owned it is led after its end, as long as nothing else waits for them."""
    lasts_until: Callable[[UnitOfWork, Step], datetime | None] = lambda work, step: None
    """Until when (UTC) it waits for the person it is theirs alone to do, once they know of it; None for a day."""
    outlives_case: bool = False
    """Whether it goes on when its case is closed."""
    despite_passing: bool = False
    """Whether whoever once said "not me" to the case may own it, since somebody may come to harm."""
    has_cover: bool = True
    """Whether somebody covers it even before there is a case."""
    goes_with_case: bool = False
    """Whether it passes to whoever holds the case next."""
    done_by_clock: Callable[[UnitOfWork, Step], None] | None = None
    """What the clock does once its time has come, where it is nobody's to do; with it the step is done."""
    working_days: int | None = None
    """Working days that each owner has for it; None for as many as the site gives."""
    needed_by: Callable[[UnitOfWork, Step], datetime | None] = lambda work, step: None
    """By when (UTC) somebody must have it, where its kind alone knows; None for what can wait for anyone."""
    has_message: bool = False
    """Whether somebody who does not serve gets one message for it, the same as for a first offer."""
    is_the_holders: bool = True
    """Whether it stays theirs to do who holds the case or request, wherever the ladder takes it."""


@dataclass(slots=True)
class UnitOfWork:
    """One unit of work of one organisation, whoever asks for it. What is changed is changed through `tx`."""

    tx: Tx
    organisation: OrganisationId
    who: Asker
    site: Site
    now: datetime
    """Business time, UTC."""
    real: datetime
    """Real time, UTC."""
    definitions: Definitions
    holidays: Holidays
    phones: PhoneNumbers
    sign: Sign
    profiles: Mapping[str, Profile]
    """What the platform told of the people named in this gesture, by `Address.text`."""
    nonce: str = ""
    link: str = ""
    """Address of the browser pages, without a slash at its end."""
    workspaces: tuple[ChatWorkspace, ...] = ()
    """The organisation's own."""
    steps: Mapping[AnyStepKind, StepRule] = field(default_factory=dict)
    """What is particular to each kind of step; empty where nothing waits, as in examples."""
    shipped_numbers: CrisisNumbers = lambda country: ()
    """The numbers to ring of a country that come with the desk."""
    records: tuple[RecordRule, ...] = ()
    """How the records of subjects are kept, for whoever looks at everything about somebody."""
    languages: Languages = field(default_factory=EnglishAlone)
    """Those that the desk can be read in."""
    subject: Subject | None = None
    listed: tuple[str, ...] = ()
    """What the journal calls the records that a list on this page was made of."""
    placed: MemberId | None = None
    """Whose place on the roster has changed, if anybody's has."""
    queued: bool = False
    """Whether a message was queued, so that the outbox need not wait for its next tick."""

    def zone_of(self, member: Member | None) -> ZoneInfo:
        """The zone a member lives by: their own, else that of their place."""
        own = member.zone if member is not None and known_zone(member.zone) else ""
        return ZoneInfo(own or self.place_of(member).zone)

    def place_of(self, member: Member | None) -> Place:
        """The place whose clock, holidays and hours count for a member: the one they chose, else the main one."""
        chosen = member.place if member is not None else MAIN_PLACE
        return place_called(self.site, chosen)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of whoever is asking."""
        return self.zone_of(self.who.member)

    def about(self, record: Keyed) -> None:
        """Name what this gesture is about."""
        self.subject = Subject(record.key_id, record.id)

    def lists(self, records: Iterable[Keyed]) -> None:
        """Name what the page of a list opened."""
        self.listed = tuple(self.tx.pseudonyms({one.id: one.key_id for one in records}))

    def note_place(self, id: MemberId) -> None:
        """Note whose place on the roster has changed."""
        self.placed = id

    def journal(self, action: Action, what: str, subject: Subject | None = None) -> None:
        """Write a row about `subject`, or about what the gesture is about."""
        about = subject or self.subject
        self.tx.journal.write(
            self.actor_name(),
            action,
            what,
            self.tx.pseudonym(about.key_id, about.id) if about else "",
            self.now,
        )

    def actor_name(self) -> str:
        """The pseudonym of whoever is asking; the clock and someone signed out have none."""
        member = self.who.member
        if member is None:
            return "clock" if self.who.address == CLOCK else "signed-out"
        return self.tx.pseudonym(member.key_id, member.id)


@dataclass(slots=True)
class Work(UnitOfWork):
    """What a member asked for. Handlers are given this, but for those of pages that are open without a sign-in."""

    who: Who


def asked_by(who: Who, unit: UnitOfWork) -> Work:
    """The same unit of work, where a member asks for it."""
    shared = {one.name: getattr(unit, one.name) for one in fields(UnitOfWork) if one.name != "who"}
    return Work(who=who, **shared)


class Keyed(Protocol):
    """Any record sealed under a key."""

    @property
    def id(self) -> str: ...
    @property
    def key_id(self) -> KeyId: ...


class Undo(FixedText):
    """Nothing of this gesture is kept, and `view` is the answer.

    `reads` says that the view shows the content of the form that was sent, which is journalled before it is shown.
    """

    text = "nothing was saved"

    def __init__(self, view: View, *, reads: bool = False) -> None:
        super().__init__()
        self.view = view
        self.reads = reads


class LookFirst(FixedText):
    """Nothing is done yet: `form` shows what would happen, with all that was typed, and sending it does it."""

    text = "something is to be looked at first"

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form


WorkOf = Callable[[Tx, Organisation], UnitOfWork]
"""What the clock is given for one transaction of an organisation."""
