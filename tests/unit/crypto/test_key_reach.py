"""How long a transaction waits for its keys: a moment for a server, a second for a locked file, then not at all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, wait
from datetime import timedelta
from threading import Event

import pytest

from tests.fakes_crypto import HandClock
from trim_bot.crypto import key_reach
from trim_bot.crypto.key_reach import KeyDistance, KeyReach, TooFar

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds for which each answer was waited, although no time goes by."""
    seconds: list[float] = []

    def note(asked: list[Future[object]], longest: float) -> object:
        seconds.append(longest)
        return wait(asked, 0)

    monkeypatch.setattr(key_reach, "wait", note)
    return seconds


@pytest.fixture
def answers() -> Iterator[Event]:
    """Whoever is asked answers once it is set; in the end nobody is left waiting."""
    event = Event()
    yield event
    event.set()


@pytest.mark.parametrize(
    ("distance", "changes", "seconds"),
    [
        (KeyDistance.SERVER, False, 0.25),
        (KeyDistance.SERVER, True, 0.25),
        (KeyDistance.FILE, True, 1.0),
    ],
)
def test_what_takes_longer_is_asked_outside_and_nothing_is_waited_for_within_half_a_minute(
    waited: list[float], answers: Event, distance: KeyDistance, changes: bool, seconds: float
) -> None:
    clock = HandClock()
    reach = KeyReach(distance, clock)
    with pytest.raises(TooFar):
        reach.within(answers.wait, changes=changes)
    assert waited == [seconds]
    clock.forward(timedelta(seconds=30) - MOMENT)
    with pytest.raises(TooFar):
        reach.within(answers.wait, changes=changes)
    assert waited == [seconds], "not waited for again"
    clock.forward(MOMENT)
    with pytest.raises(TooFar):
        reach.within(answers.wait, changes=changes)
    assert waited == [seconds] * 2
    reach.close()


def test_a_file_is_read_however_long_that_takes(waited: list[float]) -> None:
    reach = KeyReach(KeyDistance.FILE, HandClock())
    assert reach.within(lambda: "key") == "key"
    assert waited == []


@pytest.mark.parametrize("changes", [False, True])
def test_nothing_is_asked_of_a_service_from_within(waited: list[float], changes: bool) -> None:
    asked: list[str] = []
    with pytest.raises(TooFar):
        KeyReach(KeyDistance.SERVICE, HandClock()).within(lambda: asked.append("asked"), changes=changes)
    assert (asked, waited) == ([], [])
