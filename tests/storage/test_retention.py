"""What has been kept as long as the site settled goes, what has not stays, and a dry run changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.storage.story import ANNS_CASE, BENS_CASE, INCIDENT, NOON, Deployment, cells, sqlite_places
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.ids import MemberId, OfferId, OrganisationId, StepId
from trim_bot.domain.incidents import Exposure, Incident, Offer, OfferState
from trim_bot.domain.people import Member
from trim_bot.domain.records import Session, StoredOutcome
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import OutboxState, Outgoing, Step, StepState
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.erasure.eraser import Resumed
from trim_bot.storage.ledger.ledger_tables import ErasureKind
from trim_bot.storage.sweeps.retention import RetentionResult, RetentionSweep

pytestmark = pytest.mark.anyio
KEEP = timedelta(days=180)


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


def sweep(desk: Deployment) -> RetentionSweep:
    return RetentionSweep(desk.store, desk.eraser, desk.key_sweep, desk.clock)


async def change(desk: Deployment, *records: object) -> None:
    def body(tx: Tx) -> None:
        for record in records:
            tx.save(record)

    await desk.store.write(desk.organisation, body)


async def close_ann(desk: Deployment) -> None:
    case = await desk.one(Case, ANNS_CASE)
    await change(desk, replace(case, state=CaseState.CLOSED, closed_at=NOON))


async def test_a_closed_case_is_erased_after_its_time_and_not_before(desk: Deployment) -> None:
    await close_ann(desk)
    desk.clock.at = NOON + KEEP
    assert (await sweep(desk).run()).erased == {}
    assert await desk.get(Case, ANNS_CASE) is not None
    desk.clock.at += timedelta(seconds=1)
    assert (await sweep(desk).run()).erased == {"case": 1}
    assert [case.id for case in await desk.every(Case)] == [BENS_CASE]
    assert ANNS_CASE not in cells(desk.places.data)
    (erasure,) = desk.ledger.erasures()
    assert (erasure.record_id, erasure.done_at) == (ANNS_CASE, desk.clock.at)


async def test_nothing_goes_by_a_clock_that_jumps_right_after_it_was_judged(desk: Deployment) -> None:
    await close_ann(desk)

    async def judged() -> bool:
        desk.clock.at = NOON + 10 * KEEP
        return True

    swept = await RetentionSweep(desk.store, desk.eraser, desk.key_sweep, desk.clock, judged).run()
    assert (swept.erased, swept.dropped) == ({}, {})
    assert await desk.get(Case, ANNS_CASE) is not None
    assert (await sweep(desk).run()).erased["case"] == 1


async def test_open_work_is_never_swept(desk: Deployment) -> None:
    desk.clock.at = NOON + timedelta(days=4000)
    swept = await sweep(desk).run()
    assert swept.erased == {}
    assert len(await desk.every(Case)) == 2
    assert len(await desk.every(Offer)) == 2
    assert len(await desk.every(SupportRequest)) == 2
    assert len(await desk.every(Step)) == 3
    assert await desk.get(Incident, INCIDENT) is not None
    assert len(await desk.every(Member)) == 3


async def test_an_incident_goes_once_nothing_came_of_it_that_is_kept(desk: Deployment) -> None:
    incident = await desk.one(Incident, INCIDENT)
    for id in (ANNS_CASE, BENS_CASE):
        case = await desk.one(Case, id)
        await change(desk, replace(case, state=CaseState.CLOSED, closed_at=NOON))
    desk.clock.at = NOON + KEEP + timedelta(days=15)
    dry = await sweep(desk).run(dry_run=True)
    assert dry.erased == {"case": 2, "incident": 1}
    assert (await sweep(desk).run()).erased == dry.erased
    assert await desk.every(Incident) == []
    assert await desk.every(Exposure) == []
    assert incident.key_id not in desk.keys.all_ids()
    assert ErasureKind.INCIDENT in {erasure.what for erasure in desk.ledger.erasures()}


async def test_a_declined_offer_goes_with_its_exposure_and_one_still_open_stays(desk: Deployment) -> None:
    offer = await desk.one(Offer, "offer-ann")
    await desk.eraser.erase_case(desk.organisation, ANNS_CASE)

    def body(tx: Tx) -> None:
        tx.add(replace(offer, id=OfferId("old"), state=OfferState.DECLINED, case_id=None))
        late = NOON + timedelta(days=300)
        waiting = OfferState.WAITING
        tx.add(
            replace(
                offer, id=OfferId("new"), state=waiting, case_id=None, member_id=MemberId("x"), closes_at=late
            )
        )
        tx.add(Exposure("exposure-old", offer.key_id, INCIDENT, offer.member_id, _directness(tx)))

    await desk.store.write(desk.organisation, body)
    desk.clock.at = NOON + KEEP + timedelta(days=15)
    swept = await sweep(desk).run()
    assert (swept.dropped["offer"], swept.dropped["exposure"]) == (1, 1)
    assert {one.id for one in await desk.every(Offer)} == {"new", "offer-ben"}
    assert {one.id for one in await desk.every(Exposure)} == {"exposure-ben"}


def _directness(tx: Tx):
    return tx.find(Exposure)[0].directness


async def test_ended_requests_messages_steps_sessions_and_replays_go(desk: Deployment) -> None:
    request = await desk.one(SupportRequest, "request-nobody")
    step = await desk.one(Step, "step-request")
    ended = replace(step, id=StepId("ended"), state=StepState.DONE, subject="other")

    def body(tx: Tx) -> None:
        tx.save(replace(request, state=RequestState.CLOSED, ended_at=NOON))
        tx.add(ended)
        tx.add(Outgoing("queued", "waiting", MemberId("x"), None, OutboxState.QUEUED, NOON))

    await desk.store.write(desk.organisation, body)
    desk.clock.at = NOON + timedelta(days=31)
    swept = await sweep(desk).run()
    assert swept.dropped == {"session": 3, "stored_outcome": 2, "outgoing": 2}
    assert not await desk.every(Session)
    assert not await desk.every(StoredOutcome)
    assert [one.id for one in await desk.every(Outgoing)] == ["queued"]
    desk.clock.at = NOON + KEEP + timedelta(days=1)
    swept = await sweep(desk).run()
    assert (swept.erased, swept.dropped) == ({"request": 1}, {"step": 1})
    assert request.key_id not in desk.keys.all_ids()
    assert await desk.get(Step, "ended") is None


async def ended(desk: Deployment, **more: Any) -> None:
    request = await desk.one(SupportRequest, "request-nobody")
    await change(desk, replace(request, state=RequestState.CLOSED, **more))


async def test_a_request_is_kept_from_its_end_however_long_ago_it_was_asked(desk: Deployment) -> None:
    """Answered and closed the day after everything asked so long ago would have gone."""
    end = NOON + KEEP + timedelta(days=1)
    await ended(desk, ended_at=end)
    for day, gone in ((timedelta(hours=6), {}), (KEEP, {}), (KEEP + timedelta(seconds=1), {"request": 1})):
        desk.clock.at = end + day
        assert (await sweep(desk).run()).erased == gone


@pytest.mark.parametrize(
    ("answered", "read", "days"),
    [(None, None, 180), (0, None, 180), (100, None, 280), (0, 10, 190), (0, 170, 350), (0, 500, 680)],
)
async def test_an_answer_lives_until_it_was_read_or_its_own_time_has_run(
    desk: Deployment, answered: int | None, read: int | None, days: int
) -> None:
    def day(number: int | None) -> object:
        return None if number is None else NOON + timedelta(days=number)

    await ended(desk, ended_at=NOON, answered_at=day(answered), read_at=day(read))
    desk.clock.at = NOON + timedelta(days=days)
    assert (await sweep(desk).run()).erased == {}
    desk.clock.at += timedelta(seconds=1)
    assert (await sweep(desk).run()).erased == {"request": 1}


async def test_a_dry_run_counts_the_same_and_changes_nothing(desk: Deployment) -> None:
    await close_ann(desk)
    desk.clock.at = NOON + KEEP + timedelta(days=1)
    before, keys = cells(desk.places.data), desk.keys.all_ids()
    dry = await sweep(desk).run(dry_run=True)
    assert (cells(desk.places.data), desk.keys.all_ids(), desk.ledger.lines()) == (before, keys, 0)
    assert dry.erased == {"case": 1}
    assert (await sweep(desk).run()).erased == dry.erased


async def test_the_sweep_finishes_what_was_begun(desk: Deployment) -> None:
    desk.ledger.begin(desk.organisation, ErasureKind.CASE, BENS_CASE, [], NOON)
    await sweep(desk).run()
    assert desk.ledger.unfinished() == []
    assert [case.id for case in await desk.every(Case)] == [ANNS_CASE]


async def test_an_organisation_without_settings_keeps_everything(tmp_path: Path) -> None:
    desk = Deployment(sqlite_places(tmp_path))
    await desk.store.found("acme", None)
    desk.clock.at = NOON + timedelta(days=4000)
    swept = await sweep(desk).run()
    assert (swept.erased, swept.dropped) == ({}, {})
    assert isinstance(swept, RetentionResult)
    desk.close()


async def test_one_erasure_that_fails_keeps_no_other_waiting_and_is_told(
    desk: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    await close_ann(desk)
    ben = await desk.one(Case, BENS_CASE)
    await change(desk, replace(ben, state=CaseState.CLOSED, closed_at=NOON))
    desk.clock.at = NOON + KEEP + timedelta(seconds=1)
    really, stuck = desk.eraser.erase, min(ANNS_CASE, BENS_CASE)

    async def erase(organisation: OrganisationId, what: ErasureKind, id: str) -> bool:
        if id == stuck:
            raise RuntimeError
        return await really(organisation, what, id)

    monkeypatch.setattr(desk.eraser, "erase", erase)
    with pytest.raises(RuntimeError):
        await sweep(desk).run()
    assert [case.id for case in await desk.every(Case)] == [stuck]
    monkeypatch.undo()
    assert (await sweep(desk).run()).erased["case"] == 1
    assert await desk.every(Case) == []


async def test_an_erasure_that_cannot_be_ended_keeps_nothing_else_from_it(
    desk: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    await close_ann(desk)
    desk.clock.at = NOON + KEEP + timedelta(seconds=1)

    async def resume() -> Resumed:
        raise RuntimeError

    monkeypatch.setattr(desk.eraser, "resume", resume)
    with pytest.raises(RuntimeError):
        await sweep(desk).run()
    assert await desk.get(Case, ANNS_CASE) is None
