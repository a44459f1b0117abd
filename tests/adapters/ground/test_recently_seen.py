"""What is kept in memory leaves in time, whether or not anything else comes."""

from __future__ import annotations

from collections.abc import Callable

from integrations.ground.recently_seen import RecentlySeen


class Clock:
    """Seconds, and what is to be called when so many have gone by."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def monotonic(self) -> float:
        return self.now

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self.waiting.append((self.now + seconds, call))

    def pass_to(self, when: float) -> None:
        self.now = when
        due = [call for at, call in self.waiting if at <= when]
        self.waiting = [one for one in self.waiting if one[0] > when]
        for call in due:
            call()


def test_what_is_kept_leaves_by_itself_and_the_clock_is_asked_once() -> None:
    clock = Clock()
    kept: RecentlySeen[str] = RecentlySeen(9, 30, clock.monotonic, clock.later)
    kept.keep("one", "a form")
    clock.pass_to(10)
    kept.keep("two", "another")
    assert len(clock.waiting) == 1
    clock.pass_to(30)
    assert list(kept._kept) == ["two"]
    clock.pass_to(40)
    assert not kept._kept and not clock.waiting
    kept.keep("three", "a third")
    assert len(clock.waiting) == 1


def test_no_more_are_kept_than_said_and_none_is_found_too_late() -> None:
    clock = Clock()
    kept: RecentlySeen[str] = RecentlySeen(2, 30, clock.monotonic, clock.later)
    for key in ("one", "two", "three"):
        kept.keep(key, key)
    assert [kept.find(key) for key in ("one", "two", "three")] == [None, "two", "three"]
    kept.drop("two")
    clock.now = 30
    assert [kept.find(key) for key in ("two", "three")] == [None, None]
