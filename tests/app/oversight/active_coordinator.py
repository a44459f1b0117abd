"""Worlds that differ in one person alone, and a coordinator who acts in each to find out: every answer, byte for byte.

    python -m tests.app.oversight.active_coordinator --pairs 100000

plays groups of worlds from one beginning. In each group one person's part is another in every world: what they
answered, asked and took back, who manages them, what is in their record, whether they are gone, and what was written
down for somebody without an account. Then the coordinator does the same in all of them, through every door. Any two
worlds of a group are one pair.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any, cast

from integrations.slack.render import render_view
from integrations.teams.render import card_of
from integrations.web import render
from integrations.web.blocks import FormTarget
from tests.app.oversight.over_http import LIVE, CoordinatorsBrowser, coordinators_browser
from tests.app.oversight.worlds import ONE, SERVING, STAFF, Part, beginning, fork, live, some_part
from tests.builders import Town
from tests.fakes import FakeTx
from tests.reading import buttons
from trim_bot.app.desk.browser_front import BrowserFront
from trim_bot.app.people.sessions import Sessions
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Answer, Button, Done, FieldErrors, Form, Heading, View
from trim_bot.domain.records import Measure

DOORS = (
    ("peer", "status"), ("peer", "team"), ("peer", "bulletins"), ("peer", "bulletin"), ("peer",),
    ("peer", "cases"), ("peer", "due"), ("peer", "cover"), ("peer", "log"), ("peer", "profile"),
    ("peer", "help"), ("home",), ("waiting",), ("me",), ("support",),
)  # fmt: skip
"""All that can be typed or opened."""
SENTENCE = re.compile(r"Follow-ups were (not )?on track in [^.]*\.")
"""The named exception: what stood at the end of the ladder is said of the closed week, by this and nothing else."""

LENGTHS = re.compile(r"\d+ bytes|b'content-length': b'\d+'")
"""Of a page with that sentence in it, they go with the sentence."""

HANDLE = re.compile(r"/bulletins/[a-z0-9]{26}")
"""A bulletin's address is random."""


@dataclass(frozen=True)
class Act:
    """One thing the coordinator does."""

    kind: str
    whom: str = ""
    what: str = ""
    hours: int = 0


def some_acts(chance: random.Random) -> tuple[Act, ...]:
    """What the coordinator tries, after the difference."""
    acts = []
    for _ in range(chance.randint(3, 6)):
        kind = chance.choice(
            ("grant", "end", "end", "end", "train", "monthly", "wait", "wait", "away", "door", "move", "move")
        )
        whom = chance.choice((*SERVING, *STAFF, ONE))
        if kind == "end":
            whom = chance.choice(SERVING)
        what = chance.choice(("practitioner", "lead", "deputy"))
        if kind == "move":
            whom, what = chance.choice(SERVING), chance.choice((*SERVING, "on", "nowhere"))
        if kind == "door":
            what = str(chance.randrange(len(DOORS)))
        acts.append(Act(kind, whom, what, chance.choice((1, 5, 26, 74))))
    return tuple(acts)


@dataclass
class Group:
    """What one group of worlds came to."""

    worlds: int
    differing: list[tuple[str, Part, Part]] = field(default_factory=list)
    outputs: int = 0
    acted: int = 0
    """Acts of the coordinator that were let through and changed something."""
    stood: int = 0
    """Worlds in which work stood at the end of the ladder."""

    @property
    def pairs(self) -> int:
        return self.worlds * (self.worlds - 1) // 2


def without_sentence(seen: str) -> str:
    """What was seen, but for the one sentence that may differ and the lengths that go with it."""
    return LENGTHS.sub("", SENTENCE.sub("", seen)) if SENTENCE.search(seen) else seen


async def watched(town: Town, acts: Sequence[Act]) -> tuple[list[str], int]:
    """Everything the coordinator gets to see, in order, and how many of the acts went through.

    Views as every platform draws them, and the pages of their browser as they go over the wire.
    """
    async with coordinators_browser(town) as browser:
        return await _watched(town, acts, browser)


async def _watched(town: Town, acts: Sequence[Act], browser: CoordinatorsBrowser) -> tuple[list[str], int]:
    seen: list[str] = []
    acted = 0
    for act in acts:
        view, tried = await _act(town, act)
        acted += tried and not isinstance(view, FieldErrors) and _went(view)
        seen.append(_bytes(view))
        seen += await _look(town, DOORS[:2]) + await browser.look(LIVE)
    for days in (0, 7, 42):
        for _ in range(days // 7):
            await _wait(town, 24 * 7)
        seen += await _look(town, DOORS) + await browser.look()
    return seen, acted


def _went(view: View) -> bool:
    return not (isinstance(view, Done) and view.answer is not Answer.OK)


async def _look(town: Town, doors: Sequence[tuple[str, ...]]) -> list[str]:
    front = BrowserFront(town.desk, Sessions(town.store, town.clock))
    seen = [_bytes(await town.say("cora", *words)) for words in doors]
    seen.append(_bytes(await front.employer_view("acme")))
    seen.append(repr(await front.listed_people(town.actor("cora"))))
    seen.append(f"{len(town.messages('cora'))} messages")
    return seen


async def _wait(town: Town, hours: int) -> None:
    town.clock.pass_time(timedelta(hours=hours))
    await town.clockwork.drain()
    await town.clockwork.sweep()


async def _act(town: Town, act: Act) -> tuple[View, bool]:
    """What came of it, and whether there was anything to send."""
    match act.kind:
        case "grant":
            form = await town.press("cora", await town.say("cora", "peer", "team"), "serving")
            person = town.actor(act.whom).address.text
            return await town.send("cora", form, person=person, role=act.what), True
        case "end" | "train":
            form = await _person(town, act.whom)
            if not isinstance(form, Form):
                return form, False
            if act.kind == "train":
                return await town.send("cora", form, provider="A", trained_on="2026-11-20"), True
            if not buttons(form, "end_role"):
                return form, False
            form = await town.press("cora", form, "end_role")
            return await town.send("cora", form, change=act.what), True
        case "move":
            form = await _person(town, act.whom)
            if not buttons(form, "work_move"):
                return form, False
            form = await town.press("cora", form, "work_move")
            return await town.send("cora", form, next_holder=town.ids.get(act.what, act.what)), True
        case "monthly":
            page = await town.press("cora", await town.say("cora", "peer", "team"), "monthly")
            if not buttons(page, "send_monthly"):
                return page, False
            return await town.press("cora", page, "send_monthly"), True
        case "away":
            whom = act.whom if act.whom in SERVING else "paul"
            profile = await town.say(whom, "peer", "profile")
            if isinstance(profile, Form):
                values = {one.name: getattr(one, "value", "") for one in profile.inputs()}
                await town.send(whom, profile, **{**values, "availability": "away"})
            return await town.say("cora", "peer", "status"), False
        case "wait":
            await _wait(town, act.hours)
            return await town.say("cora", "peer", "status"), False
        case _:
            return await town.say("cora", *DOORS[int(act.what)]), False


async def _person(town: Town, whom: str) -> View:
    """The form for somebody on the roster, or the roster where they are not on it."""
    page = await town.say("cora", "peer", "team")
    blocks = page.blocks if isinstance(page, Done | Form) else ()
    names = [block.text if isinstance(block, Heading) else "" for block in blocks]
    if whom.title() not in names:
        return page
    row = names.index(whom.title())
    before = [block for block in blocks[:row] if isinstance(block, Button) and block.action == "person"]
    return await town.press("cora", page, "person", len(before))


_DRAWN: dict[str, str] = {}
_TARGET = FormTarget(csrf="c")


def _bytes(view: View) -> str:
    """A view as every platform draws it, with its status; what is random in it (a token) by its name alone."""
    plain = _without_tokens(view)
    key = HANDLE.sub("/bulletins/handle", repr(plain))
    if key not in _DRAWN:
        if len(_DRAWN) > 5000:
            _DRAWN.clear()
        drawn = cast(View, plain)
        web = f"{render.status(drawn)} {render.title(drawn)} {render.draw(drawn, _TARGET)}"
        chat = f"{render_view(drawn)!r} {card_of(drawn, 'tenant')!r}"
        _DRAWN[key] = HANDLE.sub("/bulletins/handle", f"{key} {web} {chat}")
    return _DRAWN[key]


_NAMES: dict[type, tuple[str, ...]] = {}
_AS_IT_IS = (str, bool, int, type(None))


def _without_tokens(part: object) -> object:
    kind = type(part)
    if isinstance(part, tuple):
        return tuple(_without_tokens(one) for one in part)
    if kind not in _NAMES:
        _NAMES[kind] = tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
    changes: dict[str, object] = {}
    for name in _NAMES[kind]:
        value = getattr(part, name)
        if name == "token":
            changes[name] = "t" if value else ""
        elif not isinstance(value, _AS_IT_IS):
            changes[name] = _without_tokens(value)
    return replace(cast(Any, part), **changes) if changes else part


async def _may_stand(town: Town) -> bool:
    """Whether anything stood at the end of the ladder: then the week's sentence is allowed to say so."""

    def body(tx: Tx) -> bool:
        figures = cast(FakeTx, tx).state.figures
        return any(n for (_, measure), n in figures.items() if measure in (Measure.NO_OWNER, Measure.STOOD))

    return await town.write(body)


async def told_apart(town: Town, part: Part, acts: Sequence[Act]) -> bool:
    """Whether a world in which nothing happened can be told from one in which this did, but for the week's sentence."""
    told = []
    for one in (Part(), part):
        world = fork(town)
        await live(world, one)
        seen, _ = await watched(world, acts)
        told.append([without_sentence(output) for output in seen])
    return told[0] != told[1]


async def play_group(town: Town, chance: random.Random, size: int) -> Group:
    """A group of worlds from one beginning; each compared with the first, so that every two of them are."""
    acts, parts = some_acts(chance), [Part(), *(some_part(chance) for _ in range(size - 1))]
    group = Group(size)
    told: list[list[str]] = []
    stood = False
    for part in parts:
        world = fork(town)
        await live(world, part)
        seen, acted = await watched(world, acts)
        stands = await _may_stand(world)
        stood, group.stood = stood or stands, group.stood + stands
        group.acted += acted
        group.outputs += len(seen)
        told.append(seen)
    for part, seen in zip(parts, told, strict=True):
        for place, (one, other) in enumerate(zip(told[0], seen, strict=True)):
            if one.encode() == other.encode():
                continue
            if stood and without_sentence(one).encode() == without_sentence(other).encode():
                continue
            group.differing.append((f"{place} after {acts}: {_first(one, other)}", parts[0], part))
            break
    return group


def _first(one: str, other: str) -> str:
    at = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return f"{one[max(0, at - 60) : at + 60]!r} against {other[max(0, at - 60) : at + 60]!r}"


async def play(pairs: int, seed: int, size: int, tell: Callable[[str], None] = print) -> list[Group]:
    """Groups until there are as many pairs."""
    town = await beginning()
    chance = random.Random(seed)  # noqa: S311 - worlds that can be played again, nothing secret
    found: list[Group] = []
    begun = time.process_time()
    while sum(group.pairs for group in found) < pairs:
        found.append(await play_group(town, chance, size))
        if len(found) % 25 == 0:
            done = sum(group.pairs for group in found)
            tell(f"{done} pairs, {done / (time.process_time() - begun):.0f} a second of processor time")
    return found


def report(found: Sequence[Group], seconds: float) -> str:
    """What was played, and what differed."""
    pairs, worlds = sum(one.pairs for one in found), sum(one.worlds for one in found)
    differing = [one for group in found for one in group.differing]
    kinds = Counter(text.split(": ", 1)[1][:160] for text, _, _ in differing)
    lines = [
        f"pairs {pairs}, worlds {worlds}, outputs compared {sum(one.outputs for one in found)}",
        f"acts of the coordinator that went through {sum(one.acted for one in found)}",
        f"worlds in which work stood at the end of the ladder {sum(one.stood for one in found)}",
        f"{pairs / seconds:.1f} pairs and {worlds / seconds:.1f} worlds a second of processor time",
        f"worlds that differ {len(differing)}",
        *(f"{times} × {kind}" for kind, times in kinds.most_common(10)),
    ]
    return "\n".join(lines)


def main() -> int:
    """0 when no two worlds of a group can be told apart."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=20)
    asked = parser.parse_args()
    begun = time.process_time()
    found = asyncio.run(play(asked.pairs, asked.seed, asked.size))
    print(report(found, time.process_time() - begun))
    return 1 if any(group.differing for group in found) else 0


if __name__ == "__main__":
    sys.exit(main())
