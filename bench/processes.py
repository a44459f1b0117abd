"""Several web and worker processes on one PostgreSQL, beside one of each: what a second one brings, and that none is in
another's way."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from typing import TypedDict

from bench.databases import Kind
from bench.kept import Place, copy_of
from bench.population import Plan
from bench.result import Pair, Result, result
from bench.serving import ROOT
from bench.sizes import Sizes

PRACTITIONERS = 200
SHARE = 100
"""One in so many of the steps that fall due at once elsewhere: five for each who serves: the most they hold."""


class Told(TypedDict):
    """What `bench.process_side` prints: steps or requests, seconds of each request, messages by whom they reached."""

    done: int
    took: list[float]
    told: dict[str, int]


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """One web process and one worker; then two of each at the same moment, on another copy."""
    plan = Plan(max(sizes.few, 20), 0, 1, PRACTITIONERS, waiting=max(4, sizes.due // SHARE))
    asked: list[Pair] = []
    longest: list[Pair] = []
    for _ in range(min(3, sizes.rounds)):
        one, two = [await _of_each(plan, kind, number, sizes.request_seconds / 2) for number in (1, 2)]
        asked.append(Pair(*(sizes.request_seconds / 2 / _done(run["web"]) for run in (two, one))))
        longest.append(Pair(*(_share(run["web"], 0.99) for run in (two, one))))
    name = f"two web processes and two workers, {kind.name}"
    return [
        result(f"Support asked for, {name}", "ms", "one of each", _ms(asked), rate=True),
        result("… and the 99th in a hundred who asked waited", "ms", "one of each", _ms(longest)),
    ]


def _ms(pairs: list[Pair]) -> list[Pair]:
    return [Pair(one.subject * 1e3, one.anchor * 1e3) for one in pairs]


def _done(told: list[Told]) -> int:
    done = sum(one["done"] for one in told)
    assert done > 0
    return done


def _share(told: list[Told], share: float) -> float:
    ordered = sorted(seconds for one in told for seconds in one["took"])
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def _of_each(plan: Plan, kind: Kind, number: int, seconds: float) -> dict[str, list[Told]]:
    """So many of each role, begun together. Whoever serves is told of one moment once, whichever worker did it."""
    async with copy_of(plan, kind) as place:
        roles = [role for role in ("web", "worker") for _ in range(number)]
        begun = await asyncio.gather(*(_begin(role, seconds, place) for role in roles))
        told = await asyncio.gather(*(_end(process) for process in begun))
    messages: Counter[str] = Counter()
    for one in told:
        messages.update(one["told"])
    assert max(messages.values(), default=0) <= 1, "two workers told somebody of the same moment"
    return {role: [one for held, one in zip(roles, told, strict=True) if held == role] for role in set(roles)}


async def _begin(role: str, seconds: float, place: Place) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.process_side", role, str(seconds), place.data, place.keys, str(place.note),
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**26,
    )  # fmt: skip
    assert process.stdout is not None
    assert (await process.stdout.readline()).strip() == b"ready"
    return process


async def _end(process: asyncio.subprocess.Process) -> Told:
    out, _ = await process.communicate(b"\n")
    assert process.returncode == 0
    told: Told = json.loads(out)
    return told
