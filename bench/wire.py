"""The same gesture over the network: the deployed application against Bolt, and how soon each acknowledges."""

from __future__ import annotations

from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from bench.load import Burst, Connection, burst, connected, ready
from bench.result import Pair, Result, aim_at_least, at_most, result
from bench.routing import BARE
from bench.serving import serving
from bench.sizes import Sizes
from bench.slack_requests import sign
from bench.timing import alternate, scaled, typical

CONNECTIONS = 16


async def measure(sizes: Sizes, folder: Path) -> list[Result]:
    """Throughput on 16 connections, then the median acknowledgement on one."""
    with ExitStack() as servers:
        ports = {
            name: servers.enter_context(serving(name, folder / name))
            for name in ("bare", "default", "product")
        }
        async with AsyncExitStack() as after:
            lines = {
                name: await after.enter_async_context(connected(port(), CONNECTIONS))
                for name, port in ports.items()
            }
            for several in lines.values():
                await ready(several[0], sign().on_wire())
            return [
                *await _throughput(lines["product"], lines["bare"], sizes),
                await _acknowledgement(lines["product"][0], lines["default"][0], sizes),
            ]


async def _throughput(product: list[Connection], bare: list[Connection], sizes: Sizes) -> list[Result]:
    costs: dict[str, list[Burst]] = {"product": [], "bare": []}

    async def once(name: str, lines: list[Connection]) -> float:
        cost = await burst(lines, sign().on_wire(), sizes.burst_seconds)
        costs[name].append(cost)
        return cost.wall

    walls = await alternate(lambda: once("product", product), lambda: once("bare", bare), sizes.rounds)
    # The first of each was to warm up.
    cpus = [
        Pair(ours.cpu, theirs.cpu)
        for ours, theirs in zip(costs["product"][1:], costs["bare"][1:], strict=True)
    ]
    what = "/peer help over HTTP, 16 connections"
    return [
        result(what, "µs wall", BARE, scaled(walls, 1e6), aim_at_least(0.92, held=0.9), rate=True),
        result("… the server's CPU", "µs CPU", BARE, scaled(cpus, 1e6), rate=True),
    ]


async def _acknowledgement(product: Connection, default: Connection, sizes: Sizes) -> Result:
    async def half_way(line: Connection) -> float:
        request = sign().on_wire()

        async def ask() -> None:
            status, _ = await line.ask(request)
            assert status == 200, status

        return await typical(ask, sizes.acknowledged)

    pairs = await alternate(lambda: half_way(product), lambda: half_way(default), sizes.rounds)
    return result(
        "Acknowledgement, median, 1 connection",
        "ms",
        "AsyncApp, default ack",
        scaled(pairs, 1e3),
        at_most(0.2),
    )
