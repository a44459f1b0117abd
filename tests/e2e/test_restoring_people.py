"""The whole way: people take things back over HTTP, the desk is brought back from before, and it stays taken back."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands import run_command
from tests.database_logins import Logins
from tests.e2e.deployment import Deployment, Stores
from tests.e2e.screens import send
from tests.e2e.story import event
from trim_bot.storage.database_roles import DatabaseRole

pytestmark = pytest.mark.anyio
WORDS = "It has all been too much since the spring"


async def _command(stores: Stores, *words: str) -> str:
    """As whoever owns these stores."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stores.of(DatabaseRole.OWNER).items():
            patch.setenv(name, value)
        result = await asyncio.to_thread(run_command, *words)
    assert result.exit_code == 0, result.output
    return result.output


async def _again(at: Deployment, empty: Stores, patch: pytest.MonkeyPatch) -> str:
    """End the desk, restore the backup into empty databases, and begin it there."""
    await at.stop()
    said = await _command(empty, "restore", "kept", "--yes")
    at.stores = empty
    for name, value in empty.of(DatabaseRole.WORKER).items():
        patch.setenv(name, value)
    await at.start()
    return said


@pytest.fixture
def empty(stores: Stores, request: pytest.FixtureRequest, tmp_path: Path) -> Stores:
    """Empty databases of the same sort, beside the same ledger."""
    if stores.logins is None:
        data, keys = (f"sqlite:///{tmp_path / f'again-{name}.sqlite'}" for name in ("data", "keys"))
        return replace(stores, data=data, keys=keys)
    made = Logins.made(request.getfixturevalue("new_postgres_database"))
    return Stores(made.data, made.keys, stores.ledger, replace(made, ledger=stores.ledger))


async def test_what_people_took_back_at_their_screens_stays_taken_back(
    at_slack: Deployment, stores: Stores, empty: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = at_slack
    priya, nurse, driver = [await at.slack(name) for name in ("priya", "nurse", "driver")]
    await send(await priya.say("peer", "log"), **event(nurse, driver, mine=True))
    await at.drain()
    await (await nurse.open_newest()).press("offer_yes")
    stranger = await at.stranger()
    asked = await send(await stranger.get("/o/acme/ask"), text=WORDS, contact="")
    [code] = re.findall(r"\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b", asked.text)
    await _command(stores, "backup", "kept")
    await (await (await nurse.say("support", "me")).press("stop_or_change")).press("withdraw")
    await (await driver.open_newest()).press("offer_no")
    answer = await send(await stranger.get("/o/acme/reply"), code=code)
    await answer.press("stop_request")
    said = await _again(at, empty, monkeypatch)
    assert "1 offer declined, put off or withdrawn, 1 request ended, 1 case ended." in said
    priya, nurse, driver = [await at.slack(name) for name in ("priya", "nurse", "driver")]
    told = [await one.told() for one in (nurse, driver)]
    await at.pass_time(days=7)
    assert [await one.told() for one in (nurse, driver)] == told
    assert not (await priya.say("peer", "cases")).has("case")
    assert not (await nurse.say("support", "me")).has("stop_or_change")
    assert not (await driver.say("support", "me")).has("offer")
    stranger = await at.stranger()
    answer = await send(await stranger.get("/o/acme/reply"), code=code)
    assert not answer.has("stop_request") and WORDS not in answer.text
