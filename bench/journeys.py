"""What people do, each as a preparation that is not timed and an act that is; the same at every size."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Any

from bench.population import NURSES, known_people
from tests.builders import Town, log_values
from tests.reading import form_of
from trim_bot.app.seam.views import Done, Form, View

STORY = "It was a long night, and some of it will not leave me. " * 8
TIMES = 3
TEN = 10
MANY = 200
_NEXT = count(0, TEN)


@dataclass(frozen=True, slots=True)
class Journey:
    """One thing somebody does. `act` is given what `prepare` returned, and returns what the person then sees."""

    name: str
    prepare: Callable[[Town], Awaitable[Any]]
    act: Callable[[Town, Any], Awaitable[object]]

    async def seconds(self, town: Town, times: int = TIMES) -> float:
        """The median of a few."""
        return median([await self.once(town) for _ in range(times)])

    async def once(self, town: Town) -> float:
        """Do it once."""
        held = await self.prepare(town)
        begun = time.perf_counter()
        seen = await self.act(town, held)
        spent = time.perf_counter() - begun
        _must_be_a_page(seen)
        return spent


def _must_be_a_page(seen: object) -> None:
    if isinstance(seen, Done):
        assert seen.name not in ("refused", "try_again"), seen.name
    else:
        assert isinstance(seen, Form | int), seen


async def _nothing(_: Town) -> None:
    """There is nothing to prepare."""


async def _log_form(town: Town) -> View:
    return await town.say("dan", "peer", "log")


def _log(people: tuple[str, ...]) -> Callable[[Town, View], Awaitable[object]]:
    async def send(town: Town, form: View) -> object:
        done = await town.send("dan", form, **log_values(*map(town.actor, people), mine=True))
        assert isinstance(done, Done), done
        assert done.name == "incident_logged", done
        return done

    return send


async def _logged_for_ten(town: Town) -> None:
    # Somebody else each time: whoever was told already is told no more.
    first = next(_NEXT)
    people = tuple(f"person{(first + number) % known_people(town)}" for number in range(TEN))
    await _log(people)(town, await _log_form(town))


async def _tell(town: Town, _: None) -> int:
    return await town.clockwork.drain()


async def _cases(town: Town) -> View:
    return await town.say("priya", "peer", "cases")


async def _open_a_case(town: Town, cases: View) -> View:
    return await town.press("priya", cases, "case")


async def _ask_form(town: Town) -> View:
    return await town.say("nurse0", "support")


async def _ask(town: Town, form: View) -> View:
    return await town.send("nurse0", form_of(form), name="named", text=STORY, contact="After four")


async def _list(town: Town, _: None) -> View:
    return await _cases(town)


async def _log_many(town: Town, form: View) -> object:
    people = tuple(f"person{number}" for number in range(min(MANY, known_people(town))))
    return await _log(people)(town, form)


async def _due(town: Town, _: None) -> View:
    return await town.say("priya", "peer", "due")


async def _team(town: Town, _: None) -> View:
    return await town.say("lena", "peer", "team")


async def _roster(town: Town, _: None) -> View:
    return await town.say("cora", "peer", "team")


async def _tick(town: Town, _: None) -> int:
    return await town.clockwork.run_due()


JOURNEYS = (
    Journey("Log an event of six people", _log_form, _log(NURSES[:6])),
    Journey("Tell ten people", _logged_for_ten, _tell),
    Journey("Open a case", _cases, _open_a_case),
    Journey("Ask for support", _ask_form, _ask),
    Journey("A tick with nothing due", _nothing, _tick),
)
"""What must take as long in a large organisation as in a small one."""
LISTS: Mapping[str, Journey] = {
    "cases": Journey("The list of own cases", _nothing, _list),
    "due": Journey("The list of what is due", _nothing, _due),
    "team": Journey("The lead's plan of all cases", _nothing, _team),
    "roster": Journey("The coordinator's roster", _nothing, _roster),
    "log": Journey("An event of two hundred people logged", _log_form, _log_many),
}
"""What takes longer the more there is to draw or to write: lists, and an event of many."""
