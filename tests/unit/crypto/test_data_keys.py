"""What is in memory is bounded and short-lived: old secrets leave it, and nothing that is needed is pushed out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes_crypto import HandClock
from trim_bot.crypto.data_keys import DataKey, DataKeys, data_key, pseudonym_under
from trim_bot.domain.unused_keys import KeyGone, KeyNeeded

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)


class Held:
    """Data keys with a clock that is moved by hand."""

    def __init__(self, room: int = 100) -> None:
        self.clock = HandClock()
        self.keys = DataKeys(room, 8, self.clock)

    def key(self) -> DataKey:
        return data_key(bytes(32), self.clock())

    def fetch(self, *ids: str) -> None:
        found = {id: self.key() for id in ids}
        assert self.keys.hold(ids, found, self.keys.destructions())

    def missing(self, *ids: str) -> list[str]:
        return self.keys.among(ids)[1]

    def in_memory(self) -> set[str]:
        """Which secrets the process has, whether or not it would still use them."""
        return set(self.keys._held)


@pytest.mark.parametrize(("waited", "there"), [(QUARTER - MOMENT, True), (QUARTER, False)])
def test_a_key_serves_for_a_quarter_of_an_hour(waited: timedelta, there: bool) -> None:
    held = Held()
    held.fetch("a")
    held.clock.forward(waited)
    assert (held.missing("a") == []) is there
    if there:
        held.keys.at_hand("a")
    else:
        with pytest.raises(KeyNeeded):
            held.keys.at_hand("a")


@pytest.mark.parametrize(("waited", "known"), [(QUARTER - MOMENT, True), (QUARTER, False)])
def test_that_a_key_is_gone_is_remembered_as_long(waited: timedelta, known: bool) -> None:
    held = Held()
    assert held.keys.hold(["a"], {}, held.keys.destructions())
    held.clock.forward(waited)
    assert (held.missing("a") == []) is known
    with pytest.raises(KeyGone if known else KeyNeeded):
        held.keys.at_hand("a")


def test_a_key_says_nothing_of_its_secrets_when_it_is_printed() -> None:
    key = data_key(bytes(range(32)), QUARTER)
    name = pseudonym_under(key, "journal", "somebody")
    assert name == pseudonym_under(key, "journal", "somebody") != pseudonym_under(key, "export", "somebody")
    assert repr(key) == f"DataKey(since={QUARTER!r}, spare_since=None)"


def test_an_old_secret_leaves_memory_though_nobody_asks_for_it() -> None:
    held = Held()
    held.fetch("old")
    held.clock.forward(QUARTER - MINUTE)
    held.fetch("young")
    held.clock.forward(MINUTE)
    held.fetch("new")
    assert held.in_memory() == {"young", "new"}


def test_memory_is_looked_through_at_most_once_a_minute() -> None:
    held = Held()
    held.fetch("old")
    held.clock.forward(QUARTER - MOMENT)
    held.fetch("look")
    held.clock.forward(MOMENT)
    held.fetch("soon")
    assert "old" in held.in_memory()
    held.clock.forward(MINUTE - MOMENT)
    held.fetch("later")
    assert held.in_memory() == {"look", "soon", "later"}


def test_the_one_used_longest_ago_makes_room() -> None:
    held = Held(room=3)
    held.fetch("a", "b", "c")
    held.keys.at_hand("a")
    assert held.missing("b") == []
    held.fetch("d")
    assert held.in_memory() == {"a", "b", "d"}


def test_no_more_stay_than_there_is_room_for_however_many_were_asked_for() -> None:
    held = Held(room=2)
    held.fetch("a", "b", "c", "d")
    assert held.in_memory() == {"c", "d"}
    held.fetch("e")
    assert held.in_memory() == {"d", "e"}


def test_none_comes_along_for_which_there_is_no_room() -> None:
    held = Held(room=3)
    held.fetch("a", "b", "c")
    for id in ("a", "b", "c"):
        held.keys.at_hand(id)
    held.clock.forward(QUARTER)
    assert held.keys.beside(["x"]) == ["b", "c"]
    assert held.keys.beside(["x", "y", "z"]) == []


def test_what_was_fetched_before_a_destruction_is_not_kept() -> None:
    held = Held()
    before = held.keys.destructions()
    held.keys.forget(["a"])
    assert not held.keys.hold(["a"], {"a": held.key()}, before)
    with pytest.raises(KeyGone):
        held.keys.at_hand("a")


def test_each_destruction_is_counted_once() -> None:
    held = Held()
    held.keys.forget(["a", "b"])
    held.keys.forget(["c"])
    assert held.keys.destructions() == 2


def test_a_key_that_is_found_again_is_no_longer_gone() -> None:
    held = Held()
    assert held.keys.hold(["a"], {}, held.keys.destructions())
    held.fetch("a")
    held.keys.at_hand("a")
    assert held.keys.hold(["a"], {}, held.keys.destructions())
    with pytest.raises(KeyGone):
        held.keys.at_hand("a")
    assert held.in_memory() == set()
