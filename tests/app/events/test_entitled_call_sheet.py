"""Who may see, take and answer a row of a call sheet, asked of everybody in a small town."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.relations import LEADS, NOBODY, Rule, Small, a_step, an_incident, an_offer
from trim_bot.app.events import tell_in_person as rules
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import IncidentId, MemberId, OfferId, StepId
from trim_bot.domain.incidents import Directness, Exposure, Offer, OfferState
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
SHEET = {"logger", *LEADS}


@pytest.fixture
async def small() -> Small:
    """The town."""
    return await Small().begin()


def taken(by: str) -> object:
    """The offer, taken by somebody to be told of."""

    def make(tx: Tx) -> Offer:
        return replace(an_offer()(tx), taken_by=MemberId(by))

    return make


def held(by: str, rung: Rung = Rung.ASSIGNED) -> Step:
    return a_step(StepKind.CONTACT, "o", rung=rung, holder=MemberId(by))


@pytest.mark.parametrize(
    ("offer", "step", "sees", "tells"),
    [
        (an_offer(), held("logger"), SHEET, {"logger"}),
        (an_offer(), held("cover", Rung.COVER), {*SHEET, "cover"}, {"logger"}),
        (an_offer(), held("boss", Rung.LEAD), SHEET, {"logger"}),
        (an_offer(), a_step(StepKind.CONTACT, "o", rung=Rung.NOBODY), SHEET, {"logger"}),
        (taken("cover"), held("cover"), {*SHEET, "cover"}, {"cover"}),
        (taken("lena"), held("lena"), SHEET, {"lena"}),
        (taken("logger"), held("logger"), SHEET, {"logger"}),
        # The ladder took it from the cover, so it is shared again.
        (taken("cover"), held("other", Rung.COVER), {*SHEET, "other"}, {"logger"}),
        # Whoever manages the person has none of it, even where the row has come to them.
        (taken("boss"), held("boss"), SHEET, NOBODY),
        (an_offer(), replace(held("logger"), state=StepState.DONE), NOBODY, NOBODY),
        (an_offer(), a_step(StepKind.OFFER, "o", rung=Rung.NOBODY), NOBODY, NOBODY),
        (an_offer("logger"), held("logger"), LEADS | {"boss"}, NOBODY),
    ],
)
async def test_a_row_is_shared_until_it_is_taken_and_then_its_takers_alone(
    small: Small, offer: object, step: Step, sees: set[str], tells: set[str]
) -> None:
    await small.put(an_incident, offer, step)
    assert await small.who(rules.call_row, offer="o") == sees
    assert await small.who(rules.own_call_row, offer="o") == tells
    assert await small.who(rules.call_sheet, incident="i") == sees | {"logger"}


@pytest.mark.parametrize("name", ["logger", "lena", "cover"])
async def test_whoever_was_part_of_the_event_rings_nobody_of_it(small: Small, name: str) -> None:
    def part(tx: Tx) -> Exposure:
        return Exposure("e", tx.new_key(), IncidentId("i"), MemberId(name), Directness.PERIPHERAL)

    await small.put(an_incident, an_offer(), held("cover", Rung.COVER), part)
    for rule, refs in ((rules.call_row, {"offer": "o"}), (rules.call_sheet, {"incident": "i"})):
        assert name not in await small.who(rule, **refs)


async def test_a_lead_who_manages_all_of_them_does_not_see_that_there_is_a_sheet(small: Small) -> None:
    await small.put(an_incident, an_offer(), held("cover", Rung.COVER))
    assert "boss" not in await small.who(rules.call_sheet, incident="i")

    def another(tx: Tx) -> Offer:
        return replace(an_offer("zoe")(tx), id=OfferId("o2"), state=OfferState.WAITING)

    await small.put(another, replace(held("cover", Rung.COVER), id=StepId("s2"), subject="o2"))
    assert "boss" in await small.who(rules.call_sheet, incident="i")
    assert "boss" not in await small.who(rules.call_row, offer="o")


@pytest.mark.parametrize("rule", [rules.call_row, rules.own_call_row, rules.call_sheet])
async def test_what_is_not_there_is_open_to_nobody(small: Small, rule: Rule) -> None:
    assert await small.who(rule, offer="gone", incident="gone") == NOBODY
    assert await small.who(rule, offer="", incident="") == NOBODY
