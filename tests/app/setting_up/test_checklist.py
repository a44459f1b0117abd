"""The set-up list ticks what is true in the store, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.app.beginnings import open_case_for, refused
from tests.builders import Town
from tests.reading import blocks_of, buttons, done_of, name_of, unsigned, words_of
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Button, Heading, View, Weight
from trim_bot.app.setting_up.chat_screens import chats_line, ways_to_test
from trim_bot.app.setting_up.checklist import ConnectedChat, SetUpItem
from trim_bot.app.setting_up.checklist_screens import NAMES
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import Undeliverable
from trim_bot.domain.ids import AccountId, PlaceId
from trim_bot.domain.people import Account, Member, Platform, Role
from trim_bot.domain.records import NoteSent
from trim_bot.domain.site import CrisisNumber, OutsideWay, Place
from trim_bot.domain.steps import Outgoing

pytestmark = pytest.mark.anyio
TODAY = date(2026, 11, 23)
NUMBER = CrisisNumber("Emergency", "999", "GB", "sample", TODAY)
FAR = Place(
    PlaceId("far"), "Far", "Europe/Dublin", "IE", numbers=(replace(NUMBER, place="IE", verified_on=None),)
)
WAY = OutsideWay("The ombudsperson", "Ring 01632 960301")


async def set_up(town: Town, name: str = "adam") -> View:
    return await town.desk.receive(town.actor(name), Press("set_up", ""))


async def ticked(town: Town) -> set[SetUpItem]:
    titles = {one.text for one in blocks_of(await set_up(town), Heading)}
    return {item for item, name in NAMES.items() if f"✓ {name}" in titles}


async def test_a_new_organisation_has_only_what_the_desk_brought(town: Town) -> None:
    await town.settle(name="Our organisation", services=(), numbers=(replace(NUMBER, verified_on=None),))
    # The town comes with people in these roles, and the shipped notice fits its country.
    assert await ticked(town) == {
        SetUpItem.NOTICE,
        SetUpItem.COORDINATOR,
        SetUpItem.LEADS,
        SetUpItem.TRAINING,
    }


@pytest.mark.parametrize(
    ("item", "settings"),
    [
        (SetUpItem.PLACE, {"name": "Our organisation"}),
        (SetUpItem.PLACE, {"name": "Example Transport"}),
        (SetUpItem.NUMBERS, {"numbers": (replace(NUMBER, verified_on=TODAY - timedelta(days=366)),)}),
        (SetUpItem.NUMBERS, {"numbers": ()}),
        (SetUpItem.NUMBERS, {"numbers": (replace(NUMBER, place="IE"),)}),
        (SetUpItem.NUMBERS, {"places": (FAR,)}),
        (SetUpItem.NOTICE, {"country": "US", "numbers": (replace(NUMBER, place="US"),)}),
        (SetUpItem.SERVICES, {"services": ()}),
        (SetUpItem.OUTSIDE, {"outside": ()}),
        (SetUpItem.TRAINING, {"least_practitioners": 4}),
    ],
)  # fmt: skip
async def test_each_setting_ticks_its_own_line(town: Town, item: SetUpItem, settings: dict[str, Any]) -> None:
    await town.settle(name="Northern Ferries", numbers=(NUMBER,), outside=(WAY,))
    whole = await ticked(town)
    assert whole == set(SetUpItem) - {SetUpItem.MESSAGE}
    await town.settle(**settings)
    assert await ticked(town) == whole - {item}


async def test_roles_tick_when_somebody_holds_them() -> None:
    town = Town()
    await town.found()
    await town.add("adam", Role.ADMINISTRATOR)
    assert not await ticked(town) & {SetUpItem.COORDINATOR, SetUpItem.LEADS, SetUpItem.TRAINING}
    await town.add("cora", Role.COORDINATOR)
    assert SetUpItem.COORDINATOR in await ticked(town)
    await town.add("lena", Role.LEAD)
    assert SetUpItem.LEADS not in await ticked(town)
    await town.add("dev", Role.DEPUTY)
    assert SetUpItem.LEADS in await ticked(town)


async def test_a_test_message_ticks_once_the_chat_took_it(town: Town) -> None:
    page = await set_up(town)
    assert SetUpItem.MESSAGE not in await ticked(town)
    sent = await town.press("adam", page, "send_test")
    assert name_of(sent) == "test_sent"
    assert SetUpItem.MESSAGE not in await ticked(town)
    await town.clockwork.drain()
    assert len(town.messages("adam")) == 1
    assert SetUpItem.MESSAGE in await ticked(town)


async def test_two_presses_send_one_message_and_it_is_the_one_text(town: Town) -> None:
    await town.press("adam", await set_up(town), "send_test")
    await town.press("adam", await set_up(town), "send_test")
    assert len(await town.all(Outgoing, kind="test")) == 1
    await town.clockwork.drain()
    assert {type(one).__name__ for one in town.messages("adam")} == {"Message"}
    assert await town.waiting("adam") == 0


async def second_chat(town: Town) -> None:
    """Adam has an account in a second workspace, and so has nobody in a third."""
    for team in ("T2", "T3"):
        town.organisation = await town.store.found("acme", ChatWorkspace.parse(f"slack:{team}"))

    def joined(tx: Tx) -> None:
        adam = tx.get(Member, town.ids["adam"])
        assert adam is not None
        tx.add(Account(AccountId("second"), adam.key_id, adam.id, Platform.SLACK, "slack:T2:UADAM"))

    await town.write(joined)


async def test_each_chat_is_tested_on_its_own_and_the_line_says_which_is_not_yet(town: Town) -> None:
    await town.press("adam", await set_up(town), "send_test")
    await town.clockwork.drain()
    assert SetUpItem.MESSAGE in await ticked(town)
    await second_chat(town)
    page = await set_up(town)
    assert SetUpItem.MESSAGE not in await ticked(town)
    words = words_of(page)
    assert "Slack T1 took a test message. No test message has gone to Slack T2 and Slack T3 yet." in words
    assert "In Slack T3 open the desk first" in words
    labels = [one.label for one in buttons(page, "send_test")]
    assert labels == ["Send me a test message: Slack T2", "Send me a test message: Slack T1"]
    await town.press("adam", page, "send_test", 0)
    await town.press("adam", page, "send_test", 1)
    await town.clockwork.drain()
    assert sorted(to.text for to, _ in town.slack.sent) == [
        "slack:T1:UADAM",
        "slack:T1:UADAM",
        "slack:T2:UADAM",
    ]
    assert "No test message has gone to Slack T3 yet." in words_of(await set_up(town))
    assert SetUpItem.MESSAGE not in await ticked(town)


async def test_a_chat_that_refuses_is_not_ticked_by_another_that_takes_it(town: Town) -> None:
    await second_chat(town)
    town.slack.always["slack:T2:UADAM"] = Undeliverable()
    page = await set_up(town)
    for nth in (0, 1):
        await town.press("adam", page, "send_test", nth)
    await town.clockwork.drain()
    assert [to.text for to, _ in town.slack.sent] == ["slack:T1:UADAM"]
    assert "No test message has gone to Slack T2 and Slack T3 yet." in words_of(await set_up(town))


async def test_whoever_reads_on_their_page_alone_can_still_test_a_chat(town: Town) -> None:
    def reads_on_page(tx: Tx) -> None:
        adam = tx.get(Member, town.ids["adam"])
        assert adam is not None
        tx.add(
            Account(AccountId("web"), adam.key_id, adam.id, Platform.WEB, "web:adam@acme.test", first=True)
        )

    await town.write(reads_on_page)
    await town.press("adam", await set_up(town), "send_test")
    await town.clockwork.drain()
    assert SetUpItem.MESSAGE in await ticked(town)


async def test_what_an_earlier_version_tested_stands_for_the_only_chat_and_for_none_of_several(
    town: Town,
) -> None:
    await town.write(lambda tx: tx.add(NoteSent("test", town.clock.now())))
    assert SetUpItem.MESSAGE in await ticked(town)
    await second_chat(town)
    assert "gone to Slack T1, Slack T2 and Slack T3 yet" in words_of(await set_up(town))


def test_of_many_chats_a_few_are_named_and_those_not_tested_yet_have_buttons() -> None:
    chats = [ConnectedChat(str(n), Platform.SLACK, f"T{n:02}", taken=n < 20, reaches=True) for n in range(40)]
    line = chats_line(chats)
    assert line.count("15 more") == 2 and line.count("Slack T") == 10
    assert [label.rpartition(" ")[2] for label, _ in ways_to_test(chats)] == [f"T{n}" for n in range(20, 30)]


async def test_it_goes_out_at_once_though_the_receiver_is_not_at_work(town: Town) -> None:
    town.clock.move(timedelta(hours=13))
    await town.press("adam", await set_up(town), "send_test")
    await town.clockwork.drain()
    assert len(town.messages("adam")) == 1


@pytest.mark.parametrize("name", ["nurse", "priya", "lena", "dev", "cora"])
async def test_nobody_else_opens_it(town: Town, name: str) -> None:
    assert refused(await set_up(town, name))


async def test_it_says_nothing_of_any_case(town: Town) -> None:
    before = await set_up(town)
    await open_case_for(town, "nurse", holder="priya")
    assert unsigned(await set_up(town)) == unsigned(before)


async def test_the_first_thing_that_is_missing_has_the_one_filled_button(town: Town) -> None:
    page = done_of(await set_up(town))
    filled = [one for one in blocks_of(page, Button) if one.weight is Weight.MAIN]
    assert len(filled) <= 1
    assert sum(one.text.startswith("Next: ") for one in blocks_of(page, Heading)) == 1


async def test_the_first_page_leads_there(town: Town) -> None:
    home = await town.say("adam", "home")
    assert name_of(await town.press("adam", home, "set_up")) == "set_up"
    assert not buttons(await town.say("cora", "home"), "set_up")
    assert "Set up your desk" in words_of(await set_up(town))


async def test_numbers_of_the_place_one_works_at_do_not_hide_those_of_the_site(town: Town) -> None:
    rung = replace(FAR, numbers=(NUMBER,))
    await town.settle(numbers=(replace(NUMBER, verified_on=None),), places=(rung,))

    def at_far(tx: Tx) -> None:
        adam = tx.get(Member, town.ids["adam"])
        assert adam is not None
        tx.save(replace(adam, place=FAR.id))

    await town.write(at_far)
    assert "2 numbers. Not rung and dated within a year: 1" in words_of(await set_up(town))
