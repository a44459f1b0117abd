"""What each promise costs a transaction of the store, one after the other, beside a dispatch that keeps nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

from bench.databases import KEYRING, Kind, opened
from bench.gestures import LARGE
from bench.result import Result, aim_at_least, result
from bench.routing import BARE
from bench.sizes import Sizes
from bench.slack_anchors import bolt
from bench.slack_requests import post, sign
from bench.timing import alternate, mean, scaled
from tests.builders import Town
from trim_bot.app.seam.ports import Tx
from trim_bot.crypto.tokens import SealedTokens
from trim_bot.domain.ids import RequestId, SessionId, new_id
from trim_bot.domain.people import Member
from trim_bot.domain.records import Action, Session, StoredOutcome
from trim_bot.domain.requests import RequestState, SupportRequest

GOALS = {"SQLite": 0.35, "PostgreSQL": 0.2}
AT_ONCE = 16


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """Each step adds one promise to the one before; sixteen at once, all durable."""
    bare_app, signed = bolt(before_response=True), sign()

    async def bare() -> float:
        async def dispatch() -> None:
            assert await post(bare_app, signed) == 200

        return await mean(dispatch, sizes.dispatches // 4 + 1, time.perf_counter)

    with opened(kind) as (_, store):
        town = Town(store=store, tokens=SealedTokens(KEYRING))
        await town.found()
        await town.add("nurse")
        rows: list[Result] = []
        for name, body in _bodies(town).items():
            goal = aim_at_least(GOALS[kind.name]) if name.startswith("… and") else None

            async def once(body: Callable[[Tx], None] = body) -> float:
                begun = time.perf_counter()
                for _ in range(sizes.gestures // AT_ONCE + 1):
                    await asyncio.gather(*(town.write(body) for _ in range(AT_ONCE)))
                return (time.perf_counter() - begun) / (AT_ONCE * (sizes.gestures // AT_ONCE + 1))

            pairs = await alternate(once, bare, sizes.rounds)
            rows.append(result(f"{name}, {kind.name}", "ms wall", BARE, scaled(pairs, 1e3), goal, rate=True))
    return rows


def _bodies(town: Town) -> dict[str, Callable[[Tx], None]]:
    def kept(tx: Tx) -> None:
        tx.add(StoredOutcome(new_id(), "cases", {}, town.clock.now()))

    def bound(tx: Tx) -> None:
        kept(tx)
        tx.add(Session(SessionId(new_id()), town.ids["nurse"], "link", town.clock.now() + timedelta(days=1)))

    def sealed(tx: Tx) -> None:
        member = tx.get(Member, town.ids["nurse"])
        assert member is not None
        tx.add(
            SupportRequest(
                RequestId(new_id()),
                member.key_id,
                member.id,
                True,
                RequestState.CLOSED,
                town.clock.now(),
                "en",
                LARGE,
            )
        )

    def told(tx: Tx) -> None:
        sealed(tx)
        member = tx.get(Member, town.ids["nurse"])
        assert member is not None
        name = tx.pseudonym(member.key_id, member.id)
        tx.journal.write("bench", Action.REQUESTED, "support", name, town.clock.now())

    return {
        "A transaction that writes nothing": lambda tx: None,
        "… that keeps one plain row": kept,
        "… one more row that the journal binds": bound,
        "… a sealed row of 2 KB in place of both": sealed,
        "… and a row of the journal that says so": told,
    }
