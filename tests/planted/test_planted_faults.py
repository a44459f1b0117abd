"""Faults that were once there are found by the simulator when they are planted again, and nothing is found without."""

from __future__ import annotations

import pytest

from tests.simulator.findings import Rule
from tests.simulator.planting import PLANTS, Plant
from tests.simulator.report import Fault
from tests.simulator.running import SQLITE, run


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
