"""Measures two things turn by turn, so that whatever else the machine does falls on both."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median

from bench.result import Pair

Clock = Callable[[], float]
Act = Callable[[], Awaitable[object]]


async def alternate(
    subject: Callable[[], Awaitable[float]],
    anchor: Callable[[], Awaitable[float]],
    rounds: int,
    *,
    warm_up: bool = True,
) -> list[Pair]:
    """Both, `rounds` times, each of them first in every other round; first, a round that is not counted."""
    if warm_up:
        await subject()
        await anchor()
    pairs: list[Pair] = []
    for number in range(rounds):
        if number % 2:
            second = await anchor()
            pairs.append(Pair(await subject(), second))
        else:
            first = await subject()
            pairs.append(Pair(first, await anchor()))
    return pairs


async def typical(act: Act, times: int, clock: Clock = time.perf_counter) -> float:
    """The median seconds of one act."""
    spans: list[float] = []
    for _ in range(times):
        begun = clock()
        await act()
        spans.append(clock() - begun)
    return median(spans)


async def mean(act: Act, times: int, clock: Clock = time.process_time) -> float:
    """The mean seconds of one act, for what is too short to time one by one."""
    begun = clock()
    for _ in range(times):
        await act()
    return (clock() - begun) / times


def scaled(pairs: Sequence[Pair], by: float) -> list[Pair]:
    """The same pairs in another unit."""
    return [Pair(pair.subject * by, pair.anchor * by) for pair in pairs]
