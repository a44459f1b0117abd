"""Figures count people who answered by an account of their own; what others recorded is counted apart."""

from __future__ import annotations

import pytest

from tests.builders import Town, log_values
from tests.reading import buttons, form_of
from trim_bot.app.seam.gestures import Actor, Invoke, Submit
from trim_bot.domain.figures import quarter_of
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Address, Platform
from trim_bot.domain.records import AnyMeasure, Measure, RecordedMeasure

pytestmark = pytest.mark.anyio


async def figures(town: Town) -> dict[AnyMeasure, int]:
    quarter = quarter_of(town.clock.now().date())
    return dict(await town.write(lambda tx: tx.counts.totals(quarter)))


async def test_invented_people_pad_no_figure_that_is_shown(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    people = "\n".join(f"Invented {number}, 07700 90000{number}" for number in range(3))
    await town.send("priya", form, **log_values(town.actor("nurse"), unlisted=people))
    await town.clockwork.drain()
    offers = await town.all(Offer)
    for _ in range(3):
        page = await town.open("priya")
        taking = buttons(page, "call_take_some")
        page = await town.press("priya", page, "call_take_some") if taking else page
        if buttons(page, "call_yes"):
            await town.press("priya", page, "call_yes")
        else:
            await town.send("priya", page, answer="yes")
    before = await figures(town)
    assert len(offers) == 4
    assert (before[Measure.OFFERED], before[Measure.ACCEPTED]) == (1, 0)
    assert before[Measure.REACHED] == before[Measure.REACHED_IN_TIME] == 0
    assert (before[RecordedMeasure.OFFERED], before[RecordedMeasure.ACCEPTED]) == (3, 3)
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    after = await figures(town)
    assert (after[Measure.ACCEPTED], after[RecordedMeasure.ACCEPTED]) == (1, 3)


async def test_somebody_who_is_signed_out_pads_no_requests(town: Town) -> None:
    stranger = Actor(Address(Platform.WEB, "acme", ""))
    form = form_of(await town.desk.receive(stranger, Invoke(("ask",))))
    await town.desk.receive(stranger, Submit(form.name, form.token, {"text": "a", "contact": "b"}))
    counted = await figures(town)
    assert (counted[Measure.REQUESTS], counted[RecordedMeasure.REQUESTS]) == (0, 1)
