"""Towns of fixed seeds break no promise, and each fault that was once there is found when it is planted again."""

from __future__ import annotations

import pytest

from tests.simulator.planting import PLANTS
from tests.simulator.report import in_words
from tests.simulator.running import POSTGRESQL, SQLITE, run
from tests.simulator.tally import Tally

WEEKS = 3
SEEDS = {SQLITE: (2, 4), POSTGRESQL: (3, 5)}


@pytest.mark.parametrize("database", SEEDS)
def test_a_town_with_its_troubles_breaks_no_promise(database: str) -> None:
    tally, faults, _ = run(SEEDS[database], database, WEEKS)
    assert not faults, in_words(tally, faults, str(SEEDS[database]), 0)
    assert tally.due and tally.counted["kills"] and tally.messages


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_found(name: str) -> None:
    plant = PLANTS[name]
    with plant.change():
        _, faults, _ = run([plant.seed], plant.database, plant.weeks, only=plant.only)
    assert [fault for fault in faults if fault.rule in {rule.value for rule in plant.told_by}], faults


def test_the_same_seed_is_the_same_town() -> None:
    first: Tally = run([6], SQLITE, 1)[0]
    assert first == run([6], SQLITE, 1)[0]
