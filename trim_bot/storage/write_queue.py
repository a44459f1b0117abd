"""Hands bodies to one writer thread, those that wait at a moment together: people first, the clock in between."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from trim_bot.domain.key_use import KeyUse
from trim_bot.storage.attempts import Body
from trim_bot.storage.group_commit import BodiesEnded

MOST_TOGETHER = 32
"""More bodies than these are never one transaction."""
_NOBODY_WAITS = frozenset({KeyUse.CLOCK, KeyUse.EXPORT, KeyUse.RESTORE})
"""What the desk does by itself, and commands: a body of theirs is never beside one that somebody waits for."""

Run = Callable[[Sequence[Body], Callable[[], bool]], BodiesEnded]
"""Runs bodies on the writer thread; the second tells whether no more of them should be begun."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A body whose turn has not come, and whoever waits for what comes of it."""

    body: Body
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[object]

    def settle(self, result: object, error: BaseException | None) -> None:
        """Tell what came of it; nobody may be there to hear it any more. On the thread of the loop."""
        if self.answer.done():
            return
        if error is None:
            self.answer.set_result(result)
        elif isinstance(error, StopIteration):
            # A future refuses it, and then nobody would ever hear anything.
            self.answer.set_exception(RuntimeError("a body ran out"))
        else:
            self.answer.set_exception(error)


_Settled = tuple[_Waiting, object, BaseException | None]


class WriteQueue:
    """One thread works through it. Whoever comes while it is idle is begun at once: nobody is waited for."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._lock = Lock()
        self._asked: deque[_Waiting] = deque()
        """What somebody waits for."""
        self._behind: deque[_Waiting] = deque()
        """What nobody waits for."""
        self._working = False
        self._owes_a_turn = False
        """Whether the last transaction was for people while something of the clock waited."""

    async def put(self, body: Body) -> object:
        """Have a body run, and return what it returned once that is on disk. Raises what came of it.

        Whoever is cancelled before its turn came is passed over; after that it is carried through.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(body, loop, loop.create_future())
        with self._lock:
            if not self._working:
                # Refused once the thread was shut down; then nothing waits here for ever.
                self._thread.submit(self._work)
                self._working = True
            self._lane_of(body).append(waiting)
        return await waiting.answer

    def close(self) -> None:
        """Finish all that waits, and let go of the thread."""
        self._thread.shutdown()

    def _lane_of(self, body: Body) -> deque[_Waiting]:
        return self._behind if body.purpose.use in _NOBODY_WAITS else self._asked

    def _work(self) -> None:
        while taken := self._take():
            by_body = {id(one.body): one for one in taken}
            try:
                ended = self._run([one.body for one in taken], self._gives_way(taken[0]))
            except BaseException as error:  # noqa: BLE001 (whoever waits must hear of it)
                _tell([(one, None, error) for one in taken])
                continue
            self._put_back([by_body[id(body)] for body in ended.left])
            self._put_behind([by_body[id(body)] for body in ended.behind])
            _tell(
                [
                    *((by_body[id(body)], result, None) for body, result in ended.results),
                    *((by_body[id(body)], None, error) for body, error in ended.failures),
                ]
            )

    def _take(self) -> list[_Waiting]:
        """Those whose turn it is: several that may share a transaction, or one that may not; none ends the work."""
        with self._lock:
            while self._asked or self._behind:
                is_asked = bool(self._asked) and not (self._owes_a_turn and self._behind)
                self._owes_a_turn = is_asked and bool(self._behind)
                lane = self._asked if is_asked else self._behind
                taken = _next_of(lane)
                if taken:
                    return taken
            self._working = False
            return []

    def _put_back(self, left: Sequence[_Waiting]) -> None:
        with self._lock:
            for one in reversed(left):
                self._lane_of(one.body).appendleft(one)

    def _put_behind(self, waiting: Sequence[_Waiting]) -> None:
        with self._lock:
            for one in waiting:
                self._lane_of(one.body).append(one)

    def _gives_way(self, first: _Waiting) -> Callable[[], bool]:
        """Whether somebody came meanwhile who should not wait for the rest."""
        behind = self._lane_of(first.body) is self._behind
        return lambda: behind and bool(self._asked)


def _next_of(lane: deque[_Waiting]) -> list[_Waiting]:
    taken: list[_Waiting] = []
    while lane and len(taken) < MOST_TOGETHER:
        if lane[0].answer.cancelled():
            lane.popleft()
            continue
        if taken and not (taken[0].body.joins and lane[0].body.joins):
            break
        taken.append(lane.popleft())
    return taken


def _tell(settled: Sequence[_Settled]) -> None:
    """Answer everybody, each loop in one call. One that is closed has nobody left who waits."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Settled]] = {}
    for one in settled:
        by_loop.setdefault(one[0].loop, []).append(one)
    for loop, those in by_loop.items():
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, those)


def _settle(those: Sequence[_Settled]) -> None:
    for waiting, result, error in those:
        waiting.settle(result, error)
