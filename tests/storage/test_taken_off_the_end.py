"""What stood at the end of the ladder and was taken stands there no more, on every store, and may come back anew."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.app.asking import ask, its_step
from tests.builders import Town
from tests.storage.conftest import DeskStore
from trim_bot.app.people.meeting import who_is
from trim_bot.app.requests.hands import hold, request_of
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.route import of_member
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.figures import week_of
from trim_bot.domain.ids import RequestId
from trim_bot.domain.people import Role
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import Rung


def test_a_request_taken_from_the_end_of_the_ladder_has_not_stood_meanwhile(desk_store: DeskStore) -> None:
    async def story() -> tuple[object, ...]:
        town = Town(store=desk_store.store)
        await town.found()
        await town.add("priya", Role.PRACTITIONER)
        await town.add("nurse")
        await ask(town)
        step = await its_step(town)
        await town.work(lambda work: waits.pass_to(work, step, Rung.NOBODY, None))
        stood = (await its_step(town)).unowned_since

        def take(tx: Tx) -> None:
            work = of_member(
                town.desk.work(tx, town.organisation, who_is(tx, town.actor("priya").address), {})
            )
            hold(work, request_of(work, RequestId(step.subject)))

        await town.write(take)
        held = (await its_step(town)).unowned_since
        town.clock.move(timedelta(days=21))
        again = await its_step(town)
        back = await town.work(lambda work: waits.pass_to(work, again, Rung.NOBODY, None).unowned_since)
        now = town.clock.now()
        await town.write(take)
        weeks = [week_of((now - timedelta(days=ago)).date()) for ago in (21, 14, 7, 0)]
        marked = await town.write(lambda tx: [tx.counts.totals(week)[Measure.STOOD] for week in weeks])
        return stood is not None, held, back == now, marked

    assert asyncio.run(story()) == (True, None, True, [1, 0, 0, 1])
