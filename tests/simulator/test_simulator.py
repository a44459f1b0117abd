"""A town of a fixed seed breaks no promise, and faults that were once there are found when they are planted again."""

from __future__ import annotations

import pytest

from tests.simulator.findings import Rule
from tests.simulator.planting import PLANTS, Plant
from tests.simulator.report import Fault, in_words
from tests.simulator.running import POSTGRESQL, SQLITE, run

WEEKS = 2
SEED = 10


@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL])
def test_a_town_with_its_troubles_breaks_no_promise(database: str) -> None:
    tally, faults, _ = run([SEED], database, WEEKS)
    assert not faults, in_words(tally, faults, str(SEED), 0)
    assert tally.due and tally.messages


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_found(name: str) -> None:
    plant = PLANTS[name]
    with plant.change():
        [fault] = _of(plant)
    assert fault.rule == plant.told_by.value, fault.text


WELL = sorted(set(PLANTS) - {"told when queued"})
"""Of the rest of the planted faults, each town is lived once more; that one takes longest and is like another."""


@pytest.mark.parametrize("name", WELL)
def test_the_same_town_without_the_fault_is_well(name: str) -> None:
    assert not _of(PLANTS[name])


def _of(plant: Plant) -> list[Fault]:
    """What a town says by the rule that is asked about, and by no other."""
    others = frozenset(Rule) - {plant.told_by}
    seeds = [plant.seed]
    _, faults, _ = run(
        seeds, SQLITE, plant.weeks, only=plant.only, muted=others, coming=plant.coming, small=plant.small
    )
    return faults
