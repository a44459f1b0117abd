"""The same seed is the same town, so that whatever is found can be had again."""

from __future__ import annotations

from contextlib import ExitStack

from tests.simulator.findings import Rule
from tests.simulator.living import live
from tests.simulator.running import SQLITE, Ground

SEED = 10
WEEKS = 1


def test_a_town_lived_twice_goes_the_same_way() -> None:
    first, second = _lived(), _lived()
    assert first[0], "nothing happened"
    assert first == second


def _lived() -> tuple[list[str], int, int]:
    """What happened, to whom and when, with how much was due and sent."""
    with ExitStack() as stack, Ground(stack).place(SEED, SQLITE) as place:
        tally, broken, log = live(SEED, place, weeks=WEEKS, muted=frozenset(Rule))
        assert broken is None
        return log, tally.due, tally.messages
