"""The beats of processes are kept on both databases, by the clock of the database where it has one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.storage.conftest import Rig
from tests.storage.running import NOW, ORG, step
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.outages import Outage, OutagePart
from trim_bot.domain.process_beats import KEPT, Beat, ProcessRole
from trim_bot.domain.steps import OutboxState, Outgoing, Priority, Step, StepState
from trim_bot.storage.beats import PREFIX, Beats
from trim_bot.storage.deployment_notes import Notes

pytestmark = pytest.mark.anyio
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
NOTHING = timedelta()


def beat(process: str, role: ProcessRole = ProcessRole.WORKER, *outages: Outage) -> Beat:
    """As a machine writes it whose clock stands in another century."""
    return Beat(process, role, "1", LONG_AGO, LONG_AGO, outages=outages)


async def test_a_beat_is_dated_by_the_database(rig: Rig) -> None:
    outage = Outage(OutagePart.SLACK, "refused", "SLACK_BOT_TOKEN", LONG_AGO)
    beats, age = Beats(rig.store), timedelta(seconds=40)
    await beats.put(beat("one", ProcessRole.WORKER, outage), age, timedelta(minutes=3))
    pulse = await beats.pulse()
    [kept] = pulse.beats
    assert age <= pulse.age(kept) < age + timedelta(minutes=1)
    assert kept.worked_at - kept.started_at == timedelta(minutes=3) - age
    assert (kept.process, kept.role, kept.version, kept.ended) == ("one", ProcessRole.WORKER, "1", False)
    assert kept.outages == (outage,)


async def test_the_next_beat_takes_the_place_of_the_last(rig: Rig) -> None:
    beats = Beats(rig.store)
    await beats.put(beat("one"), NOTHING, NOTHING)
    await beats.put(beat("other", ProcessRole.WEB), NOTHING, NOTHING)
    pulse = await beats.put(beat("one"), NOTHING, NOTHING)
    assert sorted(one.process for one in pulse.beats) == ["one", "other"]
    assert sorted(one.process for one in (await beats.pulse()).beats) == ["one", "other"]


async def test_what_is_long_gone_is_dropped_by_the_next_beat(rig: Rig) -> None:
    beats = Beats(rig.store)
    await beats.put(beat("gone"), KEPT + timedelta(hours=1), KEPT * 2)
    await beats.put(beat("new"), NOTHING, NOTHING)
    assert [one.process for one in (await beats.pulse()).beats] == ["new"]


async def test_what_another_version_wrote_is_passed_over(rig: Rig) -> None:
    await Notes(rig.store).put(f"{PREFIX}strange", '{"role": "something new"}')
    await Beats(rig.store).put(beat("one"), NOTHING, NOTHING)
    assert [one.process for one in (await Beats(rig.store).pulse()).beats] == ["one"]


async def test_when_the_newest_backup_was_made_is_known_and_stays_so_while_the_ledger_is_away(
    rig: Rig,
) -> None:
    answers: list[datetime | None] = [None, LONG_AGO]

    def newest() -> datetime | None:
        if not answers:
            raise StoreUnavailable
        return answers.pop(0)

    beats = Beats(rig.store, newest)
    found = [(await beats.put(beat("one"), NOTHING, NOTHING)).backup_at for _ in range(3)]
    assert found == [None, LONG_AGO, LONG_AGO]


async def test_the_oldest_due_step_and_message_of_all_organisations_are_found(rig: Rig) -> None:
    beats, other = Beats(rig.store), OrganisationId("other")
    assert await beats.late(NOW) == (None, None)

    def add(*rows: Step | Outgoing) -> Callable[[Tx], None]:
        def body(tx: Tx) -> None:
            for row in rows:
                tx.add(row)

        return body

    def message(id: str, minutes: int, priority: Priority, state: OutboxState) -> Outgoing:
        at = NOW - timedelta(minutes=minutes)
        return Outgoing(id, "waiting", MemberId("m"), None, state, at, priority=priority)

    def late(id: str, minutes: int, state: StepState) -> Step:
        return step(id, due_at=NOW - timedelta(minutes=minutes), state=state)

    await rig.store.write(ORG, add(late("a", 5, StepState.WAITING), late("b", -10, StepState.WAITING)))
    await rig.store.write(other, add(late("c", 30, StepState.TOLD), late("d", 90, StepState.DONE)))
    assert await beats.late(NOW) == (1800.0, None)
    await rig.store.write(ORG, add(message("a", 2, Priority.SAFETY, OutboxState.QUEUED)))
    queued, sent = OutboxState.QUEUED, OutboxState.SENT
    await rig.store.write(
        other, add(message("b", 7, Priority.NOTE, queued), message("c", 50, Priority.STEP, sent))
    )
    assert await beats.late(NOW) == (1800.0, 420.0)
