"""How many of our modules a gesture goes through: a reader has to follow no more than these."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

import trim_bot
from tests.e2e.conftest import Begin
from tests.e2e.screens import send
from tests.e2e.story import begun, event, interviewed, logged_and_accepted, slack_cast
from trim_bot.bootstrap.sweeps import Sweeps
from trim_bot.scheduler.ticker import Ticker

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("stores", ["sqlite"], indirect=True)]

ROOT = f"{Path(trim_bot.__file__).parents[1]}/"
PAGE = Path(ROOT) / "docs/architecture.md"
PARTS = ("trim_bot/", "workflows/", "assessments/", "integrations/")
BELOW = ("trim_bot/storage/", "trim_bot/crypto/", "trim_bot/domain/", "trim_bot/scheduler/")
"""Below the ports: a reader of a flow stops at `tx.add`, and at plain records."""
MAKING = frozenset({"<module>", "__init__", "__post_init__", "<lambda>", "<genexpr>", "<listcomp>"})


class Hops:
    """While it is told to, notes each of our modules that is entered, in any thread."""

    def __init__(self) -> None:
        self.entered: dict[str, None] = {}
        self._noting = False

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """The profiler's hook."""
        if not self._noting or event != "call" or frame.f_code.co_name in MAKING:
            return
        path = frame.f_code.co_filename.removeprefix(ROOT).removesuffix(".py")
        if path.startswith(PARTS):
            self.entered[path] = None

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what happens inside, from nothing."""
        self.entered.clear()
        self._noting = True
        try:
            yield
        finally:
            self._noting = False

    def followed(self) -> list[str]:
        """The modules a reader follows, in the order in which they were entered."""
        return [name for name in self.entered if not name.startswith(BELOW)]


@pytest.fixture
def hops(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hops]:
    """Watches this thread, and every thread that begins after it; nothing else goes on beside a gesture."""

    async def nobody(_upkeep: Sweeps) -> None:
        """Nobody is met but those who come."""

    def nothing(_ticker: Ticker) -> None:
        """The clock is moved by hand only."""

    monkeypatch.setattr(Ticker, "start", nothing)
    monkeypatch.setattr(Sweeps, "meet_everyone", nobody)
    one = Hops()
    threading.setprofile(one)
    sys.setprofile(one)
    yield one
    sys.setprofile(None)
    threading.setprofile(None)


GESTURES = ("log, opening", "status", "day 3, opening")
"""What is entered in each of these is on the way of every gesture, and read once for all."""
MOST = {
    "log, opening": (41, 9),
    "log, sending": (54, 22),
    "day 3, clock": (59, 38),
    "day 3, opening": (59, 27),
    "day 3, last step": (61, 31),
    "status": (41, 9),
}
"""The most modules, all together and without those of every gesture; to be lowered whenever it can be."""


async def test_the_three_ways_through(hops: Hops, begin: Begin, capsys: pytest.CaptureFixture[str]) -> None:
    at = await begin()
    cast = await slack_cast(at)
    found: dict[str, list[str]] = {}
    await cast.priya.say("peer", "log")
    await cast.quinn.say("peer", "status")
    with hops.noting():
        form = await cast.priya.say("peer", "log")
    found["log, opening"] = hops.followed()
    form.fill(**event(await at.slack("driver")))
    with hops.noting():
        await form.submit()
    found["log, sending"] = hops.followed()
    with hops.noting():
        await cast.quinn.say("peer", "status")
    found["status"] = hops.followed()
    await logged_and_accepted(cast)
    with hops.noting():
        await at.pass_time(days=3)
    found["day 3, clock"] = hops.followed()
    with hops.noting():
        case = await cast.priya.open_newest()
    found["day 3, opening"] = hops.followed()
    ending = await interviewed(cast, await begun(cast, case))
    ending.fill(overrides=["person_asks"])
    with hops.noting():
        await send(ending, note="Ring on Friday")
    found["day 3, last step"] = hops.followed()
    always = set.intersection(*(set(found[name]) for name in GESTURES))
    own = {name: [one for one in modules if one not in always] for name, modules in found.items()}
    with capsys.disabled():
        for name, modules in found.items():
            print(f"\n  {name}: {len(modules)} modules, {len(own[name])} of its own", end="")
        print()
    sizes = {name: (len(modules), len(own[name])) for name, modules in found.items()}
    too_long = {
        name: own[name]
        for name, (all_, own_) in sizes.items()
        if all_ > MOST[name][0] or own_ > MOST[name][1]
    }
    assert too_long == {}
    written = re.findall(r"\| (\d+) \|$", PAGE.read_text(), re.MULTILINE)
    assert written == [str(all_) for all_, _ in MOST.values()]
    assert all(all_ >= 10 for all_, _ in sizes.values()), "the watch sees what happens"
