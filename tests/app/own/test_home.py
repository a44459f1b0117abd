"""First pages, what waits, the way in from a message, and stopping messages."""

from __future__ import annotations

import pytest

from tests.app.asking import ask, its_step, taken
from tests.app.beginnings import nothing_waits
from tests.app.own.test_own_record import in_talks, refused
from tests.app.own.test_profile import member, open_check_in
from tests.builders import Town, log_values
from tests.reading import blocks_of, buttons, everything_in, name_of, words_of
from trim_bot.app.desk.routes import STEPS, WORDS
from trim_bot.app.own.home_screens import home_view, waiting_line
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.views import Alert, Button, Done, Form, Link, Tone
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.steps import Rung, StepKind

pytestmark = pytest.mark.anyio
EVERYONE = {"support", "me"}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("nurse", set()),
        ("adam", {"roster", "set_up", "handouts"}),
        ("cora", {"roster", "monthly", "status", "handouts"}),
        ("priya", {"log", "logged", "cases", "due", "cover"}),
        ("lena", {"log", "logged", "cases", "due", "cover", "team"}),
    ],
)
async def test_each_role_finds_its_own_ways_on_and_each_opens(town: Town, name: str, more: set[str]) -> None:
    view = await town.say(name, "home")
    assert isinstance(view, Done)
    actions = {block.action for block in view.blocks if isinstance(block, Button)}
    assert actions == EVERYONE | more
    assert [type(block) for block in view.blocks[-2:]] == [Alert, Link]
    for action in actions:
        assert not refused(await town.press(name, view, action))


def test_home_in_chat_takes_nothing_in_and_says_nothing_of_anyone() -> None:
    view = home_view("https://desk.example.org")
    found = [(block.action, block.token) for block in blocks_of(view, Button)]
    assert found == [("support", ""), ("me", "")]
    assert home_view("https://desk.example.org") == view


async def test_home_in_chat_leads_everyone_to_their_own(town: Town) -> None:
    for action in ("support", "me"):
        assert not refused(await town.desk.receive(town.actor("nurse"), Press(action, "")))


async def test_what_waits_is_counted_and_named_without_anyone(town: Town) -> None:
    assert waiting_line(0) in words_of(await town.say("priya", "home"))
    await ask(town)
    await ask(town, "driver")
    assert waiting_line(2) in words_of(await town.say("priya", "home"))
    view = await town.say("priya", "waiting")
    labels = [one.label for one in buttons(view, "open")]
    assert len(set(labels)) == 2
    assert all(one.startswith(STEPS[StepKind.REQUEST].label) for one in labels)
    assert "Nurse" not in everything_in(view)
    assert buttons(await town.say("nurse", "waiting"), "open") == []
    assert buttons(await town.say("cora", "waiting"), "open") == []


async def test_an_offer_waits_for_the_person_and_opens(town: Town) -> None:
    await town.send("priya", await town.say("priya", "peer", "log"), **log_values(town.actor("nurse")))
    view = await town.press("nurse", await town.say("nurse", "waiting"), "open")
    assert isinstance(view, Done)
    assert view.name == "offer"


async def test_a_check_in_opens_its_case_for_the_holder_alone(town: Town) -> None:
    await in_talks(town)
    step = await open_check_in(town)
    await town.clockwork.drain()
    await town.in_touch("priya")
    await town.pass_time(hours=23, minutes=59)
    view = await town.open("priya")
    assert isinstance(view, Done)
    assert view.name == "case"
    token = town.messages("priya")[-1].open_token
    for name in ("paul", "nurse", "cora", "driver"):
        other = await town.desk.receive(town.actor(name), Press("open", token))
        assert name_of(other) != "case" and "Nurse" not in everything_in(other)
    assert step.holder == town.ids["priya"]


async def test_a_message_about_something_that_ended_opens_nothing(town: Town) -> None:
    await ask(town)
    await town.clockwork.drain()
    await town.press("nurse", await town.say("nurse", "me"), "withdraw_request")
    assert nothing_waits(await town.open("priya"))


async def test_work_without_an_owner_leads_a_coordinator_to_the_status_alone(town: Town) -> None:
    await taken(town)
    for _ in range(12):
        await town.pass_time(days=1)
    assert (await its_step(town)).rung is Rung.NOBODY
    view = await town.open("cora")
    assert isinstance(view, Done)
    assert view.name == "status"
    assert "Nurse" not in everything_in(view)


async def test_someone_who_stopped_keeps_their_offer_and_gets_no_message(town: Town) -> None:
    done = await town.press("nurse", await town.say("nurse", "me"), "stop")
    assert isinstance(done, Done)
    assert done.name == "stopped"
    assert (await member(town, "nurse")).messages_stopped
    await town.send("priya", await town.say("priya", "peer", "log"), **log_values(town.actor("nurse")))
    await town.pass_time(days=3)
    assert town.messages("nurse") == []
    assert buttons(await town.say("nurse", "me"), "offer")
    [offer] = await town.all(Offer)
    assert offer.state is OfferState.WAITING


async def test_a_practitioner_who_stops_gives_what_waits_to_cover(town: Town) -> None:
    await in_talks(town)
    await town.pass_time(days=1)
    message = town.messages("priya")[0]
    done = await town.desk.receive(town.actor("priya"), Press("stop", message.stop_token))
    assert isinstance(done, Done)
    assert done.name == "stopped"
    step = await open_check_in(town)
    assert step.rung is Rung.COVER
    assert step.holder not in (None, town.ids["priya"])
    again = await town.desk.receive(town.actor("priya"), Press("stop", message.stop_token))
    assert isinstance(again, Done)
    assert again.title == done.title


async def test_messages_can_be_had_again(town: Town) -> None:
    await town.press("priya", await town.say("priya", "me"), "stop")
    await ask(town)
    await town.pass_time(days=2)
    assert town.messages("priya") == []
    await town.press("priya", await town.say("priya", "me"), "start")
    await town.pass_time(days=1)
    assert len(town.messages("priya")) == 1


@pytest.mark.parametrize("words", [*WORDS])
async def test_the_first_page_in_chat_leads_to_the_numbers_for_help(
    town: Town, words: tuple[str, ...]
) -> None:
    for name in ("nurse", "priya", "lena", "cora", "adam"):
        view = await town.say(name, *words)
        assert isinstance(view, Done | Form)
        assert view.blocks.count(_way_to_numbers(town)) == 1


def _way_to_numbers(town: Town) -> Link:
    return Link("Help now: numbers to ring", f"{town.desk.outside.link}/help-now")


async def test_in_chat_a_button_to_the_numbers_stands_below_numbers(town: Town) -> None:
    home = await town.say("nurse", "support")
    assert isinstance(home, Done | Form)
    (place,) = [
        number
        for number, block in enumerate(home.blocks)
        if isinstance(block, Alert) and block.tone in (Tone.HELP, Tone.DANGER)
    ]
    assert home.blocks[place + 1] == _way_to_numbers(town)


async def test_a_message_leads_to_the_numbers_for_help_too(town: Town) -> None:
    await town.send("priya", await town.say("priya", "peer", "log"), **log_values(town.actor("nurse")))
    await town.clockwork.drain()
    view = await town.open("nurse")
    assert isinstance(view, Done)
    assert isinstance(view.blocks[-1], Link)
