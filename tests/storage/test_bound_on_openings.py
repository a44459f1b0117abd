"""However much was opened, people who were asked can answer, and see their own; what is read on and on is held back."""

from __future__ import annotations

import asyncio

import pytest

from tests.builders import Town, log_values
from tests.storage.conftest import Rig
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import View
from trim_bot.app.seam.work import Undo
from trim_bot.app.words import common_answers
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.key_openings import KeyOpenings, KeysHeldBack
from trim_bot.domain.key_use import KeyUse, asked_by_holder_of, keys_for
from trim_bot.domain.people import Member, Role

pytestmark = pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
ORGANISATION = OrganisationId("one")
PEOPLE, SLOWLY = 40, 2


def test_answers_and_ones_own_pages_are_never_held_back(rig: Rig) -> None:
    async def play() -> None:
        town = Town(store=rig.store)
        await town.found()
        for name in ("priya", "paul"):
            await town.add(name, Role.PRACTITIONER)
        names = [f"nurse{number}" for number in range(6)]
        for name in names:
            await town.add(name)
        rig.store.openings = KeyOpenings(0, 0)

        seen: list[View] = [await town.say("priya", "peer", "log")]
        people = [town.actor(name) for name in names]
        seen.append(await town.send("priya", seen[-1], **log_values(*people, mine=True)))
        with keys_for(KeyUse.CLOCK):
            await town.clockwork.drain()
        answers = ("offer_yes", "offer_yes", "offer_no", "offer_later", "offer_other", "offer_yes")
        for name, answer in zip(names, answers, strict=True):
            seen += [await town.say(name, "home"), await town.open(name)]
            seen.append(await town.press(name, seen[-1], answer))
            seen += [await town.say(name, *words) for words in (("waiting",), ("support", "me"))]
        seen.append(await town.press(names[-1], await town.own_choice(names[-1]), "withdraw"))
        # A town passes over no fault that is told, and so over nothing that is held back.
        assert rig.store.openings.held_back == 0
        with pytest.raises(AssertionError, match="store away"):
            await town.say("priya", "peer", "cases")
        assert rig.store.openings.held_back == 1

    asyncio.run(play())


async def _kept(rig: Rig) -> list[MemberId]:
    """So many members, of whom another process knows no key yet."""

    def body(tx: Tx) -> list[MemberId]:
        members = [Member(MemberId(f"member{one}"), tx.new_key(), f"Name {one}") for one in range(PEOPLE * 3)]
        for member in members:
            tx.add(member)
        return [member.id for member in members]

    return await rig.store.write(ORGANISATION, body)


@pytest.mark.parametrize("apart", [True, False])
def test_of_many_at_once_beyond_the_bound_each_is_answered_for_themselves(rig: Rig, *, apart: bool) -> None:
    async def play() -> int:
        ids = await _kept(rig)
        store = rig.again()
        store.openings = KeyOpenings(0, SLOWLY, lambda: 0.0)

        async def asks(number: int) -> bool:
            def body(tx: Tx) -> None:
                own = tx.get(Member, ids[number if apart else 0])
                assert own is not None
                asked_by_holder_of(own.key_id)
                if apart:
                    assert tx.get(Member, ids[PEOPLE + number])
                assert tx.get(Member, ids[2 * PEOPLE + number])

            with keys_for(KeyUse.ORDINARY):
                try:
                    await store.write(ORGANISATION, body)
                except KeysHeldBack:
                    return False
                return True

        return sum(await asyncio.gather(*(asks(number) for number in range(PEOPLE))))

    assert asyncio.run(play()) == (PEOPLE if apart else SLOWLY)


@pytest.mark.parametrize("beside", [0, 3])
def test_a_form_that_comes_back_counts_for_what_it_shows_once(rig: Rig, beside: int) -> None:
    """Whoever sends wrong forms on and on reads no more by that than by pages; beside others it is run twice."""

    async def play() -> tuple[int, int, int]:
        ids = await _kept(rig)
        store = rig.again()
        store.openings = KeyOpenings(PEOPLE // 2, 0, lambda: 0.0)

        async def asks(number: int) -> bool:
            def body(tx: Tx) -> None:
                assert tx.get(Member, ids[number])
                raise Undo(common_answers.not_open())

            with keys_for(KeyUse.ORDINARY):
                try:
                    await store.write(ORGANISATION, body)
                except Undo:
                    return True
                except KeysHeldBack:
                    return False
                raise AssertionError

        async def stands_by(_: int) -> None:
            await store.write(ORGANISATION, lambda tx: None)

        shown = 0
        for number in range(PEOPLE):
            answers = await asyncio.gather(*(stands_by(n) for n in range(beside)), asks(number))
            shown += bool(answers[-1])
        opened, refused = store.openings.told()
        return shown, opened, refused

    assert asyncio.run(play()) == (PEOPLE // 2, PEOPLE // 2, PEOPLE // 2)
