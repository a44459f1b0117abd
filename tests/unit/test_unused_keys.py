"""What a look at unused keys decides: nothing goes by the clock alone, and never many without somebody's word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trim_bot.cli.database import SHORTEST_DAYS
from trim_bot.domain.policy import POLICY
from trim_bot.domain.unused_keys import (
    BETWEEN_CHECKS,
    CHECKS_TO_DESTROY,
    SPARES_KEPT,
    KeysInStore,
    KeySweepPlan,
    UnusedKey,
    plan_key_sweep,
    too_many,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
USED = {f"used{n}" for n in range(100)}


def standing(*idle: str, spares: tuple[str, ...] = (), unused: tuple[UnusedKey, ...] = ()) -> KeysInStore:
    every = USED | set(idle) | set(spares) | {one.id for one in unused}
    return KeysInStore(frozenset(every), frozenset(spares), {one.id: one for one in unused})


def after(held: KeysInStore, todo: KeySweepPlan) -> KeysInStore:
    """The standing once a plan was carried out."""
    gone = {*todo.to_destroy, *todo.spares}
    noted = {**held.unused, **{one.id: one for one in (*todo.found, *todo.looked)}}
    return KeysInStore(
        held.every - gone,
        held.spares - gone - set(todo.in_use),
        {id: one for id, one in noted.items() if id not in gone and id not in todo.in_use},
    )


def test_a_key_found_unused_twice_is_in_quarantine_and_stays_there_longer_than_any_backup() -> None:
    held, at, looks = standing("idle"), NOON, 0
    while "idle" in held.every:
        held = after(held, plan_key_sweep(held, USED, at))
        looks += 1
        assert ("idle" not in held.unused) or held.unused["idle"].in_quarantine is (looks >= 2)
        at += DAY
    assert timedelta(days=looks - 1) > POLICY.unused_key_kept >= timedelta(days=SHORTEST_DAYS)


def test_two_looks_close_together_count_as_one() -> None:
    held = standing("idle")
    for _ in range(100):
        held = after(held, plan_key_sweep(held, USED, NOON))
    assert held.unused["idle"].checks == 1
    held = after(held, plan_key_sweep(held, USED, NOON + BETWEEN_CHECKS - SECOND))
    assert held.unused["idle"].checks == 1
    assert after(held, plan_key_sweep(held, USED, NOON + BETWEEN_CHECKS)).unused["idle"].checks == 2


@pytest.mark.parametrize("ahead", [POLICY.unused_key_kept + DAY, 400 * DAY])
def test_a_clock_that_jumps_ahead_destroys_nothing_by_itself(ahead: timedelta) -> None:
    held = standing("idle", "other")
    for at in (NOON, NOON + DAY, NOON + DAY + ahead, NOON + 2 * DAY + ahead):
        todo = plan_key_sweep(held, USED, at)
        assert todo.to_destroy == ()
        held = after(held, todo)


def test_a_clock_that_was_ahead_when_a_key_was_noted_ends_its_wait_no_sooner() -> None:
    noted = UnusedKey("idle", NOON + 400 * DAY, NOON + 400 * DAY, CHECKS_TO_DESTROY)
    held = standing(unused=(noted,))
    (looked,) = plan_key_sweep(held, USED, NOON).looked
    assert (looked.seen_at, looked.checked_at, looked.checks) == (NOON, NOON, CHECKS_TO_DESTROY)


def test_the_last_look_and_the_last_second_count() -> None:
    def to_destroy(checks: int, age: timedelta) -> bool:
        one = UnusedKey("idle", NOON, NOON + age, checks)
        return plan_key_sweep(standing(unused=(one,)), USED, NOON + age).to_destroy == ("idle",)

    assert to_destroy(CHECKS_TO_DESTROY, POLICY.unused_key_kept + SECOND)
    assert not to_destroy(CHECKS_TO_DESTROY, POLICY.unused_key_kept)
    assert not to_destroy(CHECKS_TO_DESTROY - 1, POLICY.unused_key_kept + SECOND)


def test_a_key_whose_record_turns_up_leaves_the_quarantine() -> None:
    past = UnusedKey("idle", NOON, NOON + 2 * POLICY.unused_key_kept, CHECKS_TO_DESTROY)
    todo = plan_key_sweep(standing(unused=(past,)), USED | {"idle"}, NOON + 3 * POLICY.unused_key_kept)
    assert (todo.in_use, todo.to_destroy) == (("idle",), ())


def test_a_spare_that_a_record_uses_is_nobodys_spare() -> None:
    todo = plan_key_sweep(standing(spares=("odd", "free")), USED | {"odd"}, NOON)
    assert (todo.in_use, todo.spares) == (("odd",), ())


def test_what_is_noted_of_a_key_that_is_gone_goes_too() -> None:
    gone = UnusedKey("gone", NOON, NOON, 5)
    held = KeysInStore(frozenset(USED), frozenset({"no more"}), {"gone": gone})
    todo = plan_key_sweep(held, USED, NOON + DAY)
    assert (set(todo.in_use), todo.looked, todo.spares) == ({"gone", "no more"}, (), ())


def test_spares_go_only_when_there_are_more_than_are_needed() -> None:
    spares = tuple(f"spare{n:04}" for n in range(SPARES_KEPT + 3))
    todo = plan_key_sweep(standing(spares=spares), USED, NOON + 400 * DAY)
    assert (todo.spares, todo.to_destroy, todo.found, todo.refused) == (spares[-3:], (), (), 0)


@pytest.mark.parametrize(
    ("going", "of", "many"),
    [(10, 10, False), (11, 11, True), (11, 219, True), (11, 220, False), (12, 220, True), (0, 0, False)],
)
def test_more_than_ten_and_five_in_a_hundred_are_too_many(going: int, of: int, many: bool) -> None:
    assert too_many(going, of) is many


def test_too_many_at_once_are_neither_set_apart_nor_destroyed_until_somebody_says_so() -> None:
    lost = tuple(f"lost{n}" for n in range(11))
    held = standing(*lost)
    todo = plan_key_sweep(held, USED, NOON)
    assert (todo.found, todo.refused, todo.of) == ((), 11, 111)
    held = after(held, plan_key_sweep(held, USED, NOON, accepted=True))
    assert set(held.unused) == set(lost)
    past = tuple(UnusedKey(id, NOON, NOON, CHECKS_TO_DESTROY) for id in lost)
    later = NOON + POLICY.unused_key_kept + DAY
    todo = plan_key_sweep(standing(unused=past), USED, later)
    assert (todo.to_destroy, todo.refused) == ((), 11)
    assert plan_key_sweep(standing(unused=past), USED, later, accepted=True).to_destroy == tuple(sorted(lost))
