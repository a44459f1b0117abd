"""People whom chat cannot reach: the sheet to ring them from, whose each row is, and how each answer is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.slack.render import render_view as slack_view
from integrations.teams.render import card_of
from tests.app.beginnings import refused
from tests.app.handover.test_planning import manages
from tests.builders import Town, log_values
from tests.reading import all_blocks, blocks_of, buttons, everything_in, form_of, name_of, values_of, words_of
from trim_bot.app.seam.gestures import Actor, Invoke, Press
from trim_bot.app.seam.paging import NEXT
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Alert, Button, Done, PersonCard, Tone, View
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import AccountId, OfferId, new_id
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Account, Address, Member, Platform
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind

pytestmark = pytest.mark.anyio


def people(number: int, first: int = 0) -> str:
    """Lines for people without an account."""
    return "\n".join(f"Guard {one}, 07700 9{one:05}, nights" for one in range(first, first + number))


async def logged(town: Town, who: str) -> View:
    """The events somebody logged."""
    return await town.press(who, await town.say(who, "home"), "logged")


async def log_many(town: Town, number: int, by: str = "priya") -> None:
    """An event with so many people who have no account; a form takes fifty at once."""
    form = await town.say(by, "peer", "log")
    await town.send(by, form, **log_values(unlisted=people(min(number, 50))))
    for first in range(50, number, 50):
        form = await town.press(by, await logged(town, by), "incident")
        values = values_of(form)
        await town.send(by, form, **{**values, "unlisted": people(min(50, number - first), first)})
    await town.clockwork.drain()


async def to_nobody(town: Town) -> None:
    """Let the ladder come to its end with everything."""
    for _ in range(16):
        await town.pass_time(days=1)
    steps = await calls(town)
    assert steps and {step.rung for step in steps} == {Rung.NOBODY}


async def calls(town: Town) -> list[Step]:
    return await town.all(Step, kind=StepKind.CONTACT, state=OPEN_STATES)


def cards(view: View) -> list[PersonCard]:
    return blocks_of(view, PersonCard)


async def sheet(town: Town, who: str) -> View:
    """The sheet from the planning list of a lead, or from the events one logged."""
    from_board = who in ("lena", "dev")
    view = await town.say(who, "peer", "team") if from_board else await logged(town, who)
    return await town.press(who, view, "call_sheet")


async def test_fifty_one_people_nobody_rang_are_one_line_with_a_way_to_them(town: Town) -> None:
    await log_many(town, 51)
    await to_nobody(town)
    board = await town.say("lena", "peer", "team")
    assert isinstance(board, Done)
    lines = blocks_of(board, Alert)
    assert [one.text for one in lines] == [
        "51 people are still to be told in person of an offer. "
        "The event was on Monday 23 November. Nobody has any of them."
    ]
    assert len(buttons(board, "call_sheet")) == 1
    assert "Guard" not in everything_in(board)


async def test_danger_comes_before_them_on_the_board_and_on_ones_own_lists(town: Town) -> None:
    await log_many(town, 51)
    await to_nobody(town)
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), on=town.clock.now().date(), mine=True))
    await town.clockwork.drain()
    await town.press("nurse", await town.press("nurse", await town.say("nurse", "me"), "offer"), "offer_yes")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", await town.press("priya", case, "safety"), "safety_call")
    board = await town.say("lena", "peer", "team")
    alerts = [block.tone for block in blocks_of(board, Alert)]
    assert alerts[0] is Tone.DANGER and Tone.WAITING in alerts
    due = await town.say("lena", "peer", "due")
    first = next(block for block in all_blocks(due) if isinstance(block, Alert | Button))
    assert isinstance(first, Alert) and first.tone is Tone.DANGER
    waiting = await town.say("lena", "waiting")
    assert blocks_of(waiting, Button)[0].label == "A safety call"


@pytest.mark.parametrize("number", [51, 300])
async def test_long_lists_break_no_chat(town: Town, number: int) -> None:
    await log_many(town, number)
    await to_nobody(town)
    views = [await town.say(name, "peer", "due") for name in ("priya", "lena")]
    views += [await town.say("lena", "waiting"), await town.say("lena", "peer", "team")]
    views += [await logged(town, "priya"), await sheet(town, "lena"), await sheet(town, "priya")]
    for view in views:
        assert not refused(view)
        slack_view(view)
        card_of(view, "tenant")


async def test_many_of_ones_own_are_read_a_part_at_a_time_and_the_same_in_the_browser(town: Town) -> None:
    """Fifty-one of one's own, each with its four answers, are more than Slack and Teams can hold."""
    await log_many(town, 51)
    view = await sheet(town, "priya")
    for _ in range(6):
        view = await town.press("priya", view, "call_take_some")
    browser = await in_browser(town, "priya")
    opened = await town.desk.receive(browser, Invoke(("waiting",)))
    [button] = buttons(opened, "call_sheet")
    there = await town.desk.receive(browser, Press(button.action, button.token))
    met: list[str] = []
    while True:
        slack_view(view)
        card_of(view, "tenant")
        here = [card.name for card in cards(view)]
        assert here == [card.name for card in cards(there)]
        met += here
        ways = [one for one in buttons(view, "call_sheet") if one.label == NEXT]
        if not ways:
            break
        view = await town.desk.receive(town.actor("priya"), Press("call_sheet", ways[0].token))
        there = await town.desk.receive(
            browser,
            Press("call_sheet", next(one.token for one in buttons(there, "call_sheet") if one.label == NEXT)),
        )
    assert len(met) == len(set(met)) == 51


async def test_somebody_on_the_sheet_is_found_by_name(town: Town) -> None:
    await log_many(town, 51)
    view = await sheet(town, "priya")
    form = await town.press("priya", view, "find_call")
    found = await town.send("priya", form, typed="ard 44")
    assert "Guard 44" in words_of(found) and "One person was found." in words_of(found)
    taken = await town.press("priya", found, "call_take")
    assert [card.name.partition(" ")[2] for card in cards(taken)] == ["Guard 44"]
    lead = await town.press("lena", await sheet(town, "lena"), "call_take_some")
    assert len(cards(lead)) == 10


async def test_a_lead_finds_by_name_none_but_those_she_has_taken(town: Town) -> None:
    await log_many(town, 51)
    view = await sheet(town, "lena")
    for _ in range(2):
        view = await town.press("lena", view, "call_take_some")
    here = cards(view) + cards(await town.press("lena", view, "call_sheet"))
    taken = {card.name.partition(" ")[2] for card in here}
    assert len(taken) == 20
    found = await town.send("lena", await town.press("lena", view, "find_call"), typed="guard")
    assert {card.name.partition(" ")[2] for card in cards(found)} <= taken
    assert len(cards(found)) == POLICY.rows_on_a_page and not buttons(found, "call_take")


async def in_browser(town: Town, name: str) -> Actor:
    """Somebody's own pages, as they are once signed in there."""
    address = Address(Platform.WEB, town.organisation.slug, f"{name}@acme.example")

    def body(tx: Tx) -> None:
        member = tx.get(Member, town.ids[name])
        assert member is not None
        tx.add(Account(AccountId(new_id()), member.key_id, member.id, Platform.WEB, address.text))

    await town.write(body)
    return Actor(address)


async def test_a_lead_sees_name_and_number_only_of_those_they_took(town: Town) -> None:
    await log_many(town, 12)
    view = await sheet(town, "lena")
    assert not cards(view) and "Guard" not in everything_in(view) and "07700" not in everything_in(view)
    view = await town.press("lena", view, "call_take_some")
    assert len(cards(view)) == 10
    assert "Guard" in cards(view)[0].name
    assert cards(view)[0].phone.startswith("07700 9") and cards(view)[0].best_time == "nights"
    others = await sheet(town, "dev")
    assert "Guard" not in everything_in(others)
    assert "Taken by others: 10" in words_of(others)


async def test_whoever_logged_it_finds_their_own_always_and_sees_what_was_taken(town: Town) -> None:
    await log_many(town, 3)
    await to_nobody(town)
    for _ in range(11):
        form = await town.say("priya", "peer", "log")
        await town.send("priya", form, **log_values(town.actor("driver"), on=town.clock.now().date()))
    events = await logged(town, "priya")
    assert [one.label for one in buttons(events, "call_sheet")] == ["People to tell in person: 3"]
    view = await town.press("priya", events, "call_sheet")
    assert "Guard 0, 07700 900000, nights" in words_of(view)
    await town.press("lena", await sheet(town, "lena"), "call_take_some")
    view = await sheet(town, "priya")
    assert "Taken by others: 3" in words_of(view) and not buttons(view, "call_take_some")


async def take_first(town: Town, who: str) -> View:
    return await town.press(who, await sheet(town, who), "call_take_some")


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("no", OfferState.DECLINED),
        ("not_now", OfferState.NOT_NOW),
        ("yes", OfferState.ACCEPTED),
        ("not_reached", OfferState.WAITING),
    ],
)
async def test_each_answer_is_one_press_and_the_sheet_goes_on(
    town: Town, said: str, state: OfferState
) -> None:
    await log_many(town, 2)
    view = await take_first(town, "priya")
    after = await town.press("priya", view, f"call_{said}")
    assert name_of(after) == "call_sheet"
    assert len(cards(after)) == (2 if state is OfferState.WAITING else 1)
    assert ("Not reached yet." in words_of(after)) is (state is OfferState.WAITING)
    offers = await town.all(Offer)
    assert sorted(one.state.value for one in offers) == sorted([state.value, "waiting"])
    if state is OfferState.ACCEPTED:
        [case] = await town.all(Case)
        assert case.holder == town.ids["priya"]


async def test_a_press_twice_records_once(town: Town) -> None:
    await log_many(town, 2)
    view = await take_first(town, "priya")
    await town.press("priya", view, "call_yes")
    await town.press("priya", view, "call_yes")
    await town.press("priya", view, "call_no")
    assert len(await town.all(Case)) == 1
    assert len(await town.all(Offer, state=OfferState.ACCEPTED)) == 1


async def test_tries_are_counted_by_tries_and_not_by_reminders(town: Town) -> None:
    """Where its owner was reminded twice and then did not reach them once, it is tried again; then it rests."""
    await log_many(town, 1)
    [step] = await calls(town)
    await town.write(lambda tx: tx.save(replace(step, reminders=2)))
    contact = await town.open("priya")
    await town.send("priya", contact, answer="not_reached")
    [step] = await calls(town)
    view = await town.press("priya", await sheet(town, "priya"), "call_take_some")
    assert (step.tries, step.holder) == (1, town.ids["priya"])
    await town.press("priya", view, "call_not_reached")
    assert await calls(town) == []


async def test_of_two_who_take_at_once_one_has_it_and_the_other_is_told(town: Town) -> None:
    await log_many(town, 1)
    lena, dev = await sheet(town, "lena"), await sheet(town, "dev")
    assert cards(await town.press("lena", lena, "call_take_some"))
    second = await town.press("dev", dev, "call_take_some")
    assert not cards(second) and "Taken by others: 1" in words_of(second)


async def test_a_row_given_back_is_shared_again_and_the_logger_is_told(town: Town) -> None:
    await log_many(town, 2)
    view = await take_first(town, "lena")
    after = await town.press("lena", view, "call_back")
    assert len(cards(after)) == 1 and "Nobody has taken: 1" in words_of(after)
    back = next(step for step in await calls(town) if step.holder == town.ids["priya"])
    assert back.rung is Rung.ASSIGNED
    offer = await town.write(lambda tx: tx.get(Offer, OfferId(back.subject)))
    assert offer is not None and offer.taken_by is None


async def test_what_somebody_took_and_does_not_do_climbs_and_is_shared_again(town: Town) -> None:
    await log_many(town, 1)
    await take_first(town, "dev")
    await to_nobody(town)
    assert "Nobody has taken: 1" in words_of(await sheet(town, "lena"))


async def test_a_lead_gives_rows_to_a_colleague_who_alone_sees_them(town: Town) -> None:
    await log_many(town, 12)
    form = form_of(await town.press("lena", await sheet(town, "lena"), "call_give"))
    done = await town.send("lena", form, holder=town.ids["paul"], many="5")
    assert "Your colleague finds those they can ring under what waits for them." in words_of(done)
    await town.clockwork.drain()
    due = await town.say("paul", "peer", "due")
    view = await town.press("paul", due, "call_sheet")
    assert len(cards(view)) == 5 and "Nobody has taken" not in everything_in(view)
    assert len(cards(await sheet(town, "lena"))) == 0
    assert "Guard" not in everything_in(await sheet(town, "lena"))


async def exposed_too(town: Town, name: str) -> None:
    form = await town.press("priya", await logged(town, "priya"), "incident")
    values = values_of(form)
    await town.send("priya", form, **{**values, "more": (town.actor(name).address.text,)})


async def test_nobody_is_given_those_they_manage_or_an_event_they_were_part_of(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), unlisted=people(2)))

    def no_chat(tx: Tx) -> None:
        for step in tx.find(Step, kind=StepKind.OFFER, state=OPEN_STATES):
            tx.save(replace(step, kind=StepKind.CONTACT, rung=Rung.NOBODY, holder=None))

    await town.write(no_chat)
    await manages(town, "dev", "nurse")
    await manages(town, "paul", "nurse")
    assert "2 people are still" in words_of(await town.say("dev", "peer", "team"))
    assert "3 people are still" in words_of(await town.say("lena", "peer", "team"))
    form = form_of(await town.press("lena", await sheet(town, "lena"), "call_give"))
    done = await town.send("lena", form, holder=town.ids["paul"], many="all")
    assert isinstance(done, Done) and done.name == "calls_given"
    holders = sorted(step.holder or "" for step in await calls(town))
    assert holders == sorted([town.ids["paul"], town.ids["paul"], town.ids["priya"]])
    await exposed_too(town, "paul")
    assert all(step.holder != town.ids["paul"] for step in await calls(town))
    assert "call_sheet" not in everything_in(await town.say("paul", "peer", "due"))
    await exposed_too(town, "lena")
    assert "still to be told" not in everything_in(await town.say("lena", "peer", "team"))
    await to_nobody(town)
    for words in (("peer", "due"), ("waiting",)):
        assert "in person" not in everything_in(await town.say("lena", *words))
        assert "People to tell in person: 2" in words_of(await town.say("dev", *words))


@pytest.mark.parametrize("part", ["direct", "peripheral"])
async def test_a_logger_who_was_part_of_it_rings_nobody(town: Town, part: str) -> None:
    form = await town.say("priya", "peer", "log")
    themselves = {part: (town.actor("priya").address.text,)}
    await town.send("priya", form, **{**log_values(unlisted=people(2)), **themselves})
    assert all(step.holder != town.ids["priya"] for step in await calls(town))
    assert not buttons(await logged(town, "priya"), "call_sheet")


async def test_old_forms_of_one_person_still_open_for_whoever_may(town: Town) -> None:
    await log_many(town, 2)
    [step, _] = await calls(town)
    token = town.tokens.sign(
        town.organisation.id, "contact", {"offer": step.subject}, nonce=None, expires_at=None
    )
    opened = [
        (name, name_of(await town.desk.receive(town.actor(name), Press("contact", token))))
        for name in ("priya", "lena", "paul")
    ]
    assert dict(opened)["priya"] == "contact"
    assert "contact" not in (dict(opened)["lena"], dict(opened)["paul"])


async def test_free_rows_are_read_a_part_at_a_time_and_each_can_be_taken(town: Town) -> None:
    await log_many(town, 51)
    view = await sheet(town, "priya")
    assert "Nobody has taken: 51" in words_of(view)
    assert len(buttons(view, "call_take")) == POLICY.rows_on_a_page
    assert "1 to 15 of 51" in words_of(view)


async def told_of(town: Town, offer: Offer) -> list[str]:
    """What the journal says of an offer."""
    about = await town.write(lambda tx: tx.journal.about([tx.pseudonym(offer.key_id, offer.id)], 5))
    return [entry.what for entry in about]


@pytest.mark.parametrize("way", ["call_take_some", "call_give"])
async def test_each_persons_record_says_into_whose_hands_they_came(town: Town, way: str) -> None:
    await log_many(town, 3)
    view = await town.press("lena", await sheet(town, "lena"), way)
    if way == "call_give":
        await town.send("lena", view, holder=town.ids["paul"], many="all")
    offers = await town.all(Offer)
    for offer in offers:
        assert await told_of(town, offer) == [way]
