"""A town of a fixed seed breaks no promise, and faults that were once there are found when they are planted again."""

from __future__ import annotations

import pytest

from tests.simulator.findings import Rule
from tests.simulator.planting import PLANTS
from tests.simulator.report import in_words
from tests.simulator.running import POSTGRESQL, SQLITE, run

WEEKS = 2
SEED = 1


@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL])
def test_a_town_with_its_troubles_breaks_no_promise(database: str) -> None:
    tally, faults, _ = run([SEED], database, WEEKS)
    assert not faults, in_words(tally, faults, str(SEED), 0)
    assert tally.due and tally.messages


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_found(name: str) -> None:
    plant = PLANTS[name]
    others = frozenset(Rule) - plant.told_by
    with plant.change():
        _, faults, _ = run([plant.seed], SQLITE, plant.weeks, only=plant.only, muted=others)
    assert faults
