"""Who waits for the writer thread together, and who goes first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from threading import Event
from typing import Any, cast

from tests.storage.running import run
from trim_bot.domain.key_use import KeyPurpose, KeyUse
from trim_bot.storage.attempts import Body
from trim_bot.storage.group_commit import BodiesEnded
from trim_bot.storage.records.sealing import Keys
from trim_bot.storage.write_queue import MOST_TOGETHER, WriteQueue


class Written:
    """A queue whose transactions are noted instead of made. The first one waits until the others are put."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.gave_way: list[bool] = []
        self.go_on = Event()
        self.queue = WriteQueue(self._run)
        self.fault: BaseException | None = None
        self.most = MOST_TOGETHER

    def _run(self, bodies: Sequence[Body], give_way: Callable[[], bool]) -> BodiesEnded:
        self.go_on.wait()
        if self.fault is not None:
            raise self.fault
        self.gave_way.append(give_way())
        self.groups.append([body.organisation for body in bodies[: self.most]])
        return BodiesEnded(
            [(body, body.organisation) for body in bodies[: self.most]], left=list(bodies[self.most :])
        )

    async def put_all(self, *bodies: Body) -> list[object]:
        """Put bodies behind one that is just run; what came of them."""
        tasks = [asyncio.ensure_future(self.queue.put(_body("first")))]
        await asyncio.sleep(0)
        while self.queue._asked:
            await asyncio.sleep(0)
        tasks += [asyncio.ensure_future(self.queue.put(body)) for body in bodies]
        await asyncio.sleep(0)
        self.go_on.set()
        try:
            return list(await asyncio.gather(*tasks, return_exceptions=True))[1:]
        finally:
            self.queue.close()


def _body(name: str, use: KeyUse = KeyUse.ORDINARY, *, joins: bool = True) -> Body:
    keys = cast("Keys", None)  # nothing is sealed here
    return Body(name, lambda _: None, keys, KeyPurpose(use), joins=joins)


def test_whoever_comes_alone_is_run_alone_and_those_that_wait_go_together() -> None:
    written = Written()
    assert run(written.put_all(_body("a"), _body("b"))) == ["a", "b"]
    assert written.groups == [["first"], ["a", "b"]]


def test_a_group_is_bounded_and_keeps_the_order() -> None:
    written = Written()
    names = [f"b{number}" for number in range(MOST_TOGETHER + 3)]
    assert run(written.put_all(*map(_body, names))) == names
    assert written.groups[1:] == [names[:MOST_TOGETHER], names[MOST_TOGETHER:]]


def test_one_that_may_not_be_joined_stands_alone_in_its_place() -> None:
    written = Written()
    run(written.put_all(_body("a"), _body("claim", joins=False), _body("b"), _body("c")))
    assert written.groups[1:] == [["a"], ["claim"], ["b", "c"]]


def test_the_clock_gives_way_and_still_has_every_other_turn() -> None:
    written = Written()
    written.most = 2
    clock = [_body(f"clock{number}", KeyUse.CLOCK) for number in range(4)]
    people = [_body(f"p{number}") for number in range(6)]
    run(written.put_all(*clock, *people))
    assert written.groups[1:] == [
        ["p0", "p1"],
        ["clock0", "clock1"],
        ["p2", "p3"],
        ["clock2", "clock3"],
        ["p4", "p5"],
    ]
    # The clock's groups were to end as soon as they could, as long as somebody waited; people's never.
    assert written.gave_way[1:] == [False, True, False, True, False]


def test_what_is_left_comes_before_whoever_came_later() -> None:
    written = Written()
    written.most = 1
    run(written.put_all(_body("a"), _body("b"), _body("c", joins=False)))
    assert written.groups[1:] == [["a"], ["b"], ["c"]]


def test_a_fault_of_the_writer_itself_reaches_whoever_waits_and_nobody_waits_for_ever() -> None:
    written = Written()
    written.fault = StopIteration()
    ended = run(written.put_all(_body("a"), _body("b")))
    assert [type(one) for one in ended] == [RuntimeError, RuntimeError]
    written = Written()
    written.fault = MemoryError()
    assert [type(one) for one in run(written.put_all(_body("a")))] == [MemoryError]


def test_a_loop_that_was_closed_stops_nobody() -> None:
    written = Written()
    written.go_on.set()
    gone = asyncio.new_event_loop()
    gone.run_until_complete(written.queue.put(_body("before")))

    async def ask() -> Coroutine[Any, Any, object]:
        asked = written.queue.put(_body("of the closed"))
        asked.send(None)
        return asked

    written.go_on.clear()
    asked = gone.run_until_complete(ask())
    gone.close()
    # It may be in hand already, and whoever comes after waits behind it.
    written.go_on.set()
    assert run(written.put_all(_body("after"))) == ["after"]
    asked.close()
