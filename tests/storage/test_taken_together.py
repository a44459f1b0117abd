"""What several take back in one transaction is written before its commit, once each; a fault beside it adds nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import MONDAY
from tests.fakes import FakeClock
from tests.storage.taken import Kept, places_in, settled
from tests.storage.taken_records import fill, save
from tests.storage.together import commits, errors_of, written_together
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.ledger.anchor import FileAnchor
from trim_bot.storage.tables import takings_back


@pytest.fixture(params=["sqlite", "postgresql"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    make: Callable[[], str] | None = None
    if request.param == "postgresql":
        make = request.getfixturevalue("new_postgres_database")
    kept = Kept(places_in(tmp_path / "live", make), FileAnchor(tmp_path / "anchor"), FakeClock(MONDAY))
    await settled(kept)
    await kept.town.write(fill(kept.town.ids, MONDAY))
    yield kept
    kept.close()


def _declines(tx: Tx) -> None:
    save(tx, Offer, "declined", state=OfferState.DECLINED)


def _ends(tx: Tx) -> None:
    save(tx, Case, "ended", state=CaseState.CLOSED, closed_at=MONDAY)


def _fails(_tx: Tx) -> None:
    raise LookupError


def _tokens(tx: Tx) -> set[str]:
    return set(connection_of(tx).scalars(select(takings_back.c.token)))


@pytest.mark.anyio
async def test_each_line_stands_once_and_came_of_its_commit(kept: Kept) -> None:
    place = OrganisationId(kept.town.organisation.id)
    with commits(kept.store) as seen:
        ended = await written_together(
            kept.store, _declines, lambda _: None, _fails, _ends, organisation=place
        )
    assert errors_of(ended) == [None, None, LookupError, None]
    assert len(seen) == 2
    lines = kept.ledger.revocations.after(0)
    assert len({line.subject for line in lines}) == len(lines) == 2
    assert {line.token for line in lines} == await kept.store.read(place, _tokens)
    assert await kept.settle() == 0
    kept.town.clock.move_real(timedelta(minutes=3))
    await kept.settle()
    assert len(kept.ledger.revocations.after(0)) == 2


@pytest.mark.anyio
async def test_a_ledger_that_is_away_stops_whoever_takes_back_and_nobody_beside(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = OrganisationId(kept.town.organisation.id)

    def away(_organisation: str, _lines: Sequence[tuple[str, str]], _token: str, _day: date) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(kept.ledger.revocations, "write", away)
        ended = await written_together(kept.store, lambda _: 1, _declines, lambda _: 2, organisation=place)
    assert (ended[0], ended[2]) == (1, 2)
    assert isinstance(ended[1], StoreUnavailable)
    assert [one.state for one in await kept.town.all(Offer) if one.id == "declined"] == [OfferState.WAITING]
    assert await kept.store.read(place, _tokens) == set()


def _takes_back_a_name(tx: Tx) -> None:
    save(tx, Offer, "named", state=OfferState.DECLINED)


@pytest.mark.anyio
async def test_no_line_waits_for_its_commit_until_it_is_held_to_have_come_to_nothing(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, clock = OrganisationId(kept.town.organisation.id), kept.town.clock
    write, looks = kept.ledger.revocations.write, list[int]()

    def slow(organisation: str, lines: Sequence[tuple[str, str]], token: str, day: date) -> None:
        write(organisation, lines, token, day)
        clock.move_real(timedelta(seconds=70))
        looks.append(len(looks))
        if looks[-1] in (0, 2):
            # Another process looks for what came to nothing: notes how far the ledger goes, and comes back to that.
            with ThreadPoolExecutor(1) as other:
                other.submit(asyncio.run, kept.settle()).result()

    # As if the first line had taken longer than all may.
    kept.store._commits.closing_seconds = 0.0
    with monkeypatch.context() as patched:
        patched.setattr(kept.ledger.revocations, "write", slow)
        ended = await written_together(kept.store, _declines, _ends, _takes_back_a_name, organisation=place)
    assert errors_of(ended) == [None, None, None]
    assert {line.token for line in kept.ledger.revocations.after(0)} >= await kept.store.read(place, _tokens)
