"""Nothing a person wrote stands readable in the database, in its log, or in another row's place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, select, update

from tests.storage.conftest import Rig
from tests.storage.running import NOW, ORG, run
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.cases import Case, CaseState, Interview, InterviewState
from trim_bot.domain.errors import RecordAltered
from trim_bot.domain.ids import (
    AccountId,
    CaseId,
    CheckInId,
    IncidentId,
    InterviewId,
    KindId,
    MemberId,
    ReferralId,
    RequestId,
    ServiceId,
)
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Account, Member, Platform, ReportingLine
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.site import Service, Site
from trim_bot.storage.tables import members, metadata

MARK = "Zz9Marker"
MEMBER = MemberId("m1")


def _fill(tx: Tx) -> None:
    key = tx.new_key()
    case = CaseId("c1")
    tx.add(Member(MEMBER, key, f"{MARK}-name", f"{MARK}-phone", best_time=f"{MARK}-time", language=MARK))
    tx.add(Account(AccountId("a1"), key, MEMBER, Platform.WEB, f"web:{MARK}@example.org"))
    digests = (tx.keyed("reporting_line", f"web:{MARK}"), tx.keyed("reporting_line", f"web:{MARK}-manager"))
    tx.add(ReportingLine("l1", *digests))
    tx.add(
        Incident(IncidentId("i1"), key, "trim", KindId(f"{MARK}-kind"), NOW, f"{MARK}-account", MEMBER, NOW)
    )
    tx.add(Case(case, key, MEMBER, "trim", CaseState.OPEN, NOW, account=MARK, contact=MARK))
    answers = {MARK: (MARK, "x")}
    tx.add(
        Interview(
            InterviewId("v1"), key, case, CheckInId("k1"), "q", InterviewState.DRAFT, MEMBER,
            answers=answers, notes={MARK: MARK},
        )
    )  # fmt: skip
    tx.add(Referral(ReferralId("f1"), key, case, ServiceId(MARK), ReferralState.OFFERED, NOW, NOW))
    tx.add(
        SupportRequest(
            RequestId("r1"), key, MEMBER, True, RequestState.WAITING, NOW, MARK,
            text=MARK, contact=MARK, code=MARK, reply=MARK,
        )
    )  # fmt: skip
    hours = WorkingHours("UTC", ((),) * 7)
    service = Service(ServiceId(MARK), MARK, MARK, MARK)
    tx.add(Site("site", key, MARK, "slug", "UTC", hours, "GB", services=(service,)))
    tx.keyed("purpose", MARK)
    tx.pseudonym(key, MARK)


@pytest.fixture
def engine(rig: Rig) -> Iterator[Engine]:
    engine = create_engine(rig.url)
    yield engine
    engine.dispose()


def test_no_marked_text_is_in_the_database(rig: Rig, engine: Engine) -> None:
    run(rig.store.write(ORG, _fill))
    needles = [MARK.encode(), MARK.lower().encode()]
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                held = b"\n".join(one if isinstance(one, bytes) else str(one).encode() for one in row)
                assert not [needle for needle in needles if needle in held], table.name
    if engine.dialect.name == "sqlite":
        folder = Path(str(make_url(rig.url).database)).parent
        held = b"".join(file.read_bytes() for file in folder.iterdir())
        assert b"trim" in held
        assert not [needle for needle in needles if needle in held]


def test_a_sealed_value_opens_in_its_own_row_alone(rig: Rig, engine: Engine) -> None:
    def two(tx: Tx) -> None:
        key = tx.new_key()
        for id in ("m1", "m2"):
            tx.add(Member(MemberId(id), key, id))

    run(rig.store.write(ORG, two))
    with engine.begin() as connection:
        moved = select(members.c.sealed).where(members.c.id == "m1").scalar_subquery()
        connection.execute(update(members).where(members.c.id == "m2").values(sealed=moved))
    assert run(rig.store.read(ORG, lambda tx: tx.get(Member, MemberId("m1")))) is not None
    with pytest.raises(RecordAltered) as raised:
        run(rig.store.read(ORG, lambda tx: tx.get(Member, MemberId("m2"))))
    assert raised.value.table == "member" and "member" not in str(raised.value)
    # It alone stands still: in a list it is left out, and it is counted as what was altered.
    assert [one.id for one in run(rig.store.read(ORG, lambda tx: tx.find(Member)))] == ["m1"]
    assert {table for _, table, _ in rig.store.altered} == {"member"}


@pytest.mark.parametrize(
    "spoilt", [{"sealed": b"spoilt" * 20}, {"sealed": b""}, {"availability": "nobody knows"}]
)
def test_whatever_of_a_row_cannot_be_read_closes_no_list(
    rig: Rig, engine: Engine, spoilt: dict[str, object]
) -> None:
    def two(tx: Tx) -> None:
        for id in ("m1", "m2"):
            tx.add(Member(MemberId(id), tx.new_key(), id))

    run(rig.store.write(ORG, two))
    with engine.begin() as connection:
        connection.execute(update(members).where(members.c.id == "m2").values(spoilt))
    assert [one.id for one in run(rig.store.read(ORG, lambda tx: tx.find(Member)))] == ["m1"]
    with pytest.raises(RecordAltered):
        run(rig.store.read(ORG, lambda tx: tx.get(Member, MemberId("m2"))))


def test_long_and_short_words_look_alike(rig: Rig, engine: Engine) -> None:
    def two(tx: Tx) -> None:
        for id, name in (("m1", "Al"), ("m2", "Alexandria Featherstone")):
            tx.add(Member(MemberId(id), tx.new_key(), name, away_until=datetime(2027, 1, 1, tzinfo=UTC)))

    run(rig.store.write(ORG, two))
    with engine.connect() as connection:
        lengths = {len(row.sealed) for row in connection.execute(select(members.c.sealed))}
    assert len(lengths) == 1
