"""The made-up data of every example, and a unit of work that only shows it: one file, since neither is of
use alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import NoReturn, ParamSpec, TypeVar, get_type_hints
from zoneinfo import ZoneInfo

from assessments.loader import shipped as shipped_questionnaires
from trim_bot.app.notices import notices
from trim_bot.app.seam.gestures import Values
from trim_bot.app.seam.ports import Counts, Journal, Last
from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.seam.unsigned import Form, Screen
from trim_bot.app.seam.views import PersonCard, View
from trim_bot.app.seam.work import Definitions, Who, Work
from trim_bot.app.site_file.reading import default_site
from trim_bot.app.words.clocks import OWN, ReadBy
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import (
    CaseId,
    CheckInId,
    KeyId,
    KindId,
    MemberId,
    OrganisationId,
    PlaceId,
    RecordType,
    ServiceId,
    SessionId,
    StepId,
    record_type,
)
from trim_bot.domain.people import Address, Availability, Grant, Member, Platform, Reach, Role, Training
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import CODE, AnyMeasure, Session
from trim_bot.domain.site import CrisisNumber, Kind, Organisation, Service, SignedThreshold, Site
from trim_bot.domain.steps import Rung, Step, StepKind, StepState
from workflows.loader import shipped as shipped_programmes

KEY = KeyId("key")
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
"""A Thursday morning in London."""
ENDED = NOW - timedelta(days=3, hours=2)
LINK = "https://desk.example"
CLOCK = ReadBy("Europe/London", now=NOW)
CLOCKS = ReadBy("Europe/London", ((PlaceId("perth"), "Australia/Perth"), (OWN, "America/New_York")), now=NOW)


class SampleSign:
    """Signs nothing: the name of what would be signed stands for its token."""

    def form(self, name: str, **refs: str) -> str:
        """For a form."""
        return f"form.{name}"

    def press(self, action: str, **refs: str) -> str:
        """For a button."""
        return f"press.{action}"

    def lasting(self, action: str, **refs: str) -> str:
        """For a button in a message."""
        return f"lasting.{action}"


SIGN = SampleSign()
DEFINITIONS = Definitions(
    {one.key: one for one in shipped_programmes().programmes},
    {one.key: one for one in shipped_questionnaires().questionnaires},
    dict(notices()),
)


TALK = phrase("{talk} · {programme}", talk=ours("First talk"), programme=ours("Support after a hard event"))


@dataclass(frozen=True, slots=True)
class Mended:
    """A form that came back with what was typed and what to put right, by field."""

    form: Form
    errors: Mapping[str, str]
    typed: Values = field(default_factory=dict)


Example = Screen | View | Mended
"""What a part of the catalogue may hold; screens are signed when it is put together."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One set of made-up people and settings."""

    site: Site
    practitioner: Member
    lead: Member
    deputy: Member
    person: Member
    other: Member
    training: Training

    @property
    def zone(self) -> ZoneInfo:
        """Where everybody is."""
        return ZoneInfo(self.site.zone)

    @property
    def case(self) -> Case:
        """A case of `person`, held by `practitioner`."""
        return Case(
            id=CaseId("case"), key_id=KEY, member_id=self.person.id, programme="trim_style_v1",
            state=CaseState.OPEN, opened_at=NOW - timedelta(days=2), holder=self.practitioner.id,
            cover=self.other.id, exposure_ended=ENDED, notice="uk-1", contact_by=NOW + timedelta(days=1),
        )  # fmt: skip

    def whose(self, talk: str = TALK) -> PersonCard:
        """The banner of a screen about `person`."""
        return PersonCard(self.person.name, self.person.phone, "", "", talk=talk)

    @property
    def people(self) -> Mapping[MemberId, Member]:
        """Everybody."""
        every = (self.practitioner, self.lead, self.deputy, self.person, self.other)
        return {one.id: one for one in every}


def check_in(stage: str = "first", state: CheckInState = CheckInState.OPEN, *, opens: timedelta) -> CheckIn:
    """A conversation whose window opens this long after `NOW`."""
    at = NOW + opens
    return CheckIn(
        CheckInId(f"check_in_{stage}"), CaseId("case"), stage, state, at, at, at + timedelta(days=7),
        held_at=NOW if state is CheckInState.HELD else None,
    )  # fmt: skip


def contact_step() -> Step:
    """The wait for somebody to get in touch."""
    return Step(
        StepId("step"), StepKind.FIRST_CONTACT, "case", CaseId("case"), StepState.TOLD, Rung.ASSIGNED,
        MemberId("m_maya"), NOW, NOW, promised_at=NOW + timedelta(days=1),
    )  # fmt: skip


def _member(id: str, name: str, phone: str, reach: Reach = Reach.PHONE) -> Member:
    return Member(
        MemberId(id),
        KEY,
        name,
        phone=phone,
        reach=reach,
        best_time="Mornings",
        availability=Availability.ROOM,
    )


def _site() -> Site:
    numbers = (
        CrisisNumber("Emergency services", "999 or 112", "GB", "sample", date(2026, 10, 1)),
        CrisisNumber("A listening line", "01632 960999", "GB", "sample"),
    )
    return replace(
        default_site("Sample organisation", "sample", numbers),
        services=(
            Service(ServiceId("oh"), "Occupational health", "a nurse or doctor at work", "Ring 01632 960101"),
            Service(
                ServiceId("gp"), "Their own doctor", "the usual surgery", "They ring their surgery themselves"
            ),
        ),
        thresholds=(
            SignedThreshold("trauma_first_v1", 9, 3, "Dr Ingrid Solberg", date(2026, 9, 1), signed_here=True),
        ),
        languages=("en", "pl"),
    )


FIRST = Sample(
    site=_site(),
    practitioner=_member("m_maya", "Maya Okafor", "07700 900101"),
    lead=_member("m_priya", "Priya Nair", "07700 900103"),
    deputy=_member("m_daniel", "Daniel Osei", ""),
    person=_member("m_alex", "Alex Byrne", "07700 900111"),
    other=_member("m_tomasz", "Tomasz Nowak", "07700 900102"),
    training=Training(
        "training", KeyId("key"), MemberId("m_maya"), "Sample trainer", date(2026, 1, 5), date(2028, 1, 5)
    ),
)
SECOND = Sample(
    site=replace(
        _site(),
        name="Another organisation",
        slug="another",
        kinds=(Kind(KindId("fire"), "Fire"), Kind(KindId("flood"), "Flood")),
        services=(Service(ServiceId("clinic"), "A clinic", "for after hard events", "Ring 01632 960102"),),
        thresholds=(),
        languages=("en", "de"),
    ),
    practitioner=_member("m_ana", "Ana Sousa", "07700 900121"),
    lead=_member("m_omar", "Omar Aziz", "07700 900122"),
    deputy=_member("m_lin", "Lin Zhao", "07700 900123"),
    person=_member("m_eva", "Eva Horvat", "07700 900124"),
    other=_member("m_ben", "Ben Hughes", "07700 900125"),
    training=Training(
        "training", KeyId("key"), MemberId("m_ana"), "Sample trainer", date(2025, 1, 5), date(2026, 12, 5)
    ),
)


R = TypeVar("R")
L = TypeVar("L")
P = ParamSpec("P")
K = TypeVar("K", bound=str)


class OnlyShown(SafeError):
    """An example tried to change something, or to read what examples have none of."""

    text = "An example only shows"


class ShownTx:
    """The port `Tx` over records that never change."""

    def __init__(self, *records: object) -> None:
        self.organisation = OrganisationId("sample")
        self.in_doubt = False
        self._records = records

    def get(self, kind: RecordType[K, P, R], id: K) -> R | None:
        """The record with this id, or None."""
        return next((one for one in self._of(record_type(kind)) if getattr(one, "id", None) == id), None)

    def find(
        self, kind: type[R], /, *, order_by: str = "id", limit: int | None = None, **where: object
    ) -> list[R]:
        """Records whose fields equal what is given; a tuple means any of these."""
        found = [
            one for one in self._of(kind) if all(_fits(one, name, value) for name, value in where.items())
        ]
        found.sort(key=lambda one: str(getattr(one, order_by.removeprefix("-"))), reverse=order_by[:1] == "-")
        return found[:limit]

    def get_many(self, kind: RecordType[K, P, R], ids: Iterable[K]) -> dict[K, R]:
        """The records with these ids, by id."""
        found = {id: self.get(kind, id) for id in ids}
        return {id: record for id, record in found.items() if record is not None}

    def is_still(self, organisation: Organisation) -> bool:
        """It never changes."""
        return True

    def tally(self, kind: type[object], by: str, /, **where: object) -> dict[str, int]:
        """How many records equal what is given, by one field."""
        found = (one for one in self._of(kind) if all(_fits(one, *given) for given in where.items()))
        return dict(Counter(str(getattr(one, by)) for one in found))

    def lines(self, line: type[L], of: type[object], /, last: Last | None = None, **where: object) -> list[L]:
        """Some fields of what is found."""
        field, limit = last or ("id", None)
        found = self.find(of, order_by=field if last is None else f"-{field}", limit=limit, **where)
        return [line(**{name: getattr(one, name) for name in get_type_hints(line)}) for one in found]

    def keyed(self, purpose: str, text: str) -> str:
        """A digest without a key."""
        return hashlib.sha256(f"{purpose} {text}".encode()).hexdigest()

    def pseudonym(self, key_id: KeyId, of: str) -> str:
        """A name that stands for nobody."""
        return "sample"

    def pseudonyms(self, of: Mapping[str, KeyId]) -> list[str]:
        """Names that stand for nobody."""
        return ["sample" for _ in of]

    def add(self, record: object) -> None:
        """Raises OnlyShown: an example keeps nothing."""
        self._refuse()

    def save(self, record: object) -> None:
        """Raises OnlyShown: an example keeps nothing."""
        self._refuse()

    def drop(self, kind: RecordType[K, P, R], id: K) -> None:
        """Raises OnlyShown: an example keeps nothing."""
        self._refuse()

    def expect_keys(self, count: int) -> None:
        """None are made."""

    def new_key(self) -> KeyId:
        """Raises OnlyShown: an example keeps nothing."""
        self._refuse()

    def count(self, measure: AnyMeasure, on: date, by: int = 1) -> None:
        """Raises OnlyShown: an example keeps nothing."""
        self._refuse()

    @property
    def counts(self) -> Counts:
        """Raises OnlyShown: an example keeps nothing."""
        self._refuse()

    @property
    def journal(self) -> Journal:
        """Raises OnlyShown: an example keeps nothing."""
        self._refuse()

    def _of(self, kind: type[R]) -> list[R]:
        return [one for one in self._records if isinstance(one, kind)]

    def _refuse(self) -> NoReturn:
        raise OnlyShown


class NoHolidays:
    """The port `Holidays` where every day is a usual one."""

    def between(self, country: str, region: str, first: date, last: date) -> frozenset[date]:
        """No day is a holiday."""
        return frozenset()


class NoNumbers:
    """The port `PhoneNumbers` that reads none."""

    def one_form(self, text: str, country: str) -> str:
        """No number is known."""
        return ""


def shown_work(sample: Sample) -> Work:
    """What the screens after a change are given."""
    records = (
        *sample.people.values(),
        Grant("grant_lead", sample.lead.id, Role.LEAD, NOW),
        Grant("grant_deputy", sample.deputy.id, Role.DEPUTY, NOW),
        sample.case,
        Session(SessionId("code"), sample.person.id, CODE, NOW + POLICY.code_lasts),
        check_in("first", CheckInState.PLANNED, opens=timedelta(hours=70)),
        contact_step(),
    )
    who = Who(
        Address(Platform.WEB, sample.site.slug, "sample"), sample.practitioner, frozenset({Role.PRACTITIONER})
    )
    return Work(
        tx=ShownTx(*records),
        organisation=OrganisationId("sample"),
        who=who,
        site=sample.site,
        now=NOW,
        real=NOW,
        definitions=DEFINITIONS,
        holidays=NoHolidays(),
        phones=NoNumbers(),
        sign=SIGN,
        profiles={},
        nonce="sample",
        link=LINK,
    )


def _fits(record: object, name: str, value: object) -> bool:
    held = getattr(record, name)
    return held in value if isinstance(value, tuple) else held == value
