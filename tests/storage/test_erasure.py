"""What is erased is gone from keys and rows, whatever happens on the way, and nobody else's is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.storage.story import (
    ANN,
    ANNS_CASE,
    BEN,
    BENS_CASE,
    INCIDENT,
    PRACTITIONER,
    Deployment,
    cells,
    sqlite_places,
)
from tests.store_looks import journal_break
from trim_bot.app.people.people_list import PeopleLists
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.cases import Case, Interview
from trim_bot.domain.ids import CaseId, MemberId
from trim_bot.domain.incidents import Exposure, Incident, Offer
from trim_bot.domain.name_search import Colleague
from trim_bot.domain.people import Account, Grant, Member, ReportingLine, Training
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.erasure.eraser import Eraser
from trim_bot.storage.ledger.ledger_tables import ErasureKind, ErasureLine

pytestmark = pytest.mark.anyio

OF_THE_CASE = {
    ANNS_CASE,
    "check-in-ann",
    "interview-ann",
    "referral-ann",
    "step-ann",
    "outgoing-ann",
    "outcome-ann",
    "offer-ann",
    "exposure-ann",
}
OF_THE_MEMBER = OF_THE_CASE | {
    ANN,
    "account-ann",
    "session-ann",
    "request-ann",
    "step-request",
    "line",
}


class Crash(Exception):
    """The process ended here."""


@pytest.fixture(params=["sqlite", "postgresql"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Deployment]:
    if request.param == "sqlite":
        places = sqlite_places(tmp_path)
    else:
        url = request.getfixturevalue("postgres_database")
        places = Places(url, url, url)
    deployment = Deployment(places)
    await deployment.tell_story()
    yield deployment
    deployment.close()


async def test_an_erased_case_is_gone_with_all_that_hangs_on_it(desk: Deployment) -> None:
    before = cells(desk.places.data)
    assert before >= OF_THE_MEMBER
    case = await desk.one(Case, ANNS_CASE)
    assert await desk.eraser.erase_case(desk.organisation, ANNS_CASE)
    assert not OF_THE_CASE & cells(desk.places.data)
    assert case.key_id not in desk.keys.all_ids()
    (erasure,) = desk.ledger.erasures()
    assert (erasure.what, erasure.record_id, erasure.key_ids) == (ErasureKind.CASE, ANNS_CASE, (case.key_id,))
    assert erasure.done_at is not None


async def test_the_rest_can_still_be_read(desk: Deployment) -> None:
    await desk.eraser.erase_case(desk.organisation, ANNS_CASE)
    assert [case.id for case in await desk.every(Case)] == [BENS_CASE]
    assert [interview.id for interview in await desk.every(Interview)] == ["interview-ben"]
    assert [exposure.member_id for exposure in await desk.every(Exposure)] == [BEN]
    assert await desk.get(Incident, INCIDENT) is not None
    assert await desk.get(Member, ANN) is not None
    assert cells(desk.places.data) >= OF_THE_MEMBER - OF_THE_CASE


async def test_an_erased_member_is_gone_everywhere(desk: Deployment) -> None:
    member = await desk.one(Member, ANN)
    case = await desk.one(Case, ANNS_CASE)
    assert await desk.eraser.erase_member(desk.organisation, ANN)
    assert not OF_THE_MEMBER & cells(desk.places.data)
    assert not {member.key_id, case.key_id} & set(desk.keys.all_ids())
    assert [offer.member_id for offer in await desk.every(Offer)] == [BEN]
    assert await desk.every(ReportingLine) == []
    assert await desk.get(Incident, INCIDENT) is not None


async def test_whoever_is_erased_is_found_by_name_as_before(desk: Deployment) -> None:
    async def listed() -> list[Colleague]:
        held = await PeopleLists(desk.store).of(desk.organisation, patience=60.0)
        return list(held.people) if held is not None else []

    await desk.store.write(desk.organisation, _list_everybody)
    before = await listed()
    assert await desk.eraser.erase_member(desk.organisation, ANN)
    assert await desk.get(Member, ANN) is None
    assert await listed() == before
    assert len(before) >= 3


def _list_everybody(tx: Tx) -> None:
    for member in tx.find(Member):
        tx.save(replace(member, listed=True))
    for account in tx.find(Account):
        tx.save(replace(account, place=f"Ward of {account.id}"))


async def test_what_an_erased_practitioner_held_finds_a_new_owner(desk: Deployment) -> None:
    assert await desk.eraser.erase_member(desk.organisation, PRACTITIONER)
    assert [(case.id, case.holder) for case in await desk.every(Case)] == [
        (ANNS_CASE, None),
        (BENS_CASE, None),
    ]
    steps = await desk.every(Step)
    held = [step for step in steps if step.rung is Rung.ASSIGNED]
    assert {step.state for step in held} == {StepState.MOVED}
    pooled = [step for step in steps if step.rung is Rung.POOL and step.kind is StepKind.ASSIGN]
    assert sorted((step.case_id or "", step.state, step.holder, step.due_at) for step in pooled) == [
        (case, StepState.WAITING, None, desk.clock.now()) for case in sorted((ANNS_CASE, BENS_CASE))
    ]
    request = await desk.one(SupportRequest, "request-nobody")
    assert (request.taken_by, request.state) == (None, RequestState.WAITING)
    assert not await desk.every(Grant)
    assert not await desk.every(Training)
    assert all(offer.proposed is None for offer in await desk.every(Offer))


async def test_a_request_and_an_incident_can_be_erased_by_themselves(desk: Deployment) -> None:
    request = await desk.one(SupportRequest, "request-nobody")
    assert await desk.eraser.erase(desk.organisation, ErasureKind.REQUEST, request.id)
    assert request.key_id not in desk.keys.all_ids()
    incident = await desk.one(Incident, INCIDENT)
    assert await desk.eraser.erase(desk.organisation, ErasureKind.INCIDENT, INCIDENT)
    assert incident.key_id not in desk.keys.all_ids()
    assert not await desk.every(Offer)
    assert not await desk.every(Exposure)


async def test_a_request_under_its_members_key_leaves_that_key(desk: Deployment) -> None:
    assert await desk.eraser.erase(desk.organisation, ErasureKind.REQUEST, "request-ann")
    assert desk.ledger.erasures()[0].key_ids == ()
    assert await desk.get(Member, ANN) is not None


async def test_what_is_not_there_leaves_no_line(desk: Deployment) -> None:
    assert not await desk.eraser.erase_case(desk.organisation, CaseId("unknown"))
    assert not await desk.eraser.erase_member(desk.organisation, MemberId("unknown"))
    assert desk.ledger.lines() == 0


async def test_an_erasure_is_journalled_and_the_chain_holds(desk: Deployment) -> None:
    await desk.eraser.erase_case(desk.organisation, ANNS_CASE, actor="a-pseudonym")
    last = (await desk.store.journal_entries(desk.organisation, 0, 100))[-1]
    assert (last.actor, last.action.value, last.what, last.subject) == (
        "a-pseudonym",
        "erased",
        "erase_case",
        "",
    )
    assert await journal_break(desk.store, desk.organisation) is None


@contextmanager
def _before_keys(desk: Deployment, patch: pytest.MonkeyPatch) -> Iterator[None]:
    def crash(_ids: Iterable[str]) -> None:
        raise Crash

    patch.setattr(desk.vault, "destroy", crash)
    yield


@contextmanager
def _after_keys(desk: Deployment, patch: pytest.MonkeyPatch) -> Iterator[None]:
    destroy = desk.vault.destroy

    def crash(ids: Iterable[str]) -> None:
        destroy(ids)
        raise Crash

    patch.setattr(desk.vault, "destroy", crash)
    yield


@contextmanager
def _amid_rows(desk: Deployment, patch: pytest.MonkeyPatch) -> Iterator[None]:
    def crash(*_: object) -> None:
        raise Crash

    patch.setattr("trim_bot.storage.journal.SqlJournal.write", crash)
    yield


@contextmanager
def _after_rows(desk: Deployment, patch: pytest.MonkeyPatch) -> Iterator[None]:
    def crash(_erasure: ErasureLine, _at: object) -> None:
        raise Crash

    patch.setattr(desk.ledger, "finish", crash)
    yield


Stage = Callable[[Deployment, pytest.MonkeyPatch], AbstractContextManager[None]]
STAGES = (_before_keys, _after_keys, _amid_rows, _after_rows)
CUT_SHORT = [
    *(("sqlite", ErasureKind.CASE, stage) for stage in STAGES),
    *(("sqlite", ErasureKind.MEMBER, stage) for stage in STAGES),
    *(("postgresql", ErasureKind.MEMBER, stage) for stage in STAGES),
]


@pytest.mark.parametrize(("desk", "what", "stage"), CUT_SHORT, indirect=["desk"])
async def test_an_erasure_cut_short_is_carried_through(
    desk: Deployment, what: ErasureKind, stage: Stage
) -> None:
    record, rows = (ANNS_CASE, OF_THE_CASE) if what is ErasureKind.CASE else (ANN, OF_THE_MEMBER)
    with pytest.MonkeyPatch.context() as patch, stage(desk, patch), pytest.raises(Crash):
        await desk.eraser.erase(desk.organisation, what, record)
    (begun,) = desk.ledger.unfinished()
    again = Eraser(desk.store, desk.ledger, desk.vault, desk.clock)
    assert (await again.resume()).ended == {what.value: 1}
    assert not rows & cells(desk.places.data)
    assert not set(begun.key_ids) & set(desk.keys.all_ids())
    assert desk.ledger.unfinished() == []
    assert (await again.resume()).ended == {}
    assert [case.id for case in await desk.every(Case)] == [BENS_CASE]
