"""One person in two chats: a code shown in one and typed in the other, used once, never guessed, taken off again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.two_chats import TwoChats, code_of
from tests.builders import Town
from tests.reading import buttons, done_of, everything_in, words_of
from trim_bot.app.people.sessions import Sessions
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.views import Answer, Done
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.domain.people import Account, Joined, Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Session, StoredOutcome

pytestmark = pytest.mark.anyio


@pytest.fixture
async def both(town: Town) -> TwoChats:
    both = TwoChats(town)
    await both.open()
    return both


async def accounts(town: Town, name: str) -> set[str]:
    found = await town.all(Account, member_id=town.ids[name])
    return {one.address for one in found}


async def test_a_code_joins_both_chats_and_each_opens_the_same_record(both: TwoChats) -> None:
    town = both.town
    await both.say("nurse", "me")
    assert await both.member("nurse") != town.ids["nurse"]
    assert done_of(await both.link("nurse")).name == "chats_joined"
    assert await both.member("nurse") == town.ids["nurse"]
    form = await both.say("nurse", "support")
    await both.send("nurse", form, name="named", text="", contact="")
    assert buttons(await town.say("nurse", "me"), "withdraw_request")


async def test_nothing_is_joined_before_the_person_says_that_it_is_them(both: TwoChats) -> None:
    asked = await both.enter("driver", await code_of(both.town, "nurse"))
    assert done_of(asked).name == "joining"
    assert "made by Nurse" in words_of(asked)
    assert await both.member("driver") != both.town.ids["nurse"]
    assert len(await accounts(both.town, "nurse")) == 1


async def test_whoever_made_a_code_sees_who_looked_it_up(both: TwoChats) -> None:
    await both.enter("driver", await code_of(both.town, "nurse"))
    page = await both.town.press("nurse", await both.town.say("nurse", "me"), "readers")
    assert "with a code you made" in words_of(page)


async def test_a_code_works_once_and_ten_minutes(both: TwoChats) -> None:
    town = both.town
    code = await code_of(town, "nurse")
    asked = await both.enter("nurse", code)
    late = await both.enter("driver", code)
    assert done_of(await both.press("nurse", asked, "join_chats")).name == "join_asked"
    assert done_of(await both.press("driver", late, "join_chats")).name == "code_over"
    assert done_of(await both.confirm("nurse")).name == "chats_joined"
    assert done_of(await both.enter("driver", code)).name == "code_unknown"
    code = await code_of(town, "porter")
    asked = await both.enter("driver", code)
    town.clock.move_real(POLICY.code_lasts)
    assert done_of(await both.press("driver", asked, "join_chats")).name == "code_over"
    assert done_of(await both.enter("driver", code)).name == "code_unknown"


async def test_a_new_code_ends_the_one_before(both: TwoChats) -> None:
    first = await code_of(both.town, "nurse")
    second = await code_of(both.town, "nurse")
    assert done_of(await both.enter("nurse", first)).name == "code_unknown"
    assert done_of(await both.enter("nurse", second)).name == "joining"


async def test_however_it_is_spaced_it_is_read(both: TwoChats) -> None:
    code = await code_of(both.town, "nurse")
    assert done_of(await both.enter("nurse", f" {code.upper().replace('-', ' ')} ")).name == "joining"


async def test_a_code_is_kept_as_a_digest_and_stands_in_no_message(both: TwoChats) -> None:
    town = both.town
    code = await code_of(town, "nurse")
    kept = everything_in(await town.all(Session), await town.all(StoredOutcome))
    assert code not in kept and code.replace("-", "") not in kept
    await town.clockwork.drain()
    assert code not in everything_in(town.slack.sent, both.teams.sent)


async def test_after_a_few_wrong_codes_none_is_taken_for_an_hour(both: TwoChats) -> None:
    town = both.town
    code = await code_of(town, "nurse")
    for _ in range(POLICY.code_guesses):
        assert done_of(await both.enter("driver", "aaaa-aaaa")).name == "code_unknown"
    assert done_of(await both.enter("driver", code)).name == "code_rest"
    assert done_of(await both.enter("porter", code)).name == "joining"
    town.clock.move_real(POLICY.code_guesses_last)
    assert done_of(await both.enter("driver", await code_of(town, "nurse"))).name == "joining"


async def test_a_code_typed_where_it_was_made_changes_nothing(both: TwoChats) -> None:
    town = both.town
    code = await code_of(town, "nurse")
    form = await town.press("nurse", await town.say("nurse", "support", "link"), "enter_code")
    assert done_of(await town.send("nurse", form, typed=code)).name == "code_own"


async def test_a_colleague_in_the_same_chat_is_somebody_else_and_learns_nothing(both: TwoChats) -> None:
    town = both.town
    code = await code_of(town, "nurse")
    form = await town.press("driver", await town.say("driver", "support", "link"), "enter_code")
    told = await town.send("driver", form, typed=code)
    assert done_of(told).name == "code_same" and "Nurse" not in everything_in(told)


async def test_who_came_to_the_same_chat_meanwhile_is_not_joined(both: TwoChats) -> None:
    """The page that asks may be open still when the driver, in Teams, is joined with the driver in Slack."""
    asked = await both.enter("driver", await code_of(both.town, "nurse"))
    assert done_of(await both.link("driver")).name == "chats_joined"
    assert done_of(await both.press("driver", asked, "join_chats")).name == "join_asked"
    assert done_of(await both.confirm("nurse")).name == "chats_apart"
    assert await both.member("driver") == both.town.ids["driver"]


async def test_an_account_that_has_left_stands_in_nobodys_way(both: TwoChats) -> None:
    """Somebody whose account was made anew joins the new one with what they had, once the old one has ended."""
    town = both.town
    await both.link("nurse")
    [old] = await town.all(Account, address=both.actor("nurse").address.text)
    await town.write(lambda tx: tx.save(replace(old, left=True)))
    again = await both.enter("nurse again", await code_of(town, "nurse"))
    await both.press("nurse again", again, "join_chats")
    assert done_of(await both.confirm("nurse")).name == "chats_joined"


async def test_a_replay_gets_the_same_answer_and_changes_nothing_more(both: TwoChats) -> None:
    town = both.town
    asked = await both.enter("nurse", await code_of(town, "nurse"))
    first = await both.press("nurse", asked, "join_chats")
    again = await both.press("nurse", asked, "join_chats")
    assert done_of(first).name == done_of(again).name == "join_asked"
    page = await town.press("nurse", await town.say("nurse", "me"), "chats")
    first = await town.press("nurse", page, "confirm_join")
    again = await town.press("nurse", page, "confirm_join")
    assert done_of(first).name == done_of(again).name == "chats_joined"
    assert len(await town.all(Joined)) == 1


async def test_a_chat_is_taken_off_again_and_meets_the_desk_as_someone_new(both: TwoChats) -> None:
    town = both.town
    await both.link("nurse")
    page = await town.press("nurse", await town.say("nurse", "me"), "chats")
    assert len(buttons(page, "unlink_chat")) == 1
    assert done_of(await town.press("nurse", page, "unlink_chat")).name == "chat_unlinked"
    assert await accounts(town, "nurse") == {town.actor("nurse").address.text}
    await both.say("nurse", "me")
    assert await both.member("nurse") != town.ids["nurse"]


async def test_a_chat_taken_off_leaves_no_browser_link_or_code_behind(both: TwoChats) -> None:
    """Whoever had the other chat could go on reading, or join it again, with what they got there."""
    town = both.town
    await both.link("nurse")
    sessions = Sessions(town.store, town.clock)
    slug, there = town.organisation.slug, both.actor("nurse").address
    link, session = await sessions.link(slug, there), await sessions.sign_in(slug, there)
    code = await code_of(town, "nurse")
    page = await town.press("nurse", await town.say("nurse", "me"), "chats")
    await town.press("nurse", page, "unlink_chat")
    assert session is not None and await sessions.who(session) is None
    assert await sessions.redeem(link) is None
    assert done_of(await both.enter("nurse", code)).name == "code_unknown"


async def test_neither_the_last_chat_nor_somebody_elses_is_taken_off(both: TwoChats) -> None:
    town = both.town
    await both.link("nurse")
    mine = await town.press("nurse", await town.say("nurse", "me"), "chats")
    other = await town.press("driver", mine, "unlink_chat")
    assert isinstance(other, Done) and other.answer is Answer.REFUSED
    from_there = await both.press("nurse", mine, "unlink_chat")
    assert isinstance(from_there, Done) and from_there.answer is Answer.REFUSED
    await town.press("nurse", mine, "unlink_chat")
    assert buttons(await town.press("nurse", await town.say("nurse", "me"), "chats"), "unlink_chat") == []


async def test_where_there_is_one_chat_nobody_is_asked_about_another(town: Town) -> None:
    assert buttons(await town.say("nurse", "me"), "chats") == []


async def test_somebody_who_left_one_chat_is_still_here_by_the_other(both: TwoChats) -> None:
    town = both.town
    await both.link("nurse")
    slack, teams = town.actor("nurse").address.text, both.actor("nurse").address.text

    async def left() -> bool:
        await Staff(town.desk.outside).meet_everyone()
        member = await town.write(lambda tx: tx.get(Member, town.ids["nurse"]))
        assert member is not None
        return member.left

    town.directory.profiles[slack] = replace(town.directory.profiles[slack], left=True)
    assert not await left()
    both.people.profiles[teams] = replace(both.people.profiles[teams], left=True)
    assert await left()
    both.people.profiles[teams] = replace(both.people.profiles[teams], left=False)
    assert not await left()


async def test_somebody_erased_makes_no_code_work(both: TwoChats) -> None:
    town = both.town
    code = await code_of(town, "nurse")
    form = await town.press("nurse", await town.say("nurse", "me"), "erase")
    await town.send("nurse", form, sure=True)
    assert done_of(await both.enter("nurse", code)).name == "code_unknown"


async def test_a_forged_code_is_not_open(both: TwoChats) -> None:
    view = await both.does("driver", Press("join_chats", "", {}))
    assert isinstance(view, Done) and view.answer is Answer.REFUSED
