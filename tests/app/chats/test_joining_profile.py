"""What two become one with: what somebody chose for either, and no more trust than somebody gave them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.two_chats import TwoChats
from tests.builders import Town
from tests.reading import done_of, everything_in
from trim_bot.domain.ids import new_id
from trim_bot.domain.people import Grant, Member, Reach, Role

pytestmark = pytest.mark.anyio


@pytest.fixture
async def both(town: Town) -> TwoChats:
    both = TwoChats(town)
    await both.open()
    return both


async def test_only_on_my_page_stays_so_and_a_chosen_language_too(both: TwoChats) -> None:
    """Whoever never opened their profile in the chat that is kept has only what everybody begins with there."""
    town = both.town
    await both.say("nurse", "me")
    there = await both.member("nurse")

    def tell(tx) -> None:
        gone = tx.get(Member, there)
        tx.save(replace(tx.get(Member, town.ids["nurse"]), reach=Reach.CHAT, language="en"))
        tx.save(replace(gone, reach=Reach.BROWSER, language="cy"))

    await town.write(tell)
    await both.link("nurse")
    kept = await town.write(lambda tx: tx.get(Member, town.ids["nurse"]))
    assert kept is not None and (kept.reach, kept.language) == (Reach.BROWSER, "cy")


@pytest.mark.parametrize(
    ("here", "there", "ends"),
    [
        ((Role.ADMINISTRATOR,), (Role.AUDITOR,), "chats_apart"),
        ((Role.ADMINISTRATOR,), (Role.ADMINISTRATOR, Role.COORDINATOR), "chats_apart"),
        ((Role.CLINICAL_LEAD,), (Role.CLINICAL_LEAD,), "chats_joined"),
        ((Role.COORDINATOR,), (), "chats_joined"),
    ],
)
async def test_roles_of_trust_never_add_up_by_joining(
    both: TwoChats, here: tuple[Role, ...], there: tuple[Role, ...], ends: str
) -> None:
    town = both.town
    await both.say("nurse", "me")
    other = await both.member("nurse")

    def give(tx) -> None:
        for id, roles in ((town.ids["nurse"], here), (other, there)):
            for role in roles:
                tx.add(Grant(new_id(), id, role, town.clock.now()))

    await town.write(give)
    view = await both.link("nurse")
    assert done_of(view).name == ends
    assert "auditor" not in everything_in(view)
