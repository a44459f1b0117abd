"""The tick of the clock when nothing is due: its cost must not grow with what is due some day."""

from __future__ import annotations

from datetime import timedelta

from bench.databases import Kind, opened
from bench.filling import FUTURE, future_steps, settled
from bench.result import Result, at_most, result
from bench.sizes import Sizes
from bench.timing import alternate, scaled, typical
from trim_bot.storage.store import SqlStore

BEFORE = FUTURE - timedelta(days=1)
LEASE_SECONDS = 60
BATCH = 100


async def measure(sizes: Sizes, kind: Kind, goal: float) -> Result:
    """An empty claim beside a million future steps, against one beside a thousand."""
    with opened(kind) as (many_url, many), opened(kind) as (few_url, few):
        for url, rows in ((many_url, sizes.many_steps), (few_url, sizes.few)):
            future_steps(url, rows)
            settled(url)

        async def tick(store: SqlStore) -> None:
            due = await store.claim_steps(BEFORE, BEFORE, LEASE_SECONDS, BATCH)
            assert due == []

        pairs = await alternate(
            lambda: typical(lambda: tick(many), sizes.ticks),
            lambda: typical(lambda: tick(few), sizes.ticks),
            sizes.rounds,
        )
        for store in (many, few):
            await _each_is_claimed_once(store)
    name = f"Empty tick, {sizes.many_steps:,} future steps, {kind.name}"
    return result(name, "µs wall", f"{sizes.few:,} future steps", scaled(pairs, 1e6), at_most(goal))


async def _each_is_claimed_once(store: SqlStore) -> None:
    """The rows are ones that the store understands: three minutes later, three steps are due, once."""
    now = FUTURE + timedelta(minutes=3)
    first = await store.claim_steps(now, now, LEASE_SECONDS, BATCH)
    again = await store.claim_steps(now, now, LEASE_SECONDS, BATCH)
    assert [step.id for _, step in first] == ["step-1", "step-2", "step-3"]
    assert again == []
