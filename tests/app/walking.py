"""A random walk through the town: anybody presses, sends or waits, and the promises are checked after each move."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import assert_never

from tests.builders import Town, log_values
from tests.fakes import FakeStore
from tests.reading import all_blocks, form_of
from trim_bot.app.people.eligible import conflict_free
from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit, Value
from trim_bot.app.seam.ports import Store
from trim_bot.app.seam.views import (
    Answer,
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    FieldErrors,
    Form,
    Input,
    Message,
    PeopleInput,
    PersonInput,
    TextInput,
    TimeInput,
    Toggle,
    View,
)
from trim_bot.app.seam.work import Concerned, UnitOfWork
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.ids import OfferId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Role
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState

WORDS = (
    ("peer",), ("peer", "log"), ("peer", "cases"), ("peer", "due"), ("peer", "cover"), ("peer", "team"),
    ("peer", "profile"), ("peer", "status"), ("support",), ("me",), ("home",), ("waiting",),
)  # fmt: skip
LATEST = 6
"""How many of the newest views of each person can be gone on with; older ones stay open in no chat."""


@dataclass
class Walk:
    """One walk from one seed; `moves` tells what was done, so that a failure can be followed."""

    seed: int
    moves: list[str] = field(default_factory=list)
    store: Store | None = None
    """Where everything is kept; a store in memory unless another is given."""
    also: Callable[[UnitOfWork], None] | None = None
    """What else is looked at after every move."""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - a walk that can be repeated, nothing secret
        self.town = Town(store=self.store or FakeStore(run_twice=self.seed % 3 == 0))
        self._views: dict[str, list[View]] = {}

    async def settle(self) -> None:
        """People in every role."""
        town = self.town
        await town.found()
        for name in ("priya", "paul", "quinn"):
            await town.add(name, Role.PRACTITIONER)
        await town.add("lena", Role.LEAD)
        await town.add("dev", Role.DEPUTY)
        await town.add("cora", Role.COORDINATOR)
        for name in ("nurse", "driver", "porter"):
            await town.add(name)
        self._views = {name: [] for name in town.ids}

    async def begin(self) -> None:
        """An event is logged, two people are asked, and one says yes; by chance alone few walks come so far."""
        town = self.town
        people = (town.actor("nurse"), town.actor("driver"))
        await town.send("priya", await town.say("priya", "peer", "log"), **log_values(*people, mine=True))
        await town.clockwork.drain()
        await town.press("nurse", await town.open("nurse"), "offer_yes")

    async def go(self, steps: int) -> None:
        """Walk, and check after every step."""
        for _ in range(steps):
            await self._move()
            await self.town.work(check)
            if self.also is not None:
                await self.town.work(self.also)

    async def _move(self) -> None:
        name = self._random.choice(list(self._views))
        chance = self._random.random()
        messages = self.town.messages(name)
        if chance < 0.15:
            await self._wait()
        elif chance < 0.35 and messages:
            await self._gesture(name, Press("open", self._random.choice(messages[-4:]).open_token))
        elif chance < 0.85 and self._views[name]:
            await self._gesture(name, self._next(self._random.choice(self._views[name])))
        else:
            await self._gesture(name, Invoke(self._random.choice(WORDS)))

    async def _wait(self) -> None:
        hours = self._random.choice((1, 3, 24, 24, 72, 200))
        self.moves.append(f"wait {hours} h")
        self.town.clock.pass_time(timedelta(hours=hours))
        await self.town.clockwork.drain()
        assert self.town.lost == []

    async def _gesture(self, name: str, gesture: Gesture) -> None:
        self.moves.append(f"{name}: {type(gesture).__name__} {_what(gesture)}")
        view = await self.town.desk.receive(self.town.actor(name), gesture)
        assert not (isinstance(view, Done) and view.answer is Answer.TRY_AGAIN), self.moves[-1]
        self._views[name] = [*self._views[name], view][-LATEST:]
        await self.town.clockwork.drain()
        for _, message in self.town.slack.sent:
            assert type(message) is Message

    def _next(self, view: View) -> Gesture:
        """Send the form most of the time, else press something in it."""
        blocks = all_blocks(view)
        pressable = [block for block in blocks if isinstance(block, Button) and block.action != "erase"]
        if isinstance(view, Form | FieldErrors) and form_of(view).submit and self._random.random() < 0.7:
            form = form_of(view)
            return Submit(form.name, form.token, self._filled(form))
        if not pressable:
            return Invoke(("me",))
        button = self._random.choice(pressable)
        return Press(button.action, button.token)

    def _filled(self, form: Form) -> dict[str, Value]:
        return {block.name: self._value(block) for block in form.inputs()}

    def _words(self, name: str) -> str:
        if name == "unlisted":
            return self._random.choice(("", "", "Guard One, 07700 900101", "Guard Two, 07700 900102"))
        return "" if name in ("hours", "zone", "code") else "some words"

    def _value(self, block: Input) -> Value:
        chosen = self._random
        match block:
            case TextInput():
                return self._words(block.name)
            case Choice():
                return chosen.choice(block.options).value if block.options else ""
            case Choices():
                return tuple(one.value for one in block.options if chosen.random() < 0.2)
            case DateInput():
                days = (-1, -2, -4) if block.name == "ended_on" else (0, 2, 9, 30)
                return (self.town.clock.now() + timedelta(days=chosen.choice(days))).date().isoformat()
            case TimeInput():
                return chosen.choice(("08:00", "13:30"))
            case PersonInput():
                return self._address()
            case PeopleInput():
                return tuple({self._address() for _ in range(chosen.choice((1, 1, 2)))})
            case Toggle():
                return chosen.random() < 0.8
            case _:
                assert_never(block)

    def _address(self) -> str:
        return self.town.actor(self._random.choice(list(self._views))).address.text


def _what(gesture: Gesture) -> str:
    match gesture:
        case Invoke(words):
            return " ".join(words)
        case Press(action, _, _):
            return action
        case Submit(form, _, values):
            return f"{form} {dict(values)}"
        case _:
            assert_never(gesture)


def check(work: UnitOfWork) -> None:
    """What is always so, whatever anybody did."""
    steps = work.tx.find(Step, state=OPEN_STATES)
    for case in work.tx.find(Case):
        own = [step for step in steps if step.case_id == case.id]
        if case.state is CaseState.CLOSED:
            assert all(step.kind is StepKind.SAFETY for step in own), "a closed case still waits"
            continue
        assert own, "an open case waits for nothing"
        assert case.holder is not None or any(step.kind is StepKind.ASSIGN for step in own), "nobody's case"
        _check_hands(work, case, own)
        _check_talks(work, case, own)
    for request in work.tx.find(SupportRequest, state=(RequestState.WAITING, RequestState.TAKEN)):
        assert any(step.subject == request.id for step in steps), "a request waits for nobody"
    for step in steps:
        offer = work.tx.get(Offer, OfferId(step.subject)) if step.kind is StepKind.CONTACT else None
        if offer is not None and step.holder is not None:
            free = conflict_free(work, step.holder, Concerned(offer.member_id, (offer.incident_id,)))
            assert free, "somebody rings a person they manage, or of an event they were part of"
        assert step.holder is not None or step.rung in (Rung.POOL, Rung.NOBODY), "an owner is missing"
        late = work.now - step.due_at
        assert late < timedelta(days=1) or step.state is StepState.WAITING, "a step went silent"


def _check_hands(work: UnitOfWork, case: Case, own: list[Step]) -> None:
    hands = {case.holder, *(step.holder for step in own if step.rung is not Rung.PERSON)} - {None}
    assert case.member_id not in hands, "somebody holds their own case"
    for id in hands:
        assert id is not None
        assert conflict_free(work, id, Concerned(case.member_id, case.incidents, case.refused)), (
            "a conflict holds it"
        )


def _check_talks(work: UnitOfWork, case: Case, own: list[Step]) -> None:
    talks = work.tx.find(CheckIn, case_id=case.id)
    unfinished = [one for one in talks if one.state in (CheckInState.PLANNED, CheckInState.OPEN)]
    assert len({(one.stage, one.exposure) for one in unfinished}) == len(unfinished), "one stage stands twice"
    ends = {one.id: one.ended_at for one in case.exposures}
    for one in unfinished:
        if case.holder is not None:
            assert any(step.subject == one.id for step in own), "a talk waits for nobody"
        if one.stage == "first":
            assert one.opens_at - ends[one.exposure] >= timedelta(hours=72), "before 72 hours"
