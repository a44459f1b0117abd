"""Two people say yes at the same moment, in two processes: the last place is had once, on every database."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.app.beginnings import open_case_for
from tests.builders import Town, log_values
from tests.storage.conftest import Rig
from tests.storage.running import run
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Role

PEOPLE = ("nurse", "driver", "porter", "cook")


def test_of_several_yeses_at_once_one_has_the_last_place(rig: Rig) -> None:
    assert run(_at_once(rig)) == (3, len(PEOPLE) + 2)


async def _at_once(rig: Rig) -> tuple[int, int]:
    """How many cases the practitioner holds after it, and how many there are."""
    town = Town(store=rig.store)
    await town.found()
    await town.add("priya", Role.PRACTITIONER)
    for name in (*PEOPLE, "guard", "clerk"):
        await town.add(name)
    for name in ("guard", "clerk"):
        await open_case_for(town, name, holder="priya")
    await town.settle(most_open_cases=9)
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(*(town.actor(name) for name in PEOPLE), mine=True))
    await town.settle(most_open_cases=3)
    offers = await town.all(Offer)
    assert all(offer.proposed == town.ids["priya"] for offer in offers)
    towns = [replace(town, store=rig.again()) for _ in PEOPLE]
    for one in towns:
        one.organisation = town.organisation
    await asyncio.gather(*(_yes(one, name) for one, name in zip(towns, PEOPLE, strict=True)))

    def held(tx: Tx) -> tuple[int, int]:
        cases = tx.find(Case, state=CaseState.OPEN)
        return sum(case.holder == town.ids["priya"] for case in cases), len(cases)

    return await town.write(held)


async def _yes(town: Town, name: str) -> None:
    offer = await town.press(name, await town.say(name, "me"), "offer")
    await town.press(name, offer, "offer_yes")
