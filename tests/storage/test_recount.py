"""Whatever anybody does, and on every store: kept figures are what a second count of everything comes to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.app.histories import SKELETONS, Details, Fate, details, play
from tests.app.recounting import Recount
from tests.app.walking import Walk
from tests.storage.conftest import DeskStore
from tests.storage.running import run
from trim_bot.domain.records import Measure

STEPS = 60
BEGUN = {Measure.INCIDENTS, Measure.OFFERED, Measure.ACCEPTED}
HISTORIES = SKELETONS.flatmap(lambda one: st.tuples(st.just(one), details(len(one[0]))))


@pytest.mark.parametrize("seed", [1, 5, 11])
def test_kept_figures_are_a_full_recount(desk_store: DeskStore, seed: int) -> None:
    recount = Recount()
    walk = Walk(seed, store=desk_store.store, also=recount)
    try:
        run(_walk(walk))
    except AssertionError as broken:
        raise AssertionError(f"{broken}; seed {seed}; last moves: {walk.moves[-12:]}") from broken
    assert {measure for measure, _ in recount.happened} >= BEGUN


async def _walk(walk: Walk) -> None:
    """From an event with a yes onwards, so that there is something to count."""
    await walk.settle()
    await walk.begin()
    await walk.go(STEPS)


@settings(max_examples=10)
@given(HISTORIES)
def test_talks_held_and_help_accepted_are_recounted(
    history: tuple[tuple[tuple[Fate, ...], bool], Details],
) -> None:
    (fates, asks), told = history
    recount = Recount()
    run(play(fates, asks, told, also=recount))
    held = [fate for fate in fates if fate.accepts and fate.held]
    happened = [measure for measure, _ in recount.happened]
    assert happened.count(Measure.HELD_FIRST) == len(held)
    assert happened.count(Measure.REFERRED) == sum(fate.referred for fate in held)
