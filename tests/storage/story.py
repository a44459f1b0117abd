"""A small deployment: two people, one practitioner, one incident; for the tests of keeping and erasing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import make_url, select

from trim_bot.app.people.eligible import LINE
from trim_bot.app.seam.ports import Tx
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.crypto.vault import Vault
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState, Interview, InterviewState
from trim_bot.domain.ids import (
    AccountId,
    CaseId,
    CheckInId,
    IncidentId,
    InterviewId,
    KindId,
    MemberId,
    OfferId,
    OrganisationId,
    ReferralId,
    RequestId,
    ServiceId,
    SessionId,
    StepId,
)
from trim_bot.domain.incidents import Directness, Exposure, Incident, Offer, OfferState
from trim_bot.domain.people import Account, Grant, Member, Platform, ReportingLine, Role, Training
from trim_bot.domain.records import Action, Session, StoredOutcome
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.site import Site
from trim_bot.domain.steps import OutboxState, Outgoing, Rung, Step, StepKind, StepState
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.consistency.check import StoreConsistency
from trim_bot.storage.erasure.eraser import Eraser
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.migrate import migrate
from trim_bot.storage.small_stores import durable_engine, read_transaction
from trim_bot.storage.store import SqlStore
from trim_bot.storage.sweeps.revocation_sweep import KeySweep
from trim_bot.storage.tables import metadata

R = TypeVar("R")
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
KEYRING = Keyring.new()
WORDS = "CANARY words of the person"

ANN, BEN, PRACTITIONER = MemberId("ann"), MemberId("ben"), MemberId("practitioner")
ANNS_CASE, BENS_CASE = CaseId("anns-case"), CaseId("bens-case")
INCIDENT = IncidentId("incident")


@dataclass
class MovableClock:
    """Both times stand still until they are moved."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def real(self) -> datetime:
        return self.at


@dataclass
class Deployment:
    """Data, keys and ledger with everything that works on them."""

    places: Places
    clock: MovableClock = field(default_factory=MovableClock)

    def __post_init__(self) -> None:
        bring_up(self.places.data)
        self.keys = SqlKeyStore(self.places.keys)
        self.keys.belongs_to(KEYRING.fingerprint)
        self.ledger = ErasureLedger(self.places.ledger)
        self.vault = Vault(KEYRING, self.keys, now=self.clock.real)
        self.store = SqlStore(self.places.data, self.vault, Pseudonyms(KEYRING))
        self.eraser = Eraser(self.store, self.ledger, self.vault, self.clock)
        self.consistency = StoreConsistency(self.store, self.keys, self.ledger)
        self.key_sweep = KeySweep(self.store, self.keys, self.consistency)
        self.organisation = OrganisationId("")

    def close(self) -> None:
        self.store.close()
        self.keys.close()
        self.ledger.close()

    async def tell_story(self) -> None:
        await self.consistency.adopt(self.clock.real())
        one = await self.store.found("acme", None)
        self.organisation = OrganisationId(one.id)
        for part in (_site, _people, _incident, _case_of(ANN, ANNS_CASE), _case_of(BEN, BENS_CASE), _rest):
            await self.store.write(self.organisation, part)

    async def every(self, kind: type[R]) -> list[R]:
        return await self.store.read(self.organisation, lambda tx: tx.find(kind))

    async def get(self, kind: type[R], id: str) -> R | None:
        return await self.store.read(self.organisation, lambda tx: tx.get(kind, id))

    async def one(self, kind: type[R], id: str) -> R:
        found = await self.get(kind, id)
        assert found is not None
        return found


def bring_up(url: str) -> None:
    """Bring the schema up as `migrate` does; a new SQLite file is a copy of one that was made so."""
    name = make_url(url).database
    if url.startswith("sqlite") and name and not Path(name).exists():
        Path(name).write_bytes(_empty_file())
    else:
        migrate(url)


@cache
def _empty_file() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.db"
        migrate(f"sqlite:///{path}")
        return path.read_bytes()


def sqlite_places(folder: Path) -> Places:
    data, keys, ledger = (f"sqlite:///{folder / name}.db" for name in ("data", "keys", "ledger"))
    return Places(data, keys, ledger)


def _site(tx: Tx) -> None:
    hours = WorkingHours("UTC", (((time(9), time(17)),),) * 7)
    tx.add(Site("site", tx.new_key(), "Acme", "acme", "UTC", hours, "GB"))


def _people(tx: Tx) -> None:
    for id in (ANN, BEN, PRACTITIONER):
        key = tx.new_key()
        tx.add(Member(id, key, name=f"{WORDS} {id}"))
        tx.add(Account(AccountId(f"account-{id}"), key, id, Platform.SLACK, f"slack:T:{id}"))
        tx.add(Session(SessionId(f"session-{id}"), id, "session", NOON + timedelta(hours=1)))
        tx.journal.write(tx.pseudonym(key, id), Action.SIGNED_IN, "sign_in", tx.pseudonym(key, id), NOON)
        if id == PRACTITIONER:
            tx.add(Training("training", key, id, "in-house", date(2026, 1, 1), date(2027, 1, 1)))
    tx.add(Grant("grant", PRACTITIONER, Role.PRACTITIONER, NOON))
    tx.add(ReportingLine("line", tx.keyed(LINE, f"slack:T:{ANN}"), tx.keyed(LINE, "slack:T:boss")))


def _incident(tx: Tx) -> None:
    key = tx.new_key()
    tx.add(Incident(INCIDENT, key, "trim_style_v1", KindId("fall"), NOON, WORDS, PRACTITIONER, NOON))
    for id in (ANN, BEN):
        tx.add(Exposure(f"exposure-{id}", key, INCIDENT, id, Directness.DIRECT))


def _case_of(person: MemberId, id: CaseId) -> Callable[[Tx], None]:
    def add(tx: Tx) -> None:
        key = tx.new_key()
        incident = tx.get(Incident, INCIDENT)
        assert incident is not None
        closes = NOON + timedelta(days=14)
        tx.add(
            Offer(
                OfferId(f"offer-{person}"),
                incident.key_id,
                INCIDENT,
                person,
                "trim_style_v1",
                OfferState.ACCEPTED,
                NOON,
                closes,
                proposed=PRACTITIONER,
                answered_at=NOON,
                case_id=id,
            )
        )
        tx.add(
            Case(id, key, person, "trim_style_v1", CaseState.OPEN, NOON, holder=PRACTITIONER, account=WORDS)
        )
        check_in = CheckInId(f"check-in-{person}")
        tx.add(CheckIn(check_in, id, "first", CheckInState.OPEN, NOON, closes, closes))
        tx.add(
            Interview(
                InterviewId(f"interview-{person}"),
                key,
                id,
                check_in,
                "trauma_first_v1",
                InterviewState.DRAFT,
                PRACTITIONER,
                notes={"first": WORDS},
            )
        )
        tx.add(
            Referral(
                ReferralId(f"referral-{person}"), key, id, ServiceId("gp"), ReferralState.OFFERED, NOON, NOON
            )
        )
        step = StepId(f"step-{person}")
        tx.add(
            Step(
                step,
                StepKind.CHECK_IN,
                check_in,
                id,
                StepState.TOLD,
                Rung.ASSIGNED,
                PRACTITIONER,
                NOON,
                closes,
            )
        )
        tx.add(Outgoing(f"outgoing-{person}", "waiting", PRACTITIONER, step, OutboxState.SENT, NOON))
        tx.add(StoredOutcome(f"outcome-{person}", "case", {"case": id}, NOON))
        tx.journal.write("clock", Action.OFFERED, "offer", tx.pseudonym(key, id), NOON)

    return add


def _rest(tx: Tx) -> None:
    ann = tx.get(Member, ANN)
    assert ann is not None
    tx.add(
        SupportRequest(
            RequestId("request-ann"), ann.key_id, ANN, True, RequestState.WAITING, NOON, "en", text=WORDS
        )
    )
    tx.add(
        SupportRequest(
            RequestId("request-nobody"),
            tx.new_key(),
            None,
            False,
            RequestState.TAKEN,
            NOON,
            "en",
            text=WORDS,
            taken_by=PRACTITIONER,
        )
    )
    tx.add(
        Step(
            StepId("step-request"),
            StepKind.REQUEST,
            "request-ann",
            None,
            StepState.WAITING,
            Rung.POOL,
            None,
            NOON,
            NOON,
        )
    )


def cells(url: str) -> set[str]:
    """Every text in every row of the data."""
    engine = durable_engine(url)
    with read_transaction(engine) as connection:
        found = {
            cell
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
            for cell in row
            if isinstance(cell, str)
        }
    engine.dispose()
    return found
