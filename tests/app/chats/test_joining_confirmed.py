"""Whoever came by a code cannot take a record over: its maker is asked too, by name and place, and can say no."""

from __future__ import annotations

import pytest

from tests.app.two_chats import TwoChats, code_of
from tests.builders import Town
from tests.reading import buttons, done_of, everything_in, words_of
from trim_bot.app.seam.views import View
from trim_bot.domain.people import Joined
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Session

pytestmark = pytest.mark.anyio


@pytest.fixture
async def both(town: Town) -> TwoChats:
    both = TwoChats(town)
    await both.open()
    return both


async def chats(both: TwoChats, name: str) -> View:
    return await both.town.press(name, await both.town.say(name, "me"), "chats")


async def take(both: TwoChats) -> View:
    """The driver, in Teams, oversaw the nurse's code and says that the nurse is them."""
    asked = await both.enter("driver", await code_of(both.town, "nurse"))
    return await both.press("driver", asked, "join_chats")


async def test_who_oversaw_a_code_is_not_joined_before_its_maker_says_yes(both: TwoChats) -> None:
    assert done_of(await take(both)).name == "join_asked"
    assert await both.town.all(Joined) == []
    assert await both.member("driver") != both.town.ids["nurse"]


async def test_the_maker_reads_where_and_under_which_name_it_was_typed(both: TwoChats) -> None:
    await take(both)
    page = await chats(both, "nurse")
    assert "entered in Microsoft Teams, by Driver" in words_of(page)
    assert buttons(await chats(both, "porter"), "confirm_join") == []
    there = await both.press("driver", await both.say("driver", "me"), "chats")
    assert buttons(there, "confirm_join") == []


async def test_no_ends_the_code_and_every_trace_of_the_asking(both: TwoChats) -> None:
    await take(both)
    page = await chats(both, "nurse")
    assert done_of(await both.town.press("nurse", page, "refuse_join")).name == "join_refused"
    assert done_of(await both.town.press("nurse", page, "confirm_join")).name == "code_over"
    assert await both.town.all(Session) == []
    assert buttons(await chats(both, "nurse"), "confirm_join") == []


async def test_ten_minutes_later_there_is_nothing_to_say_yes_to(both: TwoChats) -> None:
    await take(both)
    page = await chats(both, "nurse")
    both.town.clock.move_real(POLICY.code_lasts)
    assert buttons(await chats(both, "nurse"), "confirm_join") == []
    assert done_of(await both.town.press("nurse", page, "confirm_join")).name == "code_over"


async def test_a_yes_meant_for_one_code_joins_nobody_who_typed_a_later_one(both: TwoChats) -> None:
    asked = await both.enter("nurse", await code_of(both.town, "nurse"))
    await both.press("nurse", asked, "join_chats")
    page = await chats(both, "nurse")
    await take(both)
    assert done_of(await both.town.press("nurse", page, "confirm_join")).name == "code_over"
    assert await both.town.all(Joined) == []


async def test_an_erased_typist_is_asked_about_no_more(both: TwoChats) -> None:
    await take(both)
    form = await both.press("driver", await both.say("driver", "me"), "erase")
    await both.send("driver", form, sure=True)
    await both.town.clockwork.drain()
    assert buttons(await chats(both, "nurse"), "confirm_join") == []


async def test_that_chats_were_joined_is_told_for_good_also_once_one_is_taken_off(both: TwoChats) -> None:
    town = both.town
    await both.link("nurse")
    await town.press("nurse", await chats(both, "nurse"), "unlink_chat")
    readers = await town.press("nurse", await town.say("nurse", "me"), "readers")
    said = words_of(readers)
    assert "Another chat was joined with your record on" in said
    assert "Your other chat, before it was joined: your name, with a code you made" in said
    assert "Nobody else has opened" not in everything_in(readers)
    assert "Another chat was joined with your record on" in words_of(await chats(both, "nurse"))
