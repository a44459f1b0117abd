"""The same seed is the same town, so that whatever is found can be had again."""

from __future__ import annotations

from contextlib import ExitStack

from tests.simulator.findings import Rule
from tests.simulator.living import live
from tests.simulator.report import in_words
from tests.simulator.running import SQLITE, Ground

SEED = 10
WEEKS = 1


def test_a_town_lived_twice_goes_the_same_way() -> None:
    first, second = _lived(), _lived()
    assert first[0], "nothing happened"
    assert first == second


def test_a_town_that_had_no_time_left_is_told() -> None:
    with ExitStack() as stack, Ground(stack).place(SEED, SQLITE) as place:
        tally, _, _ = live(SEED, place, weeks=WEEKS, until=0.0)
    assert tally.ended_early == 1
    assert "1 ended before" in in_words(tally, (), str(SEED), 0)


def _lived() -> tuple[list[str], int, int]:
    """What happened, to whom and when, with how much was due and sent."""
    with ExitStack() as stack, Ground(stack).place(SEED, SQLITE) as place:
        tally, broken, log = live(SEED, place, weeks=WEEKS, muted=frozenset(Rule))
        assert broken is None
        assert not tally.ended_early
        return log, tally.due, tally.messages
