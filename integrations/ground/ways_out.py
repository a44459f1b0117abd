"""One policy for every way out: a total time for each call, and a breaker for each workspace, tenant or host."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from integrations.ground.breaker import Breaker
from trim_bot.domain.chat_workspaces import UnreachableWorkspace
from trim_bot.domain.errors import SafeError, Trouble, TryLater

T = TypeVar("T")
TOTAL_SECONDS = 10.0
"""What any call may take from its beginning to the last byte of its answer."""
INTERACTIVE_SECONDS = 2.0
"""What a call may take while somebody looks at an empty screen: both platforms give up after 3 to 5 seconds."""
MOST_PLACES = 2_000


class WaysOut:
    """The breakers of one process, by place. `monotonic` gives seconds; tests bring their own.

    `longest` bounds every call, whatever the caller allows it.
    """

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, longest: float = TOTAL_SECONDS
    ) -> None:
        self._monotonic = monotonic
        self._longest = longest
        self._places: dict[str, Breaker] = {}

    async def ask(
        self,
        place: str,
        call: Callable[[], Awaitable[T]],
        seconds: float = TOTAL_SECONDS,
        *,
        workspace: str = "",
    ) -> T:
        """Make one call, unless the place is away.

        `workspace` is told with every TryLater, where the place is a workspace. A TryLater of the call counts as a
        failure of the place, any other SafeError as an answer. Raises both, and TryLater for a call that takes long.
        """
        with passing(self._at(place, workspace), self._monotonic):
            try:
                async with asyncio.timeout(min(seconds, self._longest)):
                    return await call()
            except TimeoutError:
                raise TryLater(trouble=Trouble.SLOW) from None

    def look(self, place: str) -> None:
        """Raise TryLater at once where a call would fail at once, before anything is done for it."""
        if (breaker := self._places.get(place)) is not None:
            breaker.look(self._monotonic())

    def forget(self, place: str) -> None:
        """Begin anew with a place: it was mended just now."""
        self._places.pop(place, None)

    def away(self) -> tuple[UnreachableWorkspace, ...]:
        """The workspaces known to be away, the longest away first."""
        now = self._monotonic()
        found = [
            UnreachableWorkspace(one.workspace, one.trouble, seconds, one.next_try(now))
            for one in self._places.values()
            if one.workspace and (seconds := one.away_for(now)) is not None
        ]
        return tuple(sorted(found, key=lambda one: -one.seconds))

    def _at(self, place: str, workspace: str) -> Breaker:
        if place not in self._places and len(self._places) >= MOST_PLACES:
            now = self._monotonic()
            self._places = {name: one for name, one in self._places.items() if not one.is_idle(now)}
        return self._places.setdefault(place, Breaker(workspace))


@contextmanager
def passing(breaker: Breaker, monotonic: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Do something on a way out, and let its breaker learn from how it ends. Raises TryLater while it is away."""
    let_through = breaker.enter(monotonic())
    try:
        yield
    except TryLater as later:
        now = monotonic()
        breaker.failed(let_through, later, now)
        later.after_seconds = breaker.next_try(now) or None
        later.workspace = later.workspace or breaker.workspace
        raise
    except SafeError:
        breaker.answered(let_through)
        raise
    except BaseException:
        breaker.broke_off(let_through)
        raise
    else:
        breaker.answered(let_through)
