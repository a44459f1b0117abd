"""A way out that is away: how it is noticed, how long nobody asks, and how it is found to be back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.ground.outgoing_calls import LONGEST_ASKED, LONGEST_WAIT, TRY_SECONDS, OutgoingCalls
from trim_bot.domain.errors import NotThere, Trouble, TryLater

pytestmark = pytest.mark.anyio
HERE = "slack:T1"


class Place:
    """Somebody at the other end, and the seconds that go by."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked = 0
        self.fault: Callable[[], Exception | None] = nothing
        self.ways = OutgoingCalls(lambda: self.now, longest=0.05)

    async def answer(self) -> str:
        self.asked += 1
        if (fault := self.fault()) is not None:
            raise fault
        return "yes"

    async def ask(self, place: str = HERE) -> str:
        return await self.ways.ask(place, self.answer, workspace=place)

    async def later(self, place: str = HERE) -> TryLater:
        with pytest.raises(TryLater) as raised:
            await self.ask(place)
        return raised.value


def nothing() -> None:
    return None


def refused() -> TryLater:
    return TryLater(trouble=Trouble.REFUSED)


async def test_after_three_failures_in_a_row_nobody_is_asked_until_one_may_try() -> None:
    place = Place()
    place.fault = refused
    for _ in range(3):
        await place.later()
    later = await place.later()
    assert place.asked == 3, "the fourth did not go out"
    assert (later.after_seconds, later.trouble, later.workspace) == (2.0, Trouble.REFUSED, HERE)
    place.now = 2.0
    await place.later()
    assert place.asked == 4, "one tried"
    assert (await place.later()).after_seconds == 4.0, "and the next waits twice as long"
    place.now = 6.0
    place.fault = nothing
    assert await place.ask() == "yes"
    assert await place.ask() == "yes", "it is back by itself"
    assert place.ways.away() == ()


async def test_an_answer_between_begins_the_count_anew() -> None:
    place = Place()
    for fault in (refused, refused, NotThere, refused, refused):
        place.fault = fault
        with pytest.raises((TryLater, NotThere)):
            await place.ask()
    assert place.ways.away() == ()


@pytest.mark.parametrize("trouble", [Trouble.ASKED_TO_WAIT, Trouble.FAILING])
async def test_a_wish_to_wait_holds_for_every_call_of_the_place(trouble: Trouble) -> None:
    place = Place()
    place.fault = lambda: TryLater(30.0, trouble)
    assert (await place.later()).after_seconds == 30.0
    place.fault = nothing
    place.now = 29.0
    later = await place.later()
    assert (place.asked, later.after_seconds, later.trouble) == (1, TRY_SECONDS, trouble)
    assert await place.ask("slack:T2") == "yes", "another workspace waits for nobody"
    place.now = 30.0
    assert await place.ask() == "yes"


@pytest.mark.parametrize(
    ("trouble", "first"), [(Trouble.ASKED_TO_WAIT, 5.0), (Trouble.NOT_TAKEN, 30.0)], ids=["429", "token"]
)
async def test_some_troubles_are_believed_at_once(trouble: Trouble, first: float) -> None:
    place = Place()
    place.fault = lambda: TryLater(trouble=trouble)
    assert (await place.later()).after_seconds == first
    await place.later()
    assert place.asked == 1


async def test_a_call_that_hangs_ends_and_two_are_enough() -> None:
    place = Place()

    async def never() -> None:
        place.asked += 1
        await asyncio.Event().wait()

    for _ in range(3):
        with pytest.raises(TryLater) as raised:
            await place.ways.ask(HERE, never, workspace=HERE)
        assert raised.value.trouble is Trouble.SLOW
    assert place.asked == 2


async def test_only_one_tries_at_a_time_and_one_that_goes_away_makes_room() -> None:
    place = Place()
    place.fault = lambda: TryLater(10.0)
    await place.later()
    place.fault, place.now = nothing, 10.0
    hold = asyncio.Event()

    async def slow() -> str:
        await hold.wait()
        return "back"

    trying = asyncio.create_task(place.ways.ask(HERE, slow, workspace=HERE))
    await asyncio.sleep(0)
    assert (await place.later()).after_seconds == TRY_SECONDS
    trying.cancel()
    await asyncio.gather(trying, return_exceptions=True)
    assert await place.ask() == "yes"


async def test_who_is_away_is_told_with_how_long_and_why() -> None:
    place = Place()
    place.fault = refused
    await place.later()
    place.now = 1.0
    for _ in range(2):
        await place.later()
    place.fault = lambda: TryLater(400.0, Trouble.ASKED_TO_WAIT)
    await place.later("teams:X")
    place.now = 2.0
    first, second = place.ways.away()
    assert (first.workspace, first.trouble, first.seconds, first.next_try) == (
        HERE,
        Trouble.REFUSED,
        2.0,
        1.0,
    )
    assert (second.workspace, second.seconds, second.next_try) == ("teams:X", 1.0, 399.0)


async def test_what_nobody_tries_is_not_held_to_be_away_for_ever() -> None:
    place = Place()
    place.fault = lambda: TryLater(10.0)
    await place.later()
    place.now = 10.0 + LONGEST_WAIT
    assert len(place.ways.away()) == 1
    place.now += 1.0
    assert place.ways.away() == ()


async def test_what_is_no_workspace_is_not_listed() -> None:
    place = Place()
    place.fault = lambda: TryLater(10.0)
    with pytest.raises(TryLater):
        await place.ways.ask("graph:X", place.answer)
    assert place.ways.away() == ()


async def test_a_late_success_ends_no_wish_to_wait() -> None:
    place = Place()
    hold = asyncio.Event()

    async def slow() -> str:
        await hold.wait()
        return "yes"

    early = asyncio.create_task(place.ways.ask(HERE, slow, workspace=HERE))
    await asyncio.sleep(0)
    place.fault = lambda: TryLater(30.0, Trouble.ASKED_TO_WAIT)
    await place.later()
    hold.set()
    assert await early == "yes"
    assert (await place.later()).after_seconds == 30.0


async def test_what_was_mended_is_asked_at_once() -> None:
    place = Place()
    place.fault = lambda: TryLater(trouble=Trouble.NOT_TAKEN)
    await place.later()
    place.fault = nothing
    place.ways.forget(HERE)
    assert await place.ask() == "yes"


SHAPES: dict[str, Callable[[], Exception | None]] = {
    "refused": refused,
    "failing": lambda: TryLater(trouble=Trouble.FAILING),
    "429": lambda: TryLater(trouble=Trouble.ASKED_TO_WAIT),
    "429 with a wish": lambda: TryLater(90.0, Trouble.ASKED_TO_WAIT),
    "a mistaken wish": lambda: TryLater(1e9, Trouble.ASKED_TO_WAIT),
    "token": lambda: TryLater(trouble=Trouble.NOT_TAKEN),
    "no": NotThere,
    "yes": nothing,
}


@given(st.lists(st.tuples(st.sampled_from(sorted(SHAPES)), st.floats(0, 100)), max_size=60))
def test_whatever_went_wrong_it_is_noticed_within_its_wait_that_it_is_back(
    steps: list[tuple[str, float]],
) -> None:
    """And while a platform is away it is asked no more than its waits allow."""

    async def live() -> None:
        place = Place()
        for shape, seconds in steps:
            place.fault = SHAPES[shape]
            before, away = place.asked, bool(place.ways.away())
            try:
                await place.ask()
            except (TryLater, NotThere) as error:
                after = getattr(error, "after_seconds", None)
                assert after is None or 0 < after <= LONGEST_ASKED
                if place.asked == before:
                    assert away or after is not None, "only what is away fails at once"
            place.now += seconds
        place.fault = nothing
        place.now += LONGEST_ASKED
        assert await place.ask() == "yes"
        assert place.ways.away() == ()

    asyncio.run(live())
