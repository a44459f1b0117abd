"""Somebody with two chats chooses where they are written to; the zone nobody told is asked for once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.beginnings import open_case_for
from tests.app.two_chats import TwoChats
from tests.builders import Town, log_values
from tests.reading import buttons, everything_in, form_of, values_of, words_of
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.views import Choice, Done
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.errors import TryLater, Undeliverable
from trim_bot.domain.people import Account, Member, Platform
from trim_bot.domain.steps import OutboxState, Outgoing, Rung, StepKind

pytestmark = pytest.mark.anyio
KEPT = "Where we write to you"


@pytest.fixture
async def both(town: Town) -> TwoChats:
    both = TwoChats(town)
    await both.open()
    for name in ("nurse", "lena"):
        await both.link(name)
    await town.clockwork.drain()
    town.slack.sent.clear()
    both.teams.sent.clear()
    return both


async def choose(town: Town, name: str, label: str) -> None:
    """Choose a place by what it is called in the profile."""
    form = form_of(await town.say(name, "peer", "profile"))
    [places] = [one for one in form.inputs() if isinstance(one, Choice) and one.label == KEPT]
    value = next(option.value for option in places.options if option.label == label)
    values: dict[str, Value] = values_of(form)
    assert isinstance(await town.send(name, form, **(values | {"first": value})), Done)


async def log(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))
    await town.clockwork.drain()


async def test_only_those_with_two_chats_are_asked(both: TwoChats) -> None:
    asked = {field.name for field in form_of(await both.town.say("nurse", "peer", "profile")).inputs()}
    alone = {field.name for field in form_of(await both.town.say("driver", "peer", "profile")).inputs()}
    assert "first" in asked and "first" not in alone


@pytest.mark.parametrize(("label", "in_slack", "in_teams"), [("Slack", 1, 0), ("Microsoft Teams", 0, 1)])
async def test_one_chat_is_written_to_and_it_is_the_chosen_one(
    both: TwoChats, label: str, in_slack: int, in_teams: int
) -> None:
    await choose(both.town, "nurse", label)
    await log(both.town)
    there = both.teams.to(both.actor("nurse").address)
    assert (len(both.town.messages("nurse")), len(there)) == (in_slack, in_teams)


async def test_the_other_is_written_to_where_the_chosen_one_is_closed(both: TwoChats) -> None:
    await choose(both.town, "nurse", "Microsoft Teams")
    both.teams.always[both.actor("nurse").address.text] = Undeliverable()
    await log(both.town)
    assert len(both.town.messages("nurse")) == 1


async def test_the_other_is_written_to_where_the_chosen_workspace_was_disconnected(both: TwoChats) -> None:
    town = both.town
    [workspace] = (one for one in town.organisation.workspaces if one.platform is Platform.SLACK)
    form = form_of(await town.say("priya", "peer", "log"))
    await town.send("priya", form, **log_values(town.actor("nurse")))
    await town.store.disconnect(workspace)
    town.slack.always[town.actor("nurse").address.text] = TryLater()
    await town.clockwork.drain()
    assert len(both.teams.to(both.actor("nurse").address)) == 1


async def test_a_chat_somebody_has_left_is_not_written_to(both: TwoChats) -> None:
    await choose(both.town, "nurse", "Microsoft Teams")
    address = both.actor("nurse").address.text

    def leave(tx) -> None:
        [account] = tx.find(Account, address=address)
        tx.save(replace(account, left=True))

    await both.town.write(leave)
    await log(both.town)
    assert len(both.town.messages("nurse")) == 1 and both.teams.attempts == 0


async def test_only_on_my_page_writes_in_no_chat(both: TwoChats) -> None:
    await choose(both.town, "nurse", "Only on my page")
    await log(both.town)
    assert not both.town.messages("nurse") and not both.teams.sent
    assert buttons(await both.town.say("nurse", "me"), "offer")
    queued = await both.town.all(Outgoing, kind="waiting")
    states = {one.state for one in queued}
    assert states == {OutboxState.SENT}


async def test_a_safety_call_is_written_in_chat_all_the_same(both: TwoChats) -> None:
    town = both.town
    await choose(town, "lena", "Only on my page")
    case = await open_case_for(town, "driver", holder="priya")
    told = len(town.messages("lena"))

    await town.work(
        lambda work: waits.begin(work, StepKind.SAFETY, case.id, Rung.LEAD, town.ids["lena"], case=case.id)
    )
    await town.clockwork.drain()
    assert len(town.messages("lena")) == told + 1


async def test_the_choice_is_shown_again_and_can_be_changed(both: TwoChats) -> None:
    for label in ("Only on my page", "Microsoft Teams", "Slack"):
        await choose(both.town, "nurse", label)
        form = form_of(await both.town.say("nurse", "peer", "profile"))
        [places] = [one for one in form.inputs() if isinstance(one, Choice) and one.label == KEPT]
        assert next(one.label for one in places.options if one.value == places.value) == label
        first = await both.town.all(Account, member_id=both.town.ids["nurse"], first=True)
        assert len(first) == 1


@pytest.mark.parametrize("page", ["me", "home"])
async def test_whose_chat_tells_no_zone_is_asked_until_they_answer(town: Town, page: str) -> None:
    await town.add("nomad", asked=False)
    view = await town.say("nomad", page)
    assert "We do not know your time zone" in words_of(view)
    form = form_of(await town.press("nomad", view, "profile"))
    await town.send("nomad", form, **values_of(form))
    assert "We do not know your time zone" not in everything_in(await town.say("nomad", page))


async def test_put_aside_once_it_is_not_asked_again(town: Town) -> None:
    await town.add("nomad", asked=False)
    done = await town.press("nomad", await town.say("nomad", "me"), "zone_aside")
    assert "do not ask again" in words_of(done)
    for page in ("me", "home"):
        assert buttons(await town.say("nomad", page), "zone_aside") == []


async def test_whose_chat_tells_their_zone_is_not_asked(both: TwoChats) -> None:
    view = await both.say("porter", "me")
    assert buttons(view, "zone_aside") == []
    member = await both.town.all(Member)
    assert {one.zone for one in member} >= {"Europe/London"}
