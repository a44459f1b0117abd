"""The beats of processes are kept on both databases, by the clock of the database where it has one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.storage.conftest import Rig
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.outages import Outage, OutagePart
from trim_bot.domain.process_beats import KEPT, Beat, ProcessRole
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
    [told] = kept.outages
    assert replace(told, began_at=LONG_AGO) == outage
    assert timedelta() <= pulse.at - told.began_at < timedelta(minutes=1), "as long as on its own machine"


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
