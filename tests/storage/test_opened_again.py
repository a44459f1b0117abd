"""Talks that were closed in a backup and opened again since go on after a restore, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.app.cases.test_changing_hands import event
from tests.app.cases.test_reopening import ended, page, the_case, what_waits
from tests.builders import MONDAY, Town
from tests.fakes import FakeClock
from tests.reading import buttons
from tests.storage.taken import Kept, places_in, settled
from trim_bot.cli.restoring import sentences
from trim_bot.domain.cases import CaseState, CheckIn, CheckInState, CloseReason
from trim_bot.domain.revocations import RevocationKind
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind
from trim_bot.storage.backup.restore import Restored
from trim_bot.storage.ledger.anchor import FileAnchor

Make = Callable[[], str] | None
pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest) -> Make:
    """What makes a database on the server, or nothing where files are meant."""
    if request.param == "sqlite":
        return None
    made: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return made


@pytest.fixture
async def kept(make: Make, tmp_path: Path) -> AsyncIterator[Kept]:
    clock = FakeClock(MONDAY)
    kept = Kept(places_in(tmp_path / "live", make), FileAnchor(tmp_path / "anchor"), clock)
    yield await settled(kept)
    kept.close()


async def reopened(town: Town) -> None:
    await town.press("priya", await town.say("priya", "peer", "cases"), "reopen")


async def brought_back(kept: Kept, make: Make, tmp_path: Path) -> tuple[Kept, Restored]:
    again, done = await kept.bring_back(tmp_path / "backup", places_in(tmp_path / "there", make))
    assert done.faults == ()
    return again, done


async def test_it_is_open_with_all_that_had_ended_with_it(kept: Kept, make: Make, tmp_path: Path) -> None:
    await event(kept.town, "nurse")
    await kept.town.in_touch("priya")
    before, talks = await what_waits(kept.town), await kept.town.all(CheckIn)
    form = await kept.town.press("priya", await page(kept.town), "close")
    await kept.town.send("priya", form, reason="finished")
    kept.back_up(tmp_path / "backup")
    await reopened(kept.town)
    again, done = await brought_back(kept, make, tmp_path)
    case = await the_case(again.town)
    assert (case.state, case.holder, case.close_reason) == (CaseState.OPEN, kept.town.ids["priya"], None)
    assert await again.town.all(CheckIn) == talks
    assert [one[:3] for one in await what_waits(again.town)] == [one[:3] for one in before]
    assert (done.again.reopened, done.again.given_again, dict(done.again.done)) == (1, 0, {})
    assert "1 case was opened again since, and open now." in sentences(done.again)
    assert buttons(await again.town.say("nurse", "me"), "stop_or_change")
    again.close()


async def test_what_was_taken_back_in_it_since_stays_taken_back(
    kept: Kept, make: Make, tmp_path: Path
) -> None:
    await ended(kept.town)
    kept.back_up(tmp_path / "backup")
    await reopened(kept.town)
    await kept.town.press("nurse", await kept.town.own_choice("nurse"), "someone_else")
    again, done = await brought_back(kept, make, tmp_path)
    case = await the_case(again.town)
    assert (case.state, case.holder, case.refused) == (CaseState.OPEN, None, (kept.town.ids["priya"],))
    steps = await again.town.all(Step, state=OPEN_STATES)
    assert StepKind.ASSIGN in {step.kind for step in steps}
    assert done.again.reopened == 1 and RevocationKind.REFUSED in done.again.done
    again.close()


async def test_one_that_the_person_ended_since_is_theirs_to_have_ended(
    kept: Kept, make: Make, tmp_path: Path
) -> None:
    await ended(kept.town)
    kept.back_up(tmp_path / "backup")
    await reopened(kept.town)
    await kept.town.press("nurse", await kept.town.own_choice("nurse"), "withdraw")
    again, done = await brought_back(kept, make, tmp_path)
    case = await the_case(again.town)
    assert (case.state, case.close_reason, done.again.reopened) == (
        CaseState.CLOSED,
        CloseReason.WITHDRAWN,
        0,
    )
    for name, words in (("priya", "cases"), ("lena", "team")):
        assert not buttons(await again.town.say(name, "peer", words), "reopen"), "nobody opens it again"
    again.close()


async def test_one_that_was_ended_a_second_time_stays_ended(kept: Kept, make: Make, tmp_path: Path) -> None:
    await ended(kept.town)
    kept.back_up(tmp_path / "backup")
    await reopened(kept.town)
    form = await kept.town.press("priya", await page(kept.town), "close")
    await kept.town.send("priya", form, reason="finished")
    again, done = await brought_back(kept, make, tmp_path)
    assert (await the_case(again.town)).state is CaseState.CLOSED
    talks = await again.town.all(CheckIn)
    assert {talk.state for talk in talks} == {CheckInState.CANCELLED}
    assert (done.again.reopened, dict(done.again.done)) == (0, {})
    again.close()
