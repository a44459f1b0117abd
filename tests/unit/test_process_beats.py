"""Who is at work is judged by the last sign of life of each process, and by one clock."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import MONDAY
from trim_bot.domain.process_beats import AHEAD, GONE_AFTER, KEPT, MOST_KEPT, Beat, ProcessRole, Pulse

SECOND = timedelta(seconds=1)


def beat(
    process: str, role: ProcessRole = ProcessRole.WORKER, ago: timedelta = SECOND, *, ended: bool = False
) -> Beat:
    return Beat(process, role, "1", MONDAY - ago, MONDAY - ago, ended=ended)


def working(role: ProcessRole) -> bool:
    return role.works


def test_one_worker_of_several_is_enough() -> None:
    pulse = Pulse(MONDAY, (beat("a", ago=GONE_AFTER + SECOND), beat("b"), beat("c", ProcessRole.WEB)))
    assert [one.process for one in pulse.alive(working)] == ["b"]


def test_what_was_stopped_or_silent_for_too_long_is_not_at_work() -> None:
    assert not Pulse(MONDAY, (beat("a", ended=True),)).alive(working)
    assert not Pulse(MONDAY, (beat("a", ago=GONE_AFTER + SECOND),)).alive(working)
    assert Pulse(MONDAY, (beat("a", ago=GONE_AFTER),)).alive(working)


def test_a_beat_from_the_future_proves_no_life() -> None:
    assert Pulse(MONDAY, (beat("a", ago=-AHEAD),)).alive(working)
    far = Pulse(MONDAY, (beat("a", ago=-AHEAD - SECOND), beat("b", ago=GONE_AFTER * 2)))
    assert not far.alive(working)


def test_one_that_lives_comes_before_one_of_the_future() -> None:
    newest = Pulse(MONDAY, (beat("future", ago=-KEPT), beat("now"))).newest(working)
    assert newest is not None and newest.process == "now"


def test_old_beats_go_but_it_stays_known_that_there_was_one() -> None:
    old = beat("old", ago=KEPT + SECOND)
    older = beat("older", ago=KEPT * 2)
    web = beat("web", ProcessRole.WEB, ago=KEPT * 3)
    assert Pulse(MONDAY, (old, older, web)).outdated() == [older]
    assert set(Pulse(MONDAY, (old, older, web, beat("new"))).outdated()) == {old, older}


def test_what_starts_again_and_again_keeps_no_more_than_so_many() -> None:
    many = tuple(beat(str(number), ago=SECOND * number) for number in range(MOST_KEPT + 5))
    assert len(Pulse(MONDAY, many).outdated()) == 5
