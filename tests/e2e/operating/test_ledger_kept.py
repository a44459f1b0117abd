"""The erasure ledger is never made anew in silence: without it the erased could come back from a backup."""

from __future__ import annotations

import pytest

from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_serve import PERSON, never, served
from trim_bot.bootstrap.serving import Desktop


@pytest.fixture
def settled(place: Place) -> Place:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")
    return place


@pytest.mark.parametrize("where", ["lost", "mistyped"])
def test_a_ledger_that_is_not_there_is_told_and_not_made(settled: Place, where: str) -> None:
    if where == "lost":
        (settled.folder / "ledger.db").unlink()
    else:
        settled.set(LEDGER_URL=f"sqlite:///{settled.folder / 'leger.db'}")
    assert "Check LEDGER_URL" in settled.run("members", "list", code=3)
    assert "Check LEDGER_URL" in settled.run("doctor", code=1)
    assert not (settled.folder / ("ledger.db" if where == "lost" else "leger.db")).exists()


def test_an_older_copy_of_the_ledger_is_refused(settled: Place) -> None:
    before = (settled.folder / "ledger.db").read_bytes()
    settled.run("erase", PERSON, "--yes")
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (settled.folder / name).unlink(missing_ok=True)
    (settled.folder / "ledger.db").write_bytes(before)
    assert "not the whole erasure ledger" in settled.run("members", "list", code=3)


@pytest.mark.anyio
async def test_a_desk_without_its_ledger_stays_closed(place: Place) -> None:
    async with served(Desktop(place.settings())):
        pass
    (place.folder / "ledger.db").unlink()
    async with served(Desktop(place.settings(), pause=never)) as client:
        assert (await client.get("/readyz")).json()["code"] == "ledger_missing"
        assert (await client.get("/help-now")).status_code == 200
