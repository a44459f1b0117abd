"""A process killed between the ledger's line, the anchor and the commit leaves nothing that did not happen."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.builders import MONDAY
from tests.fakes import FakeClock
from tests.storage.story import KEYRING
from tests.storage.taken import Kept, places_in, settled
from tests.storage.taken_records import fill
from trim_bot.domain.ids import OfferId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Member
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.ledger.anchor import FileAnchor

DYING = """
import asyncio, os, sys
from pathlib import Path
from tests.builders import MONDAY
from tests.fakes import FakeClock
from tests.storage import taken
from tests.storage.taken_records import save
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.storage.ledger.anchor import FileAnchor
from trim_bot.storage.backup.taking_backup import Places

taken.KEYRING = Keyring.load("env:DYING_KEYRING")
data, keys, ledger, anchor, point, organisation = sys.argv[1:]
kept = taken.Kept(Places(data, keys, ledger), FileAnchor(Path(anchor)), FakeClock(MONDAY))
write = kept.ledger.revocations.write

def die_after(*words):
    write(*words)
    os._exit(9)

if point == "anchor":
    FileAnchor.append = lambda *_: os._exit(9)
else:
    kept.ledger.revocations.write = die_after
asyncio.run(kept.store.write(organisation, lambda tx: save(tx, Offer, "declined", state=OfferState.DECLINED)))
"""


def _die(places: Places, anchor: Path, point: str, organisation: str) -> int:
    words = [places.data, places.keys, places.ledger, str(anchor), point, organisation]
    environment = {**os.environ, "DYING_KEYRING": KEYRING.as_text(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", DYING, *words], env=environment, cwd=ROOT, check=False)
    return done.returncode


@pytest.mark.parametrize("point", ["anchor", "commit"])
def test_a_process_killed_there_took_nothing_back(tmp_path: Path, point: str) -> None:
    places, anchor = places_in(tmp_path / "live", None), tmp_path / "anchor"

    async def before() -> str:
        kept = await settled(Kept(places, FileAnchor(anchor), FakeClock(MONDAY)))
        await kept.town.write(fill(kept.town.ids, MONDAY))
        kept.back_up(tmp_path / "backup")
        kept.close()
        return kept.town.organisation.id

    async def after(organisation: str) -> None:
        clock = FakeClock(MONDAY)
        kept = Kept(places, FileAnchor(anchor), clock)
        [kept.town.organisation] = await kept.store.organisations()
        assert kept.ledger.anchored() == kept.ledger.head()
        assert len(kept.ledger.revocations.after(0)) == 1
        offer = await kept.town.write(lambda tx: tx.get(Offer, OfferId("declined")))
        assert offer is not None and offer.state is OfferState.WAITING
        await kept.settle()
        clock.move_real(timedelta(minutes=3))
        assert await kept.settle() == 1
        people = await kept.town.all(Member)
        assert people
        again, done = await kept.bring_back(tmp_path / "backup", places_in(tmp_path / "there", None))
        assert done.again.done == {}
        offer = await again.town.write(lambda tx: tx.get(Offer, OfferId("declined")))
        assert offer is not None and offer.state is OfferState.WAITING
        again.close()
        kept.close()

    organisation = asyncio.run(before())
    assert _die(places, anchor, point, organisation) == 9
    asyncio.run(after(organisation))
