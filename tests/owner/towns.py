"""Plays one story on the real desk, and keeps what the platform was given to store and who pressed when."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count

from tests.builders import Town, log_values
from tests.fakes import FakeClock, FakeStore
from tests.owner.exported import Export, Keeping
from tests.owner.settings import DEFAULT, Setting
from tests.owner.story import LASTS, START, Answer, Event, Present, Story, drawn
from tests.reading import blocks_of, buttons, fields_of, form_of, name_of
from tests.simulator.randomness import seeded
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.views import Form, PersonCard, View
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.tokens import SealedTokens
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Role
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import OPEN_STATES, OutboxState, Outgoing, Step

PRESS = {Answer.YES: "offer_yes", Answer.LATER: "offer_later", Answer.NO: "offer_no"}
LEADING = ("lena", "dora")
HEARS_OF_IT = 0.1
"""How often somebody learns of an offer from a colleague, and need not wait for the message."""
FORGETS = 0.1
"""How often somebody who serves does not look at what a message is about."""


Act = Callable[[], Awaitable[object]]


@dataclass
class Living:
    """One town while it lives."""

    story: Story
    setting: Setting
    town: Town
    store: FakeStore
    platform: Keeping
    chance: random.Random
    agenda: list[tuple[datetime, int, Act]] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)
    presses: list[tuple[datetime, str]] = field(default_factory=list)
    answers: dict[tuple[int, str], Answer] = field(default_factory=dict)
    in_danger: set[str] = field(default_factory=set)
    helped: set[MemberId] = field(default_factory=set)
    """Opaque ids of those who said yes or asked."""
    held: set[MemberId] = field(default_factory=set)
    """Opaque ids of those who have had any of it in their hands."""
    offered: list[tuple[int, Present]] = field(default_factory=list)
    """Who has not been written to since they were named."""
    heard: int = 0
    """How many messages have been reacted to."""

    def later(self, at: datetime, act: Act) -> None:
        """Let somebody do something at a moment, or now if that is past."""
        heapq.heappush(self.agenda, (max(at, self.town.clock.now()), next(self.numbers), act))

    async def live(self) -> None:
        """From the first day to the last: whatever is due first, by the desk's clock or by somebody's own."""
        until = START + LASTS
        for day in range(LASTS.days):
            self.later(START + timedelta(days=day, minutes=1), self.town.clockwork.keep_steady)
        await self._run_what_is_due()
        while True:
            self._react()
            at = min([self._due(), *(one[0] for one in self.agenda[:1])])
            if at > until:
                return
            self.town.clock.pass_time(max(at - self.town.clock.now(), timedelta()))
            while self.agenda and self.agenda[0][0] <= self.town.clock.now():
                await heapq.heappop(self.agenda)[2]()
            await self._run_what_is_due()
            self._note()

    async def _run_what_is_due(self) -> None:
        """What the desk's own clock does; its sweeps have acts of their own, each morning."""
        clockwork = self.town.clockwork
        while await clockwork.run_due(urgent=True) + await clockwork.run_due() + await clockwork.deliver():
            pass

    def _note(self) -> None:
        """Keep what is really so, whatever ends again."""
        org = self.town.organisation.id
        for case in self.store.all(org, Case):
            self.helped.add(case.member_id)
            self.held |= {case.holder} if case.holder is not None else set()
        for request in self.store.all(org, SupportRequest):
            self.helped |= {request.member_id} if request.member_id is not None else set()
            self.held |= {request.taken_by} if request.taken_by is not None else set()

    def _due(self) -> datetime:
        """When the desk has something to do next."""
        org, now = self.town.organisation.id, self.town.clock.now()
        steps = (one.due_at for one in self.store.all(org, Step) if one.state in OPEN_STATES)
        queued = (one.due_at for one in self.store.all(org, Outgoing) if one.state is OutboxState.QUEUED)
        return min((at for at in (*steps, *queued) if at > now), default=START + LASTS * 2)

    def _react(self) -> None:
        """Whoever was written to looks sooner or later, or not."""
        for one in self.platform.kept[self.heard :]:
            name = one.to.removeprefix("U").lower()
            for number, present in [waits for waits in self.offered if waits[1].name == name]:
                self.offered.remove((number, present))
                self._will_answer(number, present)
            wait = timedelta(minutes=self.chance.randint(5, 240))
            if name in LEADING:
                self.later(one.at + wait / 6, partial(self._look, name))
            elif name.startswith("p") and self.chance.random() > FORGETS:
                self.later(one.at + wait, partial(self._look, name))
            elif name.startswith("s") and self.chance.random() < 0.2:
                self.later(one.at + wait, partial(self._open, name))
        self.heard = len(self.platform.kept)

    async def log(self, number: int, event: Event) -> None:
        """Somebody logs an event, and each who was there will answer, or not."""
        people = [self.town.actor(one.name) for one in event.present]
        values: dict[str, Value] = dict(
            log_values(*people, on=event.ended_at.date(), at=event.ended_at.time())
        )
        form = await self.town.say(event.logged_by, "peer", "log")
        if event.own and "mine" in fields_of(form):
            values["mine"] = "yes"
        assert name_of(await self.town.send(event.logged_by, form, **values)) == "incident_logged"
        for one in event.present:
            self.answers[number, one.name] = Answer.NONE
            if self.chance.random() < HEARS_OF_IT:
                self._will_answer(number, one)
            else:
                self.offered.append((number, one))

    def _will_answer(self, number: int, present: Present) -> None:
        at = self.town.clock.now() + present.after
        if present.answer is not Answer.NONE:
            self.later(at, partial(self._answer, number, present))
        elif present.looks:
            self.later(at, partial(self._open, present.name))

    async def _open(self, name: str) -> View:
        self.presses.append((self.town.clock.now(), name))
        return await self.town.open(name)

    async def _answer(self, number: int, present: Present) -> None:
        """Press an answer on the offer, found behind a message or in the list of what waits."""
        view = await self._open(present.name)
        if name_of(view) != "offer":
            view = await self.town.say(present.name, "waiting")
            for nth in reversed(range(len(buttons(view, "open")))):
                found = await self.town.press(present.name, view, "open", nth)
                if buttons(found, PRESS[present.answer]):
                    view = found
                    break
        if not buttons(view, PRESS[present.answer]):
            return
        await self.town.press(present.name, view, PRESS[present.answer])
        self.answers[number, present.name] = present.answer
        if present.danger_after is not None:
            self.later(self.town.clock.now() + present.danger_after, partial(self._fear_for, present.name))

    async def ask(self, name: str) -> None:
        """Ask for support without any event."""
        form = await self.town.say(name, "support")
        await self.town.send(name, form, name="named", text="Some words", contact="")

    async def _look(self, name: str) -> None:
        """Somebody who serves opens each thing that waits for them, and does what it asks for."""
        self.presses.append((self.town.clock.now(), name))
        steps = self.store.all(self.town.organisation.id, Step)
        if not any(one.state in OPEN_STATES and one.holder in (None, self.town.ids[name]) for one in steps):
            # They see that nothing waits, which writes nothing.
            return
        waiting = await self.town.say(name, "waiting")
        for nth in range(len(buttons(waiting, "open"))):
            view = await self.town.press(name, waiting, "open", nth)
            for action in ("safety_have", "take_request", "take_case"):
                if buttons(view, action):
                    view = await self.town.press(name, view, action)
            if "then" in (fields_of(view) if isinstance(view, Form) else {}):
                await self.town.send(name, view, reply="", then="stress")
                case = await self.town.say(name, "peer", "cases")
                if buttons(case, "case"):
                    view = await self.town.press(name, case, "case", len(buttons(case, "case")) - 1)
            if buttons(view, "first_contact"):
                form = await self.town.press(name, view, "first_contact")
                await self.town.send(
                    name, form, outcome=self.chance.choice(("reached", "reached", "left_word"))
                )
                await self._agree(name, view)
            elif buttons(view, "interview"):
                await self.town.press(name, view, "skip")

    async def _agree(self, name: str, view: View) -> None:
        if self.chance.random() < 0.5 or not buttons(view, "move"):
            return
        form = await self.town.press(name, view, "move")
        day = (self.town.clock.now() + timedelta(days=self.chance.randint(4, 6))).date()
        at = time(self.chance.randint(9, 16)).isoformat("minutes")
        with suppress(AssertionError):
            await self.town.send(name, form_of(form), day=day.isoformat(), at=at, tell=True)

    async def _fear_for(self, name: str) -> None:
        """Whoever holds the case calls for help, at whatever hour."""
        cases = self.store.all(self.town.organisation.id, Case)
        case = next((one for one in cases if one.member_id == self.town.ids[name] and one.holder), None)
        holder = next(
            (who for who, id in self.town.ids.items() if case is not None and id == case.holder), None
        )
        if holder is None:
            return
        listed = await self.town.say(holder, "peer", "cases")
        for nth in range(len(buttons(listed, "case"))):
            view = await self.town.press(holder, listed, "case", nth)
            if any(card.name == name.title() for card in blocks_of(view, PersonCard)):
                asked = await self.town.press(holder, view, "safety")
                if buttons(asked, "safety_call"):
                    await self.town.press(holder, asked, "safety_call")
                self.in_danger.add(name)
                return


async def _lived(story: Story, setting: Setting) -> Export:
    clock, store = FakeClock(START), FakeStore()
    platform = Keeping(clock)
    town = Town(clock=clock, store=store, slack=platform, tokens=SealedTokens(Keyring.new()))
    await town.found()
    await town.settle(**setting.site)
    for one in story.practitioners:
        await town.add(one.name, Role.PRACTITIONER, hours=one.hours)
    for name, role in (("lena", Role.LEAD), ("dora", Role.DEPUTY), ("cora", Role.COORDINATOR)):
        await town.add(name, role)
    for one in story.staff:
        await town.add(one.name, hours=one.hours, **setting.staff)
    living = Living(story, setting, town, store, platform, random.Random(f"days {story.seed}"))
    if setting.note:
        page = await town.press("cora", await town.say("cora", "peer", "team"), "monthly")
        await town.press("cora", page, "send_monthly")
    for number, event in enumerate(story.events):
        living.later(event.logged_at, partial(living.log, number, event))
    for at, name in story.asks:
        living.later(at, partial(living.ask, name))
    await living.live()
    names = {id: name for name, id in town.ids.items()}
    return Export(
        story,
        tuple(platform.kept),
        tuple(living.presses) if setting.presses else (),
        living.answers,
        frozenset(names[id] for id in living.helped),
        frozenset(living.in_danger),
        frozenset(names[id] for id in living.held),
    )


def lived(story: Story, setting: Setting = DEFAULT) -> Export:
    """A town, lived through under a setting; always the same for the same story."""
    with seeded(story.seed):
        return asyncio.run(_lived(story, setting))


def played(seed: int, setting: Setting = DEFAULT) -> Export:
    """The town of one seed."""
    return lived(drawn(seed), setting)
