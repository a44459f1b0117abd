"""What coordinators see does not depend on any one person's details: byte for byte, in every output."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.app.histories import SKELETONS, Details, Fate, details, play

PAIRS = SKELETONS.flatmap(
    lambda skeleton: st.tuples(st.just(skeleton), details(len(skeleton[0])), details(len(skeleton[0])))
)
UNWILLING = (Fate(accepts=False, held=False, referred=False),)


@settings(max_examples=20)
@given(PAIRS)
def test_other_details_give_the_same_bytes(
    pair: tuple[tuple[tuple[Fate, ...], bool], Details, Details],
) -> None:
    (fates, asks), one, other = pair
    first = asyncio.run(play(fates, asks, one))
    second = asyncio.run(play(fates, asks, other))
    assert first == second


@settings(max_examples=3)
@given(details(1))
def test_a_planted_leak_is_caught(told: Details) -> None:
    (person,) = told.people
    no, silent = (replace(told, people=(replace(person, without_yes=how),)) for how in ("no", "silent"))
    assert asyncio.run(play(UNWILLING, False, no)) == asyncio.run(play(UNWILLING, False, silent))
    with_leak = asyncio.run(play(UNWILLING, False, no, leaks=True))
    assert with_leak != asyncio.run(play(UNWILLING, False, silent, leaks=True))


@settings(max_examples=3)
@given(details(1))
def test_the_status_of_a_quarter_without_anybody_is_that_of_one_with_few(told: Details) -> None:
    few = asyncio.run(play((Fate(accepts=True, held=True, referred=True),), True, told))
    none = asyncio.run(play(UNWILLING, False, told))
    assert [replace(look, kept=()) for look in few] == [replace(look, kept=()) for look in none]
