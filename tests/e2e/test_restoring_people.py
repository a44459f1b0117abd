"""The whole way: people take things back over HTTP, the desk is brought back from before, and it stays taken back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.e2e.deployment import Deployment, Stores
from tests.e2e.screens import send
from tests.e2e.story import event
from trim_bot.cli.app import build

pytestmark = pytest.mark.anyio
WORDS = "It has all been too much since the spring"


async def _command(*words: str) -> str:
    result = await asyncio.to_thread(CliRunner().invoke, build(), list(words))
    assert result.exit_code == 0, result.output
    return result.output


async def _again(
    at: Deployment, stores: Stores, patch: pytest.MonkeyPatch, make: Callable[[str], str]
) -> str:
    """End the desk, restore the backup into empty databases, and begin it there."""
    await at.stop()
    patch.setenv("DATABASE_URL", make("data"))
    patch.setenv("KEYSTORE_URL", make("keys"))
    said = await _command("restore", "kept", "--yes")
    await at.start()
    return said


@pytest.fixture
def empty(stores: Stores, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """What names one more empty database of the same sort."""
    if stores.data.startswith("sqlite"):
        return lambda name: f"sqlite:///{tmp_path / f'again-{name}.sqlite'}"
    new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return lambda _name: new()


async def test_what_people_took_back_at_their_screens_stays_taken_back(
    at_slack: Deployment, stores: Stores, empty: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = at_slack
    priya, nurse, driver = [await at.slack(name) for name in ("priya", "nurse", "driver")]
    await send(await priya.say("peer", "log"), **event(nurse, driver, mine=True))
    await at.drain()
    await (await nurse.open_newest()).press("offer_yes")
    stranger = await at.stranger()
    asked = await send(await stranger.get("/o/acme/ask"), text=WORDS, contact="")
    [code] = re.findall(r"\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b", asked.text)
    await _command("backup", "kept")
    await (await nurse.say("support", "me")).press("withdraw")
    await (await driver.open_newest()).press("offer_no")
    answer = await send(await stranger.get("/o/acme/reply"), code=code)
    await answer.press("stop_request")
    said = await _again(at, stores, monkeypatch, empty)
    assert "1 offer declined, put off or withdrawn, 1 request ended, 1 case ended." in said
    priya, nurse, driver = [await at.slack(name) for name in ("priya", "nurse", "driver")]
    told = [await one.told() for one in (nurse, driver)]
    await at.pass_time(days=7)
    assert [await one.told() for one in (nurse, driver)] == told
    assert not (await priya.say("peer", "cases")).has("case")
    assert not (await nurse.say("support", "me")).has("withdraw")
    assert not (await driver.say("support", "me")).has("offer")
    stranger = await at.stranger()
    answer = await send(await stranger.get("/o/acme/reply"), code=code)
    assert not answer.has("stop_request") and WORDS not in answer.text
