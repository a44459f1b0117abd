"""A town of a fixed seed breaks no promise. What finds planted faults lies in `tests/planted`."""

from __future__ import annotations

import pytest

from tests.simulator.report import in_words
from tests.simulator.running import POSTGRESQL, SQLITE, run

WEEKS = 2
SEED = 10


@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL])
def test_a_town_with_its_troubles_breaks_no_promise(database: str) -> None:
    tally, faults, _ = run([SEED], database, WEEKS)
    assert not faults, in_words(tally, faults, str(SEED), 0)
    assert tally.due and tally.messages
