"""One beginning, and the part that one person has in each world that follows from it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import cast

from tests.app.handover.test_planning import manages
from tests.builders import Town, log_values
from tests.fakes import FakeStore
from tests.reading import buttons, form_of
from trim_bot.app.desk.routes import STEPS
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice, Form
from trim_bot.domain.cases import Case
from trim_bot.domain.people import Member, Role
from trim_bot.domain.steps import StepKind

ONE = "pat"
"""Whose part differs."""
STAFF = ("nurse", "driver", "porter")
SERVING = ("priya", "paul", "lena", "dev")


@dataclass(frozen=True)
class Part:
    """All that one person did and is."""

    answers: str = ""
    """`yes`, `later`, `no`, or nothing."""
    asks: str = ""
    """`named`, `unnamed`, or nothing."""
    words: str = ""
    taken_by: str = ""
    takes_back: bool = False
    manager: str = ""
    phone: str = ""
    language: str = "en"
    stopped: bool = False
    guard: str = ""
    """What somebody without an account said, as it was written down; nothing if there is nobody."""
    safety: bool = False
    planned: str = ""
    """What a lead chose and released for them after an event that is planned first; nothing if it waits."""
    erased: bool = False


def some_part(chance: random.Random) -> Part:
    """One of very many."""
    return Part(
        answers=chance.choice(("", "yes", "yes", "later", "no")),
        asks=chance.choice(("", "", "named", "unnamed")),
        words="w" * chance.randrange(40),
        taken_by=chance.choice(("", "priya", "paul", "lena")),
        takes_back=chance.random() < 0.2,
        manager=chance.choice(("", "", "priya", "lena", "cora")),
        phone=chance.choice(("", "07700 900123")),
        language=chance.choice(("en", "cy")),
        stopped=chance.random() < 0.3,
        guard=chance.choice(("", "yes", "no", "not_now")),
        safety=chance.random() < 0.3,
        planned=chance.choice(("", "talk", "leaflet", "nothing")),
        erased=chance.random() < 0.25,
    )


async def beginning() -> Town:
    """One event, logged, with two people asked, one of whom said no; nothing else waits, so that one part can show."""
    town = Town()
    await town.found()
    await town.add("priya", Role.PRACTITIONER)
    await town.add("paul", Role.PRACTITIONER)
    await town.add("lena", Role.LEAD, Role.PRACTITIONER)
    await town.add("dev", Role.DEPUTY)
    await town.add("cora", Role.COORDINATOR)
    for name in (*STAFF, ONE):
        await town.add(name)
    # The desk is founded once a lead has opened it; until then what a lead does changes how roles are given.
    await town.say("lena", "peer", "team")
    await town.clockwork.sweep()
    values = log_values(town.actor(ONE), town.actor("nurse"), mine=True)
    await town.send("priya", await town.say("priya", "peer", "log"), **values)
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_no")
    # A second event waits to be planned.
    await town.settle(plan_first=True)
    values = log_values(town.actor(ONE), town.actor("driver"))
    await town.send("priya", await town.say("priya", "peer", "log"), **values)
    await town.settle(plan_first=False)
    return town


def fork(town: Town) -> Town:
    """The same place once more, with a future of its own."""
    before = cast(FakeStore, town.store)
    store = FakeStore()
    store.states = {id: state.copy() for id, state in before.states.items()}
    store.keys = set(before.keys)
    store._organisations = dict(before._organisations)
    copy = Town(store=store)
    copy.organisation, copy.ids = town.organisation, dict(town.ids)
    copy.directory.profiles = dict(town.directory.profiles)
    copy.slack.sent = list(town.slack.sent)
    copy.clock._now, copy.clock._real = town.clock._now, town.clock._real
    return copy


async def live(town: Town, part: Part) -> None:
    """Let one person do their part; whatever is not open to them is left."""
    if part.manager:
        await manages(town, part.manager, ONE)
    if part.answers:
        page = await town.open(ONE)
        if buttons(page, f"offer_{part.answers}"):
            await town.press(ONE, page, f"offer_{part.answers}")
    if part.asks:
        form = await town.say(ONE, "support")
        await town.send(ONE, form, name=part.asks, text=part.words, contact="")
    await town.clockwork.drain()
    await _taken(town, part)
    if part.planned:
        await _planned(town, part.planned)
    if part.guard:
        await _written_down(town, part.guard)
    if part.safety:
        await _call(town)
    if part.takes_back:
        own = await town.say(ONE, "me")
        if buttons(own, "withdraw_request"):
            await town.press(ONE, own, "withdraw_request")
        elif buttons(own, "stop_or_change"):
            await town.press(ONE, await town.own_choice(ONE), "withdraw")
    await town.write(lambda tx: _detail(tx, town, part))
    if part.erased:
        form = await town.press(ONE, await town.say(ONE, "me"), "erase")
        await town.send(ONE, form, sure=True)
        member = await town.write(lambda tx: tx.get(Member, town.ids[ONE]))
        if member is not None:
            cast(FakeStore, town.store).destroy_keys([member.key_id])
    await town.clockwork.drain()


def _detail(tx: Tx, town: Town, part: Part) -> None:
    member = tx.get(Member, town.ids[ONE])
    assert member is not None
    tx.save(replace(member, phone=part.phone, language=part.language, messages_stopped=part.stopped))


async def _taken(town: Town, part: Part) -> None:
    if part.taken_by and part.asks:
        page = await town.say(part.taken_by, "waiting")
        labels = [button.label for button in buttons(page, "open")]
        if STEPS[StepKind.REQUEST].label in labels:
            page = await town.press(part.taken_by, page, "open", labels.index(STEPS[StepKind.REQUEST].label))
        if buttons(page, "take_request"):
            await town.press(part.taken_by, page, "take_request")


async def _planned(town: Town, chosen: str) -> None:
    """Whoever leads and sees them chooses for both who were part of the second event, and releases it."""
    for name in ("lena", "dev"):
        page = await town.say(name, "peer", "team")
        if not buttons(page, "events_to_plan"):
            continue
        room = await town.press(name, await town.press(name, page, "events_to_plan"), "event_room")
        fields = [one for one in form_of(room).inputs() if isinstance(one, Choice)]
        values = {one.name: chosen if ONE.title() in str(one.label) else one.value for one in fields}
        going = await town.send(name, room, **values)
        if isinstance(going, Form):
            await town.send(name, going, holders=())


async def _written_down(town: Town, answer: str) -> None:
    values = log_values(unlisted="Guard One, 07700 900101")
    await town.send("priya", await town.say("priya", "peer", "log"), **values)
    await town.clockwork.drain()
    logged = await town.press("priya", await town.say("priya", "home"), "logged")
    sheet = await town.press("priya", logged, "call_sheet")
    if buttons(sheet, "call_take_some"):
        sheet = await town.press("priya", sheet, "call_take_some")
    if buttons(sheet, f"call_{answer}"):
        await town.press("priya", sheet, f"call_{answer}")


async def _call(town: Town) -> None:
    for case in await town.write(lambda tx: tx.find(Case, member_id=town.ids[ONE])):
        holder = next((name for name, id in town.ids.items() if id == case.holder), "")
        if holder:
            cases = await town.say(holder, "peer", "cases")
            if buttons(cases, "case"):
                page = await town.press(holder, cases, "case")
                asked = await town.press(holder, page, "safety") if buttons(page, "safety") else page
                if buttons(asked, "safety_call"):
                    await town.press(holder, asked, "safety_call")
